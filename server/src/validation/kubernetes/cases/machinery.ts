// Cases for admission, CRDs and kinds that the cluster's own components write.
import type { Bad, Json, KindCases } from './case.ts';

const rule = { operations: ['CREATE'], apiGroups: [''], apiVersions: ['v1'], resources: ['pods'] } as const;
const admission = 'admissionregistration.k8s.io/v1';
const webhook = {
  name: 'check.example.com',
  rules: [rule],
  clientConfig: { service: { name: 'a', namespace: 'b', path: '/check' } },
  admissionReviewVersions: ['v1'],
  sideEffects: 'None',
} as const;
const spec = {
  type: 'object',
  properties: { size: { type: 'integer' }, names: { type: 'array', items: { type: 'string' } } },
} as const;
/** Schemas of metadata that restrict nothing. */
const metadata = {
  ...{ type: 'object', enum: [], nullable: false, definitions: {}, properties: {}, patternProperties: null },
} as const;
const properties = 'spec.versions[0].schema.openAPIV3Schema.properties.spec.properties';
const blamed = 'spec.validation.openAPIV3Schema.properties[spec].properties';

/** Any other restriction of metadata is rejected, even an empty one. */
const saysMore = (more: { readonly [key: string]: Json }): Bad => [
  'spec.versions[0].schema.openAPIV3Schema.properties.metadata',
  { type: 'object', ...more },
  'spec.validation.openAPIV3Schema.properties[metadata]',
];

export const machinery: readonly KindCases[] = [
  {
    good: {
      apiVersion: admission,
      kind: 'ValidatingWebhookConfiguration',
      metadata: { name: 'a' },
      webhooks: [webhook],
    },
    bad: [
      ['webhooks[0].name', 'check'],
      ['webhooks[0].rules[0].operations', ['PATCH'], 'webhooks[0].rules[0].operations[0]'],
      ['webhooks[0].rules[0].resources', ['*', 'pods']],
      ['webhooks[0].rules[0].resources', ['pods/*', 'pods/log'], 'webhooks[0].rules[0].resources[1]'],
      ['webhooks[0].sideEffects', 'Some'],
      ['webhooks[0].timeoutSeconds', 31],
      ['webhooks[0].admissionReviewVersions', ['v2']],
      ['webhooks[0].clientConfig.url', 'https://example.com', 'webhooks[0].clientConfig'],
      ['webhooks[0].clientConfig', { url: 'http://example.com' }, 'webhooks[0].clientConfig.url'],
      ['webhooks[0].clientConfig.service.path', 'x'],
      [
        'webhooks[0].matchConditions',
        [
          { name: 'a', expression: 'object.metadata' },
          { name: 'a', expression: 'true' },
        ],
        'webhooks[0].matchConditions[1].name',
      ],
      [
        'webhooks[0].matchConditions',
        [{ name: 'a', expression: 'nothing == 1' }],
        'webhooks[0].matchConditions[0].expression',
      ],
      [
        'webhooks[0].matchConditions',
        [{ name: 'a', expression: '1 + 1' }],
        'webhooks[0].matchConditions[0].expression',
      ],
    ],
  },
  {
    good: {
      apiVersion: admission,
      kind: 'ValidatingAdmissionPolicy',
      metadata: { name: 'a' },
      spec: {
        matchConstraints: { resourceRules: [rule] },
        variables: [{ name: 'big', expression: 'object.spec.replicas > 5' }],
        validations: [{ expression: '!variables.big', messageExpression: '"no " + string(object.spec.replicas)' }],
      },
    },
    bad: [
      ['spec.matchConstraints', undefined],
      ['spec.matchConstraints.resourceRules', []],
      ['spec.validations', []],
      ['spec.validations[0].expression', ''],
      ['spec.validations[0].expression', '1'],
      ['spec.validations[0].expression', 'thing.spec == 1'],
      ['spec.validations[0].expression', 'object.spec ='],
      ['spec.validations[0].expression', 'params.x == 1'],
      ['spec.validations[0].messageExpression', '5'],
      ['spec.validations[0].reason', 'Because'],
      ['spec.variables[0].name', '1a'],
      ['spec.paramKind', { apiVersion: 'a/b/c', kind: 'X' }, 'spec.paramKind.apiVersion'],
      ['spec.failurePolicy', 'Sometimes'],
      ['spec.auditAnnotations', [{ key: 'a b', valueExpression: '"x"' }], 'spec.auditAnnotations[0].key'],
    ],
  },
  {
    good: {
      apiVersion: admission,
      kind: 'ValidatingAdmissionPolicyBinding',
      metadata: { name: 'a' },
      spec: { policyName: 'a', validationActions: ['Deny'], paramRef: { name: 'x', parameterNotFoundAction: 'Deny' } },
    },
    bad: [
      ['spec.policyName', ''],
      ['spec.validationActions', []],
      ['spec.validationActions', ['Deny', 'Warn']],
      ['spec.paramRef.parameterNotFoundAction', undefined],
      ['spec.paramRef.selector', {}],
    ],
  },
  {
    good: {
      apiVersion: admission,
      kind: 'MutatingAdmissionPolicy',
      metadata: { name: 'a' },
      spec: {
        matchConstraints: { resourceRules: [rule] },
        reinvocationPolicy: 'Never',
        mutations: [
          {
            patchType: 'ApplyConfiguration',
            applyConfiguration: { expression: 'Object{metadata: Object.metadata{labels: {"a": "b"}}}' },
          },
        ],
      },
    },
    bad: [
      ['spec.mutations', []],
      ['spec.mutations[0].patchType', 'Other'],
      ['spec.mutations[0].applyConfiguration', undefined],
      ['spec.mutations[0].jsonPatch', { expression: '[]' }],
      ['spec.reinvocationPolicy', undefined],
      [
        'spec.matchConstraints.resourceRules[0].operations',
        ['DELETE'],
        'spec.matchConstraints.resourceRules.operations',
      ],
    ],
  },
  {
    good: {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: 'things.example.com' },
      spec: {
        group: 'example.com',
        names: { plural: 'things', kind: 'Thing' },
        scope: 'Namespaced',
        versions: [
          {
            name: 'v1',
            served: true,
            storage: true,
            subresources: { status: {}, scale: { specReplicasPath: '.spec.size', statusReplicasPath: '.status.size' } },
            additionalPrinterColumns: [{ name: 'Size', type: 'integer', jsonPath: '.spec.size' }],
            schema: { openAPIV3Schema: { type: 'object', properties: { spec, metadata } } },
          },
        ],
      },
    },
    bad: [
      ['metadata.name', 'thing.example.com'],
      ['spec.group', 'example', 'spec.group'],
      ['spec.scope', 'Sometimes'],
      ['spec.names.kind', ''],
      ['spec.names.listKind', 'Thing'],
      ['spec.names.shortNames', ['T'], 'spec.names.shortNames[0]'],
      ['spec.versions[0].storage', false, 'spec.versions'],
      ['spec.versions[0].name', 'V1'],
      ['spec.versions[0].schema', undefined, 'spec.versions[0].schema.openAPIV3Schema'],
      ...[{ additionalProperties: false }, { required: [] }, { 'x-kubernetes-validations': [] }].map(saysMore),
      ['spec.versions[0].deprecationWarning', 'old'],
      ['spec.versions[0].subresources.scale.specReplicasPath', 'x', 'spec.subresources.scale.specReplicasPath'],
      ['spec.versions[0].additionalPrinterColumns[0].type', 'text', 'spec.additionalPrinterColumns[0].type'],
      ['spec.versions[0].additionalPrinterColumns[0].jsonPath', 'x', 'spec.additionalPrinterColumns[0].JSONPath'],
      ['spec.versions[0].selectableFields', [{ jsonPath: '.spec.names' }], 'spec.selectableFields[0].jsonPath'],
      ['spec.conversion', { strategy: 'Webhook' }, 'spec.conversion.webhookClientConfig'],
      ['spec.versions[0].schema.openAPIV3Schema.type', undefined, 'spec.validation.openAPIV3Schema.type'],
      [`${properties}.size`, {}, `${blamed}[size].type`],
      [`${properties}.names.items`, undefined, `${blamed}[names].items`],
      [`${properties}.names.items`, { type: 5 }, `${properties}.names.items.type`],
      [`${properties}.size.default`, 'x', `${blamed}[size].default`],
      [
        `${properties}.size`,
        { type: 'integer', default: 1, 'x-kubernetes-validations': [{ rule: 'example' }] },
        `${blamed}[size].default`,
      ],
      [`${properties}.size.anyOf`, [{ type: 'integer' }], `${blamed}[size].anyOf[0].type`],
      [
        'spec.versions[0].schema.openAPIV3Schema.properties.spec.additionalProperties',
        { type: 'string' },
        'spec.validation.openAPIV3Schema.properties[spec].additionalProperties',
      ],
      [`${properties}.names.x-kubernetes-list-type`, 'map', `${blamed}[names].x-kubernetes-list-map-keys`],
      [`${properties}.names.uniqueItems`, true, `${blamed}[names].uniqueItems`],
      [
        'spec.versions[0].schema.openAPIV3Schema.properties.metadata',
        { type: 'object', description: 'x' },
        'spec.validation.openAPIV3Schema.properties[metadata]',
      ],
      [
        'spec.versions[0].schema.openAPIV3Schema.properties.spec.x-kubernetes-validations',
        [{ rule: 'self.sise > 1' }],
        'spec.validation.openAPIV3Schema.properties[spec].x-kubernetes-validations[0].rule',
      ],
      [
        'spec.versions[0].schema.openAPIV3Schema.properties.spec.x-kubernetes-validations',
        [{ rule: 'self.size == "x"' }],
        'spec.validation.openAPIV3Schema.properties[spec].x-kubernetes-validations[0].rule',
      ],
      [
        'spec.versions[0].schema.openAPIV3Schema.properties.spec.x-kubernetes-validations',
        [{ rule: 'self.size' }],
        'spec.validation.openAPIV3Schema.properties[spec].x-kubernetes-validations[0].rule',
      ],
      [
        `${properties}.names.items.x-kubernetes-validations`,
        [{ rule: 'self == oldSelf' }],
        `${blamed}[names].items.x-kubernetes-validations[0].rule`,
      ],
    ],
  },
  {
    good: {
      apiVersion: 'apiregistration.k8s.io/v1',
      kind: 'APIService',
      metadata: { name: 'v1.example.com' },
      spec: {
        group: 'example.com',
        version: 'v1',
        groupPriorityMinimum: 100,
        versionPriority: 10,
        service: { name: 'a', namespace: 'b' },
      },
    },
    bad: [
      ['metadata.name', 'v2.example.com'],
      ['spec.groupPriorityMinimum', 0],
      ['spec.versionPriority', 1001],
      ['spec.service.name', ''],
      ['spec.service.port', 70000],
    ],
  },
  {
    good: {
      apiVersion: 'flowcontrol.apiserver.k8s.io/v1',
      kind: 'FlowSchema',
      metadata: { name: 'a' },
      spec: {
        matchingPrecedence: 500,
        priorityLevelConfiguration: { name: 'a' },
        rules: [
          {
            subjects: [{ kind: 'User', user: { name: 'a' } }],
            resourceRules: [{ verbs: ['get'], apiGroups: [''], resources: ['pods'], namespaces: ['*'] }],
          },
        ],
      },
    },
    bad: [
      ['spec.matchingPrecedence', 20000],
      ['spec.matchingPrecedence', 1],
      ['spec.priorityLevelConfiguration.name', ''],
      ['spec.rules[0].subjects', []],
      ['spec.rules[0].subjects[0].kind', 'Robot'],
      ['spec.rules[0].subjects[0].group', { name: 'a' }],
      ['spec.rules[0].resourceRules', [], 'spec.rules[0]'],
      ['spec.rules[0].resourceRules[0].verbs', ['fetch']],
      ['spec.rules[0].resourceRules[0].namespaces', []],
      [
        'spec.rules[0].nonResourceRules',
        [{ verbs: ['*'], nonResourceURLs: ['x'] }],
        'spec.rules[0].nonResourceRules[0].nonResourceURLs[0]',
      ],
    ],
  },
  {
    good: {
      apiVersion: 'flowcontrol.apiserver.k8s.io/v1',
      kind: 'PriorityLevelConfiguration',
      metadata: { name: 'a' },
      spec: { type: 'Limited', limited: { limitResponse: { type: 'Queue', queuing: { queues: 64, handSize: 6 } } } },
    },
    bad: [
      ['spec.type', 'Exempt'],
      ['spec.limited', undefined],
      ['spec.limited.lendablePercent', 101],
      ['spec.limited.limitResponse.type', 'Reject', 'spec.limited.limitResponse.queuing'],
      ['spec.limited.limitResponse.queuing.handSize', 65],
      ['spec.limited.limitResponse.queuing.handSize', 20],
    ],
  },
  {
    good: {
      apiVersion: 'node.k8s.io/v1',
      kind: 'RuntimeClass',
      metadata: { name: 'a' },
      handler: 'runc',
      overhead: { podFixed: { cpu: '1' } },
    },
    bad: [
      ['handler', ''],
      ['handler', 'A'],
      ['overhead.podFixed', { thing: '1' }, 'overhead.limits[thing]'],
      [
        'scheduling',
        {
          tolerations: [
            { key: 'a', operator: 'Exists' },
            { key: 'a', operator: 'Exists' },
          ],
        },
        'scheduling.tolerations[1]',
      ],
    ],
  },
  {
    good: {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: { name: 'a', namespace: 'default' },
      spec: { leaseDurationSeconds: 5 },
    },
    bad: [
      ['spec.leaseDurationSeconds', 0],
      ['spec.leaseTransitions', -1],
    ],
  },
  {
    good: {
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { name: 'a' },
      spec: { podCIDRs: ['10.1.0.0/24'], taints: [{ key: 'a', effect: 'NoSchedule' }] },
    },
    bad: [
      ['spec.taints[0].effect', 'Sometimes', 'metadata.taints[0].effect'],
      ['spec.taints[0].key', '', 'metadata.taints[0].key'],
      ['spec.podCIDRs', ['10.1.0.1/24'], 'spec.podCIDRs[0]'],
    ],
  },
  {
    good: {
      apiVersion: 'resource.k8s.io/v1',
      kind: 'ResourceClaim',
      metadata: { name: 'a', namespace: 'default' },
      spec: {
        devices: {
          requests: [
            {
              name: 'gpu',
              exactly: { deviceClassName: 'gpu', selectors: [{ cel: { expression: 'device.driver == "a"' } }] },
            },
          ],
          constraints: [{ requests: ['gpu'], matchAttribute: 'a.example/model' }],
        },
      },
    },
    bad: [
      ['spec.devices.requests[0].name', 'A'],
      ['spec.devices.requests[0].exactly', undefined, 'spec.devices.requests[0]'],
      ['spec.devices.requests[0].exactly.deviceClassName', ''],
      ['spec.devices.requests[0].exactly.count', -1],
      ['spec.devices.requests[0].exactly.selectors[0].cel.expression', 'thing == 1'],
      ['spec.devices.constraints[0].requests', ['other'], 'spec.devices.constraints[0].requests[0]'],
      ['spec.devices.constraints[0].matchAttribute', 'model'],
      ['spec.devices.config', [{ opaque: { driver: 'a.example' } }], 'spec.devices.config[0].opaque.parameters'],
    ],
  },
  {
    good: {
      apiVersion: 'apps/v1',
      kind: 'ControllerRevision',
      metadata: { name: 'a', namespace: 'default' },
      revision: 1,
      data: { a: 'b' },
    },
    bad: [
      ['revision', -1],
      ['data', undefined],
    ],
  },
];
