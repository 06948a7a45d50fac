// Cluster API: core, kubeadm, addons, IPAM, and its operator (https://cluster-api.sigs.k8s.io, api/ of v1.14).
import type { GroupKind } from '../identity.ts';
import type { Kind, Reference } from '../kind.ts';
import { anywhere, contract, maybe, open, same } from './references.ts';

const core = 'cluster.x-k8s.io';
const bootstrap = `bootstrap.${core}`;
const controlPlane = `controlplane.${core}`;
const addons = `addons.${core}`;
const ipam = `ipam.${core}`;
const operator = `operator.${core}`;

const cluster: GroupKind = `${core}/Cluster`;
const secret: GroupKind = '/Secret';
const configMap: GroupKind = '/ConfigMap';

/** The infrastructure and bootstrap configuration of a machine; templates for sets of machines. */
const machineSpec = (at: string, template: boolean): readonly Reference[] => [
  same(`${at}.clusterName`, cluster),
  contract(`${at}.bootstrap.configRef`, template ? 'bootstrapTemplate' : 'bootstrap'),
  maybe(`${at}.bootstrap.dataSecretName`, secret),
  contract(`${at}.infrastructureRef`, template ? 'infrastructureTemplate' : 'infrastructure'),
];

const machineDeployment: Pick<Kind, 'references'> = {
  references: [same('spec.clusterName', cluster), ...machineSpec('spec.template.spec', true)],
};

/** The Secrets that files and users of a kubeadm configuration are read from, at any path the configuration is embedded at. */
const kubeadmConfig = (at: string): readonly Reference[] => [
  maybe(`${at}.files[*].contentFrom.secret`, secret),
  maybe(`${at}.users[*].passwdFrom.secret`, secret),
];

/** v1beta2 has `templateRef`; v1beta1 has `ref`, for workers below a `template`. */
const classTemplates = (list: string): readonly Reference[] =>
  [`spec.workers.${list}[*]`, `spec.workers.${list}[*].template`].flatMap((at, older) => [
    contract(`${at}.bootstrap.${older ? 'ref' : 'templateRef'}`, 'bootstrapTemplate'),
    contract(`${at}.infrastructure.${older ? 'ref' : 'templateRef'}`, 'infrastructureTemplate'),
  ]);

/** What replaces unhealthy machines of a control plane or of MachineDeployments. */
const remediations = (at: string): readonly Reference[] =>
  ['controlPlane', 'workers.machineDeployments[*]'].map((one) =>
    open(`${at}.${one}.healthCheck.remediation.templateRef`),
  );

/** The operator's provider kinds share one spec. */
const providers: readonly Kind[] = [
  'CoreProvider',
  'BootstrapProvider',
  'ControlPlaneProvider',
  'InfrastructureProvider',
  'AddonProvider',
  'IPAMProvider',
  'RuntimeExtensionProvider',
].map((kind) => ({
  group: operator,
  kind,
  family: 'cluster-api',
  references: [{ ...anywhere('spec.configSecret', secret), optional: true as const }],
}));

export const clusterApi: readonly Kind[] = [
  {
    group: core,
    kind: 'Cluster',
    family: 'cluster-api',
    references: [
      contract('spec.infrastructureRef', 'infrastructure'),
      contract('spec.controlPlaneRef', 'controlPlane'),
      anywhere('spec.topology.classRef', `${core}/ClusterClass`),
      same('spec.topology.class', `${core}/ClusterClass`),
      ...remediations('spec.topology'),
    ],
    values: { 'spec.clusterNetwork.pods.cidrBlocks[*]': 'cidr', 'spec.clusterNetwork.services.cidrBlocks[*]': 'cidr' },
  },
  {
    group: core,
    kind: 'ClusterClass',
    references: [
      ...['templateRef', 'ref'].flatMap((ref) => [
        contract(`spec.infrastructure.${ref}`, 'infrastructureTemplate'),
        contract(`spec.controlPlane.${ref}`, 'controlPlaneTemplate'),
        contract(`spec.controlPlane.machineInfrastructure.${ref}`, 'infrastructureTemplate'),
      ]),
      ...classTemplates('machineDeployments'),
      ...classTemplates('machinePools'),
      ...remediations('spec'),
    ],
  },
  { group: core, kind: 'MachineDeployment', family: 'cluster-api', ...machineDeployment },
  { group: core, kind: 'MachineSet', family: 'cluster-api', ...machineDeployment },
  {
    group: core,
    kind: 'MachinePool',
    family: 'cluster-api',
    references: [same('spec.clusterName', cluster), ...machineSpec('spec.template.spec', false)],
  },
  { group: core, kind: 'Machine', family: 'cluster-api', references: machineSpec('spec', false) },
  {
    group: core,
    kind: 'MachineHealthCheck',
    family: 'cluster-api',
    references: [
      same('spec.clusterName', cluster),
      open('spec.remediation.templateRef'),
      open('spec.remediationTemplate'),
    ],
  },
  {
    group: `runtime.${core}`,
    kind: 'ExtensionConfig',
    references: [{ ...anywhere('spec.clientConfig.service', '/Service'), optional: true as const }],
  },
  {
    group: controlPlane,
    kind: 'KubeadmControlPlane',
    role: 'controlPlane',
    references: [
      contract('spec.machineTemplate.spec.infrastructureRef', 'infrastructureTemplate'),
      contract('spec.machineTemplate.infrastructureRef', 'infrastructureTemplate'),
      ...kubeadmConfig('spec.kubeadmConfigSpec'),
    ],
  },
  {
    group: controlPlane,
    kind: 'KubeadmControlPlaneTemplate',
    role: 'controlPlaneTemplate',
    references: kubeadmConfig('spec.template.spec.kubeadmConfigSpec'),
  },
  { group: bootstrap, kind: 'KubeadmConfig', role: 'bootstrap', references: kubeadmConfig('spec') },
  {
    group: bootstrap,
    kind: 'KubeadmConfigTemplate',
    role: 'bootstrapTemplate',
    references: kubeadmConfig('spec.template.spec'),
  },
  { group: addons, kind: 'ClusterResourceSet', references: [maybe('spec.resources[*]', secret, configMap)] },
  {
    group: addons,
    kind: 'HelmChartProxy',
    references: [{ ...anywhere('spec.credentials.secret', secret), optional: true }],
  },
  {
    group: addons,
    kind: 'HelmReleaseProxy',
    references: [
      anywhere('spec.clusterRef', cluster),
      { ...anywhere('spec.credentials.secret', secret), optional: true },
    ],
  },
  { group: addons, kind: 'ClusterResourceSetBinding', references: [same('spec.clusterName', cluster)] },
  {
    group: ipam,
    kind: 'IPAddressClaim',
    references: [same('spec.clusterName', cluster), contract('spec.poolRef', 'addressPool')],
  },
  {
    group: ipam,
    kind: 'IPAddress',
    references: [maybe('spec.claimRef', `${ipam}/IPAddressClaim`), contract('spec.poolRef', 'addressPool')],
  },
  ...providers,
];
