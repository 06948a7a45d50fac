// The releases with CRDs in Go modules from which `server/schemas` is generated. Releases that no module contains come
// from a folder of CRD files (see schemas.ts) and aren't listed here.
import { fluxFiles, fluxOperator, type ModuleSource, moduleAt, projects } from '../../server/src/releases/releases.ts';

export interface ModuleRelease {
  readonly name: string;
  /** Without `v`. */
  readonly version: string;
  readonly alternate?: true;
  readonly modules: readonly ModuleSource[];
}

/** The one that is used where nothing states which version a cluster runs comes first, then the others that it may run. */
export const kubernetesVersions = ['1.36.3', '1.37.2', '1.35.4', '1.34.4'] as const;

/** The version of kustomize's API module, which is still v0. */
export const kustomizeVersion = '0.21.1';

const versions = {
  'cluster-api': '1.14.2',
  'cluster-api-provider-docker': '1.14.4',
  'cluster-api-provider-aws': '2.13.0',
  'cluster-api-provider-azure': '1.26.0',
  'cluster-api-provider-vsphere': '1.16.1',
  'cluster-api-provider-gcp': '1.13.1',
  'cluster-api-provider-openstack': '0.14.7',
  'cluster-api-provider-nutanix': '1.10.3',
  'cluster-api-provider-proxmox': '0.9.0',
  'cluster-api-provider-kubevirt': '0.1.10',
  'cluster-api-k3s': '0.3.1',
  'cluster-api-bootstrap-provider-talos': '0.6.12',
  'cluster-api-ipam-provider-in-cluster': '1.0.3',
  'cluster-api-addon-provider-helm': '0.6.4',
  'cluster-api-operator': '0.29.0',
  'flux-operator': '0.59.0',
  'cert-manager': '1.21.2',
  'gateway-api': '1.7.0',
  kyverno: '1.19.1',
} as const;

/** The controllers of 2.9.5; image automation and the source watcher aren't available as modules. */
const flux: ModuleRelease = {
  name: 'flux',
  version: '2.9.5',
  modules: [
    { module: 'github.com/fluxcd/source-controller@v1.9.6' },
    { module: 'github.com/fluxcd/kustomize-controller@v1.9.5' },
    { module: 'github.com/fluxcd/helm-controller@v1.6.4' },
    { module: 'github.com/fluxcd/notification-controller@v1.9.3' },
    {
      module: moduleAt(fluxOperator, versions['flux-operator']),
      files: fluxFiles('2.9.5', '(?:image-.*-controller|source-watcher)'),
    },
  ],
};

/**
 * Minors that fleets still run: Flux supports three, and 2.6 is the last one with versions that were removed later (v1beta1,
 * v2beta1). Their manifests are in the operator.
 */
const olderFlux = ['2.8.8', '2.7.5', '2.6.4'].map((version): ModuleRelease => {
  const module = moduleAt(fluxOperator, versions['flux-operator']);
  return { name: 'flux', version, alternate: true, modules: [{ module, files: fluxFiles(version) }] };
});

/** The minor before, which Cluster API supports too. */
const olderClusterApi = (
  [
    ['cluster-api', '1.13.6'],
    ['cluster-api-provider-docker', '1.13.8'],
  ] as const
).map(([name, version]): ModuleRelease => ({ ...projectRelease(name, version), alternate: true }));

const sveltos: ModuleRelease = {
  name: 'sveltos',
  version: '1.14.0',
  modules: [
    { module: 'github.com/projectsveltos/addon-controller@v1.14.0' },
    { module: 'github.com/projectsveltos/libsveltos@v1.14.0' },
  ],
};

export const releases: readonly ModuleRelease[] = [
  flux,
  ...olderFlux,
  sveltos,
  ...Object.entries(versions).map(([name, version]) => projectRelease(name, version)),
  ...olderClusterApi,
];

function projectRelease(name: string, version: string): ModuleRelease {
  const { path, files } = projects[name]!;
  return { name, version, modules: [{ module: moduleAt(path, version), ...(files && { files }) }] };
}
