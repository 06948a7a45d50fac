// What routes into a cluster, and certificates: the Gateway API and cert-manager
// (https://gateway-api.sigs.k8s.io/reference/spec/, https://cert-manager.io/docs/reference/api-docs/).
import type { GroupKind } from '../identity.ts';
import type { Kind, Reference } from '../kind.ts';
import { anywhere, clusterWide, same } from './references.ts';

const gateway = 'gateway.networking.k8s.io';
const certificates = 'cert-manager.io';
const secret: GroupKind = '/Secret';
const service: GroupKind = '/Service';

const routes: readonly Kind[] = ['HTTPRoute', 'GRPCRoute', 'TLSRoute', 'TCPRoute', 'UDPRoute'].map((kind) => ({
  group: gateway,
  kind,
  references: [
    anywhere('spec.parentRefs[*]', `${gateway}/Gateway`),
    { ...anywhere('spec.rules[*].backendRefs[*]', service), optional: true },
  ],
}));

/** Without a kind it is an Issuer; other kinds of issuers have another group. */
const issuers: readonly GroupKind[] = [`${certificates}/Issuer`, `${certificates}/ClusterIssuer`];
const issuer = (path: string): Reference => same(path, ...issuers);

export const gateways: readonly Kind[] = [
  ...routes,
  {
    group: gateway,
    kind: 'Gateway',
    references: [
      { ...clusterWide('spec.gatewayClassName', `${gateway}/GatewayClass`), optional: true },
      { ...anywhere('spec.listeners[*].tls.certificateRefs[*]', secret), optional: true },
    ],
  },
  { group: certificates, kind: 'Certificate', references: [issuer('spec.issuerRef')] },
  { group: certificates, kind: 'CertificateRequest', references: [issuer('spec.issuerRef')] },
];
