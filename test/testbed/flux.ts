// Runs Flux on a control plane: its controllers as processes with loopback addresses, and the `flux` command.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { missingPrograms, program } from './cache.ts';
import { type ControlPlane, freePorts, Processes, type Ran, runProgram, until } from './controlplane.ts';
import { define, type Manifest, manifestsOf } from './modules.ts';

export type FluxController =
  | 'source-controller'
  | 'kustomize-controller'
  | 'helm-controller'
  | 'notification-controller';

export interface Flux {
  flux(args: readonly string[]): Promise<Ran>;
  /** Suspends the controller's process, as if its node hung; `false` resumes it. */
  freeze(controller: FluxController, frozen: boolean): void;
  stop(): Promise<void>;
}

/** The releases of the programs in `cache.ts`. */
const modules: Readonly<Record<FluxController, string>> = {
  'source-controller': 'github.com/fluxcd/source-controller@v1.9.6',
  'kustomize-controller': 'github.com/fluxcd/kustomize-controller@v1.9.5',
  'helm-controller': 'github.com/fluxcd/helm-controller@v1.6.4',
  'notification-controller': 'github.com/fluxcd/notification-controller@v1.9.3',
};
const controllers = Object.keys(modules) as readonly FluxController[];

export function missingForFlux(): readonly string[] {
  return missingPrograms('flux');
}

export async function fluxDefinitions(): Promise<readonly Manifest[]> {
  return (await Promise.all(Object.values(modules).map((module) => manifestsOf(module, 'config/crd/bases')))).flat();
}

export async function startFlux(controlPlane: ControlPlane): Promise<Flux> {
  const { folder, kubeconfig } = controlPlane;
  const processes = new Processes(folder);
  const artifacts = join(folder, 'artifacts');
  mkdirSync(artifacts);
  const ports = await freePorts(2 * controllers.length + 3);
  const [storage, events, receiver] = ports.map((port) => `127.0.0.1:${port}`);
  const own: Readonly<Record<FluxController, readonly string[]>> = {
    'source-controller': [`--storage-path=${artifacts}`, `--storage-addr=${storage}`, `--storage-adv-addr=${storage}`],
    'kustomize-controller': ['--requeue-dependency=2s', '--http-retry=1'],
    'helm-controller': ['--requeue-dependency=2s', '--http-retry=1'],
    'notification-controller': [`--receiverAddr=${receiver}`],
  };
  try {
    await define(controlPlane, await fluxDefinitions());
    await controlPlane.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'flux-system' } });
    const started = new Map(
      controllers.map((name, index) => {
        const [metrics, health] = [ports[3 + 2 * index], ports[4 + 2 * index]];
        const flags = [
          ...own[name],
          `--events-addr=${name === 'notification-controller' ? events : ''}`,
          ...[`--metrics-addr=127.0.0.1:${metrics}`, `--health-addr=127.0.0.1:${health}`, '--log-encoding=console'],
        ];
        const env = { KUBECONFIG: kubeconfig, RUNTIME_NAMESPACE: 'flux-system' };
        return [name, { health, child: processes.start(name, program('flux', name), flags, env) }];
      }),
    );
    for (const [name, { health }] of started)
      await until(name, processes, async () => (await fetch(`http://127.0.0.1:${health}/readyz`)).ok);
    return {
      flux: (args) => runProgram(program('flux', 'flux'), [...args, `--kubeconfig=${kubeconfig}`]),
      freeze: (name, frozen) => void started.get(name)!.child.kill(frozen ? 'SIGSTOP' : 'SIGCONT'),
      async stop() {
        // A suspended process doesn't handle the signal to end.
        for (const { child } of started.values()) child.kill('SIGCONT');
        await processes.stop();
      },
    };
  } catch (error) {
    await processes.stop();
    throw error;
  }
}
