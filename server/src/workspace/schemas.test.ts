import { expect, test } from 'vitest';
import { testCatalog, yaml } from '../fixture.ts';
import { factsOf } from './facts.ts';
import { Schemas } from './schemas.ts';

const crd = yaml`
  apiVersion: apiextensions.k8s.io/v1
  kind: CustomResourceDefinition
  metadata:
    name: widgets.example.com
  spec:
    group: example.com
    scope: Cluster
    names: { kind: Widget, plural: widgets }
    versions:
      - { name: v1alpha1, served: false, storage: false, deprecated: true, schema: { openAPIV3Schema: { type: object } } }
      - { name: v1, served: true, storage: true, schema: { openAPIV3Schema: { type: object } } }
`;

test('the kinds of CRDs in files are known without reading their schemas', () => {
  const schemas = new Schemas(testCatalog);
  const [object] = factsOf(crd).objects;
  let reads = 0;
  schemas.setCrds(object!.defines!, [
    {
      path: 'crds/widgets.yaml',
      groupKind: object!.defines!,
      text: crd,
      objectPath: [],
      head: object!.head,
      crd: () => {
        reads += 1;
        return undefined;
      },
    },
  ]);
  const kinds = schemas
    .storeFor('a.yaml')
    .kinds()
    .filter(({ gvk }) => gvk.kind === 'Widget');
  expect(kinds).toMatchObject([
    { gvk: { group: 'example.com', version: 'v1' }, plural: 'widgets', scope: 'Cluster', served: true, storage: true },
    { gvk: { version: 'v1alpha1' }, served: false, deprecated: true, origin: 'crds/widgets.yaml' },
  ]);
  expect(reads).toBe(0);
});
