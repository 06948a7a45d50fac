// Notes on the vSphere provider: https://github.com/kubernetes-sigs/cluster-api-provider-vsphere and its types.
import type { FieldNotes, KindNotes } from './note.ts';
import { under } from './note.ts';

const group = 'infrastructure.cluster.x-k8s.io';

const where = 'Name, inventory path or managed object ID.';

const thumbprint =
  'Fingerprint of vCenter’s certificate. If omitted, the certificate isn’t verified; when the certificate is renewed, update it here.';

const machine: FieldNotes = {
  template: `Template in vCenter from which machines are cloned, with the matching Kubernetes version installed. ${where}`,
  server: 'Address of the vCenter on which the machine is created; the cluster’s by default.',
  thumbprint,
  datacenter: `Data center. ${where} If omitted, the only one.`,
  datastore: `Datastore for the disks. ${where} If omitted, the default datastore; must not conflict with the storage policy.`,
  folder: `Folder for the machines. ${where}`,
  resourcePool: `Resource pool. ${where}`,
  storagePolicyName: 'Name of the storage policy for the disks.',
  numCPUs: 'Number of virtual CPUs; the template’s by default. kubeadm requires two for a control plane.',
  numCoresPerSocket: 'Number of cores per socket; the template’s by default. `numCPUs` must be a multiple of it.',
  memoryMiB: 'Memory in MiB; the template’s by default.',
  diskGiB:
    'Size of the first disk in GiB, at least the template’s. Ignored for linked clones, whose disks can’t be resized.',
  additionalDisksGiB: 'Sizes of the template’s additional disks in GiB.',
  dataDisks: 'Disks in addition to those of the template.',
  'dataDisks.sizeGiB': 'Size of the disk in GiB.',
  cloneMode:
    '`linkedClone` is fast and small but requires a snapshot of the template; `fullClone` copies the disks and is used if there is no snapshot.',
  snapshot: 'Snapshot from which linked clones are created.',
  'network.devices': 'Network interfaces; at least one, with addresses from DHCP, pools or static configuration.',
  'network.devices.networkName': `Network or port group. ${where}`,
  'network.devices.dhcp4': 'If true, gets an IPv4 address from DHCP; then omit `ipAddrs` and IPv4 pools.',
  'network.devices.dhcp6': 'If true, gets an IPv6 address from DHCP.',
  'network.devices.ipAddrs':
    'Static addresses with prefix length. Rejected in templates, since all machines would have the same addresses.',
  'network.devices.gateway4': 'IPv4 gateway; required for static addresses.',
  'network.devices.nameservers': 'DNS servers; Linux uses the first three.',
  'network.devices.addressesFromPools':
    'Pools from which addresses are allocated, such as an InClusterIPPool in the same namespace.',
  'network.devices.mtu': 'Maximum packet size in bytes, which the entire network path must support.',
  powerOffMode:
    'How a machine is stopped before deletion: `hard` by default. `soft` shuts it down and waits; `trySoft` waits for a limited time before a hard stop.',
  hardwareVersion: 'Virtual hardware version, such as `vmx-19`; the template’s by default. It can’t be lowered.',
  os: '`Linux` by default; names of Windows machines must be shorter than 16 characters.',
  customVMXKeys: 'Advanced settings of the virtual machine.',
  pciDevices: 'Passthrough devices, by vendor and device ID or by vGPU profile.',
  tagIDs: 'Tags in vCenter, as URNs, not names.',
  'resources.requests': 'CPU and memory reservations of the machine.',
};

export const vsphere: readonly KindNotes[] = [
  {
    group,
    kind: 'VSphereCluster',
    fields: {
      'spec.server': 'Address of vCenter, without `https://`.',
      'spec.thumbprint': thumbprint,
      'spec.controlPlaneEndpoint':
        'Endpoint of the API server. You provide it: with kube-vip, an unused address in the machines’ network.',
      'spec.controlPlaneEndpoint.host':
        'Address or DNS name of the API server’s endpoint; set it before machines are created.',
      'spec.identityRef': 'Credentials for vCenter; if omitted, the provider’s own.',
      'spec.identityRef.kind':
        '`Secret` refers to a Secret in the cluster’s namespace, with `username` and `password`, for this cluster only; `VSphereClusterIdentity` is cluster-scoped and can be shared.',
      'spec.failureDomainSelector':
        'VSphereDeploymentZones over which the control plane is spread: none if omitted, all with `{}`.',
      'spec.disableClusterModule': 'If true, disables anti-affinity between the machines of a set.',
    },
  },
  {
    group,
    kind: 'VSphereMachineTemplate',
    fields: {
      'spec.template.spec': 'Immutable: copy the template under a new name and update the references to it.',
      ...under('spec.template.spec', machine),
    },
  },
  { group, kind: 'VSphereMachine', fields: under('spec', machine) },
  {
    group,
    kind: 'VSphereClusterIdentity',
    fields: {
      'spec.secretName': 'Secret with `username` and `password` in the provider’s namespace, not the cluster’s.',
      'spec.allowedNamespaces': 'Namespaces whose clusters may use this identity; none if omitted.',
    },
  },
  {
    group,
    kind: 'VSphereFailureDomain',
    fields: {
      'spec.region': 'Region, identified by a vCenter tag; `type` is the type of object that has the tag.',
      'spec.zone': 'Zone, identified by a vCenter tag; `type` is the type of object that has the tag.',
      'spec.topology': 'Where machines in this failure domain are created. Immutable.',
      'spec.topology.computeCluster': `Compute cluster. ${where}`,
      'spec.topology.networks': 'Names of the networks, one for each network interface of the machines.',
    },
  },
  {
    group,
    kind: 'VSphereDeploymentZone',
    fields: {
      'spec.failureDomain': 'VSphereFailureDomain of the zone. Machines reference the zone, not the failure domain.',
      'spec.controlPlane': 'Whether control plane machines can be placed here; true by default.',
      'spec.placementConstraint': 'Resource pool and folder within the failure domain.',
    },
  },
];
