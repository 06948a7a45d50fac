// Notes on EKS in the AWS provider: https://cluster-api-aws.sigs.k8s.io/topics/eks/ and its types.
import { bastion, identityRef, imageLookup, network, sshKey, tags } from './aws.ts';
import type { FieldNotes, KindNotes } from './note.ts';
import { under } from './note.ts';

const roles: FieldNotes = {
  roleName:
    'Name of the IAM role. An existing role is used and never deleted; otherwise it is created, which requires the feature gate `EKSEnableIAM`.',
  roleAdditionalPolicies: 'Additional policies for the role. Requires the feature gate `EKSAllowAddRoles`.',
};

const controlPlane: FieldNotes = {
  version:
    'Kubernetes version; only major and minor are used, and downgrades are rejected. If omitted, the latest version of EKS is used.',
  eksClusterName: 'Name of the cluster in AWS; derived from namespace and name by default. Immutable.',
  region: 'AWS region. Immutable.',
  'endpointAccess.public': 'Whether the API server is reachable from the internet; true by default.',
  'endpointAccess.private':
    'Whether nodes reach the API server within the VPC; false by default, so that they use the public endpoint.',
  'endpointAccess.publicCIDRs':
    'CIDR ranges that can reach the public endpoint; all addresses by default. Include the address of the management cluster.',
  addons: 'EKS add-ons to install at a given version. An add-on that is removed from the list is uninstalled.',
  'addons.name': 'Name of the add-on, such as `vpc-cni`, `coredns`, `kube-proxy` or `aws-ebs-csi-driver`.',
  'addons.version':
    'Version of the add-on. Compatible versions depend on the cluster’s version, so check both when upgrading.',
  'addons.conflictResolution':
    'How to resolve settings of the add-on that were changed in the cluster: `overwrite`, the default, `preserve`, or fail (`none`).',
  'addons.serviceAccountRoleARN': 'Role ARN for the add-on’s service account. Requires `associateOIDCProvider`.',
  'addons.configuration': 'Settings of the add-on as a JSON string.',
  'vpcCni.disable':
    'If true, removes AWS’s network plugin in favor of another; nodes are not ready until that one runs. Must not be set together with the `vpc-cni` add-on.',
  'kubeProxy.disable':
    'If true, removes kube-proxy, for network plugins that replace it. Must not be set together with the `kube-proxy` add-on.',
  associateOIDCProvider:
    'If true, creates an OIDC provider in IAM, which IAM roles for service accounts require; false by default.',
  'accessConfig.authenticationMode':
    'How IAM identities authenticate: `config_map`, the default, reads the ConfigMap `aws-auth`; `api` uses access entries. It can change towards `api` but not back.',
  'accessConfig.bootstrapClusterCreatorAdminPermissions':
    'Whether the identity that creates the cluster becomes its administrator; true by default. Used only at creation; the provider itself requires access.',
  accessEntries: 'Access to the cluster by IAM identity. Requires an authentication mode that includes `api`.',
  'iamAuthenticatorConfig.mapRoles': 'IAM roles and the users and groups they map to, in the ConfigMap `aws-auth`.',
  secondaryCidrBlock: 'Additional CIDR range for pods, within 100.64.0.0/10 or 198.19.0.0/16.',
  'encryptionConfig.provider': 'KMS key for encrypting Secrets, by ARN or alias. It can’t be removed.',
  'logging.audit': 'If true, sends the audit log to CloudWatch, which bills by volume; false by default.',
  upgradePolicy:
    'What happens when standard support for the version ends: `extended` continues at a higher price, `standard` upgrades automatically.',
  tokenMethod:
    'How the kubeconfig obtains tokens: `iam-authenticator`, the default, or `aws-cli`. The program must be installed where the kubeconfig is used.',
  bootstrapSelfManagedAddons:
    'If false, creates the cluster without the default networking add-ons; true by default. Used only at creation.',
  restrictPrivateSubnets: 'If true, limits the control plane’s network interfaces to private subnets.',
  'oidcIdentityProviderConfig.issuerUrl':
    'URL of an OIDC issuer for cluster users; it must be publicly reachable over HTTPS.',
  controlPlaneEndpoint: 'Set by EKS; omit it.',
  ...roles,
  ...identityRef,
  ...sshKey,
  ...bastion,
  ...tags,
  ...imageLookup,
  ...under('network', network),
};

const pool: FieldNotes = {
  amiType:
    'Image type: `AL2_x86_64`, Amazon Linux 2, by default, which EKS supports only up to 1.32; use an `AL2023_...` or `BOTTLEROCKET_...` type. `CUSTOM` requires a launch template.',
  amiVersion: 'Release of the image; the latest by default.',
  instanceType:
    'Instance type; EKS uses `t3.medium` if omitted. Must not be set together with an instance type in the launch template.',
  capacityType: '`onDemand`, the default, or `spot`.',
  diskSize: 'Size of the root volume in GiB. Must not be set together with a launch template.',
  'scaling.minSize': 'Minimum number of nodes in the group.',
  'scaling.maxSize': 'Maximum number of nodes in the group. The pool’s replicas must be between the two.',
  eksNodegroupName: 'Name of the node group in AWS; derived from namespace and name by default. Immutable.',
  labels: 'Labels of the nodes. Changes are applied to existing nodes.',
  taints: 'Taints of the nodes. Effects are in lowercase with dashes, such as `no-schedule`.',
  subnetIDs: 'Subnets of the nodes; the cluster’s private subnets by default.',
  availabilityZones: 'Availability zones whose subnets are used for the nodes.',
  'updateConfig.maxUnavailable':
    'Number of nodes that can be unavailable during an update. Set either this or the percentage.',
  'updateConfig.maxUnavailablePercentage': 'Percentage of nodes that can be unavailable during an update.',
  awsLaunchTemplate: 'Additional settings of the instances. Some settings must then be set only there.',
  'remoteAccess.sshKeyName': 'EC2 key pair for SSH access to the nodes.',
  ...roles,
  ...tags,
};

export const eks: readonly KindNotes[] = [
  { group: 'controlplane.cluster.x-k8s.io', kind: 'AWSManagedControlPlane', fields: under('spec', controlPlane) },
  {
    group: 'controlplane.cluster.x-k8s.io',
    kind: 'AWSManagedControlPlaneTemplate',
    fields: under('spec.template.spec', controlPlane),
  },
  { group: 'infrastructure.cluster.x-k8s.io', kind: 'AWSManagedMachinePool', fields: under('spec', pool) },
  {
    group: 'infrastructure.cluster.x-k8s.io',
    kind: 'AWSFargateProfile',
    fields: {
      'spec.clusterName': 'Name of the Cluster to which this belongs, in the same namespace.',
      'spec.selectors': 'Pods that run on Fargate, by namespace and labels. EKS doesn’t allow changes to a profile.',
      'spec.subnetIDs': 'Subnets of the pods, which must be private; the cluster’s subnets by default.',
    },
  },
  {
    group: 'bootstrap.cluster.x-k8s.io',
    kind: 'EKSConfig',
    fields: {
      'spec.kubeletExtraArgs':
        'Flags for the kubelet, without leading dashes, on Amazon Linux 2; newer images require NodeadmConfig.',
      'spec.preBootstrapCommands': 'Commands to run before the node joins.',
      'spec.postBootstrapCommands': 'Commands to run after the node has joined.',
      'spec.useMaxPods':
        'If true, limits the number of pods to the addresses that the instance supports, as AWS’s network plugin requires.',
    },
  },
  {
    group: 'bootstrap.cluster.x-k8s.io',
    kind: 'NodeadmConfig',
    fields: {
      'spec.kubelet.config': 'Fields of a KubeletConfiguration, merged with the defaults.',
      'spec.kubelet.flags': 'Flags for the kubelet, with leading dashes, appended to the defaults.',
      'spec.containerd.config': 'TOML merged with containerd’s configuration.',
      'spec.preNodeadmCommands': 'Commands to run before the node joins.',
    },
  },
];
