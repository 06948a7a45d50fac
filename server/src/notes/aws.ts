// Notes on the AWS provider's machines and networks: https://cluster-api-aws.sigs.k8s.io/ and its types.
import type { FieldNotes, KindNotes } from './note.ts';
import { under } from './note.ts';

const group = 'infrastructure.cluster.x-k8s.io';

export const identityRef: FieldNotes = {
  'identityRef.kind':
    'Kind of identity whose credentials are used: `AWSClusterControllerIdentity`, the provider’s own, by default. Once set, it can’t be removed.',
  'identityRef.name':
    'Name of the identity, a cluster-scoped object; `default` for the controller’s own. The identity must allow this namespace.',
};

export const imageLookup: FieldNotes = {
  imageLookupOrg:
    'AWS account whose images are searched if no AMI is set; by default the project’s account, which doesn’t publish images for every version.',
  imageLookupFormat: 'Format of image names, with the variables `{{.BaseOS}}` and `{{.K8sVersion}}`.',
  imageLookupBaseOS: 'Operating system in the image’s name; Ubuntu by default.',
};

export const network: FieldNotes = {
  'vpc.id':
    'ID of an existing VPC, which is never modified or deleted; its subnets must be listed too. If omitted, a VPC is created, and deleted with the cluster.',
  'vpc.cidrBlock':
    'CIDR range of a created VPC; `10.0.0.0/16` by default. It must not overlap with networks to be peered.',
  'vpc.availabilityZoneUsageLimit':
    'Number of availability zones in which subnets are created; 3 by default. Each zone has its own NAT gateway, which adds cost.',
  'vpc.availabilityZoneSelection':
    'How zones are chosen if the region has more: `Ordered`, the first by name, or `Random`.',
  subnets: 'Subnets to use or create. With an existing VPC, set the ID of each; zone and visibility are looked up.',
  'subnets.id': 'ID of an existing subnet, `subnet-...`, or any name for a subnet to create.',
  'subnets.isPublic':
    'Whether the subnet has a route to the internet; load balancers and the bastion are placed in public subnets.',
  'cni.cniIngressRules':
    'Ingress rules that the network plugin requires between machines; by default those of Calico, BGP and IP in IP. Other plugins, such as Cilium with VXLAN, require their own.',
  nodePortIngressRuleCidrBlocks:
    'CIDR ranges that can reach node ports; by default any address that can reach the subnets.',
  additionalControlPlaneIngressRules:
    'Additional rules for the control plane’s security group. A rule must not set both CIDR ranges and security groups.',
  securityGroupOverrides: 'Existing security groups by role, used instead of created ones. You manage their rules.',
};

export const bastion: FieldNotes = {
  'bastion.enabled': 'If true, creates a host with a public address for SSH access; none is created by default.',
  'bastion.allowedCIDRBlocks': 'CIDR ranges that can reach the bastion; the entire internet by default.',
};

export const tags: FieldNotes = {
  additionalTags:
    'Tags for all created resources, in addition to those the provider requires. Tags on a machine take precedence over tags on the cluster.',
};

export const sshKey: FieldNotes = {
  sshKeyName:
    'Name of an EC2 key pair for SSH. If omitted, the key pair `default` is used, and machines fail if it doesn’t exist; set `""` for no key pair.',
};

const loadBalancer: FieldNotes = {
  loadBalancerType:
    'Type of load balancer for the API server; `classic` by default. Use `nlb` for new clusters; `disabled` requires `controlPlaneEndpoint`. Immutable.',
  scheme:
    '`internet-facing`, the default, or `internal` for clusters reachable only through a private network. Immutable.',
  name: 'Name of the load balancer; derived from the cluster’s name by default. Immutable.',
  preserveClientIP: 'If true, preserves client addresses, and opens port 6443 of the machines to all addresses.',
  ingressRules:
    'CIDR ranges that can reach the API server; all addresses by default. Include the address of the management cluster.',
  healthCheckProtocol:
    'Health check for the API server. `TCP` considers an unresponsive server healthy; `HTTPS` queries its health endpoint.',
  crossZoneLoadBalancing:
    'If true, distributes traffic across all zones, which adds cross-zone traffic costs; false by default.',
  additionalListeners: 'Additional listener ports on the same load balancer; only with `nlb`.',
  subnets: 'Subnets of the load balancer; discovered by tag by default.',
};

const volume: FieldNotes = {
  size: 'Size in GiB; at least 8 and at least the size of the image.',
  type: 'Volume type, such as `gp3`; the image’s type if omitted.',
  encrypted: 'Whether to encrypt the volume, with the key in `encryptionKey` or else AWS’s default key.',
  iops: 'Provisioned IOPS; only for volume types that support it.',
  throughput: 'Provisioned throughput in MiB per second; only for `gp3`.',
};

const metadataOptions: FieldNotes = {
  'instanceMetadataOptions.httpTokens':
    '`required` allows only IMDSv2, which protects credentials against server-side request forgery; `optional` by default.',
  'instanceMetadataOptions.httpPutResponseHopLimit':
    'Maximum number of network hops for responses of the metadata service; 1 by default, which limits them to the instance. Pods without host network require 2.',
};

const instance: FieldNotes = {
  instanceType: 'Instance type. It must be available in the zones of the region and match the image’s architecture.',
  iamInstanceProfile:
    'Name of the instance profile; the command-line tool creates `control-plane...` and `nodes.cluster-api-provider-aws.sigs.k8s.io`. The cloud controller manager fails without the right profile.',
  'ami.id':
    'ID of the image to boot from. If omitted, an image for the Kubernetes version is looked up; IDs differ by region.',
  'ami.eksLookupType': 'Uses AWS’s EKS-optimized image of this type.',
  ...imageLookup,
  ...under('rootVolume', volume),
  ...under('nonRootVolumes', volume),
  'nonRootVolumes.deviceName': 'Device name, such as `/dev/sdb`; on newer instance types it appears as `/dev/nvme1n1`.',
  additionalSecurityGroups: 'Security groups in addition to the cluster’s. Each entry sets either `id` or `filters`.',
  'spotMarketOptions.maxPrice':
    'Maximum price per hour, as a string; if omitted, the on-demand price. `spotMarketOptions: {}` is enough to request a spot instance.',
  marketType: 'Purchasing option: `OnDemand` by default, or `Spot` if spot options are set.',
  ...metadataOptions,
  ...sshKey,
};

const machine: FieldNotes = {
  ...instance,
  ...tags,
  publicIP: 'Whether the instance gets a public address; if omitted, the subnet’s setting applies.',
  subnet: 'Subnet by ID or filters; if omitted, a subnet of the cluster in the failure domain is used.',
  tenancy: '`default` uses shared hardware; `dedicated` and `host` don’t, at a higher price.',
  placementGroupName: 'Name of the placement group, which must exist.',
  'cloudInit.insecureSkipSecretsManager':
    'If true, stores the bootstrap data, including tokens, in the instance’s user data, readable from the instance; by default it is stored in Secrets Manager.',
  'cloudInit.secureSecretsBackend':
    'Where bootstrap data is stored until the machine reads it: `secrets-manager`, the default, or `ssm-parameter-store`.',
  uncompressedUserData: 'If true, user data is not compressed, as Ignition requires; user data is limited to 16 KB.',
  'ignition.storageType':
    'Where Ignition reads its configuration: `ClusterObjectStore`, the default, requires `s3Bucket` on the cluster; `UnencryptedUserData` is limited in size and not encrypted.',
  providerID: 'Set by the provider; omit it.',
};

export const aws: readonly KindNotes[] = [
  {
    group,
    kind: 'AWSCluster',
    fields: {
      'spec.region': 'AWS region of the cluster. Immutable.',
      'spec.partition': 'AWS partition, for China and government clouds; `aws` by default.',
      ...under('spec', { ...sshKey, ...identityRef, ...imageLookup, ...bastion, ...tags }),
      ...under('spec.network', network),
      ...under('spec.controlPlaneLoadBalancer', loadBalancer),
      'spec.secondaryControlPlaneLoadBalancer':
        'A second load balancer, such as an internal one in addition to a public one.',
      'spec.controlPlaneEndpoint':
        'Set from the load balancer; specify it only with `loadBalancerType: disabled`. Immutable.',
      'spec.s3Bucket': 'Bucket for bootstrap data of machines that boot with Ignition.',
      'spec.s3Bucket.name': 'Name of the bucket, unique across all of AWS.',
      'spec.s3Bucket.nodesIAMInstanceProfiles':
        'Instance profiles of the workers that may read their bootstrap data; list every profile in use.',
    },
  },
  {
    group,
    kind: 'AWSMachineTemplate',
    fields: {
      'spec.template.spec': 'Immutable: copy the template under a new name and update the references to it.',
      ...under('spec.template.spec', machine),
    },
  },
  { group, kind: 'AWSMachine', fields: under('spec', machine) },
  {
    group,
    kind: 'AWSMachinePool',
    fields: {
      'spec.minSize': 'Minimum number of instances in the autoscaling group; 1 by default.',
      'spec.maxSize':
        'Maximum number of instances in the autoscaling group; 1 by default, so increase it together with the pool’s replicas.',
      'spec.availabilityZones': 'Names of the availability zones; the pool’s failure domains take precedence.',
      'spec.subnets': 'Subnets by ID or filters; the cluster’s private subnets by default.',
      'spec.mixedInstancesPolicy': 'Several instance types, and spot in addition to on-demand capacity, in one group.',
      'spec.capacityRebalance':
        'If true, starts a replacement when AWS signals that a spot instance may be interrupted.',
      'spec.refreshPreferences': 'How instances are replaced when the launch template changes.',
      'spec.refreshPreferences.minHealthyPercentage':
        'Percentage of capacity that must stay in service while instances are replaced; 90 by default.',
      'spec.refreshPreferences.disable':
        'If true, a change of the launch template replaces no instances: only new instances use it.',
      'spec.suspendProcesses': 'Processes of the autoscaling group to suspend, such as rebalancing between zones.',
      ...under('spec.awsLaunchTemplate', instance),
      'spec.awsLaunchTemplate.iamInstanceProfile': 'Name of the instance profile.',
    },
  },
  {
    group,
    kind: 'AWSClusterRoleIdentity',
    fields: {
      'spec.roleARN':
        'ARN of the role to assume for clusters that use this identity. Its trust policy must allow the source identity.',
      'spec.sourceIdentityRef': 'Required: the identity that assumes the role, usually the controller’s own.',
      'spec.externalID': 'External ID that the role’s trust policy requires.',
      'spec.durationSeconds': 'Duration of a session in seconds.',
      'spec.allowedNamespaces':
        'Namespaces whose clusters may use this identity: none if omitted, all with `{}`. A selector that is set but empty matches none.',
    },
  },
  {
    group,
    kind: 'AWSClusterStaticIdentity',
    fields: {
      'spec.secretRef':
        'Name of a Secret in the provider’s namespace, not the cluster’s, with `AccessKeyID`, `SecretAccessKey` and optionally `SessionToken`. Immutable.',
      'spec.allowedNamespaces':
        'Namespaces whose clusters may use this identity: none if omitted, all with `{}`. A selector that is set but empty matches none.',
    },
  },
  {
    group,
    kind: 'AWSClusterControllerIdentity',
    fields: {
      'spec.allowedNamespaces':
        'Namespaces whose clusters may use the provider’s own credentials: none if omitted, all with `{}`. The object must be named `default`.',
    },
  },
];
