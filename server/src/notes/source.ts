// Notes on source.toolkit.fluxcd.io: https://fluxcd.io/flux/components/source/ and the controller.
import { suspended, verify } from './flux-shared.ts';
import type { FieldNotes, KindNotes } from './note.ts';
import { under } from './note.ts';

const group = 'source.toolkit.fluxcd.io';

const ignore: FieldNotes = {
  ignore:
    'Files to exclude from the artifact, in .gitignore format. Replaces the default list, which excludes images, archives and CI files; use `!` rules to include some of them.',
};

const proxy: FieldNotes = {
  proxySecretRef: 'Secret with the proxy’s `address`, and `username` and `password` if required.',
};

const certificates: FieldNotes = {
  certSecretRef:
    'Secret with TLS data under `ca.crt`, and `tls.crt` with `tls.key` for a client certificate; other keys are ignored.',
};

const timeout = (what: string): FieldNotes => ({
  timeout: `Timeout for one ${what}; 60s by default. Hours are not allowed: the units are \`ms\`, \`s\` and \`m\`.`,
});

const { 'verify.provider': verifier, 'verify.secretRef': verifierKeys } = verify;

const chart: FieldNotes = {
  chart:
    'Name of the chart in a HelmRepository, or the path of the chart’s directory in a GitRepository or Bucket, such as `./charts/app`.',
  version:
    'Version or range; by default `*`, the latest. Pre-releases match only a range that includes one, such as `>=1.0.0-0`. Ignored for charts from Git or a bucket.',
  'sourceRef.kind':
    'HelmRepository, GitRepository or Bucket. For a chart in an OCIRepository, use `chartRef` of the HelmRelease.',
  reconcileStrategy:
    '`ChartVersion`, the default, packages a new chart only when its version changes, so that changes in Git without a new version are never applied; `Revision` packages every commit.',
  valuesFiles:
    'Values files to merge, in order, instead of the chart’s own values.yaml, which must be listed to be used. Paths are relative to the source’s root for Git and buckets, and to the chart for a HelmRepository.',
  ignoreMissingValuesFiles: 'If true, skips missing values files instead of failing.',
  'verify.provider': verifier!,
  'verify.secretRef': verifierKeys!,
};

/** Also used for the HelmChart template in a HelmRelease. */
export const chartTemplate = chart;

export const source: readonly KindNotes[] = [
  {
    group,
    kind: 'GitRepository',
    fields: {
      'spec.url':
        'URL that begins with `https://`, `http://` or `ssh://`. The short form `git@host:org/repo` is not supported: use `ssh://git@host/org/repo`.',
      'spec.interval':
        'How often the repository is polled for a new revision, which is the delay from push to artifact. With a Receiver, a long interval is sufficient.',
      ...under('spec', timeout('clone')),
      'spec.ref':
        'Revision to check out; if omitted, the branch `master`, which many repositories don’t have. Order of precedence: `commit`, `name`, `semver`, `tag`, `branch`.',
      'spec.ref.branch': 'Branch to follow; `master` if `ref` is empty.',
      'spec.ref.tag': 'Tag to check out. It is resolved at each interval, so that a moved tag is followed.',
      'spec.ref.semver': 'Version range; the latest matching tag is used. Takes precedence over `tag` and `branch`.',
      'spec.ref.name': 'Full reference, such as `refs/heads/main` or `refs/pull/420/head`.',
      'spec.ref.commit':
        'Pins a commit and takes precedence over all other fields of `ref`. With `branch`, only that branch is fetched.',
      'spec.secretRef':
        'Secret with `username` and `password` (a token) for HTTPS, or `identity` and `known_hosts` for SSH. Without `known_hosts` SSH fails, since host keys are always verified.',
      'spec.provider':
        'Authentication: `generic` uses the Secret; `aws` and `azure` use the cloud identity, `github` a GitHub App from the Secret.',
      'spec.serviceAccountName':
        'Service account whose cloud identity is used; only for the providers `aws` and `azure`.',
      ...under('spec', ignore),
      ...under('spec', proxy),
      'spec.include':
        'GitRepositories whose artifacts are copied into this artifact. This source fails until they are ready.',
      'spec.include.toPath': 'Target directory; the other repository’s name by default.',
      'spec.recurseSubmodules':
        'If true, clones submodules too, with the same credentials; false by default, which leaves their directories empty.',
      'spec.sparseCheckout':
        'Directories to check out, to keep the artifact of a large repository small. A Kustomization’s `path` must be within them.',
      'spec.verify':
        'Accepts only commits or tags signed with a trusted key; anything else is rejected and the last valid artifact is kept.',
      'spec.verify.mode':
        'What must be signed: the commit (`HEAD`, the default), the tag (`Tag`) or both. The tag modes require `ref.tag`, `ref.semver` or `ref.name`.',
      'spec.verify.secretRef':
        'Secret with the trusted public keys: PGP under keys that end in `.asc`, SSH in `.sshpub`.',
      ...under('spec', suspended('polling for new revisions')),
    },
  },
  {
    group,
    kind: 'OCIRepository',
    fields: {
      'spec.url': 'URL of the repository, `oci://host/path`, without a tag or digest: set those in `ref`.',
      'spec.interval': 'How often the tag is resolved, which is the delay from push to artifact.',
      ...under('spec', timeout('pull')),
      'spec.ref': 'Artifact to pull; if omitted, the tag `latest`. Order of precedence: `digest`, `semver`, `tag`.',
      'spec.ref.tag': 'Tag to pull, `latest` by default; a moved tag is followed.',
      'spec.ref.semver': 'Version range; the latest matching tag is pulled.',
      'spec.ref.semverFilter': 'Regular expression that filters tags before `semver` is applied; ignored without it.',
      'spec.ref.digest': 'Pins the digest, as `sha256:...`; all other fields of `ref` are ignored.',
      'spec.layerSelector':
        'Layer to use; the first by default. For a Helm chart, select `application/vnd.cncf.helm.chart.content.v1.tar+gzip` with the operation `copy`.',
      'spec.layerSelector.operation':
        '`extract`, the default, unpacks the layer; `copy` keeps it as is, which the chart of a HelmRelease requires.',
      'spec.provider':
        'Authentication: `generic` uses the Secret or the service account’s pull secrets; `aws`, `azure` and `gcp` use the cloud identity.',
      'spec.secretRef': 'Secret of type `kubernetes.io/dockerconfigjson` with the registry’s credentials.',
      'spec.serviceAccountName': 'Service account whose image pull secrets are used.',
      'spec.insecure': 'If true, uses plain HTTP for the registry. It doesn’t disable certificate verification.',
      'spec.verify': 'Accepts only signed artifacts; an unsigned one is rejected and the last valid artifact is kept.',
      ...under('spec', verify),
      ...under('spec', certificates),
      ...under('spec', proxy),
      ...under('spec', ignore),
      ...under('spec', suspended('polling for new artifacts')),
    },
  },
  {
    group,
    kind: 'Bucket',
    fields: {
      'spec.bucketName': 'Name of the bucket, without a scheme or path.',
      'spec.endpoint': 'Host of the storage service, without `https://`, such as `s3.eu-central-1.amazonaws.com`.',
      'spec.provider':
        'Type of storage: `generic` is S3-compatible storage such as MinIO, with keys from the Secret; `aws`, `gcp` and `azure` can use the cloud identity.',
      'spec.region': 'Region of the bucket, for S3. A wrong region results in a signature error.',
      'spec.prefix': 'Downloads only objects whose keys have this prefix; the service filters, which reduces transfer.',
      'spec.interval':
        'How often the bucket is listed. The entire listing is compared, so use a long interval for large buckets.',
      ...under('spec', timeout('download')),
      'spec.secretRef':
        'Secret with `accesskey` and `secretkey` for S3, `serviceaccount` for GCP, or Azure’s client credentials.',
      'spec.insecure': 'If true, uses plain HTTP for the endpoint.',
      ...under('spec', certificates),
      ...under('spec', proxy),
      ...under('spec', ignore),
      ...under('spec', suspended('polling for changes')),
    },
  },
  {
    group,
    kind: 'HelmRepository',
    fields: {
      'spec.url': 'URL of the repository. With `oci://` also set `type: oci`, and omit the chart’s name.',
      'spec.type':
        '`oci` for a registry, which has no index: such a HelmRepository is never reconciled and has no status. `default` for a repository with an index.yaml.',
      'spec.interval': 'How often the index is downloaded; ignored with `type: oci`.',
      'spec.timeout': 'Timeout for downloading the index or, with `type: oci`, a chart; 60s by default.',
      'spec.secretRef':
        'Secret with `username` and `password`; for `type: oci`, a Secret of type `kubernetes.io/dockerconfigjson` too. Credentials aren’t sent to other hosts unless `passCredentials` is set.',
      'spec.passCredentials':
        'If true, sends the credentials to hosts to which the index refers. Anyone who can write the index can then obtain them.',
      'spec.provider': 'Cloud provider for authentication; only with `type: oci`.',
      'spec.insecure': 'If true, uses plain HTTP; only with `type: oci`.',
      ...under('spec', certificates),
      ...under('spec', suspended('downloads of the index')),
    },
  },
  {
    group,
    kind: 'HelmChart',
    fields: {
      'spec.interval': 'How often the source is checked for a new version of the chart.',
      ...under('spec', chart),
      ...under('spec', suspended('polling for new versions')),
    },
  },
];
