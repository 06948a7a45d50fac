// What `server/schemas` is made of: releases, and the Go modules that hold their CRDs. What no module holds comes from
// a folder of CRD files (see schemas.ts) and isn't listed here.

export interface ModuleRelease {
  readonly name: string;
  /** Without `v`. */
  readonly version: string;
  readonly alternate?: true;
  readonly modules: readonly ModuleSource[];
}

export interface ModuleSource {
  /** `path@version` of a Go module. */
  readonly module: string;
  /** Which of the module's files are its CRDs; generated ones lie in `crd/bases` by convention. */
  readonly files?: RegExp;
}

export const kubernetes = { module: 'k8s.io/kubernetes@v1.36.3', api: 'k8s.io/api@v0.36.3' };

/** `config/crd/bases`, `core/config/crd/bases`, `config/default/crd/bases`, ... but nothing made for tests. */
export const crdBases = /^(?!.*\b(?:test|testdata|integration-tests)\b).*\bcrds?\/bases\/[^/]+\.ya?ml$/;

export const releases: readonly ModuleRelease[] = [
  one('cluster-api', 'sigs.k8s.io/cluster-api@v1.14.2'),
  {
    name: 'cluster-api-provider-docker',
    version: '1.14.0',
    modules: [
      { module: 'sigs.k8s.io/cluster-api/test@v1.14.0', files: /^infrastructure\/docker\/config\/crd\/bases\// },
    ],
  },
  one('cluster-api-provider-aws', 'sigs.k8s.io/cluster-api-provider-aws/v2@v2.13.0'),
  one('cluster-api-provider-azure', 'sigs.k8s.io/cluster-api-provider-azure@v1.26.0'),
  one('cluster-api-provider-vsphere', 'sigs.k8s.io/cluster-api-provider-vsphere@v1.16.1'),
  one('cluster-api-provider-gcp', 'sigs.k8s.io/cluster-api-provider-gcp@v1.13.1'),
  one('cluster-api-provider-openstack', 'sigs.k8s.io/cluster-api-provider-openstack@v0.14.7'),
  one('cluster-api-provider-nutanix', 'github.com/nutanix-cloud-native/cluster-api-provider-nutanix@v1.10.3'),
  one('cluster-api-provider-proxmox', 'github.com/ionos-cloud/cluster-api-provider-proxmox@v0.9.0'),
  one('cluster-api-provider-kubevirt', 'sigs.k8s.io/cluster-api-provider-kubevirt@v0.1.10'),
  one('cluster-api-k3s', 'github.com/k3s-io/cluster-api-k3s@v0.3.1'),
  one('cluster-api-operator', 'sigs.k8s.io/cluster-api-operator@v0.29.0'),
  {
    name: 'flux',
    version: '2.9.5',
    modules: [
      { module: 'github.com/fluxcd/source-controller@v1.9.6' },
      { module: 'github.com/fluxcd/kustomize-controller@v1.9.5' },
      { module: 'github.com/fluxcd/helm-controller@v1.6.4' },
      { module: 'github.com/fluxcd/notification-controller@v1.9.3' },
    ],
  },
];

function one(name: string, module: string): ModuleRelease {
  return { name, version: module.slice(module.lastIndexOf('@v') + 2), modules: [{ module }] };
}
