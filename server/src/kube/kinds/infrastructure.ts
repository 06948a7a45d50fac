// Infrastructure providers: references of their clusters and machines besides those of Cluster API's contract
// (api/ of cluster-api-provider-aws 2.13, -azure 1.26, -vsphere 1.16, -openstack 0.14).
import type { GroupKind } from '../identity.ts';
import type { Kind, Reference } from '../kind.ts';
import { anywhere, clusterWide, maybe, same } from './references.ts';

const infra = 'infrastructure.cluster.x-k8s.io';
const controlPlane = 'controlplane.cluster.x-k8s.io';
const cluster: GroupKind = 'cluster.x-k8s.io/Cluster';
const secret: GroupKind = '/Secret';
const own = (kind: string): GroupKind => `${infra}/${kind}`;

const awsIdentities = ['AWSClusterControllerIdentity', 'AWSClusterRoleIdentity', 'AWSClusterStaticIdentity'].map(own);
const awsIdentity = (at: string): Reference => clusterWide(`${at}.identityRef`, ...awsIdentities);
const azureIdentity = (at: string): Reference => anywhere(`${at}.identityRef`, own('AzureClusterIdentity'));
const vsphereIdentity: Reference = {
  ...clusterWide('spec.identityRef', own('VSphereClusterIdentity'), secret),
  optional: true,
};

export const infrastructure: readonly Kind[] = [
  {
    group: infra,
    kind: 'AWSCluster',
    role: 'infrastructure',
    references: [awsIdentity('spec')],
    values: { 'spec.network.vpc.cidrBlock': 'cidr' },
  },
  {
    group: infra,
    kind: 'AWSClusterTemplate',
    role: 'infrastructureTemplate',
    references: [awsIdentity('spec.template.spec')],
  },
  { group: infra, kind: 'AWSMachineTemplate', role: 'infrastructureTemplate' },
  { group: infra, kind: 'AWSManagedCluster', role: 'infrastructure' },
  { group: infra, kind: 'AWSMachinePool', role: 'infrastructure' },
  { group: infra, kind: 'AWSManagedMachinePool', role: 'infrastructure' },
  { group: infra, kind: 'AWSFargateProfile', references: [same('spec.clusterName', cluster)] },
  {
    group: infra,
    kind: 'AWSClusterRoleIdentity',
    references: [clusterWide('spec.sourceIdentityRef', ...awsIdentities)],
  },
  {
    group: controlPlane,
    kind: 'AWSManagedControlPlane',
    role: 'controlPlane',
    references: [awsIdentity('spec')],
    values: { 'spec.network.vpc.cidrBlock': 'cidr' },
  },
  { group: infra, kind: 'AzureCluster', role: 'infrastructure', references: [azureIdentity('spec')] },
  {
    group: infra,
    kind: 'AzureClusterTemplate',
    role: 'infrastructureTemplate',
    references: [azureIdentity('spec.template.spec')],
  },
  { group: infra, kind: 'AzureMachineTemplate', role: 'infrastructureTemplate' },
  { group: infra, kind: 'AzureManagedControlPlane', role: 'controlPlane', references: [azureIdentity('spec')] },
  { group: infra, kind: 'AzureManagedCluster', role: 'infrastructure' },
  { group: infra, kind: 'AzureManagedMachinePool', role: 'infrastructure' },
  {
    group: infra,
    kind: 'AzureClusterIdentity',
    references: [{ ...anywhere('spec.clientSecret', secret), optional: true }],
  },
  { group: infra, kind: 'VSphereCluster', role: 'infrastructure', references: [vsphereIdentity] },
  {
    group: infra,
    kind: 'VSphereClusterTemplate',
    role: 'infrastructureTemplate',
    references: [{ ...vsphereIdentity, path: 'spec.template.spec.identityRef' }],
  },
  { group: infra, kind: 'VSphereMachineTemplate', role: 'infrastructureTemplate' },
  {
    group: infra,
    kind: 'VSphereDeploymentZone',
    references: [clusterWide('spec.failureDomain', own('VSphereFailureDomain'))],
  },
  { group: infra, kind: 'OpenStackCluster', role: 'infrastructure', references: [maybe('spec.identityRef', secret)] },
  {
    group: infra,
    kind: 'OpenStackMachineTemplate',
    role: 'infrastructureTemplate',
    references: [maybe('spec.template.spec.identityRef', secret)],
  },
];
