// Notes on the Azure provider: https://capz.sigs.k8s.io/ and its types.
import type { FieldNotes, KindNotes } from './note.ts';
import { under } from './note.ts';

const group = 'infrastructure.cluster.x-k8s.io';

const tags: FieldNotes = {
  additionalTags:
    'Tags for everything that is made, beside those the provider needs. A machine’s own win over the cluster’s.',
};

const osDisk: FieldNotes = {
  'osDisk.diskSizeGB': 'Size of the system disk in GB; 30 by default, which is little for images and logs.',
  'osDisk.osType': '`Linux`, the default, or `Windows`.',
  'osDisk.managedDisk': 'Kind of disk, such as `storageAccountType: Premium_LRS`; the size of machine must support it.',
  'osDisk.diffDiskSettings':
    'An ephemeral system disk on the host: fast and free, and lost with the machine. It must fit the machine’s cache.',
  'osDisk.cachingType': 'Caching of the system disk; `None` by default, and `ReadOnly` for ephemeral ones.',
};

const disks: FieldNotes = {
  ...osDisk,
  'dataDisks.nameSuffix': 'Makes the disk’s name, behind the machine’s; unique within the machine.',
  'dataDisks.diskSizeGB': 'Size of the disk in GB.',
  'dataDisks.lun':
    'Number of the disk at the machine; unique, 0 to 63. File systems find it as `/dev/disk/azure/scsi1/lun0`.',
};

const machine: FieldNotes = {
  vmSize:
    'Size of the machine, such as `Standard_D2s_v3`. It must exist in the region’s zones and in the subscription’s quota.',
  ...disks,
  image:
    'Image by exactly one of `id`, `computeGallery`, `marketplace` and `sharedGallery`; left out, the project’s community image for the Kubernetes version.',
  'image.computeGallery': 'Image of a gallery, by gallery, name and version.',
  'image.marketplace': 'Image of the marketplace; a third party’s needs its terms accepted once in the subscription.',
  sshPublicKey:
    'Public key for SSH, encoded in base64: not the plain line of a `.pub` file. Left out, a key nobody has is made.',
  identity:
    'Identity of the machine: `None` by default; `SystemAssigned` needs rights to assign roles, `UserAssigned` the list in `userAssignedIdentities`.',
  userAssignedIdentities:
    'Identities of yours, each as `azure:///subscriptions/...`. Only with `identity: UserAssigned`, which needs at least one.',
  failureDomain: 'Availability zone, as text: `"1"`. The Machine’s own wins.',
  spotVMOptions: 'Makes the machine a spot one; `{}` pays up to the usual price.',
  'spotVMOptions.evictionPolicy':
    'What eviction does: `Deallocate` keeps the disks, `Delete` removes the machine, and is needed for ephemeral disks.',
  networkInterfaces:
    'Network interfaces with their subnets; left out, one in the cluster’s node subnet. Not together with `subnetName`.',
  'networkInterfaces.subnetName': 'Subnet of the interface, by its name in the AzureCluster.',
  'networkInterfaces.acceleratedNetworking': 'Left out, it is on where the size supports it.',
  subnetName: 'Deprecated: name the subnet in `networkInterfaces`.',
  acceleratedNetworking: 'Deprecated: set it in `networkInterfaces`.',
  allocatePublicIP: 'True gives the machine a public address; false by default.',
  enableIPForwarding:
    'True lets the machine forward for others’ addresses, which some network plugins need; false by default.',
  'securityProfile.encryptionAtHost':
    'True encrypts caches and temporary disks too; the feature must be registered in the subscription.',
  'securityProfile.securityType': '`TrustedLaunch` or `ConfidentialVM`; size and image must support it.',
  vmExtensions: 'Azure extensions to install. One that fails keeps the machine from becoming ready.',
  disableExtensionOperations:
    'True forbids extensions, for images that can’t run them; the provider then can’t see whether bootstrapping went well.',
  'additionalCapabilities.ultraSSDEnabled': 'Whether ultra disks may be attached; on by itself where one is listed.',
  ...tags,
};

const network: FieldNotes = {
  'vnet.name': 'Virtual network to use or make; from the cluster’s name by default.',
  'vnet.resourceGroup':
    'Resource group of an existing network; the cluster’s by default. One that isn’t the provider’s is left alone.',
  'vnet.cidrBlocks':
    'Networks of the virtual network; `10.0.0.0/8` by default, which can’t be peered with any other 10.x network.',
  'vnet.peerings': 'Other virtual networks to connect with; both sides are made, so rights are needed on both.',
  subnets: 'Subnets by role. One that is missing, for the control plane or for nodes, is made with default addresses.',
  'subnets.role': 'What uses the subnet: `control-plane`, `node`, `cluster` for both, or `bastion`.',
  'subnets.cidrBlocks':
    'Network of the subnet; `10.0.0.0/16` for the control plane and `10.1.0.0/16` for nodes by default.',
  'subnets.securityGroup': 'Security group of the subnet, and its rules.',
  'subnets.natGateway': 'NAT gateway that nodes reach the internet by; give it a name to have one made.',
  'subnets.routeTable': 'Route table of the subnet; one is made for nodes.',
  apiServerLB: 'Load balancer of the API server; public by default.',
  'apiServerLB.type':
    '`Public`, the default, or `Internal` for clusters reached through a private network. It can’t change.',
  'apiServerLB.frontendIPs': 'Addresses of the load balancer: a public address by name, or a private one.',
  'nodeOutboundLB.frontendIPsCount': 'Public addresses for calls out of the nodes; one is used up by many connections.',
  controlPlaneOutboundLB: 'Load balancer for calls out of the control plane, where the API server’s is internal.',
  privateDNSZoneName: 'Zone for the API server’s name; only with an internal load balancer.',
};

const cluster: FieldNotes = {
  location: 'Azure region; it can’t change.',
  resourceGroup:
    'Resource group of everything that is made, the cluster’s name by default. One that exists is left when the cluster goes.',
  subscriptionID: 'Azure subscription; that of the provider’s settings by default. It can’t change.',
  identityRef: 'The AzureClusterIdentity to sign in with; it may be in another namespace, if it allows this one.',
  azureEnvironment: 'Azure cloud; `AzurePublicCloud` by default.',
  'bastionSpec.azureBastion': 'Azure’s own bastion service, which costs by the hour; `{}` is enough to have it.',
  controlPlaneEndpoint: 'Filled in from the load balancer; it can’t change.',
  ...tags,
  ...under('networkSpec', network),
};

const allowed =
  'Namespaces whose clusters may use this identity: left out none, `{}` all, else those of `list` or those that `selector` matches.';

const deprecated = 'Deprecated with its kind: new AKS clusters are described by AzureASOManagedControlPlane.';

export const azure: readonly KindNotes[] = [
  { group, kind: 'AzureCluster', fields: under('spec', cluster) },
  {
    group,
    kind: 'AzureMachineTemplate',
    fields: {
      'spec.template.spec': 'Can’t be edited: copy the template under a new name and name that where it is used.',
      ...under('spec.template.spec', machine),
    },
  },
  { group, kind: 'AzureMachine', fields: under('spec', machine) },
  {
    group,
    kind: 'AzureMachinePool',
    fields: {
      'spec.location': 'Azure region, the cluster’s.',
      'spec.orchestrationMode':
        '`Uniform`, the default, or `Flexible`, which gives each machine an object of its own. It can’t change.',
      'spec.strategy': 'How instances are replaced when the template changes; one more at a time by default.',
      'spec.zoneBalance': 'True keeps zones strictly even, even where one has no room.',
      'spec.template.vmSize': machine.vmSize!,
      ...under('spec.template', osDisk),
      'spec.template.sshPublicKey': machine.sshPublicKey!,
      'spec.template.spotVMOptions': machine.spotVMOptions!,
    },
  },
  {
    group,
    kind: 'AzureClusterIdentity',
    fields: {
      'spec.type':
        'How to sign in. `WorkloadIdentity` needs no secret but a federated credential; the types with `ServicePrincipal` need a secret or certificate.',
      'spec.clientID': 'Client id of the application or identity.',
      'spec.tenantID': 'Tenant to sign in to.',
      'spec.clientSecret':
        'Secret with the password under `clientSecret`, or the certificate. It needs name and namespace.',
      'spec.allowedNamespaces': allowed,
      'spec.resourceID': 'Deprecated: the identity’s resource; `clientID` tells it.',
    },
  },
  {
    group,
    kind: 'AzureManagedControlPlane',
    fields: {
      'spec.version': `Kubernetes version of AKS; one minor up at a time. ${deprecated}`,
      'spec.resourceGroupName': `Resource group of the cluster; it can’t change. ${deprecated}`,
      'spec.nodeResourceGroupName': 'Resource group that AKS makes for nodes; it can’t change.',
      'spec.location': 'Azure region; it can’t change.',
      'spec.identityRef': cluster.identityRef!,
      'spec.networkPlugin': 'Network plugin: `azure` by default; `none` for one of yours. It can’t change.',
      'spec.networkPluginMode':
        '`overlay` gives pods addresses of their own rather than the subnet’s, which saves many.',
      'spec.networkPolicy': 'What enforces network policies; nothing does where it is left out.',
      'spec.dnsServiceIP': 'Address of the cluster’s DNS: within the services’ network and ending in `.10`.',
      'spec.sku.tier': '`Free` by default, without a guarantee for the API server; `Standard` has one.',
      'spec.apiServerAccessProfile':
        'Who reaches the API server: a list of networks, or a private cluster. Only the networks can change later.',
      'spec.oidcIssuerProfile.enabled':
        'True makes an OIDC issuer, which workload identities need. It can’t be turned off again.',
      'spec.autoUpgradeProfile': 'Has AKS upgrade by itself, at odds with a version given here.',
      'spec.disableLocalAccounts': 'True turns off the administrator’s kubeconfig; sign-in by Entra ID must work.',
    },
  },
  {
    group,
    kind: 'AzureManagedMachinePool',
    fields: {
      'spec.mode': '`System` pools run what AKS needs, and each cluster needs one; `User` pools the rest.',
      'spec.sku': 'Size of the machines; it can’t change.',
      'spec.osDiskSizeGB': 'Size of the system disk in GB; 0 takes what goes with the size. It can’t change.',
      'spec.osDiskType':
        '`Managed`, the default, or `Ephemeral`, which is faster and lost with the node. It can’t change.',
      'spec.scaling': 'Fewest and most nodes for AKS’s autoscaler; it then decides, not the pool’s replicas.',
      'spec.maxPods': 'Most pods for each node; it can’t change. Without overlay each takes an address of the subnet.',
      'spec.nodeLabels': 'Labels of the nodes.',
      'spec.taints': 'Taints of the nodes.',
      'spec.availabilityZones': 'Zones of the pool; it can’t change.',
      'spec.scaleSetPriority': '`Regular` by default, or `Spot`; not for `System` pools. It can’t change.',
      'spec.name':
        'Name of the pool in AKS, at most 12 small letters and digits; the object’s by default. It can’t change.',
    },
  },
  {
    group,
    kind: 'AzureASOManagedControlPlane',
    fields: {
      'spec.version':
        'Kubernetes version of AKS. Leave it out of the embedded ManagedCluster, which gets it from here.',
      'spec.resources':
        'Objects of Azure Service Operator, with one ManagedCluster among them; their owner is filled in.',
    },
  },
];
