// Follows rollouts through a watch, with kubectl's messages, until they are done, fail or time out.
import { type Failure, type Result, success } from '../../engine/failure.ts';
import { presentable, redact } from '../../engine/redact.ts';
import { inspect } from '../../engine/session/inspect.ts';
import { Reach } from '../../engine/session/reach.ts';
import type { Transport } from '../../engine/transport/transport.ts';
import { collectionPath, findResource, namespaces, type Resource } from '../../engine/watch/discovery.ts';
import { listObjects, readObject } from '../../engine/watch/objects.ts';
import { Reflector } from '../../engine/watch/reflector.ts';
import { apiVersionOf, groupKindOf } from '../../kube/identity.ts';
import { diagnosisLine } from '../../live/diagnosis.ts';
import { list, text } from '../../live/fields.ts';
import { type LiveObject, trim } from '../../live/object.ts';
import { progressOf } from '../../live/progress.ts';
import type { Io } from '../io.ts';
import type { RolloutStatus } from '../output.ts';
import { type Connection, connect } from './connect.ts';
import { type Named, namedIn } from './named.ts';

export interface RolloutRequest {
  /** Without a name: all objects of the type that the selector matches. */
  readonly resources: readonly { readonly type: string; readonly name?: string }[];
  /** Files that name the objects instead. */
  readonly files: readonly string[];
  readonly recursive: boolean;
  readonly selector: string;
  readonly namespace: string | undefined;
  readonly context: string | undefined;
  readonly kubeconfig: string | undefined;
  readonly watch: boolean;
  /** Milliseconds; 0 waits forever. */
  readonly timeout: number;
  readonly revision: number;
  readonly json: boolean;
}

type Report = (status: RolloutStatus) => void;

/** Resolves to the exit code; calls `report` for each resource when its rollout ends. */
export async function follow(request: RolloutRequest, io: Io, report: Report): Promise<number> {
  const named = request.files.length > 0 ? namedIn(request.files, request.recursive, io.cwd) : [];
  if (typeof named === 'string') {
    io.stderr.write(`error: ${named}\n`);
    return 1;
  }
  const connection = await connect('rollout', request, io);
  if (!connection) return 1;
  const errors: string[] = [];
  let code = 0;
  try {
    const common = { request, io, transport: connection.transport };
    const subjects =
      request.files.length > 0 ? ofFiles(named, common, connection) : await ofTypes(common, connection, errors);
    if (typeof subjects === 'string') {
      io.stderr.write(`error: ${subjects}\n`);
      return 1;
    }
    for (const subject of subjects) code = Math.max(code, await one(subject, report, errors));
    if (subjects.length === 0 && errors.length === 0)
      io.stderr.write(`No resources found in ${connection.namespace} namespace.\n`);
  } finally {
    connection.transport.close();
  }
  reportErrors(errors, io);
  return errors.length > 0 ? 1 : code;
}

type Common = Pick<Subject, 'request' | 'io' | 'transport'>;

/** Adds kinds that can't be listed to `errors`; a string is an error that ends the command. */
async function ofTypes(
  common: Common,
  { discovery, namespace }: Connection,
  errors: string[],
): Promise<readonly Subject[] | string> {
  const subjects: Subject[] = [];
  for (const { type, name } of common.request.resources) {
    const resource = findResource(discovery, type);
    if (!resource) return `the server doesn't have a resource type ${JSON.stringify(type)}`;
    const of = { ...common, resource, namespace };
    if (name !== undefined) subjects.push({ ...of, name });
    else {
      const names = await namesOf(of);
      if (!names.ok) errors.push(fromServer(names.failure));
      else subjects.push(...names.value.map((found) => ({ ...of, name: found })));
    }
  }
  return subjects;
}

/** The namespace in the file takes precedence over `-n`, as in kubectl's `rollout status`. */
function ofFiles(
  named: readonly Named[],
  common: Common,
  { discovery, namespace: usual }: Connection,
): readonly Subject[] | string {
  const subjects: Subject[] = [];
  for (const { gvk, name, namespace = usual, file } of named) {
    const resource = discovery.resources.get(groupKindOf(gvk));
    if (!resource?.versions.includes(gvk.version))
      return `resource mapping not found for name: ${JSON.stringify(name)} namespace: ${JSON.stringify(namespace === usual ? '' : namespace)} from ${JSON.stringify(file)}: no matches for kind ${JSON.stringify(gvk.kind)} in version ${JSON.stringify(apiVersionOf(gvk))}\nensure CRDs are installed first`;
    subjects.push({ ...common, resource, namespace, name });
  }
  return subjects;
}

/** Reports all errors together at the end, as kubectl does; it prefixes `error:` only to a single one. */
function reportErrors(errors: readonly string[], io: Io): void {
  const [only = ''] = errors;
  if (errors.length === 1) io.stderr.write(only.startsWith('Error from server') ? `${only}\n` : `error: ${only}\n`);
  else for (const error of errors) io.stderr.write(`${error}\n`);
}

/** All objects of the type in the namespace, in the server's order. */
async function namesOf({ request, transport, resource, namespace }: Omit<Subject, 'name'>): Promise<Result<string[]>> {
  const names: string[] = [];
  let page: string | undefined;
  do {
    const answer = await listObjects(transport, resource, { namespace, labelSelector: request.selector, page });
    if (!answer.ok) return answer;
    names.push(...list(answer.value, 'items').flatMap((item) => text(item, 'metadata', 'name') ?? []));
    page = text(answer.value, 'metadata', 'continue') || undefined;
  } while (page !== undefined);
  return success(names);
}

interface Subject {
  readonly request: RolloutRequest;
  readonly io: Io;
  readonly transport: Transport;
  readonly resource: Resource;
  readonly namespace: string;
  readonly name: string;
}

/** Resolves to the exit code; adds an error to `errors`. */
async function one(subject: Subject, report: Report, errors: string[]): Promise<number> {
  const { io, transport, resource, namespace, name, request } = subject;
  const scope = resource.namespaced ? namespace : undefined;
  const first = await readObject(transport, resource, { namespace, name });
  const shown = `${resource.kind.toLowerCase()}/${name}`;
  const refuse = (error: string): number => {
    errors.push(error);
    report({ resource: shown, done: false, failed: true, messages: [error], diagnosis: [] });
    return 1;
  };
  if (!first.ok) return refuse(fromServer(await missingNamespace(subject, first.failure)));
  const object = trim(first.value, `${resource.group}/${resource.version}`, resource.kind);
  if (!object || !progressOf(object)) {
    return refuse(
      `no status viewer has been implemented for ${resource.kind}${resource.group === '' ? '' : `.${resource.group}`}`,
    );
  }
  const ended = await watched(subject, scope);
  // The failure itself is reported in kubectl's words, its cause in ours.
  if (ended.error !== undefined) errors.push(ended.error);
  const diagnosis = ended.done || ended.last === undefined ? [] : await diagnoseNow(subject, ended.last);
  for (const line of diagnosis) io.stderr.write(`capstan: ${line}\n`);
  report({ resource: shown, done: ended.done, failed: ended.error !== undefined, messages: ended.messages, diagnosis });
  return ended.error === undefined && (ended.done || !request.watch) ? 0 : 1;
}

/** If the whole namespace is missing, reports that instead of the missing object, as kubectl does. */
async function missingNamespace({ transport, resource, namespace }: Subject, failure: Failure): Promise<Failure> {
  if (failure.kind !== 'notFound' || !resource.namespaced || namespace === 'default') return failure;
  const found = await readObject(transport, namespaces, { name: namespace });
  return !found.ok && found.failure.kind === 'notFound' ? found.failure : failure;
}

interface Ended {
  readonly done: boolean;
  readonly error?: string;
  readonly messages: readonly string[];
  readonly last: LiveObject | undefined;
}

/**
 * Milliseconds for which a Cluster API rollout must stay done. Its controllers update their counts a moment after the
 * change: until then all machines still appear up to date.
 */
const settles = 2000;

function watched({ request, io, transport, resource, name }: Subject, scope: string | undefined): Promise<Ended> {
  const messages: string[] = [];
  const logged = new Set<string>();
  let last: LiveObject | undefined;
  return new Promise((finished) => {
    let over = false;
    let settling: NodeJS.Timeout | undefined;
    const end = (rest: Omit<Ended, 'messages' | 'last'>) => {
      if (over) return;
      over = true;
      clearTimeout(timer);
      clearTimeout(settling);
      process.off('SIGINT', interrupted);
      void reflector.stop().then(() => finished({ ...rest, messages, last }));
    };
    const interrupted = () => end({ done: false, error: 'interrupted' });
    const timer =
      request.timeout > 0
        ? setTimeout(() => end({ done: false, error: 'timed out waiting for the condition' }), request.timeout)
        : undefined;
    process.once('SIGINT', interrupted);
    const look = (object: LiveObject) => {
      if (over) return;
      last = object;
      const rollout = progressOf(object, request.revision)!;
      if (rollout.is === 'failed') return end({ done: false, error: rollout.message });
      const print = () => {
        messages.push(rollout.message);
        if (!request.json) io.stdout.write(`${redact(rollout.message)}\n`);
      };
      const finish = () => {
        print();
        end({ done: rollout.is === 'done' });
      };
      if (rollout.is !== 'done') {
        clearTimeout(settling);
        settling = undefined;
      }
      if (rollout.is === 'done' && request.watch && resource.group !== 'apps') settling ??= setTimeout(finish, settles);
      else if (rollout.is === 'done' || !request.watch) finish();
      else print();
    };
    const reach = new Reach(() => undefined);
    reach.set(true);
    const reflector: Reflector<LiveObject> = new Reflector<LiveObject>({
      transport,
      path: collectionPath(resource, scope),
      selectors: { fieldSelector: `metadata.name=${name}` },
      metadataOnly: false,
      follows: true,
      gate: reach,
      log: (message) => {
        // Print each message once: a server that is unreachable for an hour is one line.
        if (logged.has(message)) return;
        logged.add(message);
        io.stderr.write(`capstan: ${presentable(message)}\n`);
      },
      sink: {
        read: (raw) => trim(raw, `${resource.group}/${resource.version}`, resource.kind),
        replace(objects) {
          const [object] = objects;
          if (!object) return end({ done: false, error: 'object has been deleted' });
          // After an interruption, the new list may contain the same object.
          if (object.resourceVersion !== last?.resourceVersion) look(object);
        },
        put: look,
        remove: () => end({ done: false, error: 'object has been deleted' }),
        state: (state) => {
          // Don't wait for a kind that is no longer served.
          if (/^(forbidden|unauthorized|notFound)$/.test(state.failure?.kind ?? ''))
            end({ done: false, error: redact(state.failure!.message) });
        },
      },
    });
  });
}

async function diagnoseNow({ transport }: Subject, object: LiveObject): Promise<readonly string[]> {
  const found = await inspect(transport, object, AbortSignal.timeout(10_000));
  return found.map((diagnosis) => presentable(diagnosisLine(diagnosis), 800));
}

/** The failure as kubectl words it. */
function fromServer({ reason, message, status }: Failure): string {
  if (status === undefined) return message;
  return `Error from server${reason ? ` (${reason})` : ''}: ${message}`;
}
