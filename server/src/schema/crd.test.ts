import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { kindSchemas, readCrd } from './crd.ts';

const widget = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'widgets.example.org' },
  spec: {
    group: 'example.org',
    names: { kind: 'Widget', plural: 'widgets', shortNames: ['wd'], categories: ['all'] },
    scope: 'Namespaced',
    conversion: { strategy: 'Webhook' },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: { openAPIV3Schema: { type: 'object', properties: { spec: { type: 'object', description: 'said' } } } },
        subresources: { status: {}, scale: { specReplicasPath: '.spec.r', statusReplicasPath: '.status.r' } },
        additionalPrinterColumns: [
          { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp', priority: 1, description: 'x' },
          { name: 'no path', type: 'string' },
        ],
        selectableFields: [{ jsonPath: '.spec.color' }],
      },
      {
        name: 'v1beta1',
        served: true,
        storage: false,
        deprecated: true,
        deprecationWarning: 'use v1',
        schema: { openAPIV3Schema: { type: 'object' } },
      },
      { name: 'v1alpha1', served: false, storage: false, deprecated: true, schema: { openAPIV3Schema: {} } },
    ],
  },
};

const spec = (change: object) => ({ ...widget, spec: { ...widget.spec, ...change } });

describe('a CRD', () => {
  test('has a schema for each version, with its details', () => {
    const kinds = kindSchemas(readCrd(widget, 'drop')!, 'crds/widget.yaml', 'workspace');
    expect(kinds.map(({ gvk, served, storage, deprecated }) => [gvk.version, served, storage, deprecated])).toEqual([
      ['v1', true, true, undefined],
      ['v1beta1', true, false, 'use v1'],
      ['v1alpha1', false, false, true],
    ]);
    expect(kinds[0]).toMatchObject({
      plural: 'widgets',
      scope: 'Namespaced',
      origin: 'crds/widget.yaml',
      builtin: false,
    });
    expect(kinds[0]!.schema).toEqual({ type: 'object', properties: { spec: { type: 'object' } } });
    expect(kinds[0]!.details).toEqual({
      shortNames: ['wd'],
      categories: ['all'],
      converted: true,
      status: true,
      scale: { specReplicasPath: '.spec.r', statusReplicasPath: '.status.r' },
      columns: [{ name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp', priority: 1 }],
      selectableFields: ['.spec.color'],
    });
  });

  test('keeps the descriptions of a workspace CRD for hover', () => {
    expect(readCrd(widget, 'keep')?.versions[0]?.schema.properties?.spec?.description).toBe('said');
  });

  test('without group, kind or plural, or of another version or kind, is not read', () => {
    expect(readCrd(spec({ group: '' }), 'drop')).toBeUndefined();
    expect(readCrd(spec({ names: { plural: 'widgets' } }), 'drop')).toBeUndefined();
    expect(readCrd({ ...widget, apiVersion: 'apiextensions.k8s.io/v1beta1' }, 'drop')).toBeUndefined();
    expect(readCrd({ ...widget, kind: 'ConfigMap' }, 'drop')).toBeUndefined();
  });

  test('with missing fields reports problems and returns the usable parts', () => {
    const crd = readCrd(spec({ scope: 'Both', versions: [{ name: 'v1', served: true, storage: true }, {}] }), 'drop');
    expect(crd?.problems).toHaveLength(3);
    expect(crd?.problems.join('\n')).toMatch(/spec\.scope[\s\S]*spec\.versions\[0\]\.schema[\s\S]*spec\.versions\[1\]/);
    expect(crd?.versions[0]?.schema['x-kubernetes-preserve-unknown-fields']).toBe(true);
  });

  test('of any shape never throws', () => {
    const odd = fc.oneof(fc.anything(), fc.array(fc.anything()));
    const anySpec = fc.record(
      { group: fc.oneof(fc.string(), odd), names: odd, scope: odd, versions: odd, conversion: odd },
      { requiredKeys: [] },
    );
    fc.assert(fc.property(odd, (value) => void readCrd(value, 'keep')));
    fc.assert(fc.property(anySpec, (change) => void readCrd(spec(change), 'keep')));
    const anyVersion = fc.record({
      name: fc.constant('v1'),
      schema: odd,
      subresources: odd,
      additionalPrinterColumns: odd,
    });
    fc.assert(
      fc.property(anyVersion, (version) => {
        expect(readCrd(spec({ versions: [version] }), 'keep')?.versions).toHaveLength(1);
      }),
    );
  });
});
