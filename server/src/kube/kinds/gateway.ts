// What routes into a cluster, and certificates: the Gateway API and cert-manager
// (https://gateway-api.sigs.k8s.io/reference/spec/, https://cert-manager.io/docs/reference/api-docs/).
import type { GroupKind } from '../identity.ts';
import type { Kind, Reference } from '../kind.ts';
import { anywhere, clusterWide, maybe, same } from './references.ts';

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
    ...(kind === 'HTTPRoute' || kind === 'GRPCRoute'
      ? [{ ...anywhere('spec.rules[*].filters[*].requestMirror.backendRef', service), optional: true as const }]
      : []),
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
      ...['listeners[*].tls.certificateRefs[*]', 'tls.backend.clientCertificateRef'].map(
        (one): Reference => ({ ...anywhere(`spec.${one}`, secret), optional: true }),
      ),
      ...['default', 'perPort[*].tls'].map(
        (one): Reference => ({
          ...anywhere(`spec.tls.frontend.${one}.validation.caCertificateRefs[*]`, '/ConfigMap', secret),
          optional: true,
        }),
      ),
    ],
  },
  {
    group: gateway,
    kind: 'ListenerSet',
    references: [
      anywhere('spec.parentRef', `${gateway}/Gateway`),
      { ...anywhere('spec.listeners[*].tls.certificateRefs[*]', secret), optional: true },
    ],
  },
  {
    group: gateway,
    kind: 'BackendTLSPolicy',
    references: [
      maybe('spec.targetRefs[*]', service),
      maybe('spec.validation.caCertificateRefs[*]', '/ConfigMap', secret),
    ],
  },
  { group: certificates, kind: 'Certificate', references: [issuer('spec.issuerRef')] },
  { group: certificates, kind: 'CertificateRequest', references: [issuer('spec.issuerRef')] },
];
