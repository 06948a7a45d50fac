// Notes on the vSphere provider: https://github.com/kubernetes-sigs/cluster-api-provider-vsphere and its types.
import type { FieldNotes, KindNotes } from './note.ts';
import { under } from './note.ts';

const group = 'infrastructure.cluster.x-k8s.io';

const where = 'Name, inventory path or managed object id.';

const thumbprint =
  'Fingerprint of vCenter’s certificate. Where it is left out the certificate isn’t checked; renewing the certificate means changing it here.';

const machine: FieldNotes = {
  template: `Template in vCenter that machines are cloned from, with Kubernetes of the right version in it. ${where}`,
  server: 'The vCenter to make the machine on; the cluster’s by default.',
  thumbprint,
  datacenter: `Data center. ${where} Left out, the only one.`,
  datastore: `Datastore for the disks. ${where} Left out, the default one; not together with a storage policy of another.`,
  folder: `Folder for the machines. ${where}`,
  resourcePool: `Resource pool. ${where}`,
  storagePolicyName: 'Storage policy of the disks, by name.',
  numCPUs: 'Virtual processors; the template’s by default. kubeadm wants two for a control plane.',
  numCoresPerSocket: 'Cores in each socket; the template’s by default. `numCPUs` must be a multiple.',
  memoryMiB: 'Memory in MiB; the template’s by default.',
  diskGiB:
    'Size of the first disk in GiB, not less than the template’s. Ignored for linked clones, whose disks can’t grow.',
  additionalDisksGiB: 'Sizes of the template’s further disks.',
  dataDisks: 'Disks beyond those of the template.',
  'dataDisks.sizeGiB': 'Size of the disk in GiB.',
  cloneMode:
    '`linkedClone` is quick and small but needs a snapshot of the template; `fullClone` copies, and is what happens without a snapshot.',
  snapshot: 'Snapshot to clone from, for linked clones.',
  'network.devices': 'Network cards; at least one, with addresses by DHCP, from pools or by hand.',
  'network.devices.networkName': `Network or port group. ${where}`,
  'network.devices.dhcp4': 'True takes an IPv4 address by DHCP; leave `ipAddrs` and pools for IPv4 out then.',
  'network.devices.dhcp6': 'True takes an IPv6 address by DHCP.',
  'network.devices.ipAddrs':
    'Fixed addresses with prefix length. Refused in templates, as all machines would have the same.',
  'network.devices.gateway4': 'IPv4 gateway; needed for fixed addresses.',
  'network.devices.nameservers': 'DNS servers, of which Linux uses three.',
  'network.devices.addressesFromPools':
    'Pools to take addresses from, such as an InClusterIPPool of the same namespace.',
  'network.devices.mtu': 'Largest packet in bytes; the network must carry it all the way.',
  powerOffMode:
    'How a machine is stopped for deletion: `hard` by default; `soft` shuts down and waits, `trySoft` waits for a time, then stops it.',
  hardwareVersion: 'Virtual hardware, such as `vmx-19`; the template’s by default, and never lower.',
  os: '`Linux` by default; names of Windows machines must be shorter than 16 characters.',
  customVMXKeys: 'Advanced settings of the virtual machine.',
  pciDevices: 'Devices passed through: by vendor and device id, or a vGPU profile.',
  tagIDs: 'Tags of vCenter as URNs, not by name.',
  'resources.requests': 'Processor and memory that are reserved for the machine.',
};

export const vsphere: readonly KindNotes[] = [
  {
    group,
    kind: 'VSphereCluster',
    fields: {
      'spec.server': 'Address of vCenter, without `https://`.',
      'spec.thumbprint': thumbprint,
      'spec.controlPlaneEndpoint':
        'Address of the API server. You provide it: with kube-vip a free one of the machines’ network.',
      'spec.controlPlaneEndpoint.host':
        'Address or name of the API server’s endpoint; give it before machines are made.',
      'spec.identityRef': 'Credentials for vCenter; left out, the provider’s own.',
      'spec.identityRef.kind':
        '`Secret` is one in the cluster’s namespace, with `username` and `password`, used by this cluster only; `VSphereClusterIdentity` is cluster-scoped and shared.',
      'spec.failureDomainSelector':
        'Which VSphereDeploymentZones the control plane is spread over: left out none, `{}` all.',
      'spec.disableClusterModule': 'True makes no anti-affinity between the machines of a set.',
    },
  },
  {
    group,
    kind: 'VSphereMachineTemplate',
    fields: {
      'spec.template.spec': 'Can’t be edited: copy the template under a new name and name that where it is used.',
      ...under('spec.template.spec', machine),
    },
  },
  { group, kind: 'VSphereMachine', fields: under('spec', machine) },
  {
    group,
    kind: 'VSphereClusterIdentity',
    fields: {
      'spec.secretName': 'Secret with `username` and `password` in the provider’s namespace, not the cluster’s.',
      'spec.allowedNamespaces': 'Namespaces whose clusters may use this identity; left out, none.',
    },
  },
  {
    group,
    kind: 'VSphereFailureDomain',
    fields: {
      'spec.region': 'Region by a tag in vCenter; its `type` says what carries the tag.',
      'spec.zone': 'Zone by a tag in vCenter; its `type` says what carries the tag.',
      'spec.topology': 'Where machines of this failure domain are made. It can’t change.',
      'spec.topology.computeCluster': `Compute cluster. ${where}`,
      'spec.topology.networks': 'Networks by name, one for each card of the machines.',
    },
  },
  {
    group,
    kind: 'VSphereDeploymentZone',
    fields: {
      'spec.failureDomain': 'The VSphereFailureDomain this is made of. Machines name the zone, not the failure domain.',
      'spec.controlPlane': 'Whether the control plane may be here; true by default.',
      'spec.placementConstraint': 'Resource pool and folder within the failure domain.',
    },
  },
];
