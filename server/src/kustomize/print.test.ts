import { expect, test } from 'vitest';
import { parseManifest } from '../syntax/manifest.ts';
import { toValue } from '../syntax/value.ts';
import { builtFrom, builtValue, locateIn } from './built.ts';
import { printBuilt } from './print.ts';

const manifest = `apiVersion: v1
kind: ConfigMap
metadata:
  name: \${NAME}
  labels: { a: "1", "b c": "yes", empty: {}, list: [] }
data:
  text: |
    two
      lines
  stripped: |-
    two
    lines
  kept: |+
    two
    lines

  blank: |
    one

    two
  trailing: "a \\nb"
  spaced: " a"
  tab: "a\\tb"
  colon: "a: b"
  hash: "a #b"
  dash: "- a"
  date: "2020-01-01"
  number: "1e3"
  word: "null"
  variable: "a-\${B}"
  bell: "\\a"
  emoji: "🐙"
numbers: [1, -2, 1.5, true, false, null]
nested:
  - - a
    - b: c
      d: [e]
  - {}
  - key:
      inner: x
    other: z
`;

test('printed YAML parses to the same value', () => {
  const { root, findings } = parseManifest(manifest);
  expect(findings).toEqual([]);
  const built = builtFrom(root!, locateIn({ file: 'a.yaml', start: 0 }), 'object');
  const printed = printBuilt(built);
  const again = parseManifest(printed);
  expect(again.findings).toEqual([]);
  expect(toValue(again.root!)).toEqual(builtValue(built));
});

test('keys are sorted, lists are not indented under their key, and multi-line strings are literals', () => {
  const { root } = parseManifest(manifest);
  const printed = printBuilt(builtFrom(root!, locateIn({ file: 'a.yaml', start: 0 }), 'object'));
  expect(printed.slice(printed.indexOf('nested:'))).toBe(`nested:
- - a
  - b: c
    d:
    - e
- {}
- key:
    inner: x
  other: z
numbers:
- 1
- -2
- 1.5
- true
- false
- null
`);
  expect(printed).toContain('  text: |\n    two\n      lines\n');
  expect(printed).toContain('  name: ${NAME}\n');
});
