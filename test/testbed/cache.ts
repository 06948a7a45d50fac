// The location of the test bed's programs: a folder for each set, named by its version, in a cache outside the working
// tree that survives clones and `git clean`. KUBEBUILDER_ASSETS (envtest's convention) overrides the control plane's folder.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

export const versions = {
  kubernetes: '1.36.3',
  clusterApi: '1.14.0',
  flux: '2.9.5',
  kubeconform: '0.8.0',
  kustomize: '5.8.3',
  helm: '4.3.1',
} as const;

export type SetName =
  | 'kubernetes'
  | 'kubelet-streams'
  | 'cluster-api'
  | 'flux'
  | 'controller-build'
  | 'kubeconform'
  | 'kustomize'
  | 'helm';

/** The programs of each set. */
export const programs: Readonly<Record<SetName, readonly string[]>> = {
  kubernetes: ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kubectl'],
  'kubelet-streams': ['kubelet-streams'],
  'cluster-api': ['capi-core', 'capi-kubeadm-bootstrap', 'capi-kubeadm-control-plane', 'capi-dev', 'clusterctl'],
  flux: ['source-controller', 'kustomize-controller', 'helm-controller', 'notification-controller', 'flux'],
  'controller-build': ['controller-build'],
  kubeconform: ['kubeconform'],
  kustomize: ['kustomize'],
  helm: ['helm'],
};

/** A program of our own is built again when it changes: the folder has the start of a checksum of it. */
function ownSource(name: string): string {
  const source = readFileSync(join(import.meta.dirname, name, 'main.go'));
  return createHash('sha256').update(source).digest('hex').slice(0, 8);
}

function kubernetesOf(version: string): string {
  return `kubernetes-${version}`;
}

const folders: Readonly<Record<SetName, string>> = {
  kubernetes: kubernetesOf(versions.kubernetes),
  'kubelet-streams': `kubelet-streams-${versions.kubernetes}-${ownSource('kubelet-streams')}`,
  'cluster-api': `cluster-api-${versions.clusterApi}`,
  flux: `flux-${versions.flux}`,
  'controller-build': `controller-build-${versions.flux}-${ownSource('controller-build')}`,
  kubeconform: `kubeconform-${versions.kubeconform}`,
  kustomize: `kustomize-${versions.kustomize}`,
  helm: `helm-${versions.helm}`,
};

export function cacheFolder(): string {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'capstan/testbed');
}

/** The folder a set is built into; never KUBEBUILDER_ASSETS, which belongs to the user. */
export function setFolder(set: SetName): string {
  return join(cacheFolder(), folders[set]);
}

/** The programs of an API server of another version. */
export const apiServer: readonly string[] = ['etcd', 'kube-apiserver', 'kubectl'];

/** The folder of an API server, which KUBEBUILDER_ASSETS can name. */
export function apiServerFolder(version: string): string {
  return join(cacheFolder(), kubernetesOf(version));
}

/** envtest's assets contain an API server, etcd and kubectl; other programs are looked up in the cache. */
export function program(set: SetName, name: string): string {
  const assets = process.env.KUBEBUILDER_ASSETS;
  const own = set === 'kubernetes' && assets !== undefined ? join(assets, name) : undefined;
  return own !== undefined && existsSync(own) ? own : join(setFolder(set), name);
}

/** The missing programs of a set (envtest's assets have no controller manager, for example). */
export function missingPrograms(set: SetName, needed: readonly string[] = programs[set]): readonly string[] {
  return needed.filter((name) => !existsSync(program(set, name)));
}

/** The command that builds a set, for messages. */
export function provide(set: SetName): string {
  return `npm run testbed -- ${set}`;
}
