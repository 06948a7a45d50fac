// Makes hostile inputs from a seed: pieces that matter to their readers, joined, repeated and broken.
export type Random = () => number;

export interface Maker {
  readonly below: (count: number) => number;
  readonly one: <T>(of: readonly T[]) => T;
  readonly text: (pieces: readonly string[], most: number) => string;
}

export function makerOf(random: Random): Maker {
  const below = (count: number) => Math.floor(random() * count);
  const one = <T>(of: readonly T[]): T => of[below(of.length)]!;
  return {
    below,
    one,
    text: (pieces, most) => {
      const parts: string[] = [];
      for (let count = 1 + below(most); parts.length < count; ) {
        const piece = random() < 0.05 ? String.fromCharCode(below(0x3000)) : one(pieces);
        // Now and then a piece comes very often.
        parts.push(random() < 0.01 ? piece.repeat(1 + below(2000)) : piece);
      }
      return parts.join('');
    },
  };
}

export const yamlPieces = [
  ...[
    'a',
    'b: ',
    'c:\n',
    '- ',
    '\n',
    '\n  ',
    '\n    ',
    '\n\t',
    ' ',
    ': ',
    '? ',
    '| ',
    '|\n',
    '>-\n',
    '"',
    "'",
    '#',
    ' # x',
  ],
  ...[
    '{',
    '}',
    '[',
    ']',
    ',',
    '&a ',
    '*a',
    '<<: *a',
    '!!str ',
    '!t ',
    '---\n',
    '...\n',
    '%YAML 1.1\n',
    '\r\n',
    '\0',
    '\uFEFF',
  ],
  ...[
    '{{ .x }}',
    '{% if %}',
    '${A}',
    '${A:=b}',
    '<<<<<<< a\n',
    '=======\n',
    '>>>>>>> b\n',
    '0x1F',
    '1e9',
    'null',
    '~',
    'yes',
  ],
];

export const manifestPieces = [
  ...yamlPieces,
  ...[
    'apiVersion: v1\n',
    'kind: ConfigMap\n',
    'kind: Secret\n',
    'metadata:\n  name: a\n',
    'data:\n  a: b\n',
    'spec:\n',
  ],
  ...[
    'apiVersion: apps/v1\nkind: Deployment\n',
    '# capstan-ignore: schema/*\n',
    '# capstan-ignore-file: *\n',
    'wrong: 1\n',
  ],
];

export const kustomizationPieces = [
  ...yamlPieces,
  ...[
    'resources:\n',
    '- a.yaml\n',
    '- ../\n',
    '- .\n',
    'patches:\n',
    '- path: a.yaml\n',
    'namePrefix: a-\n',
    'namespace: b\n',
  ],
  ...[
    'configMapGenerator:\n',
    '- name: a\n  literals: [a=b]\n',
    'replacements:\n',
    'labels:\n',
    'components: [../c]\n',
    'images:\n- name: a\n  newTag: b\n',
  ],
  ...[
    'patches:\n- patch: |-\n    - op: replace\n      path: /a/0/-\n      value: 1\n',
    'vars:\n',
    'transformers:\n',
    'helmCharts:\n',
  ],
];

export const schemaPieces = [
  ...[
    '{',
    '}',
    '[',
    ']',
    ', ',
    'type: object',
    'type: string',
    'type: array',
    'items: ',
    'properties: ',
    'a: ',
    'required: [a]',
  ],
  ...[
    'pattern: "^(a+)+$"',
    "pattern: '[[:alpha:]]*(?i)'",
    'enum: [a, b]',
    'default: {a: 1}',
    '$ref: "#/a"',
    'x-kubernetes-int-or-string: true',
  ],
  ...[
    'x-kubernetes-preserve-unknown-fields: true',
    'additionalProperties: ',
    'allOf: ',
    'anyOf: ',
    'not: ',
    'maxLength: -1',
    'nullable: true',
  ],
  ...[
    'x-kubernetes-list-type: map',
    'x-kubernetes-list-map-keys: [a]',
    'x-kubernetes-validations: [{rule: "self.all(x, x == x)"}]',
  ],
];

export const celPieces = [
  ...[
    'self',
    '.a',
    '[0]',
    '(',
    ')',
    '[',
    ']',
    '{',
    '}',
    ', ',
    ' + ',
    ' && ',
    ' || ',
    ' ? ',
    ' : ',
    ' == ',
    ' in ',
    '!',
    '-',
    '"a"',
    "'b'",
    '1',
    '1u',
    '1.5',
  ],
  ...[
    '.all(x, ',
    '.map(x, ',
    '.exists(x, ',
    '.filter(x, ',
    'x',
    '.size()',
    '.matches("(a*)*")',
    '.replace("", self)',
    '.split("")',
    '.join(",")',
  ],
  ...[
    'has(',
    'quantity("1Gi")',
    'url("a")',
    'duration("1h")',
    'timestamp("2020-01-01T00:00:00Z")',
    'b"\\xff"',
    'r"a"',
    '"""a"""',
    'oldSelf',
    'format',
  ],
];

export const ignorePieces = [
  '**',
  '*',
  '/',
  'a',
  'b.yaml',
  '!',
  '?',
  '[',
  ']',
  'a-z',
  '\\',
  '\n',
  ' ',
  '#',
  '**/',
  '/**',
  '{',
  '}',
  '\u00e9',
];

export const kubeconfigPieces = [
  ...yamlPieces,
  ...[
    'apiVersion: v1\nkind: Config\n',
    'clusters:\n',
    '- name: a\n',
    '  cluster:\n',
    '    server: https://u:p@h\n',
    'users:\n',
    '  user:\n',
    '    exec:\n',
  ],
  ...[
    '      command: a\n',
    '      args: [b]\n',
    '    token: t\n',
    'contexts:\n',
    '  context: {cluster: a, user: a}\n',
    'current-context: a\n',
    'clusters: null\n',
  ],
];
