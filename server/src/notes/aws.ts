// Notes on the AWS provider's machines and networks: https://cluster-api-aws.sigs.k8s.io/ and its types.
import type { FieldNotes, KindNotes } from './note.ts';
import { under } from './note.ts';

const group = 'infrastructure.cluster.x-k8s.io';

export const identityRef: FieldNotes = {
  'identityRef.kind':
    'Whose credentials to use: `AWSClusterControllerIdentity`, the provider’s own, by default. Once given it can’t be taken away.',
  'identityRef.name':
    'Name of the identity, a cluster-scoped object; `default` for the controller’s own. It must allow this namespace.',
};

export const imageLookup: FieldNotes = {
  imageLookupOrg:
    'AWS account whose images are searched where no AMI is given; that of the project by default, which doesn’t build images for every version.',
  imageLookupFormat: 'How image names are made, from `{{.BaseOS}}` and `{{.K8sVersion}}`.',
  imageLookupBaseOS: 'Operating system in the image’s name; Ubuntu by default.',
};

export const network: FieldNotes = {
  'vpc.id':
    'An existing VPC to use, which is then never changed or deleted; list its subnets too. Left out, one is made and deleted with the cluster.',
  'vpc.cidrBlock':
    'Network of the VPC that is made; `10.0.0.0/16` by default. Mind overlaps with what it is to be peered with.',
  'vpc.availabilityZoneUsageLimit':
    'How many zones get subnets when they are made; 3 by default. Each has a NAT gateway that costs.',
  'vpc.availabilityZoneSelection': 'Which zones, where the region has more: the first by name, `Ordered`, or `Random`.',
  subnets: 'Subnets to use or to make. With an existing VPC give the id of each; zone and kind are looked up.',
  'subnets.id': 'Id of an existing subnet, `subnet-...`, or any name for one to be made.',
  'subnets.isPublic': 'Whether the subnet has a route to the internet; load balancers and the bastion go there.',
  'cni.cniIngressRules':
    'What the network plugin needs between machines; by default Calico’s rules, BGP and IP in IP. Others, such as Cilium with VXLAN, need their own.',
  nodePortIngressRuleCidrBlocks: 'Who may reach node ports; everyone by default, as far as subnets are reachable.',
  additionalControlPlaneIngressRules:
    'Further rules of the control plane’s security group. Give networks or security groups in one rule, not both.',
  securityGroupOverrides:
    'Existing security groups by role, in place of those that would be made; their rules are then yours.',
};

export const bastion: FieldNotes = {
  'bastion.enabled': 'True makes a host with a public address to log in by SSH; none by default.',
  'bastion.allowedCIDRBlocks': 'Who may reach the bastion; the whole internet by default.',
};

export const tags: FieldNotes = {
  additionalTags:
    'Tags for everything that is made, beside those the provider needs. A machine’s own win over the cluster’s.',
};

export const sshKey: FieldNotes = {
  sshKeyName:
    'Name of a key pair in AWS for SSH. Left out, one called `default` is used, and machines fail where it doesn’t exist: write `""` for none.',
};

const loadBalancer: FieldNotes = {
  loadBalancerType:
    'Kind of load balancer for the API server: `classic` by default; choose `nlb` for new clusters. `disabled` wants `controlPlaneEndpoint`. It can’t change.',
  scheme:
    '`internet-facing`, the default, or `internal` for clusters reached through a private network only. It can’t change.',
  name: 'Name of the load balancer; made from the cluster’s by default. It can’t change.',
  preserveClientIP: 'True keeps clients’ addresses, and opens port 6443 of the machines to everyone.',
  ingressRules: 'Who may reach the API server; everyone by default. Keep the management cluster’s own address in.',
  healthCheckProtocol:
    'How the API server is checked. `TCP` takes a hanging one for healthy; `HTTPS` asks its health endpoint.',
  crossZoneLoadBalancing: 'True spreads calls over all zones, at the price of traffic between them; false by default.',
  additionalListeners: 'Further ports on the same load balancer; only for `nlb`.',
  subnets: 'Subnets of the load balancer; found by their tags by default.',
};

const volume: FieldNotes = {
  size: 'Size in GiB; at least the image’s and 8.',
  type: 'Kind of volume, such as `gp3`; the image’s where it is left out.',
  encrypted: 'Whether to encrypt; with the key of `encryptionKey`, else AWS’s own.',
  iops: 'Operations per second to provide for; only for kinds that allow it.',
  throughput: 'MiB per second to provide for; only for `gp3`.',
};

const metadataOptions: FieldNotes = {
  'instanceMetadataOptions.httpTokens':
    '`required` allows only IMDSv2, which keeps a pod tricked into calling out from reading credentials; `optional` by default.',
  'instanceMetadataOptions.httpPutResponseHopLimit':
    'How far answers of the metadata service travel; 1 by default, which stops at the machine. Pods without host network need 2.',
};

const instance: FieldNotes = {
  instanceType: 'Kind of instance. It must exist in the region’s zones and fit the image’s architecture.',
  iamInstanceProfile:
    'Instance profile by name; the command-line tool makes `control-plane...` and `nodes.cluster-api-provider-aws.sigs.k8s.io`. Without the right one the cloud controller can’t work.',
  'ami.id': 'Image to boot from; left out, one is searched for the Kubernetes version. Ids differ between regions.',
  'ami.eksLookupType': 'Takes AWS’s own image for EKS of this kind.',
  ...imageLookup,
  ...under('rootVolume', volume),
  ...under('nonRootVolumes', volume),
  'nonRootVolumes.deviceName': 'Device name such as `/dev/sdb`; on newer instances it appears as `/dev/nvme1n1`.',
  additionalSecurityGroups: 'Security groups besides the cluster’s, by `id` or by `filters`, not both in one.',
  'spotMarketOptions.maxPrice':
    'Highest price per hour, as text; left out, up to that of on-demand. `spotMarketOptions: {}` is enough for spot.',
  marketType: 'How capacity is bought: `OnDemand` by default, `Spot` where spot options are given.',
  ...metadataOptions,
  ...sshKey,
};

const machine: FieldNotes = {
  ...instance,
  ...tags,
  publicIP: 'Whether the instance gets a public address; left out, the subnet decides.',
  subnet: 'Subnet by id or filters; left out, one of the cluster’s that fits the failure domain.',
  tenancy: '`default` shares hardware, `dedicated` and `host` don’t and cost more.',
  placementGroupName: 'Placement group, which must exist.',
  'cloudInit.insecureSkipSecretsManager':
    'True puts the bootstrap data, with its tokens, into the instance’s user data, readable from the machine; by default it goes through Secrets Manager.',
  'cloudInit.secureSecretsBackend':
    'Where bootstrap data waits for the machine: `secrets-manager`, the default, or `ssm-parameter-store`.',
  uncompressedUserData:
    'True doesn’t compress user data, which Ignition can’t read compressed; it is limited to 16 KB.',
  'ignition.storageType':
    'Where Ignition fetches from: `ClusterObjectStore`, the default, needs the cluster’s `s3Bucket`; `UnencryptedUserData` is limited in size and readable.',
  providerID: 'Filled in by the provider; leave it out.',
};

export const aws: readonly KindNotes[] = [
  {
    group,
    kind: 'AWSCluster',
    fields: {
      'spec.region': 'AWS region of the cluster; it can’t change.',
      'spec.partition': 'AWS partition, for China and government clouds; `aws` by default.',
      ...under('spec', { ...sshKey, ...identityRef, ...imageLookup, ...bastion, ...tags }),
      ...under('spec.network', network),
      ...under('spec.controlPlaneLoadBalancer', loadBalancer),
      'spec.secondaryControlPlaneLoadBalancer': 'A second load balancer, such as an internal one beside a public one.',
      'spec.controlPlaneEndpoint':
        'Filled in from the load balancer; give it only with `loadBalancerType: disabled`. It can’t change.',
      'spec.s3Bucket': 'Bucket for bootstrap data of machines that boot with Ignition.',
      'spec.s3Bucket.name': 'Name of the bucket, unique in all of AWS.',
      'spec.s3Bucket.nodesIAMInstanceProfiles':
        'Instance profiles of the workers that may read their data; all in use must be listed.',
    },
  },
  {
    group,
    kind: 'AWSMachineTemplate',
    fields: {
      'spec.template.spec': 'Can’t be edited: copy the template under a new name and name that where it is used.',
      ...under('spec.template.spec', machine),
    },
  },
  { group, kind: 'AWSMachine', fields: under('spec', machine) },
  {
    group,
    kind: 'AWSMachinePool',
    fields: {
      'spec.minSize': 'Fewest instances of the autoscaling group; 1 by default.',
      'spec.maxSize': 'Most instances of the autoscaling group; 1 by default, so raise it with the pool’s replicas.',
      'spec.availabilityZones': 'Zones to run in, by name; the pool’s failure domains win.',
      'spec.subnets': 'Subnets by id or filters; the cluster’s private ones by default.',
      'spec.mixedInstancesPolicy': 'Several kinds of instances, and spot beside on-demand, in one group.',
      'spec.capacityRebalance': 'True starts a replacement when AWS warns that a spot instance may go.',
      'spec.refreshPreferences': 'How instances are replaced when the launch template changes.',
      'spec.refreshPreferences.minHealthyPercentage':
        'How much must stay in service while instances are replaced; 90 by default.',
      'spec.refreshPreferences.disable':
        'True replaces no instance when the launch template changes: only new ones get it.',
      'spec.suspendProcesses': 'Processes of the autoscaling group to hold, such as rebalancing between zones.',
      ...under('spec.awsLaunchTemplate', instance),
      'spec.awsLaunchTemplate.iamInstanceProfile': 'Instance profile by name.',
    },
  },
  {
    group,
    kind: 'AWSClusterRoleIdentity',
    fields: {
      'spec.roleARN':
        'Role to assume for clusters that use this identity. Its trust policy must name the source identity.',
      'spec.sourceIdentityRef': 'Identity that assumes the role; needed, and mostly the controller’s own.',
      'spec.externalID': 'External id that the role’s trust policy asks for.',
      'spec.durationSeconds': 'How long a session lasts.',
      'spec.allowedNamespaces':
        'Namespaces whose clusters may use this identity: left out none, `{}` all. A selector that is there but empty matches none.',
    },
  },
  {
    group,
    kind: 'AWSClusterStaticIdentity',
    fields: {
      'spec.secretRef':
        'Name of a Secret in the provider’s namespace, not the cluster’s, with `AccessKeyID`, `SecretAccessKey` and maybe `SessionToken`. It can’t change.',
      'spec.allowedNamespaces':
        'Namespaces whose clusters may use this identity: left out none, `{}` all. A selector that is there but empty matches none.',
    },
  },
  {
    group,
    kind: 'AWSClusterControllerIdentity',
    fields: {
      'spec.allowedNamespaces':
        'Namespaces whose clusters may use the provider’s own credentials: left out none, `{}` all. The object must be named `default`.',
    },
  },
];
