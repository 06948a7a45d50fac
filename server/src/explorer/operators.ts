// What the view of operators asks a cluster for: the names and labels of its definitions once a context is expanded, and the
// instances of a kind, with the columns that the server makes of them, once and every few seconds while the kind is expanded.
import type { Failure } from '../engine/failure.ts';
import type { Session } from '../engine/session/session.ts';
import { type Collection, collectionPath, type Discovery, definitions } from '../engine/watch/discovery.ts';
import { listObjects } from '../engine/watch/objects.ts';
import { form } from '../engine/watch/reflector.ts';
import { type ReadTable, readTable } from '../engine/watch/tables.ts';
import { type GroupKind, groupKindOf } from '../kube/identity.ts';
import { list, text } from '../live/fields.ts';
import { type LiveObject, trim } from '../live/object.ts';
import { type Operator, operatorsOf } from '../live/operators.ts';
import type { OperatorPlace } from './row-id.ts';

/** Milliseconds after which what is expanded is asked for again. */
const again = { definitions: 60_000, leases: 15_000, instances: 5_000 } as const;
const timeout = 20_000;

export interface Instance {
  readonly namespace: string;
  readonly name: string;
  /** In the order of the columns. */
  readonly cells: readonly string[];
  /** Undefined if the server sent something else. */
  readonly object: LiveObject | undefined;
}

export interface Instances {
  readonly columns: readonly string[];
  readonly all: readonly Instance[];
  /** Further ones that were not read. */
  readonly more: number;
}

export type Answer<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: Failure };

interface Asked<T> {
  answer: Answer<T> | undefined;
  /** Of the last answer. */
  at: number;
  asking: Promise<void> | undefined;
}

interface Known {
  readonly definitions: Asked<readonly unknown[]>;
  /** In the namespaces of the controllers. */
  readonly leases: Asked<readonly unknown[]>;
  readonly instances: Map<GroupKind, Asked<Instances>>;
  grouped?: { readonly of: string; readonly discovery: Discovery; readonly operators: readonly Operator[] };
}

export class Operators {
  readonly #onChange: (context: string) => void;
  readonly #known = new WeakMap<Session, Known>();
  #wanted: readonly (readonly [Session, OperatorPlace])[] = [];
  #timer: NodeJS.Timeout | undefined;
  #revision = 0;

  constructor(onChange: (context: string) => void) {
    this.#onChange = onChange;
  }

  /** Increases with each answer. */
  get revision(): number {
    return this.#revision;
  }

  /** Undefined until the definitions were listed. */
  of(session: Session): Answer<readonly Operator[]> | undefined {
    const known = this.#known.get(session);
    const { discovery, store } = session;
    const answer = known?.definitions.answer;
    if (!known || !answer || !discovery) return undefined;
    if (!answer.ok) return answer;
    const of = `${store.structure} ${known.definitions.at}`;
    if (known.grouped?.of !== of || known.grouped.discovery !== discovery) {
      const served = [...discovery.resources].map(([groupKind, resource]) => ({ groupKind, ...resource }));
      const operators = operatorsOf(answer.value, served, store.ofKind(deploymentKind));
      known.grouped = { of, discovery, operators };
    }
    return { ok: true, value: known.grouped.operators };
  }

  /** Empty until they were listed, and for who may not list them. */
  leases(session: Session): readonly unknown[] {
    const answer = this.#known.get(session)?.leases.answer;
    return answer?.ok ? answer.value : [];
  }

  instances(session: Session, kind: GroupKind): Answer<Instances> | undefined {
    return this.#known.get(session)?.instances.get(kind)?.answer;
  }

  /** Asks for what these places show, now and again, until others are wanted. */
  want(wanted: readonly (readonly [Session, OperatorPlace])[]): void {
    this.#wanted = wanted;
    if (wanted.length === 0) {
      clearInterval(this.#timer);
      this.#timer = undefined;
      return;
    }
    this.#ask();
    if (this.#timer) return;
    this.#timer = setInterval(() => this.#ask(), 1000);
    this.#timer.unref();
  }

  /** Waits for the first answer about the place, at most `patience` milliseconds. */
  async settled(session: Session, place: OperatorPlace, patience: number): Promise<void> {
    const known = this.#known.get(session);
    const asked = place.kind === undefined ? known?.definitions : known?.instances.get(place.kind);
    if (!asked?.asking || asked.answer) return;
    await Promise.race([asked.asking, new Promise((done) => setTimeout(done, patience).unref())]);
  }

  dispose(): void {
    clearInterval(this.#timer);
  }

  #ask(): void {
    for (const [session, { kind }] of this.#wanted) {
      let known = this.#known.get(session);
      if (!known) this.#known.set(session, (known = { definitions: fresh(), leases: fresh(), instances: new Map() }));
      if (kind === undefined) {
        this.#update(session, known.definitions, again.definitions, () => readDefinitions(session));
        const operators = this.of(session);
        if (operators?.ok)
          this.#update(session, known.leases, again.leases, () => readLeases(session, namespacesOf(operators.value)));
        continue;
      }
      let instances = known.instances.get(kind);
      if (!instances) known.instances.set(kind, (instances = fresh()));
      this.#update(session, instances, again.instances, () => readInstances(session, kind));
    }
  }

  #update<T>(session: Session, asked: Asked<T>, pause: number, read: () => Promise<Answer<T> | undefined>): void {
    if (asked.asking || performance.now() - asked.at < pause) return;
    asked.asking = read()
      .then((answer) => {
        // What is known stays while the server doesn't respond.
        if (answer && (answer.ok || !asked.answer?.ok)) asked.answer = answer;
      })
      .finally(() => {
        asked.at = performance.now();
        asked.asking = undefined;
        this.#revision++;
        this.#onChange(session.context);
      });
  }
}

const deploymentKind: GroupKind = 'apps/Deployment';

function fresh<T>(): Asked<T> {
  return { answer: undefined, at: Number.NEGATIVE_INFINITY, asking: undefined };
}

/** Metadata only: the schemas of a thousand definitions are many megabytes. Undefined if the context isn't connected. */
async function readDefinitions({ transport }: Session): Promise<Answer<readonly unknown[]> | undefined> {
  if (!transport) return undefined;
  const all: unknown[] = [];
  let page: string | undefined;
  do {
    const query = new URLSearchParams({ limit: '500', ...(page === undefined ? {} : { continue: page }) });
    const answer = await transport.json<unknown>({
      path: `${collectionPath(definitions)}?${query}`,
      accept: form('PartialObjectMetadataList'),
      signal: AbortSignal.timeout(timeout),
    });
    if (!answer.ok) return answer;
    all.push(...list(answer.value, 'items'));
    page = text(answer.value, 'metadata', 'continue') || undefined;
  } while (page !== undefined);
  return { ok: true, value: all };
}

function namespacesOf(operators: readonly Operator[]): ReadonlySet<string> {
  return new Set(operators.flatMap(({ controller }) => controller?.deployment.namespace ?? []));
}

const leases: Collection = {
  ...{ group: 'coordination.k8s.io', version: 'v1', kind: 'Lease', plural: 'leases', namespaced: true },
};

async function readLeases(
  { transport }: Session,
  namespaces: ReadonlySet<string>,
): Promise<Answer<readonly unknown[]> | undefined> {
  if (!transport) return undefined;
  const signal = AbortSignal.timeout(timeout);
  const read = [...namespaces].map(async (namespace) => {
    const answer = await listObjects(transport, leases, { namespace }, { signal });
    return answer.ok ? list(answer.value, 'items') : [];
  });
  return { ok: true, value: (await Promise.all(read)).flat() };
}

async function readInstances(session: Session, kind: GroupKind): Promise<Answer<Instances> | undefined> {
  const { transport, discovery } = session;
  const resource = discovery?.resources.get(kind);
  if (!transport || !resource) return undefined;
  const query = { wantsObjects: true, wide: false, pages: 1 };
  const answer = await readTable(transport, resource, query, AbortSignal.timeout(timeout));
  if (!answer.ok) return answer;
  const { group, version } = resource;
  return { ok: true, value: instancesOf(answer.value, group === '' ? version : `${group}/${version}`, resource.kind) };
}

function instancesOf({ columns, rows, more }: ReadTable, apiVersion: string, kind: string): Instances {
  const all = rows.map(({ namespace, name, cells, object }) => {
    const live = trim(object, apiVersion, kind);
    return { namespace, name, cells, object: live && isOfKind(live, apiVersion, kind) ? live : undefined };
  });
  return { columns, all, more };
}

/** A server that doesn't include objects sends their metadata, which has a kind of its own. */
function isOfKind({ groupKind }: LiveObject, apiVersion: string, kind: string): boolean {
  const slash = apiVersion.indexOf('/');
  return groupKind === groupKindOf({ group: slash === -1 ? '' : apiVersion.slice(0, slash), kind });
}
