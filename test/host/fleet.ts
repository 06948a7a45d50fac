// Real clusters for the workbench: an API server with the CRDs of Flux and Cluster API and Flux's source-controller; another
// with workloads that fail, if it is wanted (shop.ts); and a kubeconfig that also contains an unreachable context.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { missingPrograms, program, provide } from '../testbed/cache.ts';
import {
  type ControlPlane,
  type ControlPlaneOptions,
  freePorts,
  Processes,
  startControlPlane,
} from '../testbed/controlplane.ts';
import { startShop } from './shop.ts';

export interface HostFleet {
  /** KUBECONFIG, and CAPSTAN_KUBECTL for the suites to change objects with. */
  readonly env: NodeJS.ProcessEnv;
  readonly controlPlane: ControlPlane;
  readonly stop: () => Promise<void>;
}

/** The missing programs, with the commands that build them. */
export function lackingForFleet(): readonly string[] {
  const sets = [
    ['kubernetes', ['etcd', 'kube-apiserver', 'kubectl']],
    ['flux', ['source-controller']],
  ] as const;
  return sets.flatMap(([set, names]) => {
    const missing = missingPrograms(set, names);
    return missing.length === 0 ? [] : [`${missing.join(', ')} (\`${provide(set)}\`)`];
  });
}

export interface FleetOptions extends ControlPlaneOptions {
  readonly shop?: boolean;
}

export async function startFleet({ shop: withShop, ...options }: FleetOptions = {}): Promise<HostFleet> {
  const texts = definitions();
  const shop = withShop ? await startShop(texts) : undefined;
  const controlPlane = await startControlPlane(options);
  const processes = new Processes(controlPlane.folder);
  const charts = createServer((_request, response) => response.end('apiVersion: v1\nentries: {}\n'));
  const stop = async () => {
    charts.close();
    await processes.stop();
    await controlPlane.stop();
    await shop?.stop();
  };
  try {
    await new Promise<void>((done) => charts.listen(0, '127.0.0.1', done));
    await controlPlane.apply(texts);
    await established(controlPlane);
    await controlPlane.apply(objects(`http://127.0.0.1:${(charts.address() as AddressInfo).port}`));
    await controlPlane.kubectl([
      ...['patch', 'deployment', 'payments', '-n', 'apps', '--subresource=status', '--type=merge'],
      ...['-p', JSON.stringify({ status: stuck })],
    ]);
    await startSourceController(controlPlane, processes);
    const ready = ['wait', '--for=condition=Ready', '--timeout=60s', 'helmrepository/charts', '-n', 'apps'];
    const { code, stderr } = await controlPlane.kubectl(ready);
    if (code !== 0) throw new Error(`source-controller did not make the chart repository ready: ${stderr}`);
    const kubeconfig = join(controlPlane.folder, 'fleet.kubeconfig');
    writeFileSync(kubeconfig, kubeconfigOf(controlPlane, shop?.controlPlane), { mode: 0o600 });
    const env = { KUBECONFIG: kubeconfig, CAPSTAN_KUBECTL: program('kubernetes', 'kubectl') };
    return { env, controlPlane, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startSourceController({ folder, kubeconfig }: ControlPlane, processes: Processes): Promise<void> {
  const [storage, metrics, health] = await freePorts(3);
  const artifacts = join(folder, 'artifacts');
  mkdirSync(artifacts);
  const address = `127.0.0.1:${storage}`;
  processes.start(
    'source-controller',
    program('flux', 'source-controller'),
    [
      ...['--storage-path', artifacts, '--storage-addr', address, '--storage-adv-addr', address],
      ...['--events-addr', '', '--metrics-addr', `127.0.0.1:${metrics}`, '--health-addr', `127.0.0.1:${health}`],
    ],
    { KUBECONFIG: kubeconfig, RUNTIME_NAMESPACE: 'flux-system' },
  );
}

const modules = [
  ['github.com/fluxcd/source-controller@v1.9.6', 'config/crd/bases'],
  ['github.com/fluxcd/kustomize-controller@v1.9.5', 'config/crd/bases'],
  ['sigs.k8s.io/cluster-api@v1.14.0', 'core/config/crd/bases'],
] as const;

/** The definitions from the releases' Go modules. */
function definitions(): string {
  const texts = modules.flatMap(([module, bases]) => {
    const json = execFileSync('go', ['mod', 'download', '-json', module], { cwd: tmpdir(), encoding: 'utf8' });
    const folder = join((JSON.parse(json) as { readonly Dir: string }).Dir, bases);
    return readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
  });
  return texts.join('\n---\n');
}

async function established({ kubectl }: ControlPlane): Promise<void> {
  const { code, stderr } = await kubectl(['wait', '--for=condition=Established', '--timeout=60s', 'crd', '--all']);
  if (code !== 0) throw new Error(`the definitions were not established: ${stderr}`);
}

/** A context for each cluster, and one where nothing listens. */
function kubeconfigOf({ url, token }: ControlPlane, shop: ControlPlane | undefined): string {
  const servers = { 'aws-master': url, 'dc-master': 'https://127.0.0.1:1', ...(shop && { 'shop-eu': shop.url }) };
  const cluster = ([name, server]: [string, string]) => ({
    ...{ name, cluster: { server, 'insecure-skip-tls-verify': true } },
  });
  // All have the same administrator.
  const context = (name: string) => ({ name, context: { cluster: name, user: 'admin' } });
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'aws-master',
    clusters: Object.entries(servers).map(cluster),
    contexts: Object.keys(servers).map(context),
    users: [{ name: 'admin', user: { token } }],
  });
}

/** The status of a rollout that has exceeded its deadline, as the controller manager writes it. */
const stuck = {
  ...{ observedGeneration: 1, replicas: 2, updatedReplicas: 1, readyReplicas: 1, availableReplicas: 1 },
  unavailableReplicas: 1,
  conditions: [
    {
      ...{ type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded' },
      message: 'ReplicaSet "payments-6d4f" has timed out progressing.',
      lastTransitionTime: '2026-01-02T03:04:05Z',
    },
  ],
};

function objects(chartsUrl: string): string {
  const deployment = (name: string, replicas: number, image: string) => {
    const labels = { app: name };
    const template = { metadata: { labels }, spec: { containers: [{ name, image: `registry.example/${image}` }] } };
    return {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name, namespace: 'apps' },
      spec: { replicas, selector: { matchLabels: labels }, template },
    };
  };
  const list = [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'apps' } },
    {
      apiVersion: 'source.toolkit.fluxcd.io/v1',
      kind: 'HelmRepository',
      metadata: { name: 'charts', namespace: 'apps' },
      spec: { interval: '1h', url: chartsUrl },
    },
    deployment('checkout', 3, 'checkout:2.14.0'),
    deployment('payments', 2, 'payments:1.8.0'),
  ];
  return list.map((object) => JSON.stringify(object)).join('\n---\n');
}
