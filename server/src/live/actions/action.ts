// What can be done with a live object, each action as data and pure functions: whether it is offered, what it needs and
// writes, when it is done, and its words. Rows, menus, the palette and the command line are made from the list of them;
// engine/actions/run.ts carries them out.
import { kindName } from '../../kube/identity.ts';
import type { Fields } from '../fields.ts';
import type { LiveObject } from '../object.ts';

/** Shown as a document; nothing is written. */
export interface Page<V extends string = string> {
  readonly is: 'page';
  readonly verb: V;
  readonly offeredFor: (object: LiveObject) => Offer;
}

/** A write to one object. */
export interface Change<V extends string = string> {
  readonly is: 'change';
  /** Command in the editor (`capstan.reconcile`) and on the command line (`capstan reconcile`). */
  readonly verb: V;
  /** In menus, in the palette, and on the button that agrees to it. */
  readonly title: string;
  /** A codicon, for the icon on the row. */
  readonly icon: string;
  /** Its place in a row's context menu and among the icons on the row. */
  readonly menu: { readonly group: string; readonly inline: number };
  /** In the command line's help. */
  readonly summary: string;
  readonly parameters: readonly Parameter[];
  /** Permissions on the object, beside `get`. */
  readonly needs: readonly Need[];
  /** What its own state and kind allow; what every change asks for is in `offerOf`. */
  readonly offeredFor: (object: LiveObject) => Offer;
  readonly change: (object: LiveObject, input: Input) => Patch;
  /** What will happen, for the question: a sentence or two. */
  readonly preview: (object: LiveObject) => string;
  /** The outcome once it is certain, and undefined until then. */
  readonly settled: (step: Step) => Settled | undefined;
  readonly words: {
    /** In the title of the progress. */
    readonly doing: string;
    /** News while it is waited for; undefined where there is none. */
    readonly progress: (step: Step) => string | undefined;
    /** Written, and not settled. `waited`: although it was waited for. */
    readonly pending: (step: Step, waited: boolean) => string;
  };
}

export interface Parameter {
  /** Also the flag on the command line: `--replicas`. */
  readonly name: string;
  readonly title: string;
  /** What the object has now, as a proposal. */
  readonly initial: (object: LiveObject) => string;
  /** What is wrong with a value. */
  readonly problem: (value: string) => string | undefined;
}

export interface Need {
  readonly verb: 'patch' | 'update' | 'delete' | 'create';
  readonly subresource?: string;
}

export type Offer =
  | { readonly is: 'offered' }
  | { readonly is: 'refused'; readonly why: string }
  /** Nothing is left to do. */
  | { readonly is: 'done'; readonly message: string };

export interface Input {
  /** By parameter. */
  readonly values: Readonly<Record<string, string>>;
  /** RFC 3339: now. */
  readonly at: string;
}

export interface Patch {
  /** A JSON merge patch; the uid is added to it. */
  readonly body: Fields;
  /** Only of the object as it was seen: not after somebody else changed its spec. */
  readonly asSeen: boolean;
}

/** A change under way. */
export interface Step {
  readonly context: string;
  /** The object as it was, as the answer to the write had it, and as it is. */
  readonly before: LiveObject;
  readonly written: LiveObject;
  readonly now: LiveObject;
}

export interface Settled {
  readonly outcome: 'handled' | 'failed';
  readonly message: string;
}

export const offered: Offer = { is: 'offered' };

export function refused(why: string): Offer {
  return { is: 'refused', why };
}

/** Where the object is. */
export interface Place {
  readonly context: string;
  readonly readOnly: boolean;
  /** What the server serves of its kind. */
  readonly verbs: readonly string[];
}

export function offerOf(action: Page | Change, object: LiveObject, { context, readOnly, verbs }: Place): Offer {
  if (action.is === 'page') return action.offeredFor(object);
  if (readOnly) return refused(readOnlyWords(context));
  if (object.deleted !== undefined) return refused(`${nameOf(object)} is being deleted.`);
  const offer = action.offeredFor(object);
  const unserved = action.needs.find((need) => need.subresource === undefined && !verbs.includes(need.verb));
  if (offer.is === 'offered' && unserved)
    return refused(
      `${context} serves ${kindName(object.groupKind)} without ${unserved.verb}, so it cannot be changed.`,
    );
  return offer;
}

export function readOnlyWords(context: string): string {
  return `${context} is a read-only context: nothing is changed there. Remove it from capstan.readOnlyContexts to change that.`;
}

/** `Kustomization fleet/apps`. */
export function nameOf({ groupKind, namespace, name }: Pick<LiveObject, 'groupKind' | 'namespace' | 'name'>): string {
  return `${kindName(groupKind)} ${[namespace, name].filter(Boolean).join('/')}`;
}

/** Who applies the object from Git, and may undo a change of its spec. */
export function applierOf({ labels }: LiveObject): string | undefined {
  const applier = labels['kustomize.toolkit.fluxcd.io/name'];
  return applier === undefined ? undefined : `Kustomization ${applier}`;
}
