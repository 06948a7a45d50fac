// Notes on the Azure provider: https://capz.sigs.k8s.io/ and its types.
import { deprecated, type FieldNotes, type KindNotes, under } from './note.ts';

const group = 'infrastructure.cluster.x-k8s.io';

const tags: FieldNotes = {
  additionalTags:
    'Tags for all created resources, in addition to those the provider requires. Tags on a machine take precedence over tags on the cluster.',
};

const osDisk: FieldNotes = {
  'osDisk.diskSizeGB': 'Size of the system disk in GB; 30 by default, which leaves little room for images and logs.',
  'osDisk.osType': '`Linux`, the default, or `Windows`.',
  'osDisk.managedDisk': 'Type of disk, such as `storageAccountType: Premium_LRS`; the VM size must support it.',
  'osDisk.diffDiskSettings':
    'Ephemeral system disk on the host: fast and free of charge, but lost with the machine. It must fit into the VM’s cache.',
  'osDisk.cachingType': 'Caching of the system disk; `None` by default, `ReadOnly` for ephemeral disks.',
};

const disks: FieldNotes = {
  ...osDisk,
  'dataDisks.nameSuffix':
    'Suffix that is appended to the machine’s name to form the disk’s name; unique within the machine.',
  'dataDisks.diskSizeGB': 'Size of the disk in GB.',
  'dataDisks.lun':
    'Logical unit number of the disk, 0 to 63; unique within the machine. File systems refer to it as `/dev/disk/azure/scsi1/lun0`.',
};

const machine: FieldNotes = {
  vmSize:
    'VM size, such as `Standard_D2s_v3`. It must be available in the zones of the region and within the subscription’s quota.',
  ...disks,
  image:
    'Image, by exactly one of `id`, `computeGallery`, `marketplace` and `sharedGallery`. If omitted, the project’s community image for the Kubernetes version is used.',
  'image.computeGallery': 'Image in a compute gallery, by gallery, name and version.',
  'image.marketplace':
    'Image in the marketplace. For a third-party image, its terms must be accepted once in the subscription.',
  sshPublicKey:
    'Public SSH key in base64, not the plain line of a `.pub` file. If omitted, a key is generated whose private part no one has.',
  identity:
    'Identity of the machine: `None` by default. `SystemAssigned` requires permission to assign roles; `UserAssigned` requires `userAssignedIdentities`.',
  userAssignedIdentities:
    'User-assigned identities, each as `azure:///subscriptions/...`. Only with `identity: UserAssigned`, which requires at least one.',
  failureDomain: 'Availability zone, as a string: `"1"`. The failure domain of the Machine takes precedence.',
  spotVMOptions: 'Makes the machine a spot instance; with `{}` the maximum price is the regular price.',
  'spotVMOptions.evictionPolicy':
    'Effect of an eviction: `Deallocate` keeps the disks; `Delete` removes the machine and is required for ephemeral disks.',
  networkInterfaces:
    'Network interfaces and their subnets; if omitted, one in the cluster’s node subnet. Must not be set together with `subnetName`.',
  'networkInterfaces.subnetName': 'Subnet of the interface, by its name in the AzureCluster.',
  'networkInterfaces.acceleratedNetworking': 'If omitted, it is enabled if the VM size supports it.',
  subnetName: deprecated('Deprecated: set the subnet in `networkInterfaces`.'),
  acceleratedNetworking: deprecated('Deprecated: set it in `networkInterfaces`.'),
  allocatePublicIP: 'If true, the machine gets a public address; false by default.',
  enableIPForwarding:
    'If true, the machine can forward traffic for other addresses, which some network plugins require; false by default.',
  'securityProfile.encryptionAtHost':
    'If true, caches and temporary disks are encrypted too; the feature must be registered in the subscription.',
  'securityProfile.securityType': '`TrustedLaunch` or `ConfidentialVM`; the VM size and image must support it.',
  vmExtensions: 'Azure VM extensions to install. If one fails, the machine doesn’t become ready.',
  disableExtensionOperations:
    'If true, disables VM extensions, for images that don’t support them; the provider then can’t detect whether bootstrapping succeeded.',
  'additionalCapabilities.ultraSSDEnabled':
    'Whether ultra disks can be attached; enabled automatically if one is listed.',
  ...tags,
};

const network: FieldNotes = {
  'vnet.name': 'Virtual network to use or create; named after the cluster by default.',
  'vnet.resourceGroup':
    'Resource group of an existing network; the cluster’s by default. A network that the provider doesn’t own is not modified.',
  'vnet.cidrBlocks':
    'CIDR ranges of the virtual network; `10.0.0.0/8` by default, which prevents peering with any other 10.x network.',
  'vnet.peerings':
    'Virtual networks to peer with. Both directions are created, which requires permissions in both networks.',
  subnets: 'Subnets by role. A missing subnet for the control plane or the nodes is created with default ranges.',
  'subnets.role': 'Role of the subnet: `control-plane`, `node`, `cluster` for both, or `bastion`.',
  'subnets.cidrBlocks':
    'CIDR range of the subnet; `10.0.0.0/16` for the control plane and `10.1.0.0/16` for nodes by default.',
  'subnets.securityGroup': 'Security group of the subnet and its rules.',
  'subnets.natGateway': 'NAT gateway for outbound internet traffic of nodes; set a name to create one.',
  'subnets.routeTable': 'Route table of the subnet; one is created for nodes.',
  apiServerLB: 'Load balancer of the API server; public by default.',
  'apiServerLB.type':
    '`Public`, the default, or `Internal` for clusters reachable only through a private network. Immutable.',
  'apiServerLB.frontendIPs': 'Frontend addresses of the load balancer: a public address by name, or a private address.',
  'nodeOutboundLB.frontendIPsCount':
    'Number of public addresses for outbound traffic of nodes; many connections can exhaust a single one.',
  controlPlaneOutboundLB:
    'Load balancer for outbound traffic of the control plane if the API server’s load balancer is internal.',
  privateDNSZoneName: 'Private DNS zone for the API server’s name; only with an internal load balancer.',
};

const cluster: FieldNotes = {
  location: 'Azure region. Immutable.',
  resourceGroup:
    'Resource group for all created resources; the cluster’s name by default. A group that already existed is kept when the cluster is deleted.',
  subscriptionID: 'Azure subscription; the one in the provider’s settings by default. Immutable.',
  identityRef: 'AzureClusterIdentity to authenticate with. It can be in another namespace if it allows this one.',
  azureEnvironment: 'Azure cloud environment; `AzurePublicCloud` by default.',
  'bastionSpec.azureBastion': 'Azure Bastion service, billed by the hour; `{}` is enough to enable it.',
  controlPlaneEndpoint: 'Set from the load balancer. Immutable.',
  ...tags,
  ...under('networkSpec', network),
};

const allowed =
  'Namespaces whose clusters may use this identity: none if omitted, all with `{}`, otherwise those in `list` or those that match `selector`.';

const deprecatedKind = 'Deprecated with its kind: use AzureASOManagedControlPlane for new AKS clusters.';

export const azure: readonly KindNotes[] = [
  { group, kind: 'AzureCluster', fields: under('spec', cluster) },
  {
    group,
    kind: 'AzureMachineTemplate',
    fields: {
      'spec.template.spec': 'Immutable: copy the template under a new name and update the references to it.',
      ...under('spec.template.spec', machine),
    },
  },
  { group, kind: 'AzureMachine', fields: under('spec', machine) },
  {
    group,
    kind: 'AzureMachinePool',
    fields: {
      'spec.location': 'Azure region; must be the cluster’s.',
      'spec.orchestrationMode':
        '`Uniform`, the default, or `Flexible`, which creates an object for each machine. Immutable.',
      'spec.strategy':
        'How instances are replaced when the template changes; one additional instance at a time by default.',
      'spec.zoneBalance': 'If true, zones are kept strictly balanced, even if one has no capacity.',
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
        'Authentication method. `WorkloadIdentity` requires a federated credential instead of a secret; the `ServicePrincipal` types require a secret or certificate.',
      'spec.clientID': 'Client ID of the application or identity.',
      'spec.tenantID': 'ID of the tenant.',
      'spec.clientSecret':
        'Secret with the password under `clientSecret`, or the certificate. Requires name and namespace.',
      'spec.allowedNamespaces': allowed,
      'spec.resourceID': deprecated('Deprecated: resource ID of the identity; `clientID` identifies it.'),
    },
  },
  {
    group,
    kind: 'AzureManagedControlPlane',
    fields: {
      'spec.version': `Kubernetes version of AKS; upgrades are limited to one minor version at a time. ${deprecatedKind}`,
      'spec.resourceGroupName': `Resource group of the cluster. Immutable. ${deprecatedKind}`,
      'spec.nodeResourceGroupName': 'Resource group that AKS creates for nodes. Immutable.',
      'spec.location': 'Azure region. Immutable.',
      'spec.identityRef': cluster.identityRef!,
      'spec.networkPlugin': 'Network plugin: `azure` by default; `none` to install your own. Immutable.',
      'spec.networkPluginMode':
        '`overlay` gives pods addresses outside of the subnet, which conserves subnet addresses.',
      'spec.networkPolicy': 'Engine that enforces network policies; if omitted, they are not enforced.',
      'spec.dnsServiceIP': 'Address of the cluster’s DNS service: within the service network and ending in `.10`.',
      'spec.sku.tier': '`Free` by default, without an SLA for the API server; `Standard` has one.',
      'spec.apiServerAccessProfile':
        'Access to the API server: a list of CIDR ranges, or a private cluster. Only the ranges can change later.',
      'spec.oidcIssuerProfile.enabled':
        'If true, creates an OIDC issuer, which workload identities require. It can’t be disabled later.',
      'spec.autoUpgradeProfile': 'Lets AKS upgrade the cluster automatically, which conflicts with a version set here.',
      'spec.disableLocalAccounts': 'If true, disables the administrator’s kubeconfig; sign-in with Entra ID must work.',
    },
  },
  {
    group,
    kind: 'AzureManagedMachinePool',
    fields: {
      'spec.mode':
        '`System` pools run the system pods of AKS, and each cluster requires one; `User` pools run everything else.',
      'spec.sku': 'VM size of the nodes. Immutable.',
      'spec.osDiskSizeGB': 'Size of the system disk in GB; 0 uses the default of the VM size. Immutable.',
      'spec.osDiskType': '`Managed`, the default, or `Ephemeral`, which is faster but lost with the node. Immutable.',
      'spec.scaling':
        'Minimum and maximum number of nodes for the AKS autoscaler, which then takes precedence over the pool’s replicas.',
      'spec.maxPods':
        'Maximum number of pods per node. Immutable. Without overlay networking each pod uses an address of the subnet.',
      'spec.nodeLabels': 'Labels of the nodes.',
      'spec.taints': 'Taints of the nodes.',
      'spec.availabilityZones': 'Availability zones of the pool. Immutable.',
      'spec.scaleSetPriority': '`Regular` by default, or `Spot`, which `System` pools don’t support. Immutable.',
      'spec.name':
        'Name of the pool in AKS, at most 12 lowercase letters and digits; the object’s name by default. Immutable.',
    },
  },
  {
    group,
    kind: 'AzureASOManagedControlPlane',
    fields: {
      'spec.version':
        'Kubernetes version of AKS. Omit it in the embedded ManagedCluster, where it is filled in from here.',
      'spec.resources': 'Azure Service Operator objects, including one ManagedCluster; their owner is filled in.',
    },
  },
];
