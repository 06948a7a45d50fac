// The actions on a live object, each as data and pure functions: when it is offered, which permissions it needs, what it
// writes, when it is complete, and its texts. Rows, menus, the palette and the command line are built from the list of
// actions; engine/actions/run.ts runs them.
import { type GroupKind, kindName } from '../../kube/identity.ts';
import type { Fields } from '../fields.ts';
import type { LiveObject } from '../object.ts';

/** Opens a read-only document. */
export interface Page<V extends string = string> {
  readonly is: 'page';
  readonly verb: V;
  readonly offeredFor: (object: LiveObject) => Offer;
}

/** A connection into a pod, which lasts until somebody ends it. */
export interface Stream<V extends string = string> {
  readonly is: 'stream';
  readonly verb: V;
  readonly offeredFor: (object: LiveObject) => Offer;
  /** Permissions on the pod. */
  readonly needs: readonly Need[];
}

/** A write to one object. */
export interface Change<V extends string = string> {
  readonly is: 'change';
  /** Command in the editor (`capstan.reconcile`); on the command line, see `commandName`. */
  readonly verb: V;
  /** In menus, in the palette, and on the button that confirms it. */
  readonly title: string;
  /** A codicon, for the icon on the row. */
  readonly icon: string;
  /** Its place in a row's context menu and, if it is shown there too, among the icons on the row. */
  readonly menu: { readonly group: string; readonly inline?: number };
  /** In the help of the command line: a phrase that starts with a verb. */
  readonly summary: string;
  readonly parameters: readonly Parameter[];
  /** Permissions on the object in addition to `get`. */
  readonly needs: readonly Need[];
  /** Conditions on the object's kind and state; `offerOf` adds those of every change. */
  readonly offeredFor: (object: LiveObject) => Offer;
  /** Objects that the change depends on. */
  readonly reads?: (object: LiveObject) => Related | undefined;
  /** Objects one of which is changed first, by that change: the first of them that offers it. Its outcome is awaited. */
  readonly first?: { readonly change: Change; readonly of: (object: LiveObject) => readonly Named[] };
  /** Whether the change depends on the schema of the object's kind. */
  readonly readsDefinition?: (object: LiveObject) => boolean;
  /** Another object that the change is written to, because its controller sets the field of this one. */
  readonly through?: (object: LiveObject) => Through | undefined;
  /** A refusal if what it read does not allow the change. */
  readonly change: (object: LiveObject, input: Input) => Patch | Removal | Refused;
  /** The effect, for the confirmation: one or two sentences. */
  readonly preview: (object: LiveObject) => string;
  /** The outcome; undefined until it is certain. Not asked once the object is gone, unless it was to be deleted. */
  readonly settled: (step: Step) => Settled | undefined;
  readonly words: {
    /** Title of the progress notification. */
    readonly doing: string;
    /** Progress while waiting for the outcome; undefined if there is none. */
    readonly progress: (step: Step) => string | undefined;
    /** The change was written but its outcome is not certain. `waited`: the wait timed out. */
    readonly pending: (step: Step, waited: boolean) => string;
  };
}

/** Permission, dry run and conflict are those of the other object; the outcome is observed on the first. */
export interface Through {
  readonly named: Named;
  /** `raw`: the other object as the server sent it. Takes the place of the action's own `change`, which may refuse before. */
  readonly change: (raw: unknown, input: Input) => Patch | Refused;
}

interface Parameter {
  /** Also the command-line flag: `--replicas`. */
  readonly name: string;
  readonly title: string;
  /** It may be empty. */
  readonly optional?: true;
  /** Default value, taken from the object. */
  readonly initial: (object: LiveObject) => string;
  /** The values to choose from, of the objects that were read; others aren't offered. */
  readonly choices?: (object: LiveObject, related: readonly unknown[]) => readonly Choice[];
  /** Why the value is invalid; undefined if it is valid. */
  readonly problem: (value: string) => string | undefined;
}

export interface Choice {
  readonly value: string;
  /** What it stands for, in a few words. */
  readonly description: string;
}

/** An object of the same cluster. */
export interface Named {
  readonly groupKind: GroupKind;
  readonly namespace?: string;
  readonly name: string;
}

export interface Need {
  readonly verb: 'get' | 'patch' | 'update' | 'delete' | 'create';
  readonly subresource?: string;
}

/** `isConflict`: because of what another client changed. `inGit`: the object's file is where it can be done. */
export interface Refused {
  readonly is: 'refused';
  readonly why: string;
  readonly isConflict?: true;
  readonly inGit?: true;
}

export type Offer =
  | { readonly is: 'offered' }
  | Refused
  /** The object is already in the requested state. */
  | { readonly is: 'done'; readonly message: string };

/** Objects of a kind in the object's namespace. */
export interface Related {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly namespaced: boolean;
  /** A LabelSelector, as in a spec. */
  readonly selector: unknown;
}

export interface Input {
  /** The object as the server sent it. */
  readonly raw: unknown;
  /** The same as it is shown, with secrets hidden. */
  readonly shown: unknown;
  /** What `reads` names, as the server sent it. */
  readonly related: readonly unknown[];
  /** The CustomResourceDefinition of the kind, if it was asked for and may be read. */
  readonly definition?: unknown;
  /** Values by parameter name. */
  readonly values: Readonly<Record<string, string>>;
  /** RFC 3339: the current time. */
  readonly at: string;
}

export interface Patch {
  /** A JSON merge patch; the object's uid is added. */
  readonly body: Fields;
  /** Refuse the patch if another client has changed the spec since the object was read. */
  readonly asSeen: boolean;
}

/** Deletes the object, as long as it is the one that was read. */
export interface Removal {
  readonly is: 'removal';
}

/** A change in progress. */
export interface Step {
  readonly context: string;
  /** The object before the change, as returned by the write, and its current state. */
  readonly before: LiveObject;
  readonly written: LiveObject;
  readonly now: LiveObject;
  /** Values by parameter name. */
  readonly values: Readonly<Record<string, string>>;
  /** It no longer exists; `now` is the last that was known of it. */
  readonly isGone: boolean;
}

export interface Settled {
  readonly outcome: 'handled' | 'failed';
  readonly message: string;
}

export const offered: Offer = { is: 'offered' };

export function refused(why: string): Refused {
  return { is: 'refused', why };
}

export function refusedInGit(why: string): Refused {
  return { ...refused(why), inGit: true };
}

/** The verb on the command line: `reconcile-with-source`. */
export function commandName(verb: string): string {
  return verb.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** The cluster that the object is in. */
export interface Place {
  readonly context: string;
  readonly readOnly: boolean;
  /** Verbs that the server supports for the kind. */
  readonly verbs: readonly string[];
}

export function offerOf(
  action: Page | Stream | Change,
  object: LiveObject,
  { context, readOnly, verbs }: Place,
): Offer {
  if (action.is === 'page') return action.offeredFor(object);
  if (readOnly) return refused(readOnlyWords(context));
  if (action.is === 'stream') return action.offeredFor(object);
  if (object.deleted !== undefined) return refused(`${nameOf(object)} is being deleted.`);
  const offer = action.offeredFor(object);
  const unserved = action.needs.find((need) => need.subresource === undefined && !verbs.includes(need.verb));
  if (offer.is === 'offered' && unserved)
    return refused(
      `${context} does not support ${unserved.verb} for ${kindName(object.groupKind)}, so the object cannot be changed.`,
    );
  return offer;
}

export function readOnlyWords(context: string): string {
  return `${context} is a read-only context. To allow changes, remove what names it from capstan.readOnlyContexts.`;
}

/** `Kustomization fleet/apps`. */
export function nameOf({ groupKind, namespace, name }: Pick<LiveObject, 'groupKind' | 'namespace' | 'name'>): string {
  return `${kindName(groupKind)} ${[namespace, name].filter(Boolean).join('/')}`;
}

/** The Kustomization that applies the object from Git and may revert a change of its spec. */
export function applierOf({ labels }: LiveObject): string | undefined {
  const applier = labels['kustomize.toolkit.fluxcd.io/name'];
  return applier === undefined ? undefined : `Kustomization ${applier}`;
}
