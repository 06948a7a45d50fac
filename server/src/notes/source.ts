// Notes on source.toolkit.fluxcd.io: https://fluxcd.io/flux/components/source/ and the controller.
import { suspended, verify } from './flux-shared.ts';
import type { FieldNotes, KindNotes } from './note.ts';
import { under } from './note.ts';

const group = 'source.toolkit.fluxcd.io';

const ignore: FieldNotes = {
  ignore:
    'What to leave out of the artifact, in the form of a .gitignore. It replaces the built-in list, which leaves out images, archives and CI files; write `!` rules to get single ones back.',
};

const proxy: FieldNotes = {
  proxySecretRef: 'Secret with the proxy’s `address`, and `username` and `password` where it asks for them.',
};

const certificates: FieldNotes = {
  certSecretRef:
    'Secret with TLS data under `ca.crt`, and `tls.crt` with `tls.key` for a client certificate; other key names aren’t read.',
};

const timeout = (what: string): FieldNotes => ({
  timeout: `Limit for one ${what}; 60s by default. Hours can’t be given: the units are \`ms\`, \`s\` and \`m\`.`,
});

const { 'verify.provider': verifier, 'verify.secretRef': verifierKeys } = verify;

const chart: FieldNotes = {
  chart:
    'Name of the chart in a HelmRepository; from a GitRepository or Bucket the path of the chart’s directory, such as `./charts/app`.',
  version:
    'Version or range; `*`, the newest, by default. Pre-releases only match a range that names one, such as `>=1.0.0-0`, and charts from Git or a bucket ignore it.',
  'sourceRef.kind':
    'HelmRepository, GitRepository or Bucket. A chart in an OCIRepository is named by a HelmRelease’s `chartRef`.',
  reconcileStrategy:
    '`ChartVersion`, the default, makes a new chart only when its version rises, so that changed templates in Git without a new version are never applied; `Revision` follows every commit.',
  valuesFiles:
    'Values files merged in this order in place of the chart’s own values.yaml, which must be listed to count. Paths are the source’s root for Git and buckets, the chart’s for a HelmRepository.',
  ignoreMissingValuesFiles: 'True skips values files that aren’t there, in place of failing.',
  'verify.provider': verifier!,
  'verify.secretRef': verifierKeys!,
};

/** Notes on the template of a HelmChart inside a HelmRelease too. */
export const chartTemplate = chart;

export const source: readonly KindNotes[] = [
  {
    group,
    kind: 'GitRepository',
    fields: {
      'spec.url':
        'Address beginning with `https://`, `http://` or `ssh://`. The short form `git@host:org/repo` isn’t taken: write `ssh://git@host/org/repo`.',
      'spec.interval':
        'How often the repository is asked for a new revision; the delay from push to artifact. A Receiver saves the wait, so that a long interval does.',
      ...under('spec', timeout('clone')),
      'spec.ref':
        'What to check out; left out, the branch `master`, which many repositories don’t have. Of several, `commit` wins, then `name`, `semver`, `tag` and `branch`.',
      'spec.ref.branch': 'Branch to follow; `master` where no part of `ref` is given.',
      'spec.ref.tag': 'Tag to check out. It is resolved again at each interval, so a moved tag is followed.',
      'spec.ref.semver': 'Range of versions; the newest tag within it is taken. It wins over `tag` and `branch`.',
      'spec.ref.name': 'A full reference such as `refs/heads/main` or `refs/pull/420/head`.',
      'spec.ref.commit':
        'Pins one commit, whatever else `ref` says. With `branch` only that branch is fetched to find it.',
      'spec.secretRef':
        'Secret with `username` and `password` (a token) for HTTPS, or `identity` and `known_hosts` for SSH. Without `known_hosts` SSH fails: no host key is trusted blindly.',
      'spec.provider':
        'How to sign in: `generic` takes what the Secret holds; `aws` and `azure` use the cloud’s identity, `github` a GitHub App from the Secret.',
      'spec.serviceAccountName':
        'Service account whose cloud identity is used; only for the providers `aws` and `azure`.',
      ...under('spec', ignore),
      ...under('spec', proxy),
      'spec.include':
        'Other GitRepositories whose artifacts are copied into this one’s. This one fails until they are ready.',
      'spec.include.toPath': 'Directory to copy to; the other repository’s name by default.',
      'spec.recurseSubmodules':
        'Also clones submodules, with the same credentials; false by default, which leaves their directories empty.',
      'spec.sparseCheckout':
        'Directories to check out, so that a large repository gives a small artifact. A Kustomization’s `path` must lie within them.',
      'spec.verify':
        'Takes only commits or tags with a signature by a known key; anything else is refused and the last good artifact stays.',
      'spec.verify.mode':
        'What must be signed: the commit (`HEAD`, the default), the tag (`Tag`) or both. The tag forms need `ref.tag`, `ref.semver` or `ref.name`.',
      'spec.verify.secretRef':
        'Secret with the trusted public keys: PGP under names ending in `.asc`, SSH in `.sshpub`.',
      ...under('spec', suspended('looking for new revisions')),
    },
  },
  {
    group,
    kind: 'OCIRepository',
    fields: {
      'spec.url': 'Address of the repository, `oci://host/path`, without tag or digest: those go into `ref`.',
      'spec.interval': 'How often the tag is resolved again, and thus the delay from push to artifact.',
      ...under('spec', timeout('pull')),
      'spec.ref': 'What to pull; left out, the tag `latest`. Of several, `digest` wins, then `semver`, then `tag`.',
      'spec.ref.tag': 'Tag to pull, `latest` by default; a tag that moves is followed.',
      'spec.ref.semver': 'Range of versions; the newest tag within it is pulled.',
      'spec.ref.semverFilter':
        'Regular expression that tags must match before `semver` chooses among them; does nothing without it.',
      'spec.ref.digest': 'Pins the content, as `sha256:...`; nothing else of `ref` counts then.',
      'spec.layerSelector':
        'Which layer to take; the first by default. For a Helm chart choose `application/vnd.cncf.helm.chart.content.v1.tar+gzip` with the operation `copy`.',
      'spec.layerSelector.operation':
        '`extract`, the default, unpacks the layer; `copy` keeps it as it is, which a HelmRelease’s chart needs.',
      'spec.provider':
        'How to sign in: `generic` with the Secret or the service account’s pull secrets, `aws`, `azure` or `gcp` with the cloud’s identity.',
      'spec.secretRef': 'Secret of type `kubernetes.io/dockerconfigjson` with the registry’s credentials.',
      'spec.serviceAccountName': 'Service account whose image pull secrets are used.',
      'spec.insecure': 'True talks plain HTTP to the registry. It doesn’t mean to skip the check of a certificate.',
      'spec.verify': 'Takes only signed artifacts; an unsigned one is refused and the last good artifact stays.',
      ...under('spec', verify),
      ...under('spec', certificates),
      ...under('spec', proxy),
      ...under('spec', ignore),
      ...under('spec', suspended('looking for new artifacts')),
    },
  },
  {
    group,
    kind: 'Bucket',
    fields: {
      'spec.bucketName': 'Name of the bucket, without scheme or path.',
      'spec.endpoint': 'Host of the storage service, without `https://`, such as `s3.eu-central-1.amazonaws.com`.',
      'spec.provider':
        'Kind of storage: `generic` is S3 as MinIO speaks it, with keys from the Secret; `aws`, `gcp` and `azure` can use the cloud’s identity.',
      'spec.region': 'Region of the bucket, for S3. A wrong one fails as a signature error.',
      'spec.prefix': 'Only objects whose keys begin so are downloaded; the service filters, which saves transfer.',
      'spec.interval':
        'How often the bucket is listed; the whole listing is compared, so large buckets want a long interval.',
      ...under('spec', timeout('download')),
      'spec.secretRef':
        'Secret with `accesskey` and `secretkey` for S3, `serviceaccount` for GCP, or Azure’s client credentials.',
      'spec.insecure': 'True talks plain HTTP to the endpoint.',
      ...under('spec', certificates),
      ...under('spec', proxy),
      ...under('spec', ignore),
      ...under('spec', suspended('looking for changes')),
    },
  },
  {
    group,
    kind: 'HelmRepository',
    fields: {
      'spec.url': 'Address of the repository; with `oci://` also set `type: oci`, and leave the chart’s name out.',
      'spec.type':
        '`oci` for a registry, which needs no index: such a HelmRepository is never reconciled and has no status. `default` for one with an index.yaml.',
      'spec.interval': 'How often the index is downloaded; not used with `type: oci`.',
      'spec.timeout': 'Limit for the download of the index or, with `type: oci`, of a chart; 60s by default.',
      'spec.secretRef':
        'Secret with `username` and `password`; for `type: oci` also one of type `kubernetes.io/dockerconfigjson`. Credentials aren’t sent to another host unless `passCredentials` is set.',
      'spec.passCredentials':
        'True also sends the credentials to hosts that the index points to. Anyone who can write the index then receives them.',
      'spec.provider': 'Cloud identity to sign in with; only used with `type: oci`.',
      'spec.insecure': 'True talks plain HTTP; only used with `type: oci`.',
      ...under('spec', certificates),
      ...under('spec', suspended('downloads of the index')),
    },
  },
  {
    group,
    kind: 'HelmChart',
    fields: {
      'spec.interval': 'How often the source is asked for a new version of the chart.',
      ...under('spec', chart),
      ...under('spec', suspended('looking for new versions')),
    },
  },
];
