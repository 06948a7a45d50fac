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

export const kubernetesVersion = '1.36.3';

/** The version of kustomize's API module, which is still v0. */
export const kustomizeVersion = '0.21.1';

const versions = {
  'cluster-api': '1.14.2',
  'cluster-api-provider-docker': '1.14.0',
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

/** The last minor that serves versions removed later (v1beta1, v1beta2, v2beta1, v2beta2), which fleets still contain. */
const olderFlux: ModuleRelease = {
  name: 'flux',
  version: '2.6.4',
  alternate: true,
  modules: [{ module: moduleAt(fluxOperator, versions['flux-operator']), files: fluxFiles('2.6.4') }],
};

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
  olderFlux,
  sveltos,
  ...Object.entries(versions).map(([name, version]) => {
    const { path, files } = projects[name]!;
    return { name, version, modules: [{ module: moduleAt(path, version), ...(files && { files }) }] };
  }),
];
