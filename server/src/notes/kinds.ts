// The purpose of each kind of Cluster API, its providers, Flux and Kubernetes workloads, in our own words.
import type { GroupKind } from '../kube/identity.ts';

type About = Readonly<Record<string, string>>;

const inGroup = (group: string, kinds: About): readonly (readonly [GroupKind, string])[] =>
  Object.entries(kinds).map(([kind, about]) => [`${group}/${kind}`, about]);

const template = (kind: string): string =>
  `Template from which each ${kind} is created. Immutable: create a new template and update the references to it.`;

const operated = (what: string): string => `Installs ${what} through the Cluster API operator and manages the version.`;

export const kindNotes: ReadonlyMap<GroupKind, string> = new Map([
  ...inGroup('', {
    '.capstan.yaml': 'What Capstan checks in this repository, and against which releases.',
    Pod: 'Containers that run together on one node. A pod without a controller is not restarted on another node.',
    Service: 'A stable address for the pods that match a selector.',
    PersistentVolumeClaim: 'A request for storage that outlives pods.',
  }),
  ...inGroup('apps', {
    Deployment: 'Interchangeable, stateless pods, replaced gradually when the template changes.',
    StatefulSet: 'Pods with stable names, storage and order.',
    DaemonSet: 'One pod on each matching node.',
  }),
  ...inGroup('batch', {
    Job: 'Pods that run to completion.',
    CronJob: 'Creates Jobs on a schedule.',
  }),
  ...inGroup('networking.k8s.io', { Ingress: 'Routes external HTTP traffic to Services by host and path.' }),
  ...inGroup('autoscaling', { HorizontalPodAutoscaler: 'Scales a workload based on its load.' }),
  ...inGroup('policy', { PodDisruptionBudget: 'Limits how many pods can be evicted at once, such as during a drain.' }),
  ...inGroup('kustomize.config.k8s.io', {
    Kustomization:
      'Configuration of a kustomize build: its files and the changes to them. It is never applied to a cluster.',
    Component: 'Reusable part of several kustomizations; it changes the resources accumulated so far.',
  }),
  ...inGroup('cluster.x-k8s.io', {
    Cluster:
      'A workload cluster: its network, and its control plane and infrastructure, by reference or as a topology.',
    ClusterClass: 'Blueprint for clusters: templates, classes of workers, variables and patches.',
    Machine: 'A machine that is or becomes a node. Usually created by a controller; without one it is not replaced.',
    MachineSet: 'A set of identical machines. Usually created by a MachineDeployment.',
    MachineDeployment: 'Workers that are replaced by rolling updates, as pods of a Deployment are.',
    MachinePool: 'Workers whose instances are managed by a group in the cloud, such as an autoscaling group.',
    MachineHealthCheck: 'Replaces machines whose nodes are unhealthy for too long.',
    MachineDrainRule: 'Which pods are evicted, waited for or skipped when nodes are drained, and in which order.',
  }),
  ...inGroup('bootstrap.cluster.x-k8s.io', {
    KubeadmConfig: 'How kubeadm turns a machine into a node; its bootstrap data is stored in a Secret.',
    KubeadmConfigTemplate:
      'How kubeadm turns the machines of a set into nodes. Changes affect only machines created later.',
    EKSConfig: 'How a machine joins EKS with Amazon Linux 2.',
    NodeadmConfig: 'How a machine joins EKS with Amazon Linux 2023.',
  }),
  ...inGroup('controlplane.cluster.x-k8s.io', {
    KubeadmControlPlane: 'A control plane of machines set up by kubeadm, with stacked or external etcd.',
    KubeadmControlPlaneTemplate: 'The control plane of a ClusterClass; replicas and version are set by each cluster.',
    AWSManagedControlPlane: 'A control plane managed by EKS.',
  }),
  ...inGroup('addons.cluster.x-k8s.io', {
    ClusterResourceSet: 'Manifests that are applied to every cluster with given labels.',
    ClusterResourceSetBinding:
      'The resources that ClusterResourceSets applied to one cluster; managed by the controller.',
    HelmChartProxy: 'A Helm chart that is installed on every cluster with given labels.',
    HelmReleaseProxy: 'One chart on one cluster; managed by the controller of HelmChartProxy.',
  }),
  ...inGroup('ipam.cluster.x-k8s.io', {
    IPAddressClaim: 'Requests an address from a pool, usually for a machine.',
    IPAddress: 'An address that a pool allocated for a claim.',
    InClusterIPPool: 'Addresses for machines in one namespace.',
    GlobalInClusterIPPool: 'Addresses for machines in all namespaces.',
  }),
  ...inGroup('runtime.cluster.x-k8s.io', {
    ExtensionConfig: 'Registers a runtime extension, which is called during the lifecycle of clusters.',
  }),
  ...inGroup('operator.cluster.x-k8s.io', {
    CoreProvider: operated('Cluster API itself'),
    BootstrapProvider: operated('a bootstrap provider'),
    ControlPlaneProvider: operated('a control plane provider'),
    InfrastructureProvider: operated('an infrastructure provider'),
    AddonProvider: operated('an add-on provider'),
    IPAMProvider: operated('an IPAM provider'),
    RuntimeExtensionProvider: operated('a runtime extension'),
  }),
  ...inGroup('infrastructure.cluster.x-k8s.io', {
    AWSCluster: 'Network, security groups and load balancer of a cluster on EC2.',
    AWSMachine: 'One EC2 instance.',
    AWSMachineTemplate: template('AWSMachine'),
    AWSMachinePool: 'An autoscaling group of EC2 instances.',
    AWSManagedCluster: 'Represents the infrastructure of an EKS cluster; AWSManagedControlPlane describes the cluster.',
    AWSManagedMachinePool: 'A node group managed by EKS.',
    AWSFargateProfile: 'The pods of an EKS cluster that run on Fargate.',
    AWSClusterControllerIdentity: 'Allows namespaces to use the provider’s own AWS credentials; its name is `default`.',
    AWSClusterRoleIdentity: 'An IAM role to assume, usually in another account.',
    AWSClusterStaticIdentity: 'AWS access keys from a Secret.',
    AzureCluster: 'Network and load balancers of a cluster on Azure virtual machines.',
    AzureMachine: 'A virtual machine on Azure.',
    AzureMachineTemplate: template('AzureMachine'),
    AzureMachinePool: 'A scale set of virtual machines on Azure.',
    AzureClusterIdentity: 'The identity that the provider uses for Azure, and the namespaces that may use it.',
    AzureManagedControlPlane: 'An AKS cluster. Deprecated; use AzureASOManagedControlPlane.',
    AzureManagedCluster: 'Represents the infrastructure of an AKS cluster. Deprecated with AzureManagedControlPlane.',
    AzureManagedMachinePool: 'A node pool of AKS. Deprecated; use AzureASOManagedMachinePool.',
    AzureASOManagedCluster: 'The Azure resources around an AKS cluster, defined with Azure Service Operator.',
    AzureASOManagedControlPlane: 'An AKS cluster, defined with Azure Service Operator.',
    AzureASOManagedMachinePool: 'An AKS node pool, defined with Azure Service Operator.',
    VSphereCluster: 'The vCenter of a cluster and the endpoint of its API server.',
    VSphereMachine: 'A virtual machine on vSphere.',
    VSphereMachineTemplate: template('VSphereMachine'),
    VSphereClusterIdentity: 'Credentials for vCenter, shared by several namespaces.',
    VSphereFailureDomain: 'A failure domain in vCenter: data center, cluster, hosts and network.',
    VSphereDeploymentZone: 'A failure domain in which machines can be created, with constraints.',
  }),
  ...inGroup('source.toolkit.fluxcd.io', {
    GitRepository: 'A Git repository that Flux polls; its artifact is passed to appliers.',
    OCIRepository: 'Manifests or a Helm chart in an OCI artifact that Flux polls.',
    Bucket: 'Manifests in object storage that Flux polls.',
    HelmRepository: 'Source of Helm charts: a repository with an index, or an OCI registry.',
    HelmChart: 'A chart from a source at one version. Usually created by a HelmRelease.',
    ExternalArtifact: 'An artifact produced by a controller other than Flux’s own.',
  }),
  ...inGroup('kustomize.toolkit.fluxcd.io', {
    Kustomization:
      'Builds a directory of a source, applies it to a cluster and corrects drift. Not to be confused with kustomize’s own file of that name.',
  }),
  ...inGroup('helm.toolkit.fluxcd.io', {
    HelmRelease: 'Installs a Helm chart with values, upgrades it when either changes, and remediates failures.',
  }),
  ...inGroup('notification.toolkit.fluxcd.io', {
    Provider: 'A chat, incident or Git service to which events are sent.',
    Alert: 'Selects the events that are sent to a Provider.',
    Receiver: 'A webhook that triggers the reconciliation of sources and images as soon as something is pushed.',
  }),
  ...inGroup('image.toolkit.fluxcd.io', {
    ImageRepository: 'Lists the tags of one image.',
    ImagePolicy: 'Selects the latest tag of an image.',
    ImageUpdateAutomation: 'Writes the tags that policies selected to a Git repository.',
  }),
  ...inGroup('fluxcd.controlplane.io', {
    FluxInstance: 'Installs Flux through the Flux operator, manages the version and syncs from a repository.',
    FluxReport: 'State of Flux in this cluster; managed by the operator.',
    ResourceSet: 'Generates the same objects for each set of inputs, such as tenants or pull requests.',
    ResourceSetInputProvider: 'Provides sets of inputs: pull requests, branches, tags, artifacts.',
  }),
]);
