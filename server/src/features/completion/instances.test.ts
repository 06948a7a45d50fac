// A definition beside objects of its kind: what one of them couldn't have any more isn't suggested.
import { expect, test } from 'vitest';
import { definition, labelsAt } from '../fixture.ts';

const sized = (size: string, rest = '') =>
  `${definition(
    'Shop',
    `properties:
  spec:
    type: object
    properties:
      size:
        ${size}
`,
  )}${rest}`;

const shop = (size: string) => `apiVersion: example.com/v1
kind: Shop
metadata: { name: a }
spec: { size: ${size} }
`;

test('the type of a field that an object has', () => {
  expect(labelsAt(sized('type: $0'))).toEqual(expect.arrayContaining(['boolean', 'string']));
  const types = labelsAt(sized('type: $0', `---\n${shop('large')}`));
  expect(types).toContain('string');
  expect(types).not.toContain('boolean');
});

test('also one of another file', () => {
  const types = labelsAt(`# file: crd.yaml\n${sized('type: $0')}# file: shop.yaml\n${shop('7')}`);
  expect(types).toContain('integer');
  expect(types).not.toContain('boolean');
});

test('what its kind no longer has, and what it has at last', () => {
  const versions = (served: string) =>
    labelsAt(sized('type: string', `---\n${shop('large')}`).replace('served: true', served));
  expect(versions('served: $0')).toEqual(['true']);
});
