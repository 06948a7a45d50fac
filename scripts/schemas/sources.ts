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

const fluxOperator = 'github.com/controlplaneio-fluxcd/flux-operator@v0.59.0';

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
  one('cluster-api-bootstrap-provider-talos', 'github.com/siderolabs/cluster-api-bootstrap-provider-talos@v0.6.12'),
  one('cluster-api-ipam-provider-in-cluster', 'sigs.k8s.io/cluster-api-ipam-provider-in-cluster@v1.0.3'),
  one('cluster-api-addon-provider-helm', 'sigs.k8s.io/cluster-api-addon-provider-helm@v0.6.4'),
  one('cluster-api-operator', 'sigs.k8s.io/cluster-api-operator@v0.29.0'),
  {
    name: 'flux',
    version: '2.9.5',
    modules: [
      { module: 'github.com/fluxcd/source-controller@v1.9.6' },
      { module: 'github.com/fluxcd/kustomize-controller@v1.9.5' },
      { module: 'github.com/fluxcd/helm-controller@v1.6.4' },
      { module: 'github.com/fluxcd/notification-controller@v1.9.3' },
      {
        // These controllers are no modules one can get; the operator carries the manifests of each Flux release.
        module: fluxOperator,
        files: /^config\/data\/flux\/v2\.9\.5\/(?:image-.*|source-watcher)\.yaml$/,
      },
    ],
  },
  one('flux-operator', fluxOperator),
  {
    name: 'sveltos',
    version: '1.14.0',
    modules: [
      { module: 'github.com/projectsveltos/addon-controller@v1.14.0' },
      { module: 'github.com/projectsveltos/libsveltos@v1.14.0' },
    ],
  },
  one('external-secrets', 'github.com/external-secrets/external-secrets@v1.3.2'),
  one('cert-manager', 'github.com/cert-manager/cert-manager@v1.21.2', /^deploy\/crds\//),
  // The experimental channel holds every field of the standard one; which channel a cluster has can't be known.
  one('gateway-api', 'sigs.k8s.io/gateway-api@v1.6.3', /^config\/crd\/experimental\//),
  one(
    'prometheus-operator',
    'github.com/prometheus-operator/prometheus-operator@v0.85.0',
    /^example\/prometheus-operator-crd\//,
  ),
  one('kyverno', 'github.com/kyverno/kyverno@v1.19.1', /^config\/crds\//),
];

function one(name: string, module: string, files?: RegExp): ModuleRelease {
  const version = module.slice(module.lastIndexOf('@v') + 2);
  return { name, version, modules: [{ module, ...(files && { files }) }] };
}
