// Lists the Go modules with the CRDs of the projects that Capstan knows by name, and reads releases from them. Both the
// generator of the bundled schemas and `capstan schemas add` use it.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { type ReleaseFiles, type StoredRelease, storeCrds } from '../schema/stored.ts';
import { readCrds, sha256, yamlFiles } from './crds.ts';
import { type GoModule, goModule, type ModuleFailure } from './gomodule.ts';

export interface ModuleSource {
  /** `path@version` of a Go module. */
  readonly module: string;
  /** Which of the module's files are its CRDs; by convention, generated ones are in `crd/bases`. */
  readonly files?: RegExp;
}

interface Project {
  /** Without the `/v2` that Go adds from the second major version on. */
  readonly path: string;
  /** The current major version if it isn't 1; a pin without a version refers to it. */
  readonly major?: number;
  readonly files?: RegExp;
}

/** By name, as in pins and origins. Flux and Kubernetes aren't single modules: see `fluxOperator` and kubernetes.ts. */
export const projects: Readonly<Record<string, Project>> = {
  'cluster-api': { path: 'sigs.k8s.io/cluster-api' },
  'cluster-api-provider-docker': {
    path: 'sigs.k8s.io/cluster-api/test',
    files: /^infrastructure\/docker\/config\/crd\/bases\//,
  },
  'cluster-api-provider-aws': { path: 'sigs.k8s.io/cluster-api-provider-aws', major: 2 },
  'cluster-api-provider-azure': { path: 'sigs.k8s.io/cluster-api-provider-azure' },
  'cluster-api-provider-vsphere': { path: 'sigs.k8s.io/cluster-api-provider-vsphere' },
  'cluster-api-provider-gcp': { path: 'sigs.k8s.io/cluster-api-provider-gcp' },
  'cluster-api-provider-openstack': { path: 'sigs.k8s.io/cluster-api-provider-openstack' },
  'cluster-api-provider-nutanix': { path: 'github.com/nutanix-cloud-native/cluster-api-provider-nutanix' },
  'cluster-api-provider-proxmox': { path: 'github.com/ionos-cloud/cluster-api-provider-proxmox' },
  'cluster-api-provider-kubevirt': { path: 'sigs.k8s.io/cluster-api-provider-kubevirt' },
  'cluster-api-provider-metal3': { path: 'github.com/metal3-io/cluster-api-provider-metal3' },
  'cluster-api-provider-hetzner': { path: 'github.com/syself/cluster-api-provider-hetzner' },
  'cluster-api-provider-rke2': { path: 'github.com/rancher/cluster-api-provider-rke2' },
  // Each of its two providers has stale copies of the other's CRDs.
  'cluster-api-k3s': {
    path: 'github.com/k3s-io/cluster-api-k3s',
    files: /^(bootstrap|controlplane)\/config\/crd\/bases\/\1\./,
  },
  'cluster-api-bootstrap-provider-talos': { path: 'github.com/siderolabs/cluster-api-bootstrap-provider-talos' },
  'cluster-api-control-plane-provider-talos': {
    path: 'github.com/siderolabs/cluster-api-control-plane-provider-talos',
  },
  'cluster-api-ipam-provider-in-cluster': { path: 'sigs.k8s.io/cluster-api-ipam-provider-in-cluster' },
  'cluster-api-addon-provider-helm': { path: 'sigs.k8s.io/cluster-api-addon-provider-helm' },
  'cluster-api-operator': { path: 'sigs.k8s.io/cluster-api-operator' },
  'flux-operator': { path: 'github.com/controlplaneio-fluxcd/flux-operator' },
  'external-secrets': { path: 'github.com/external-secrets/external-secrets' },
  'cert-manager': { path: 'github.com/cert-manager/cert-manager', files: /^deploy\/crds\// },
  // The experimental channel has every field of the standard one; which channel a cluster has can't be known.
  'gateway-api': { path: 'sigs.k8s.io/gateway-api', files: /^config\/crd\/experimental\// },
  'prometheus-operator': {
    path: 'github.com/prometheus-operator/prometheus-operator',
    files: /^example\/prometheus-operator-crd\//,
  },
  kyverno: { path: 'github.com/kyverno/kyverno', files: /^config\/crds\// },
};

/** The operator contains the manifests of every Flux release, each in a folder below `config/data/flux`. */
export const fluxOperator = 'github.com/controlplaneio-fluxcd/flux-operator';

/** `version` has no `v`; `controllers` is a pattern for the manifests to read, by default all of them. */
export function fluxFiles(version: string, controllers = '(?:.*-controller|source-watcher)'): RegExp {
  return new RegExp(`^config/data/flux/v${version.replaceAll('.', '\\.')}/${controllers}\\.yaml$`);
}

/** The Flux releases in one version of the operator, oldest first, without `v`. */
export function fluxVersions(operator: GoModule): readonly string[] {
  return readdirSync(join(operator.folder, 'config/data/flux'))
    .map((version) => version.replace(/^v/, ''))
    .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
}

/** `path@version`, with the major version in the path where Go requires it. */
export function moduleAt(path: string, version: string): string {
  const major = Number(version.split('.')[0]);
  return `${path}${major >= 2 ? `/v${major}` : ''}@v${version}`;
}

/**
 * Reads a release from its modules, which are fetched unless they are cached. Prose is kept only from modules whose
 * license allows distributing it with Capstan.
 */
export async function moduleRelease(
  named: Pick<StoredRelease, 'name' | 'version' | 'alternate'>,
  sources: readonly ModuleSource[],
  prose: 'keep' | 'drop' = 'drop',
): Promise<ReleaseWithProblems | ModuleFailure> {
  const modules = await Promise.all(sources.map(({ module }) => goModule(module)));
  const failure = modules.find((module) => 'error' in module);
  if (failure) return failure;
  const found = modules as readonly GoModule[];
  const read = found.map(({ folder }, index) => {
    const files = crdFilesOf(folder, sources[index]!.files);
    return readCrds(files, prose === 'keep' && isApache(folder) ? 'keep' : 'drop');
  });
  const empty = read.findIndex(({ crds }) => crds.length === 0);
  if (empty >= 0) return { error: `${sources[empty]!.module} has no CRDs in the expected folders`, noGo: false };
  const from = found.map(({ path, version, sum }) => ({ from: `${path}@${version}`, checksum: sum }));
  const crds = read.flatMap((files) => files.crds);
  const problems = read.flatMap((files) => files.problems);
  return { ...storeCrds({ ...named, sources: from }, crds, sha256), problems };
}

export interface ReleaseWithProblems extends ReleaseFiles {
  /** Problems of the CRD files themselves. */
  readonly problems: readonly string[];
}

function isApache(folder: string): boolean {
  const file = join(folder, 'LICENSE');
  return existsSync(file) && /Apache License\s+Version 2\.0/.test(readFileSync(file, 'utf8').slice(0, 1000));
}

/** `config/crd/bases`, `core/config/crd/bases`, `config/default/crd/bases`, ... but no test data. */
const crdBases = /^(?!.*\b(?:test|testdata|integration-tests)\b).*\bcrds?\/bases\/[^/]+\.ya?ml$/;

function crdFilesOf(folder: string, wanted = crdBases): readonly string[] {
  return yamlFiles([folder]).filter((file) => wanted.test(relative(folder, file).replaceAll('\\', '/')));
}
