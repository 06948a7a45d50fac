// What a client has open to pods: shells, each by a token, and forwarded ports. All of it ends with this process.
import { StringDecoder } from 'node:string_decoder';
import type { Audit } from '../engine/actions/audit.ts';
import type { Target } from '../engine/actions/target.ts';
import { failed, type Result, success } from '../engine/failure.ts';
import { presentable } from '../engine/redact.ts';
import { Forward } from '../engine/streams/forward.ts';
import { type ConnectedPod, permittedPod } from '../engine/streams/pod.ts';
import { recordOf } from '../engine/streams/record.ts';
import { openShell, type Shell, type ShellEnd } from '../engine/streams/shell.ts';
import { portForward, shell } from '../live/actions/streams.ts';
import type {
  ClusterNotifications,
  ClusterRequests,
  ForwardParams,
  ShellParams,
  Forward as Shown,
} from '../protocol.ts';

type Notify = <K extends 'forwards' | 'shellOutput' | 'shellEnded'>(
  method: K,
  params: ClusterNotifications[K],
) => Promise<void>;

interface Opened {
  readonly own: AbortController;
  readonly shell: Shell;
}

export class PodStreams {
  readonly #notify: Notify;
  readonly #audit: Audit;
  readonly #log: (message: string) => void;
  readonly #shells = new Map<string, Opened>();
  readonly #forwards = new Map<string, { readonly asked: ForwardParams; readonly forward: Forward }>();
  #ids = 0;

  constructor(notify: Notify, audit: Audit, log: (message: string) => void) {
    this.#notify = notify;
    this.#audit = audit;
    this.#log = log;
  }

  async pod(
    target: Target,
    { verb }: ClusterRequests['pod']['params'],
  ): Promise<Result<ClusterRequests['pod']['result']>> {
    const pod = await permittedPod(target, verb === 'shell' ? shell : portForward);
    if (!pod.ok) return pod;
    const { name, containers, main, ports, targets } = pod.value;
    const declared = ports.map(({ port, name: own, container }) => ({ port, name: own, of: `container ${container}` }));
    const ofService = [...targets].flatMap(([port, target]) =>
      /^\d+$/.test(port) ? [{ port: Number(port), name: '', of: `port ${target} of pod ${name}` }] : [],
    );
    return success({ pod: name, containers, main, ports: targets.size > 0 ? ofService : declared });
  }

  async openShell(
    target: Target,
    { token, container, columns, rows }: ShellParams,
  ): Promise<Result<{ container: string }>> {
    const pod = await permittedPod(target, shell);
    if (!pod.ok) return pod;
    this.closeShell(token);
    const own = new AbortController();
    const decoder = new StringDecoder('utf8');
    const send = async (data: Buffer) => {
      const text = decoder.write(data);
      if (text !== '') await this.#notify('shellOutput', { token, text });
    };
    const query = { container, command: [], size: { columns, rows } };
    const opened = await openShell(target.transport, pod.value, query, { out: send, error: send }, own.signal);
    if (!opened.ok) return opened;
    this.#shells.set(token, { own, shell: opened.value });
    this.#record(target, 'shell', pod.value, `container ${opened.value.container}`);
    void opened.value.ended.then((end) => {
      if (this.#shells.get(token)?.shell === opened.value) this.#shells.delete(token);
      void this.#notify('shellEnded', { token, ...endOf(end) });
    });
    return success({ container: opened.value.container });
  }

  shellInput({ token, text }: ClusterRequests['shellInput']['params']): void {
    this.#shells.get(token)?.shell.write(text);
  }

  shellSize({ token, columns, rows }: ClusterRequests['shellSize']['params']): void {
    this.#shells.get(token)?.shell.resize({ columns, rows });
  }

  closeShell(token: string): void {
    this.#shells.get(token)?.own.abort();
    this.#shells.delete(token);
  }

  /** `target` is asked again for each connection: the context may have been opened anew. */
  async forward(target: () => Result<Target>, asked: ForwardParams): Promise<Result<Shown>> {
    const started = await Forward.start({
      transport: () => {
        const now = target();
        return now.ok && !now.value.isClosed() ? now.value.transport : undefined;
      },
      pod: async () => {
        const now = target();
        return now.ok ? permittedPod(now.value, portForward) : now;
      },
      port: asked.port,
      local: asked.local,
      onChange: () => this.#tell(),
    });
    if (!started.ok) return started;
    const id = `forward-${++this.#ids}`;
    this.#forwards.set(id, { asked, forward: started.value });
    const { port, local, connected } = started.value;
    const now = target();
    if (now.ok) this.#record(now.value, 'port-forward', connected, `port ${port} on 127.0.0.1:${local}`);
    this.#tell();
    return success(this.#shown().find((one) => one.id === id)!);
  }

  stopForward(id: string): Result<null> {
    const known = this.#forwards.get(id);
    if (!known) return failed('notFound', 'the port is no longer forwarded');
    known.forward.stop();
    this.#forwards.delete(id);
    this.#tell();
    return success(null);
  }

  /** Ends what is open to a context that is closed. */
  close(context: string): void {
    for (const [id, { asked }] of this.#forwards) if (asked.context === context) this.stopForward(id);
  }

  dispose(): void {
    for (const token of [...this.#shells.keys()]) this.closeShell(token);
    for (const { forward } of this.#forwards.values()) forward.stop();
    this.#forwards.clear();
  }

  #shown(): readonly Shown[] {
    return [...this.#forwards].map(([id, { asked, forward }]) => {
      const { pod, port, local, connections, problem } = forward;
      return { id, asked, pod, port, local, connections, problem };
    });
  }

  #tell(): void {
    void this.#notify('forwards', { forwards: this.#shown() });
  }

  #record({ context }: Target, verb: string, pod: ConnectedPod, message: string): void {
    const problem = recordOf(this.#audit, context, verb, pod, message);
    if (problem !== undefined) this.#log(problem);
  }
}

function endOf(end: ShellEnd): { readonly code?: number; readonly message: string } {
  if (end.is === 'failed') return { message: presentable(end.message, 800) };
  return { code: end.code, message: end.code === 0 ? '' : `The shell ended with exit code ${end.code}.` };
}
