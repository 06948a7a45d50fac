// Cases that the API server refuses from a minor version of Kubernetes on: before, it has no such check, or drops the field.
import type { KindCases } from './case.ts';

export interface GatedCases extends KindCases {
  /** 37 for 1.37. */
  readonly since: number;
}

const metadata = { name: 'example' };

const pod = (spec: object) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata,
  spec: { containers: [{ name: 'web', image: 'web' }], ...spec },
});

const projected = (source: object) =>
  pod({ volumes: [{ name: 'files', projected: { sources: [source, { secret: { name: 'token' } }] } }] });

const source = 'spec.volumes[0].projected.sources[0]';
const bundle = `${source}.clusterTrustBundle`;
const certificate = `${source}.podCertificate`;

export const gated: readonly GatedCases[] = [
  {
    since: 36,
    good: pod({ hostAliases: [{ ip: '10.0.0.1', hostnames: ['web'] }] }),
    bad: [['spec.hostAliases[0].ip', '10.0.0.01']],
  },
  {
    since: 36,
    good: {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata,
      spec: { podSelector: {}, ingress: [{ from: [{ ipBlock: { cidr: '10.0.0.0/8' } }] }] },
    },
    bad: [['spec.ingress[0].from[0].ipBlock.cidr', '10.0.0.1/8']],
  },
  {
    since: 35,
    good: pod({ hostnameOverride: 'web' }),
    bad: [['spec.hostnameOverride', 'Web']],
  },
  {
    since: 35,
    good: {
      apiVersion: 'storage.k8s.io/v1',
      kind: 'CSIDriver',
      metadata: { name: 'disk.example.com' },
      spec: { nodeAllocatableUpdatePeriodSeconds: 60 },
    },
    bad: [['spec.nodeAllocatableUpdatePeriodSeconds', 1]],
  },
  {
    since: 36,
    good: {
      apiVersion: 'resource.k8s.io/v1',
      kind: 'DeviceClass',
      metadata,
      spec: { extendedResourceName: 'example.com/gpu' },
    },
    bad: [['spec.extendedResourceName', 'gpu']],
  },
  {
    since: 37,
    good: projected({ clusterTrustBundle: { name: 'example.com:signer:roots', path: 'roots.pem' } }),
    bad: [
      [bundle, { path: 'roots.pem' }],
      [bundle, { name: 'roots', signerName: 'example.com/signer', path: 'roots.pem' }],
      [bundle, { signerName: 'signer', path: 'roots.pem' }, `${bundle}.signerName`],
      [bundle, { name: 'roots', path: 'roots.pem', labelSelector: {} }, `${bundle}.labelSelector`],
      [`${bundle}.name`, 'example.com/signer:roots'],
      [`${bundle}.name`, 'Roots'],
      [`${bundle}.path`, '../roots.pem'],
      [`${source}.secret`, { name: 'other' }, source],
    ],
  },
  {
    since: 37,
    good: projected({
      podCertificate: { signerName: 'example.com/signer', keyType: 'ED25519', credentialBundlePath: 'bundle.pem' },
    }),
    bad: [
      [`${certificate}.signerName`, 'signer'],
      [`${certificate}.keyType`, 'RSA'],
      [`${certificate}.maxExpirationSeconds`, 60],
      [`${certificate}.maxExpirationSeconds`, 10_000_000],
      [`${certificate}.userAnnotations`, { key: 'value' }],
      [certificate, { signerName: 'example.com/signer', keyType: 'ED25519' }],
    ],
  },
  {
    since: 37,
    good: { apiVersion: 'v1', kind: 'Binding', metadata, target: { kind: 'Node', name: 'node-1' } },
    bad: [['target.name', '100%']],
  },
];
