// Texts and new fields that replacements set: how kustomize prints and types them.
import type { Fixture } from './pieces.ts';

/** Texts that a replacement leads into, each of which has the key `a`; kustomize prints them anew. */
const texts = [
  '{true: 1, a: b}',
  '{1: x, a: b, 2: y}',
  '{~: x, a: b}',
  '{x: .nan, a: b}',
  '{.inf: 1, a: b}',
  '{2020-01-01: x, a: b}',
  '{q: {true: 1}, a: b}',
  '{x: 1, x: 2, a: b}',
  '{"true": x, yes: no, a: b}',
  '{x: , y: 2020-01-01, a: b}',
  '{x: 12345678901234567890, y: 123456789012345678901234567890, z: -0.0, a: b}',
  '\uFEFF{"a":"b"}',
  'x: {p: 1,q: [ 2,3 ]}\na: b',
  'x:\n    p:\n      - 1\n      - - 2\n        - {}\na: b',
  '# c\nx: 1   # d\ny: 2\n# e\na: b',
  'x:   1\n"y": \'z\'\n? q\n: "\\t\\u00e9\\x41"\na: "b"',
  'x: |-\n  l1\n\n  l2\ny: |+\n  l3\n\nz: |2\n   l4\na: b',
  'x: l1\n  l2\ny: "l3\n  l4"\na: b\n',
  '---\nx:\ny: ~\nz: { }\na: b',
  'x: \u00e9\u{1f600}\na: b',
  '- p: 1\n  q: 2\n-\n  r: 3\n-   a: b',
  'true: 1\na: b',
];

const within: readonly Fixture[] = ['hello', 'x: y', '12', '', 'a #b', '- c'].map((value) => ({
  name: `replacements: inside texts that are printed anew: ${JSON.stringify(value)}`,
  files: `# file: app/texts.yaml
apiVersion: v1
kind: ConfigMap
metadata: { name: texts }
data:
${texts.map((text, index) => `  t${index}: ${JSON.stringify(text)}\n`).join('')}# file: app/kustomization.yaml
resources: [texts.yaml]
replacements:
  - sourceValue: ${JSON.stringify(value)}
    targets:
      - select: { kind: ConfigMap }
        fieldPaths: [${texts.map((text, index) => `data.t${index}.${text.startsWith('- ') ? '2.' : ''}a`).join(', ')}]
      - select: { kind: ConfigMap }
        fieldPaths: [${texts.flatMap((text, index) => (/^- |#/.test(text) ? [] : [`data.t${index}.new`])).join(', ')}, data.t8.true]
        options: { create: true }
`,
}));

export const textFixtures: readonly Fixture[] = [
  ...within,
  {
    name: 'replacements: an empty text in new fields, which braces keep and a patch passes on',
    files: `# file: app/ships.yaml
apiVersion: v1
kind: ConfigMap
metadata: { name: source }
data: { none: "" }
---
apiVersion: example.com/v1
kind: Ship
metadata: { name: braces }
spec: { masts: {} }
---
apiVersion: example.com/v1
kind: Ship
metadata: { name: lines }
spec:
  masts:
    height: 1
---
apiVersion: example.com/v1
kind: Ship
metadata: { name: patched }
spec:
  masts: {
  }
# file: app/kustomization.yaml
resources: [ships.yaml]
components: [before, new]
patches:
  - patch: "{ apiVersion: example.com/v1, kind: Ship, metadata: { name: braces }, spec: { sails: 1 } }"
  - patch: "{ apiVersion: example.com/v1, kind: Ship, metadata: { name: lines }, spec: { sails: 1 } }"
# file: app/before/kustomization.yaml
apiVersion: kustomize.config.k8s.io/v1alpha1
kind: Component
patches:
  - target: { name: patched }
    patch: '[{ "op": "add", "path": "/spec/sails", "value": 2 }]'
# file: app/new/kustomization.yaml
apiVersion: kustomize.config.k8s.io/v1alpha1
kind: Component
replacements:
  - source: { kind: ConfigMap, name: source, fieldPath: data.none }
    targets:
      - select: { kind: Ship }
        fieldPaths: [spec.masts.rigging.sail, spec.flag]
        options: { create: true }
      - select: { kind: Ship }
        fieldPaths: [spec.flag]
  - sourceValue: "~"
    targets: [{ select: { name: braces }, fieldPaths: [spec.masts.none], options: { create: true } }]
`,
  },
  {
    name: 'replacements: new values, which a merge patch makes strings',
    files: `# file: base/ship.yaml
apiVersion: example.com/v1
kind: Ship
metadata: { name: a }
spec:
  masts: { height: 1 }
  crew:
    captain: x
# file: base/kustomization.yaml
resources: [ship.yaml]
replacements:
${['12', 'null', '~', '', 'yes', 'true', '2020-01-01', '1.50', 'text'].map((value, index) => `  - { sourceValue: ${JSON.stringify(value)}, targets: [{ select: { kind: Ship }, fieldPaths: [spec.masts.v${index}, spec.crew.v${index}], options: { create: true } }] }\n`).join('')}# file: app/kustomization.yaml
resources: [../base]
patches:
  - patch: "{ apiVersion: example.com/v1, kind: Ship, metadata: { name: a }, spec: { sails: 1 } }"
`,
  },
  {
    name: 'refused: replacements: a new key that is no text',
    files: `# file: app/a.yaml
apiVersion: v1
kind: ConfigMap
metadata: { name: a }
data: { b: c }
# file: app/kustomization.yaml
resources: [a.yaml]
replacements:
  - sourceValue: x
    targets:
      - select: { kind: ConfigMap }
        fieldPaths: [data.true]
        options: { create: true }
`,
    refused: 'key-not-text',
    at: 'data.true',
  },
  {
    name: 'refused: half of a character in quotes',
    files: `# file: app/a.yaml
apiVersion: v1
kind: ConfigMap
metadata: { name: a }
data: { b: "\\ud83d\\ude00" }
# file: app/kustomization.yaml
resources: [a.yaml]
`,
    refused: 'invalid-yaml',
  },
];
