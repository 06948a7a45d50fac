// Cases for Services, Ingresses, network policies and addresses.
import type { KindCases } from './case.ts';

const metadata = { name: 'web', namespace: 'default' } as const;
const backend = { service: { name: 'web', port: { number: 80 } } } as const;

export const network: readonly KindCases[] = [
  {
    good: {
      apiVersion: 'v1',
      kind: 'Service',
      metadata,
      spec: { selector: { app: 'web' }, ports: [{ name: 'http', port: 80, targetPort: 'http' }] },
    },
    bad: [
      ['spec.ports', []],
      ['spec.ports[0].port', 0],
      ['spec.ports[0].name', 'Http'],
      ['spec.ports[0].protocol', 'HTTP'],
      ['spec.ports[0].targetPort', 'far-too-long-a-name'],
      ['spec.ports[0].nodePort', 30000],
      ['spec.ports[0].appProtocol', 'a b'],
      ['spec.ports', [{ port: 80 }, { name: 'b', port: 81 }], 'spec.ports[0].name'],
      [
        'spec.ports',
        [
          { name: 'a', port: 80 },
          { name: 'b', port: 80 },
        ],
        'spec.ports[1]',
      ],
      ['spec.type', 'Sometimes'],
      ['spec.sessionAffinity', 'Sometimes'],
      ['spec.externalIPs', ['127.0.0.1'], 'spec.externalIPs[0]'],
      ['spec.externalIPs', ['::ffff:10.0.0.1'], 'spec.externalIPs[0]'],
      ['spec.clusterIP', 'nowhere', 'spec.clusterIPs[0]'],
      ['spec.loadBalancerSourceRanges', ['10.0.0.0/8'], 'spec.LoadBalancerSourceRanges'],
      ['spec.loadBalancerClass', 'a.example/b'],
      ['spec.externalTrafficPolicy', 'Local'],
      ['spec.internalTrafficPolicy', 'Sometimes'],
      ['spec.ipFamilies', ['IPv4', 'IPv4'], 'spec.ipFamilies[1]'],
      ['spec.ipFamilyPolicy', 'Sometimes'],
      ['spec.trafficDistribution', 'Sometimes'],
      ['spec.selector', { app: 'a b' }],
      ['metadata.name', '1.web'],
    ],
  },
  {
    good: { apiVersion: 'v1', kind: 'Service', metadata, spec: { type: 'ExternalName', externalName: 'example.com.' } },
    bad: [
      ['spec.externalName', ''],
      ['spec.externalName', '-a'],
      ['spec.clusterIP', '10.0.0.1', 'spec.clusterIPs'],
    ],
  },
  {
    good: {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'Ingress',
      metadata,
      spec: {
        ingressClassName: 'nginx',
        tls: [{ hosts: ['example.com'], secretName: 'tls' }],
        rules: [{ host: '*.example.com', http: { paths: [{ path: '/', pathType: 'Prefix', backend }] } }],
      },
    },
    bad: [
      ['spec.rules', [], 'spec'],
      ['spec.rules[0].host', '10.0.0.1'],
      ['spec.rules[0].host', 'a.*.example.com'],
      ['spec.rules[0].http.paths', []],
      ['spec.rules[0].http.paths[0].path', 'x'],
      ['spec.rules[0].http.paths[0].path', '/a//b'],
      ['spec.rules[0].http.paths[0].pathType', undefined],
      ['spec.rules[0].http.paths[0].pathType', 'Sometimes'],
      ['spec.rules[0].http.paths[0].backend', {}],
      ['spec.rules[0].http.paths[0].backend.service.name', ''],
      ['spec.rules[0].http.paths[0].backend.service.port', {}, 'spec.rules[0].http.paths[0].backend'],
      ['spec.rules[0].http.paths[0].backend.service.port.number', 70000],
      ['spec.tls[0].hosts', ['A'], 'spec.tls[0].hosts[0]'],
      ['spec.ingressClassName', 'A'],
    ],
  },
  {
    good: {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'IngressClass',
      metadata: { name: 'nginx' },
      spec: { controller: 'example.com/nginx' },
    },
    bad: [
      ['spec.controller', ''],
      ['spec.controller', 'nginx'],
      ['spec.parameters', { kind: 'X', name: 'y', scope: 'Namespace' }, 'spec.parameters.namespace'],
    ],
  },
  {
    good: {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata,
      spec: {
        podSelector: {},
        policyTypes: ['Ingress'],
        ingress: [
          { from: [{ ipBlock: { cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] } }], ports: [{ port: 80, endPort: 90 }] },
        ],
      },
    },
    bad: [
      ['spec.podSelector', { matchLabels: { a: 'b c' } }, 'spec.podSelector.matchLabels'],
      ['spec.policyTypes', ['Sideways'], 'spec.policyTypes[0]'],
      ['spec.ingress[0].from[0]', {}],
      ['spec.ingress[0].from[0].podSelector', {}, 'spec.ingress[0].from[0]'],
      ['spec.ingress[0].from[0].ipBlock.cidr', '10.0.0.1/8'],
      ['spec.ingress[0].from[0].ipBlock.cidr', ''],
      ['spec.ingress[0].from[0].ipBlock.except', ['11.0.0.0/16'], 'spec.ingress[0].from[0].ipBlock.except[0]'],
      ['spec.ingress[0].ports[0].port', 0],
      ['spec.ingress[0].ports[0].endPort', 70],
      ['spec.ingress[0].ports[0].protocol', 'HTTP'],
    ],
  },
  {
    good: {
      apiVersion: 'v1',
      kind: 'Endpoints',
      metadata,
      subsets: [{ addresses: [{ ip: '10.0.0.1' }], ports: [{ name: 'http', port: 80 }] }],
    },
    bad: [
      ['subsets[0].addresses', [], 'subsets[0]'],
      ['subsets[0].addresses[0].ip', '10.0.0.300'],
      ['subsets[0].addresses[0].ip', '127.0.0.1'],
      ['subsets[0].addresses[0].hostname', 'A'],
      ['subsets[0].ports[0].port', 0],
      ['subsets[0].ports[0].name', 'A'],
    ],
  },
  {
    good: {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata,
      addressType: 'IPv4',
      ports: [{ name: 'http', port: 80 }],
      endpoints: [{ addresses: ['10.0.0.1'], hostname: 'a', hints: { forZones: [{ name: 'a' }] } }],
    },
    bad: [
      ['addressType', undefined],
      ['addressType', 'IPv5'],
      ['addressType', 'IPv6', 'endpoints[0].addresses'],
      ['endpoints[0].addresses', []],
      ['endpoints[0].addresses', ['x'], 'endpoints[0].addresses[0]'],
      ['endpoints[0].hostname', 'A'],
      ['endpoints[0].nodeName', 'A'],
      ['ports[0].name', 'A'],
      ['ports[0].protocol', 'HTTP'],
      ['endpoints[0].hints.forZones', [{ name: 'a' }, { name: 'a' }], 'endpoints[0].hints.forZones[1].name'],
    ],
  },
  {
    good: {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'ServiceCIDR',
      metadata: { name: 'more' },
      spec: { cidrs: ['10.9.0.0/24'] },
    },
    bad: [
      ['spec.cidrs', []],
      ['spec.cidrs', ['10.9.0.1/24'], 'spec.cidrs[0]'],
      ['spec.cidrs', ['10.9.0.0/24', '10.8.0.0/24']],
    ],
  },
  {
    good: {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'IPAddress',
      metadata: { name: '10.0.0.9' },
      spec: { parentRef: { resource: 'services', name: 'web', namespace: 'default' } },
    },
    bad: [
      ['metadata.name', '10.0.0.09'],
      ['spec.parentRef', undefined],
      ['spec.parentRef.name', ''],
      ['spec.parentRef.resource', 'a/b'],
    ],
  },
];
