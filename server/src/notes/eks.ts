// Notes on EKS in the AWS provider: https://cluster-api-aws.sigs.k8s.io/topics/eks/ and its types.
import { bastion, identityRef, imageLookup, network, sshKey, tags } from './aws.ts';
import type { FieldNotes, KindNotes } from './note.ts';
import { under } from './note.ts';

const roles: FieldNotes = {
  roleName:
    'IAM role by name; one that exists is used and never deleted, else it is made, which needs the feature gate `EKSEnableIAM`.',
  roleAdditionalPolicies: 'Further policies for the role. Needs the feature gate `EKSAllowAddRoles`.',
};

const controlPlane: FieldNotes = {
  version: 'Kubernetes version of which only major and minor count; it can’t go down. Left out, the newest EKS has.',
  eksClusterName: 'Name in AWS; from namespace and name by default. It can’t change.',
  region: 'AWS region; it can’t change.',
  'endpointAccess.public': 'Whether the API server is reached from the internet; true by default.',
  'endpointAccess.private':
    'Whether nodes reach the API server inside the VPC; false by default, so that they go through the public one.',
  'endpointAccess.publicCIDRs':
    'Who may reach the public endpoint; everyone by default. Keep the management cluster’s address in.',
  addons: 'EKS add-ons to install and keep at a version. One that is taken off the list is uninstalled.',
  'addons.name': 'Name of the add-on, such as `vpc-cni`, `coredns`, `kube-proxy` or `aws-ebs-csi-driver`.',
  'addons.version': 'Version of the add-on; which fit depends on the cluster’s version, so check both when upgrading.',
  'addons.conflictResolution':
    'What to do where the add-on’s settings were changed in the cluster: `overwrite` them, the default, `preserve` them or fail (`none`).',
  'addons.serviceAccountRoleARN': 'Role for the add-on’s service account. Needs `associateOIDCProvider`.',
  'addons.configuration': 'Settings of the add-on as a JSON text.',
  'vpcCni.disable':
    'True takes AWS’s network plugin out, for another one; nodes aren’t ready until that runs. Not together with it as an add-on.',
  'kubeProxy.disable':
    'True takes kube-proxy out, where the network plugin replaces it. Not together with it as an add-on.',
  associateOIDCProvider: 'True makes an OIDC provider in IAM, which roles for service accounts need; false by default.',
  'accessConfig.authenticationMode':
    'How IAM identities get in: `config_map`, the default, reads the ConfigMap `aws-auth`, `api` access entries. It only goes towards `api`, never back.',
  'accessConfig.bootstrapClusterCreatorAdminPermissions':
    'Whether the identity that makes the cluster is its administrator; true by default, and only looked at then. The provider needs access itself.',
  accessEntries: 'Who gets in, by IAM identity. Needs an authentication mode with `api`.',
  'iamAuthenticatorConfig.mapRoles': 'IAM roles and the users and groups they become, in the ConfigMap `aws-auth`.',
  secondaryCidrBlock: 'Further network for pods, within 100.64.0.0/10 or 198.19.0.0/16.',
  'encryptionConfig.provider':
    'KMS key that Secrets are encrypted with, by ARN or alias. It can’t be taken away again.',
  'logging.audit': 'True sends the audit log to CloudWatch, which costs by volume; false by default.',
  upgradePolicy:
    'What happens when standard support for the version ends: `extended` goes on at a higher price, `standard` upgrades by itself.',
  tokenMethod:
    'How the kubeconfig gets tokens: `iam-authenticator`, the default, or `aws-cli`. The program must be where it is used.',
  bootstrapSelfManagedAddons:
    'False makes the cluster without default network add-ons; true by default. Only looked at when the cluster is made.',
  restrictPrivateSubnets: 'True keeps the control plane’s network interfaces to private subnets.',
  'oidcIdentityProviderConfig.issuerUrl': 'OIDC issuer for users of the cluster; it must be public HTTPS.',
  controlPlaneEndpoint: 'Filled in by EKS; leave it out.',
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
    'Kind of image: `AL2_x86_64`, Amazon Linux 2, by default, which EKS offers no further than 1.32; choose one of `AL2023_...` or `BOTTLEROCKET_...`. `CUSTOM` comes with a launch template.',
  amiVersion: 'Release of the image; the newest by default.',
  instanceType: 'Kind of instance; `t3.medium` is EKS’s default. Not together with one in the launch template.',
  capacityType: '`onDemand`, the default, or `spot`.',
  diskSize: 'Size of the root volume in GiB. Not together with a launch template.',
  'scaling.minSize': 'Fewest nodes of the group.',
  'scaling.maxSize': 'Most nodes of the group. The pool’s replicas must lie between the two.',
  eksNodegroupName: 'Name of the node group in AWS; made from namespace and name by default. It can’t change.',
  labels: 'Labels of the nodes. Changes reach the nodes there are.',
  taints: 'Taints of the nodes, with effects written in lower case with dashes, as `no-schedule`.',
  subnetIDs: 'Subnets of the nodes; the cluster’s private ones by default.',
  availabilityZones: 'Zones of the nodes, whose subnets are used.',
  'updateConfig.maxUnavailable': 'Nodes that may be missing while the group is updated. Give this or the percentage.',
  'updateConfig.maxUnavailablePercentage': 'Share of the nodes that may be missing while the group is updated.',
  awsLaunchTemplate: 'Settings of the instances beyond those here. Some may then only be given there.',
  'remoteAccess.sshKeyName': 'Key pair for SSH to the nodes.',
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
      'spec.clusterName': 'The Cluster this belongs to, in the same namespace.',
      'spec.selectors': 'Which pods run on Fargate, by namespace and labels. EKS can’t change a profile once made.',
      'spec.subnetIDs': 'Subnets of the pods; they must be private. The cluster’s by default.',
    },
  },
  {
    group: 'bootstrap.cluster.x-k8s.io',
    kind: 'EKSConfig',
    fields: {
      'spec.kubeletExtraArgs':
        'Flags for the kubelet, without dashes. For Amazon Linux 2; newer images need NodeadmConfig.',
      'spec.preBootstrapCommands': 'Commands before the node joins.',
      'spec.postBootstrapCommands': 'Commands after the node joined.',
      'spec.useMaxPods': 'True limits pods to what the instance has addresses for, as AWS’s network plugin needs it.',
    },
  },
  {
    group: 'bootstrap.cluster.x-k8s.io',
    kind: 'NodeadmConfig',
    fields: {
      'spec.kubelet.config': 'Parts of a KubeletConfiguration, merged with the defaults.',
      'spec.kubelet.flags': 'Flags for the kubelet, with dashes, behind the defaults.',
      'spec.containerd.config': 'TOML merged with containerd’s configuration.',
      'spec.preNodeadmCommands': 'Commands before the node joins.',
    },
  },
];
