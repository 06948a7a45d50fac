// What each kind of Cluster API, its providers, Flux and Kubernetes’ workloads is for, in a sentence of our own.
import type { GroupKind } from '../kube/identity.ts';

type About = Readonly<Record<string, string>>;

const inGroup = (group: string, kinds: About): readonly (readonly [GroupKind, string])[] =>
  Object.entries(kinds).map(([kind, about]) => [`${group}/${kind}`, about]);

const template = (kind: string): string =>
  `Pattern that each ${kind} is copied from. It can’t be edited: make one of a new name and name that where it is used.`;

const operated = (what: string): string => `Has the Cluster API operator install ${what} and keep its version.`;

export const kindNotes: ReadonlyMap<GroupKind, string> = new Map([
  ...inGroup('', {
    Pod: 'Containers that run together on one node. On its own nothing starts it again elsewhere.',
    Service: 'One address for the pods that its selector fits.',
    PersistentVolumeClaim: 'Asks for storage that outlives pods.',
  }),
  ...inGroup('apps', {
    Deployment: 'Equal pods without state of their own, replaced step by step when the template changes.',
    StatefulSet: 'Pods with names, storage and an order of their own.',
    DaemonSet: 'One pod on each node that fits.',
  }),
  ...inGroup('batch', {
    Job: 'Pods that run to their end.',
    CronJob: 'Makes Jobs by a schedule.',
  }),
  ...inGroup('networking.k8s.io', { Ingress: 'Leads HTTP from outside to Services, by host and path.' }),
  ...inGroup('autoscaling', { HorizontalPodAutoscaler: 'Sets the replicas of a workload by its load.' }),
  ...inGroup('policy', { PodDisruptionBudget: 'How many pods evictions, such as a drain’s, must leave alone.' }),
  ...inGroup('kustomize.config.k8s.io', {
    Kustomization: 'What kustomize builds from a folder: which files, and what is changed in them. No cluster gets it.',
    Component: 'Part of kustomizations that several of them share; it changes what they have by then.',
  }),
  ...inGroup('cluster.x-k8s.io', {
    Cluster:
      'One workload cluster: its network, and its control plane and infrastructure by reference or as a topology.',
    ClusterClass: 'What clusters of one kind are made of: templates, classes of workers, variables and patches.',
    Machine: 'One machine that is or becomes a node. Mostly made by others; on its own nothing replaces it.',
    MachineSet: 'As many equal machines as it says. Mostly made by a MachineDeployment.',
    MachineDeployment: 'Workers that are replaced by rolling updates, as a Deployment does with pods.',
    MachinePool: 'Workers whose instances a group of the cloud keeps, such as an autoscaling group.',
    MachineHealthCheck: 'Has machines replaced whose nodes are unhealthy for too long.',
    MachineDrainRule: 'Which pods to evict, wait for or leave alone when nodes are drained, and in which order.',
  }),
  ...inGroup('bootstrap.cluster.x-k8s.io', {
    KubeadmConfig: 'How one machine becomes a node by kubeadm; its bootstrap data ends up in a Secret.',
    KubeadmConfigTemplate:
      'How the machines of a set become nodes by kubeadm. Editing it changes only machines made later.',
    EKSConfig: 'How a machine joins EKS with Amazon Linux 2.',
    NodeadmConfig: 'How a machine joins EKS with Amazon Linux 2023.',
  }),
  ...inGroup('controlplane.cluster.x-k8s.io', {
    KubeadmControlPlane: 'A control plane of machines set up by kubeadm, with etcd on them or elsewhere.',
    KubeadmControlPlaneTemplate: 'Control plane of a ClusterClass; replicas and version come from each cluster.',
    AWSManagedControlPlane: 'A control plane run by EKS.',
  }),
  ...inGroup('addons.cluster.x-k8s.io', {
    ClusterResourceSet: 'Manifests that are applied to every cluster with certain labels.',
    ClusterResourceSetBinding: 'What ClusterResourceSets applied to one cluster; kept by the controller.',
    HelmChartProxy: 'A Helm chart that is installed on every cluster with certain labels.',
    HelmReleaseProxy: 'One chart on one cluster; kept by the controller of HelmChartProxy.',
  }),
  ...inGroup('ipam.cluster.x-k8s.io', {
    IPAddressClaim: 'Asks a pool for an address, mostly on behalf of a machine.',
    IPAddress: 'An address that a pool gave to a claim.',
    InClusterIPPool: 'Addresses that machines of one namespace are given.',
    GlobalInClusterIPPool: 'Addresses that machines of all namespaces are given.',
  }),
  ...inGroup('runtime.cluster.x-k8s.io', {
    ExtensionConfig: 'Where a runtime extension is, which is called at steps of clusters’ lives.',
  }),
  ...inGroup('operator.cluster.x-k8s.io', {
    CoreProvider: operated('Cluster API itself'),
    BootstrapProvider: operated('a bootstrap provider'),
    ControlPlaneProvider: operated('a control plane provider'),
    InfrastructureProvider: operated('an infrastructure provider'),
    AddonProvider: operated('an add-on provider'),
    IPAMProvider: operated('a provider of addresses'),
    RuntimeExtensionProvider: operated('a runtime extension'),
  }),
  ...inGroup('infrastructure.cluster.x-k8s.io', {
    AWSCluster: 'Network, security groups and load balancer of a cluster on EC2.',
    AWSMachine: 'One EC2 instance.',
    AWSMachineTemplate: template('AWSMachine'),
    AWSMachinePool: 'An autoscaling group of EC2 instances.',
    AWSManagedCluster: 'Stands for the infrastructure of an EKS cluster, which AWSManagedControlPlane describes.',
    AWSManagedMachinePool: 'A node group that EKS runs.',
    AWSFargateProfile: 'Which pods of an EKS cluster run on Fargate.',
    AWSClusterControllerIdentity: 'Lets namespaces use the provider’s own AWS credentials; its name is `default`.',
    AWSClusterRoleIdentity: 'An IAM role to act as, mostly in another account.',
    AWSClusterStaticIdentity: 'AWS access keys from a Secret.',
    AzureCluster: 'Network and load balancers of a cluster on Azure’s virtual machines.',
    AzureMachine: 'One virtual machine on Azure.',
    AzureMachineTemplate: template('AzureMachine'),
    AzureMachinePool: 'A scale set of virtual machines on Azure.',
    AzureClusterIdentity: 'Who the provider signs in to Azure as, and which namespaces may use it.',
    AzureManagedControlPlane: 'An AKS cluster. Deprecated: AzureASOManagedControlPlane replaces it.',
    AzureManagedCluster: 'Stands for the infrastructure of an AKS cluster. Deprecated with AzureManagedControlPlane.',
    AzureManagedMachinePool: 'A node pool of AKS. Deprecated: AzureASOManagedMachinePool replaces it.',
    AzureASOManagedCluster: 'Resources of Azure an AKS cluster stands in, as Azure Service Operator describes them.',
    AzureASOManagedControlPlane: 'An AKS cluster as Azure Service Operator describes it.',
    AzureASOManagedMachinePool: 'A node pool of AKS as Azure Service Operator describes it.',
    VSphereCluster: 'The vCenter a cluster runs on, and where its API server is reached.',
    VSphereMachine: 'One virtual machine on vSphere.',
    VSphereMachineTemplate: template('VSphereMachine'),
    VSphereClusterIdentity: 'Credentials for vCenter that several namespaces share.',
    VSphereFailureDomain: 'Where in vCenter machines are apart from others: data center, cluster, hosts, network.',
    VSphereDeploymentZone: 'A failure domain that machines may be made in, and with which limits.',
  }),
  ...inGroup('source.toolkit.fluxcd.io', {
    GitRepository: 'A Git repository whose revision Flux follows and hands to appliers.',
    OCIRepository: 'Manifests or a Helm chart kept as an OCI artifact, which Flux follows.',
    Bucket: 'Manifests kept in object storage, which Flux follows.',
    HelmRepository: 'Where Helm charts come from: a repository with an index, or a registry.',
    HelmChart: 'One chart of a source at one version. Mostly made by a HelmRelease.',
    ExternalArtifact: 'An artifact that something other than Flux’s own controllers made.',
  }),
  ...inGroup('kustomize.toolkit.fluxcd.io', {
    Kustomization:
      'Builds a directory of a source, applies it to a cluster and keeps it so. Not kustomize’s own file of that name.',
  }),
  ...inGroup('helm.toolkit.fluxcd.io', {
    HelmRelease: 'Installs a Helm chart with values, upgrades it when either changes, and repairs or rolls back.',
  }),
  ...inGroup('notification.toolkit.fluxcd.io', {
    Provider: 'A chat, incident or Git service that is told of events.',
    Alert: 'Which events of which objects a Provider is told of.',
    Receiver: 'A webhook that has sources and images looked at as soon as something is pushed.',
  }),
  ...inGroup('image.toolkit.fluxcd.io', {
    ImageRepository: 'Lists the tags of one image.',
    ImagePolicy: 'Chooses one tag of an image as the newest.',
    ImageUpdateAutomation: 'Writes the tags that policies chose into a Git repository.',
  }),
  ...inGroup('fluxcd.controlplane.io', {
    FluxInstance: 'Has the Flux operator install Flux, keep its version and start it from a repository.',
    FluxReport: 'State of Flux in this cluster; kept by the operator.',
    ResourceSet: 'Makes the same objects for each set of inputs, such as tenants or pull requests.',
    ResourceSetInputProvider: 'Finds sets of inputs: pull requests, branches, tags, artifacts.',
  }),
]);
