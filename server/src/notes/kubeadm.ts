// Notes on the kubeadm bootstrap and control plane providers:
// https://cluster-api.sigs.k8s.io/tasks/bootstrap/kubeadm-bootstrap/ and the types of both versions. Four kinds embed the
// same configuration.
import { deletion, deletionV1Beta1, machine, readiness, taints } from './machines.ts';
import { deprecated, type FieldNotes, type KindNotes, under } from './note.ts';

const listOfArgs =
  'A list of `name` and `value`; names have no leading dashes and must be unique. Overrides flags that kubeadm sets.';
const mapOfArgs =
  'A map of flags, without leading dashes, to strings; quote numbers and booleans. In v1beta2 it is a list of `name` and `value`.';

/** The fields that contain flags, each with the rule for their format. */
const args = (rule: string): FieldNotes => ({
  'clusterConfiguration.apiServer.extraArgs': `Flags for kube-apiserver. ${rule}`,
  'clusterConfiguration.controllerManager.extraArgs': `Flags for kube-controller-manager. ${rule}`,
  'clusterConfiguration.scheduler.extraArgs': `Flags for kube-scheduler. ${rule}`,
  'clusterConfiguration.etcd.local.extraArgs': `Flags for etcd. ${rule}`,
  'initConfiguration.nodeRegistration.kubeletExtraArgs': `Flags for the kubelet of the first machine. ${rule}`,
  'joinConfiguration.nodeRegistration.kubeletExtraArgs': `Flags for the kubelet of every machine except the first. ${rule}`,
});

const registration: FieldNotes = {
  name: 'Name of the node; the hostname by default. Templates use `{{ ds.meta_data.local_hostname }}`, which cloud-init replaces.',
  taints:
    'Taints of the node at registration. If omitted, control plane nodes get the standard taint; an empty list sets none, so that workloads can run there.',
  criSocket: 'Socket of the container runtime; detected if only one is installed.',
  ignorePreflightErrors: 'Preflight checks of kubeadm whose failures are ignored. `all` also hides real problems.',
};

const configuration: FieldNotes = {
  clusterConfiguration:
    'Cluster-wide settings for `kubeadm init`, stored in the cluster for machines that join. Not required for workers.',
  'clusterConfiguration.apiServer.certSANs':
    'Additional names and addresses for the API server’s certificate. The control plane endpoint is always included.',
  'clusterConfiguration.apiServer.extraVolumes':
    'Host directories and files to mount into the API server, such as an audit policy. Create the file itself with `files`.',
  'clusterConfiguration.imageRepository': 'Registry of the control plane’s images; `registry.k8s.io` by default.',
  'clusterConfiguration.dns.imageTag': 'Version of CoreDNS. Once set, it is no longer upgraded with Kubernetes.',
  'clusterConfiguration.etcd.local.imageTag': 'Version of etcd. Once set, it is no longer upgraded with Kubernetes.',
  'clusterConfiguration.etcd.local.dataDir':
    'Data directory of etcd; `/var/lib/etcd` by default. Use `diskSetup` and `mounts` to put it on a fast, dedicated disk.',
  'clusterConfiguration.etcd.external':
    'Uses an external etcd cluster. Switching between external and stacked etcd is not supported.',
  'clusterConfiguration.featureGates': 'Feature gates of kubeadm. Those of Kubernetes are flags of each component.',
  'clusterConfiguration.certificatesDir':
    'Directory of certificates on the machines; `/etc/kubernetes/pki` by default. Immutable.',
  'clusterConfiguration.controlPlaneEndpoint': 'Set from the Cluster’s endpoint; omit it. Immutable.',
  'clusterConfiguration.certificateValidityPeriodDays':
    'Validity of kubeadm’s certificates in days; 365 by default. Replacing machines renews them.',
  ...under('initConfiguration.nodeRegistration', registration),
  ...under('joinConfiguration.nodeRegistration', registration),
  initConfiguration:
    'Settings for the first control plane machine only; later machines join. Most settings must be repeated in `joinConfiguration`.',
  joinConfiguration: 'Settings for every machine except the first: workers and additional control plane machines.',
  'initConfiguration.localAPIEndpoint':
    'Address and port on which the API server of this machine listens; port 6443 by default.',
  'initConfiguration.skipPhases':
    'Phases of `kubeadm init` to skip, such as `addon/kube-proxy` if the network plugin replaces it.',
  'joinConfiguration.discovery': 'How machines discover the cluster. Cluster API generates a token for each; omit it.',
  'initConfiguration.patches.directory':
    'Directory on the machine with kubeadm patches for static pods; create the patches with `files`.',
  'joinConfiguration.patches.directory':
    'Directory on the machine with kubeadm patches for static pods; create the patches with `files`.',
  files:
    'Files to write before kubeadm runs. They are part of the bootstrap data, whose size clouds limit, and are visible to anyone who can read its Secret.',
  'files.path': 'Absolute path of the file; each path must be unique.',
  'files.content': 'Content of the file. Set either this or `contentFrom`.',
  'files.contentFrom':
    'Reads the content from a Secret in the same namespace, which must exist before machines are created.',
  'files.contentFormat':
    '`Template` renders the content as a Go template, for instance with the control plane’s version; `Raw`, the default, uses it verbatim.',
  'files.owner':
    'User and group, such as `root:root`. The user must exist when files are written, which is before `users` are created.',
  'files.permissions': 'File mode as a quoted octal number, such as `"0640"`.',
  'files.encoding': 'Encoding of `content`: `base64`, `gzip` or both; plain text if omitted.',
  'files.append': 'If true, appends to an existing file instead of replacing it.',
  preKubeadmCommands:
    'Shell commands to run before kubeadm, as root, in order. With cloud-init, a failed command does not stop the following ones.',
  postKubeadmCommands: 'Shell commands to run after kubeadm. A failure is visible only on the machine.',
  bootCommands: 'Commands to run very early at every boot, not only the first. Not supported with Ignition.',
  users: 'Additional users on the machines.',
  'users.sshAuthorizedKeys': 'Public keys that can log in as this user.',
  'users.sudo': 'Rule of the user for sudo, such as `ALL=(ALL) NOPASSWD:ALL`.',
  'users.passwd':
    'Hash of the password, never the password itself. It is readable in the bootstrap data: prefer `passwdFrom`.',
  'users.lockPassword': 'If false, allows password login; disabled if omitted.',
  'ntp.servers': 'NTP servers. Certificate validation fails on machines whose clocks differ.',
  'ntp.enabled': 'Whether to set up time synchronization.',
  format:
    'Bootstrap format that the machine’s image supports: `cloud-config`, the default, or `ignition` for Flatcar and Fedora CoreOS, which requires the feature gate `KubeadmBootstrapFormatIgnition`.',
  'ignition.containerLinuxConfig.additionalConfig':
    'Container Linux Config that is merged with the generated one, for settings without a field here.',
  'diskSetup.partitions.overwrite':
    'If true, partitions a disk that is not empty, which destroys its data; false by default.',
  'diskSetup.partitions.layout': 'If true, creates one partition on the entire disk; use `diskLayout` for several.',
  'diskSetup.partitions.device': 'Device path, such as `/dev/nvme1n1`. Names differ between machine types.',
  'diskSetup.filesystems.filesystem': 'Type of file system, such as `ext4` or `xfs`.',
  'diskSetup.filesystems.overwrite': 'If true, overwrites an existing file system, which destroys its data.',
  mounts:
    'Entries for /etc/fstab as lists, `[device, directory, type, options]`; a device can be given as `LABEL=...`.',
  verbosity: 'Log level of kubeadm on the machine, 0 to 10; increase it to debug a failed join.',
};

/** Fields only in v1beta1: v1beta2 reads the value from elsewhere, and conversion drops it. */
const formerly: FieldNotes = {
  ...args(mapOfArgs),
  'clusterConfiguration.kubernetesVersion': deprecated(
    'Ignored: the version is set by `version` on the control plane or machine. No longer exists in v1beta2.',
  ),
  'clusterConfiguration.clusterName': deprecated('Ignored: the Cluster’s name is used. No longer exists in v1beta2.'),
  'clusterConfiguration.networking':
    'Set `clusterNetwork` on the Cluster instead, which takes precedence if set. No longer exists in v1beta2.',
  'clusterConfiguration.apiServer.timeoutForControlPlane':
    'How long kubeadm waits for the API server. In v1beta2 set it in `timeouts` of init and join, with the same value.',
  useExperimentalRetryJoin: deprecated('Has no effect and no longer exists in v1beta2.'),
};

const group = 'bootstrap.cluster.x-k8s.io';
const controlPlaneGroup = 'controlplane.cluster.x-k8s.io';

/** The kinds and paths at which the configuration is embedded. */
const places = [
  { group, kind: 'KubeadmConfig', prefix: 'spec' },
  { group, kind: 'KubeadmConfigTemplate', prefix: 'spec.template.spec' },
  { group: controlPlaneGroup, kind: 'KubeadmControlPlane', prefix: 'spec.kubeadmConfigSpec' },
  { group: controlPlaneGroup, kind: 'KubeadmControlPlaneTemplate', prefix: 'spec.template.spec.kubeadmConfigSpec' },
];

/** Rollout, remediation and naming of machines, in the control plane and its template. */
const upkeep: FieldNotes = {
  'rollout.after':
    'Machines created before this time are replaced once it has passed, which renews their certificates.',
  'rollout.before.certificatesExpiryDays':
    'Replaces a machine this many days before its certificates expire; at least 7. Without it, certificates expire after one year unless the machines are replaced for another reason.',
  'rollout.strategy.rollingUpdate.maxSurge':
    'With 1, the default, a machine is added before one is removed; with 0, one is removed first, which requires three replicas. Other values are rejected.',
  'remediation.maxRetry':
    'Maximum number of attempts to replace a replacement that is itself unhealthy; unlimited if omitted.',
  'remediation.retryPeriodSeconds': 'Delay before each further attempt; none by default.',
  'remediation.minHealthyPeriodSeconds':
    'Time without a failure after which attempts are counted from zero; one hour by default.',
  'machineNaming.template':
    'Go template for the names of machines; `{{ .kubeadmControlPlane.name }}-{{ .random }}` by default. It must contain `{{ .random }}`.',
};

export const kubeadm: readonly KindNotes[] = [
  ...places.flatMap(({ group, kind, prefix }): readonly KindNotes[] => [
    { group, kind, fields: under(prefix, configuration) },
    { group, kind, versions: ['v1beta2'], fields: under(prefix, args(listOfArgs)) },
    { group, kind, versions: ['v1beta1'], fields: under(prefix, formerly) },
  ]),
  {
    group: controlPlaneGroup,
    kind: 'KubeadmControlPlane',
    fields: {
      'spec.replicas':
        'Number of control plane machines; 1 by default. It must be odd unless etcd is external. Use one or three; more slow down writes.',
      'spec.version':
        'Kubernetes version, with the `v`. A change replaces the machines one by one; upgrade one minor version at a time. A downgrade is not rejected, but breaks the cluster.',
      'spec.machineTemplate.spec.infrastructureRef': machine.infrastructureRef!,
      'spec.machineTemplate.infrastructureRef': machine.infrastructureRef!,
      'spec.machineTemplate.metadata': 'Labels and annotations for the machines.',
      ...under('spec.machineTemplate.spec', {
        ...deletion,
        ...taints,
        readinessGates: readiness.readinessGates!,
      }),
      ...under('spec.machineTemplate', deletionV1Beta1),
      ...under('spec', upkeep),
      'spec.kubeadmConfigSpec':
        'Bootstrap configuration of the machines. Most changes roll out to the control plane, one machine at a time; some fields are immutable.',
      'spec.rolloutAfter': upkeep['rollout.after']!,
      'spec.rolloutBefore.certificatesExpiryDays': upkeep['rollout.before.certificatesExpiryDays']!,
      'spec.rolloutStrategy.rollingUpdate.maxSurge': upkeep['rollout.strategy.rollingUpdate.maxSurge']!,
      'spec.remediationStrategy.maxRetry': upkeep['remediation.maxRetry']!,
    },
  },
  {
    group: controlPlaneGroup,
    kind: 'KubeadmControlPlaneTemplate',
    fields: {
      'spec.template.spec':
        'Immutable: copy the template under a new name and reference it in the ClusterClass. Replicas and version are set by the Cluster.',
      ...under('spec.template.spec', upkeep),
    },
  },
];
