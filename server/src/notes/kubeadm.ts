// Notes on bootstrap and control plane of kubeadm: https://cluster-api.sigs.k8s.io/tasks/bootstrap/kubeadm-bootstrap/
// and the types of both versions; the same configuration stands in four kinds.
import { deletion, deletionV1Beta1, machine, readiness, taints } from './machines.ts';
import type { FieldNotes, KindNotes } from './note.ts';
import { under } from './note.ts';

const listOfArgs =
  'A list of `name` and `value`, names without leading dashes and each once. A flag that kubeadm sets itself is overridden.';
const mapOfArgs =
  'A map from flag, without leading dashes, to text; quote numbers and booleans. In v1beta2 it is a list of `name` and `value`.';

/** Of flags: where they stand, and for what. */
const args = (rule: string): FieldNotes => ({
  'clusterConfiguration.apiServer.extraArgs': `Flags for kube-apiserver. ${rule}`,
  'clusterConfiguration.controllerManager.extraArgs': `Flags for kube-controller-manager. ${rule}`,
  'clusterConfiguration.scheduler.extraArgs': `Flags for kube-scheduler. ${rule}`,
  'clusterConfiguration.etcd.local.extraArgs': `Flags for etcd. ${rule}`,
  'initConfiguration.nodeRegistration.kubeletExtraArgs': `Flags for the first machine’s kubelet. ${rule}`,
  'joinConfiguration.nodeRegistration.kubeletExtraArgs': `Flags for the kubelet of every machine but the first. ${rule}`,
});

const registration: FieldNotes = {
  name: 'Name of the node; the host’s by default. Templates write `{{ ds.meta_data.local_hostname }}`, which cloud-init fills in.',
  taints:
    'Taints of the node at registration. Left out, control plane nodes get the usual one; an empty list gives none, so that workloads run there.',
  criSocket: 'Where the container runtime listens; found by itself where only one is installed.',
  ignorePreflightErrors: 'Checks of kubeadm that may fail. `all` hides real faults too.',
};

const configuration: FieldNotes = {
  clusterConfiguration:
    'Settings of the whole cluster for `kubeadm init`, kept in the cluster for machines that join. Workers don’t need it.',
  'clusterConfiguration.apiServer.certSANs':
    'Further names and addresses in the API server’s certificate, beside the control plane endpoint, which is added by itself.',
  'clusterConfiguration.apiServer.extraVolumes':
    'Directories and files of the host for the API server, such as an audit policy. The file itself comes by `files`.',
  'clusterConfiguration.imageRepository': 'Registry of the control plane’s images; `registry.k8s.io` by default.',
  'clusterConfiguration.dns.imageTag': 'Version of CoreDNS. Once given it is no longer raised with Kubernetes.',
  'clusterConfiguration.etcd.local.imageTag': 'Version of etcd. Once given it is no longer raised with Kubernetes.',
  'clusterConfiguration.etcd.local.dataDir':
    'Directory of etcd’s data; `/var/lib/etcd` by default. Put it onto a fast disk of its own with `diskSetup` and `mounts`.',
  'clusterConfiguration.etcd.external':
    'Uses an etcd cluster of yours. It can’t be changed from or to etcd on the control plane.',
  'clusterConfiguration.featureGates':
    'Feature gates of kubeadm, not of Kubernetes: those are flags of each component.',
  'clusterConfiguration.certificatesDir':
    'Where certificates lie on the machines; `/etc/kubernetes/pki` by default. It can’t change.',
  'clusterConfiguration.controlPlaneEndpoint': 'Filled in from the Cluster’s endpoint; leave it out. It can’t change.',
  'clusterConfiguration.certificateValidityPeriodDays':
    'Days that kubeadm’s certificates are good for, 365 by default. Replacing machines renews them.',
  ...under('initConfiguration.nodeRegistration', registration),
  ...under('joinConfiguration.nodeRegistration', registration),
  initConfiguration:
    'For the first machine of the control plane only; later ones join. Settings mostly belong into both.',
  joinConfiguration: 'For every machine but the first: workers, and further machines of the control plane.',
  'initConfiguration.localAPIEndpoint': 'Address and port the API server of this machine listens on; 6443 by default.',
  'initConfiguration.skipPhases':
    'Phases of `kubeadm init` to leave out, such as `addon/kube-proxy` where the network plugin replaces it.',
  'joinConfiguration.discovery':
    'How machines find the cluster; Cluster API fills in a token for each, so leave it out.',
  'initConfiguration.patches.directory':
    'Directory on the machine with kubeadm patches for its static pods; put them there with `files`.',
  'joinConfiguration.patches.directory':
    'Directory on the machine with kubeadm patches for its static pods; put them there with `files`.',
  files:
    'Files written before kubeadm runs. They are part of the bootstrap data, whose size clouds limit, and anyone who can read that Secret sees them.',
  'files.path': 'Where the file goes, as a full path; each path once.',
  'files.content': 'The text itself. Give this or `contentFrom`.',
  'files.contentFrom':
    'Takes the content from a Secret of the same namespace, which must be there before machines are made.',
  'files.contentFormat':
    '`Template` renders the content as a Go template, for instance with the control plane’s version; `Raw`, the default, takes it as it is.',
  'files.owner':
    'User and group, such as `root:root`. The user must exist when files are written, which is before `users` are made.',
  'files.permissions': 'Mode as a quoted octal number, such as `"0640"`.',
  'files.encoding': 'How `content` is encoded: `base64`, `gzip` or both. Left out, it is plain text.',
  'files.append': 'True adds to a file that is there, in place of replacing it.',
  preKubeadmCommands:
    'Shell commands before kubeadm, as root, in order. One that fails doesn’t stop the rest under cloud-init.',
  postKubeadmCommands: 'Shell commands after kubeadm. A failure here is only seen on the machine.',
  bootCommands: 'Commands very early at every boot, not just the first. Not with Ignition.',
  users: 'Further users of the machines.',
  'users.sshAuthorizedKeys': 'Public keys that may log in as this user.',
  'users.sudo': 'What the user may do by sudo, such as `ALL=(ALL) NOPASSWD:ALL`.',
  'users.passwd':
    'Hash of the password, never the password. It stands in the bootstrap data in the clear: prefer `passwdFrom`.',
  'users.lockPassword': 'False allows logging in by password; left out, it is off.',
  'ntp.servers': 'Time servers to use. Certificates fail on machines whose clocks differ.',
  'ntp.enabled': 'Whether to set up time synchronisation.',
  format:
    'What the machine’s image understands: `cloud-config`, the default, or `ignition` for Flatcar and Fedora CoreOS, which needs the feature gate `KubeadmBootstrapFormatIgnition`.',
  'ignition.containerLinuxConfig.additionalConfig':
    'Container Linux Config merged with what is made, for what has no field here.',
  'diskSetup.partitions.overwrite':
    'True partitions a disk although there is something on it, which is then lost; false by default.',
  'diskSetup.partitions.layout': 'True makes one partition of the whole disk; `diskLayout` makes several.',
  'diskSetup.partitions.device': 'Device by path, such as `/dev/nvme1n1`. Names differ between kinds of machines.',
  'diskSetup.filesystems.filesystem': 'Kind of file system, such as `ext4` or `xfs`.',
  'diskSetup.filesystems.overwrite': 'True makes the file system although there is one, whose data is lost.',
  mounts: 'Lines for /etc/fstab as lists, `[device, directory, type, options]`; a device may be given as `LABEL=...`.',
  verbosity: 'Log level of kubeadm on the machine, 0 to 10; raise it to see why a join fails.',
};

/** Only with v1beta1: what v1beta2 takes from elsewhere, and is lost in conversion. */
const formerly: FieldNotes = {
  ...args(mapOfArgs),
  'clusterConfiguration.kubernetesVersion':
    'Ignored: the version comes from the control plane’s or machine’s `version`. Gone in v1beta2.',
  'clusterConfiguration.clusterName': 'Ignored: the Cluster’s name counts. Gone in v1beta2.',
  'clusterConfiguration.networking':
    'Belongs into the Cluster’s `clusterNetwork`, which counts when it is set. Gone in v1beta2.',
  'clusterConfiguration.apiServer.timeoutForControlPlane':
    'How long kubeadm waits for the API server. In v1beta2 it stands in `timeouts` of init and join, the same in both.',
  useExperimentalRetryJoin: 'Has no effect any more and is gone in v1beta2.',
};

const group = 'bootstrap.cluster.x-k8s.io';
const controlPlaneGroup = 'controlplane.cluster.x-k8s.io';

/** Everywhere the configuration stands. */
const places = [
  { group, kind: 'KubeadmConfig', prefix: 'spec' },
  { group, kind: 'KubeadmConfigTemplate', prefix: 'spec.template.spec' },
  { group: controlPlaneGroup, kind: 'KubeadmControlPlane', prefix: 'spec.kubeadmConfigSpec' },
  { group: controlPlaneGroup, kind: 'KubeadmControlPlaneTemplate', prefix: 'spec.template.spec.kubeadmConfigSpec' },
];

/** How the control plane is kept, in the object and its template. */
const upkeep: FieldNotes = {
  'rollout.after': 'Machines made before this time are replaced once it has passed, which renews their certificates.',
  'rollout.before.certificatesExpiryDays':
    'Replaces a machine this many days before its certificates run out; at least 7. Without it, they run out after a year unless something else rolls the machines.',
  'rollout.strategy.rollingUpdate.maxSurge':
    'With 1, the default, a machine is added before one is removed; with 0 one is removed first, which needs three replicas. Nothing else is taken.',
  'remediation.maxRetry': 'How often a replacement that is unhealthy itself is replaced again; left out, for ever.',
  'remediation.retryPeriodSeconds': 'Wait before such another try; none by default.',
  'remediation.minHealthyPeriodSeconds':
    'After this time without a failure tries are counted from zero again; an hour by default.',
  'machineNaming.template':
    'Go template for the machines’ names; `{{ .kubeadmControlPlane.name }}-{{ .random }}` by default. It must contain `{{ .random }}`.',
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
        'Machines of the control plane, 1 by default: an odd number unless etcd is external. One or three; more cost write speed.',
      'spec.version':
        'Kubernetes version with `v`. A change replaces the machines one by one; only one minor up at a time. Going down isn’t refused here, but breaks the cluster.',
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
        'Bootstrap configuration of the machines. Most changes roll the control plane, one machine at a time; some fields can’t change.',
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
        'Can’t be edited: copy the template under a new name and name that in the ClusterClass. Replicas and version come from the Cluster.',
      ...under('spec.template.spec', upkeep),
    },
  },
];
