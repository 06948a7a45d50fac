// Runs Cluster API on a control plane: the managers of the core, kubeadm and the development provider, whose machines are
// in memory, with their webhooks. Only one instance per machine: the provider's debug port is fixed.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { missingPrograms, program, versions } from './cache.ts';
import { type ControlPlane, freePorts, Processes, type Ran, runProgram, until } from './controlplane.ts';
import { define, type Manifest, manifestsOf } from './modules.ts';

export interface ClusterApi {
  clusterctl(args: readonly string[]): Promise<Ran>;
  stop(): Promise<void>;
}

interface Manager {
  readonly name: string;
  readonly module: string;
  readonly config: string;
  readonly gates: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Whether its kinds implement the contract; releases add labels to their definitions that declare it. */
  readonly provider: boolean;
}

const core = `sigs.k8s.io/cluster-api@v${versions.clusterApi}`;
const test = `sigs.k8s.io/cluster-api/test@v${versions.clusterApi}`;
const managers: readonly Manager[] = [
  {
    ...{ name: 'capi-core', module: core, config: 'core/config', provider: false },
    gates: 'ClusterTopology=true,MachinePool=true,ReconcilerRateLimiting=false',
  },
  {
    ...{ name: 'capi-kubeadm-bootstrap', module: core, config: 'bootstrap/kubeadm/config', provider: true },
    gates: 'MachinePool=true',
  },
  {
    ...{ name: 'capi-kubeadm-control-plane', module: core, config: 'controlplane/kubeadm/config', provider: true },
    gates: 'ClusterTopology=true',
  },
  {
    ...{ name: 'capi-dev', module: test, config: 'infrastructure/docker/config', provider: true },
    gates: 'ClusterTopology=true,MachinePool=true',
    env: { POD_IP: '127.0.0.1' },
  },
];

export function missingForClusterApi(): readonly string[] {
  return missingPrograms('cluster-api');
}

/** For servers without the managers: objects are neither converted nor defaulted. */
export async function clusterApiDefinitions(): Promise<readonly Manifest[]> {
  return (await Promise.all(managers.map(({ module, config }) => manifestsOf(module, `${config}/crd/bases`)))).flat();
}

export async function startClusterApi(controlPlane: ControlPlane): Promise<ClusterApi> {
  const processes = new Processes(controlPlane.folder);
  // The managers serve their webhooks with the API server's certificate, which is valid for loopback.
  const [certificate = '', ...chain] = readFileSync(controlPlane.certificate, 'utf8').split(/(?=-----BEGIN)/);
  const folder = join(controlPlane.folder, 'webhooks');
  mkdirSync(folder);
  writeFileSync(join(folder, 'tls.crt'), certificate + chain.join(''));
  writeFileSync(join(folder, 'tls.key'), readFileSync(controlPlane.key), { mode: 0o600 });
  const caBundle = Buffer.from(chain.join('')).toString('base64');
  const ports = await freePorts(managers.length * 3);
  const started = managers.map((manager, index) => ({
    ...manager,
    diagnostics: ports[index * 3]!,
    health: ports[index * 3 + 1]!,
    webhook: ports[index * 3 + 2]!,
  }));
  const stop = () => processes.stop();
  try {
    for (const { module, config, provider, webhook } of started) {
      const definitions = await manifestsOf(module, `${config}/crd/bases`);
      await define(
        controlPlane,
        definitions.map((definition) => convertible(definition, provider, webhook, caBundle)),
      );
    }
    for (const { name, gates, env, diagnostics, health, webhook } of started) {
      const flags = [
        `--kubeconfig=${controlPlane.kubeconfig}`,
        ...[`--diagnostics-address=127.0.0.1:${diagnostics}`, '--insecure-diagnostics'],
        ...[`--health-addr=127.0.0.1:${health}`, `--webhook-port=${webhook}`, `--webhook-cert-dir=${folder}`],
        '--skip-crd-migration-phases=StorageVersionMigration,CleanupManagedFields',
        `--feature-gates=${gates}`,
      ];
      processes.start(name, program('cluster-api', name), flags, env);
    }
    for (const { name, health } of started) await until(name, processes, () => answers(health));
    for (const { name, module, config, webhook } of started) {
      for (const manifest of await manifestsOf(module, `${config}/webhook/manifests.yaml`)) {
        const path = `/apis/admissionregistration.k8s.io/v1/${manifest.kind.toLowerCase()}s`;
        const { status, body } = await controlPlane.request('POST', path, called(manifest, name, webhook, caBundle));
        if (status !== 201) throw new Error(`webhooks of ${name}: ${JSON.stringify(body).slice(0, 400)}`);
      }
    }
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    clusterctl: (args) =>
      runProgram(
        program('cluster-api', 'clusterctl'),
        [...args, `--kubeconfig=${controlPlane.kubeconfig}`],
        undefined,
        { CLUSTERCTL_DISABLE_VERSIONCHECK: 'true', XDG_CONFIG_HOME: controlPlane.folder },
      ),
    stop,
  };
}

function convertible(definition: Manifest, provider: boolean, port: number, caBundle: string): Manifest {
  const spec = definition.spec as { readonly versions: readonly unknown[] };
  const clientConfig = { url: `https://127.0.0.1:${port}/convert`, caBundle };
  const conversion = { strategy: 'Webhook', webhook: { conversionReviewVersions: ['v1'], clientConfig } };
  const contract = { 'cluster.x-k8s.io/v1beta1': 'v1beta1', 'cluster.x-k8s.io/v1beta2': 'v1beta2' };
  return {
    ...definition,
    metadata: { ...definition.metadata, ...(provider && { labels: contract }) },
    spec: { ...spec, ...(spec.versions.length > 1 && { conversion }) },
  };
}

interface Webhook {
  readonly clientConfig: { readonly service: { readonly path: string } };
}

/** All four projects use the same name for theirs, and refer to a service, which a server without pods doesn't have. */
function called(manifest: Manifest, name: string, port: number, caBundle: string): object {
  const webhooks = (manifest.webhooks as readonly Webhook[]).map((webhook) => ({
    ...webhook,
    clientConfig: { url: `https://127.0.0.1:${port}${webhook.clientConfig.service.path}`, caBundle },
  }));
  return { ...manifest, metadata: { name: `${name}-${manifest.metadata.name}` }, webhooks };
}

function answers(port: number): Promise<boolean> {
  return new Promise((done) => {
    const sent = request({ host: '127.0.0.1', port, path: '/readyz' }, (response) => {
      response.resume();
      done(response.statusCode === 200);
    });
    sent.on('error', () => done(false));
    sent.end();
  });
}
