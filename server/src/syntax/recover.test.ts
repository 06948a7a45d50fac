// One slip, one finding: at the line that slipped, whatever the parser makes of the lines after it.
import { describe, expect, test } from 'vitest';
import { yaml } from '../fixture.ts';
import { parseManifest } from './manifest.ts';
import { splitDocuments } from './split.ts';
import { toValue } from './value.ts';

/** `line rule` of each finding; lines start at 1. */
const findings = (text: string) =>
  parseManifest(text).findings.map(({ start, rule }) => `${text.slice(0, start).split('\n').length} ${rule}`);

const script = yaml`
  apiVersion: v1
  kind: ConfigMap
  metadata:
    name: a
  data:
    run.py: |
      import os

      @dataclass
      class Point:
        x: int

        def sum(self):
          return {"x": self.x}
    other: b
`;

describe('one finding, at the line that slipped', () => {
  test.each([
    ['a line of a text', script.replace('    @dataclass', '@dataclass'), ['9 syntax/indentation']],
    ['a line that looks like a key', script.replace('      x: int', '  x: int'), ['11 syntax/indentation']],
    [
      'several lines of a text',
      script.replace(/ {4}@[\s\S]*self\.x}/, (lines) => lines.replace(/^ {4}/gm, '')),
      ['9 syntax/indentation'],
    ],
    [
      'lines of a text that are keys where they fell, above the line where the text goes on',
      yaml`
        spec:
          a: |
            - one: 1
          two: 2
          - three: 3
          four: 4
              five: 5
          b: 1
      `,
      ['4 syntax/indentation'],
    ],
    [
      'a text over two lines whose first is indented too much, far below another text',
      yaml`
        spec:
          a:
            description: |
              text
            type: string
          b:
              description: of two
              ("lines")
            type: string
          c:
            type: string
      `,
      ['8 syntax/missing-colon'],
    ],
    [
      'a key below a scalar',
      yaml`
        spec:
          replicas: 1
            selector:
              matchLabels: {a: b}
          template: {}
      `,
      ['3 syntax/indentation'],
    ],
    [
      'a key between others',
      yaml`
        spec:
          a: 1
         b: 2
          c: 3
      `,
      ['3 syntax/indentation'],
    ],
    [
      'a quote that ends at the next one',
      yaml`
        a: "x
        b: y
        c: "z"
        d: "w"
      `,
      ['1 syntax/unclosed'],
    ],
    [
      'a bracket that is never closed',
      yaml`
        a: [x, y
        b:
          c: d
        e: {f: g}
      `,
      ['1 syntax/unclosed'],
    ],
    ['a tab', 'a:\n  b: c\n\td: e\n  f: g\nh: i\n', ['3 syntax/tab']],
    [
      'no colon',
      yaml`
        metadata
          name: a
          labels: {}
        spec: {}
      `,
      ['1 syntax/missing-colon'],
    ],
    [
      'no space after a colon, with a comment below',
      yaml`
        metadata:
          name:a
          # what it is
          labels:
            b: c
      `,
      ['2 syntax/missing-colon'],
    ],
    [
      'no dash before the first item',
      yaml`
        ports:
            name: a
            port: 1
          - name: b
            port: 2
        other: c
      `,
      ['2 syntax/missing-dash'],
    ],
    [
      'no dash before the second item',
      yaml`
        ports:
          - name: a
            port: 1
            name: b
            protocol: TCP
            port: 2
      `,
      ['4 syntax/duplicate-key'],
    ],
    [
      'two slips in different places',
      yaml`
        a: "x
        b:
          c: d
        e
        f: g
      `,
      ['1 syntax/unclosed', '4 syntax/missing-colon'],
    ],
  ])('%s', (_, text, expected) => {
    expect(findings(text)).toEqual(expected);
  });
});

describe('conflict markers', () => {
  const conflict = yaml`
    metadata:
      name: a
    <<<<<<< HEAD
      labels: {a: b}
    ||||||| base
      labels: {a: c}
    =======
      labels: {a: d}
    >>>>>>> feature
    data:
      x: |
        text
    <<<<<<< HEAD
        mine
    =======
        theirs
    >>>>>>> feature
        more
  `;

  test('are one finding for each conflict, and the first side is read', () => {
    expect(findings(conflict)).toEqual(['3 syntax/conflict', '13 syntax/conflict']);
    expect(toValue(parseManifest(conflict).root!)).toMatchObject({
      metadata: { name: 'a', labels: { a: 'b' } },
      data: { x: expect.stringMatching(/^text\n+mine\n+more\n$/) },
    });
  });

  test('around the start of a document leave it one document', () => {
    const text = `<<<<<<< HEAD\n---\na: 1\n=======\n---\na: 2\n>>>>>>> feature\nb: 3\n---\nc: 4\n`;
    const parts = splitDocuments(text);
    expect(parts.map((part) => findings(part.text))).toEqual([['1 syntax/conflict'], []]);
    expect(parts.map((part) => part.text).join('')).toBe(text);
  });

  test('that belong to no conflict are text', () => {
    const text = yaml`
      a: |
        <<<<<<< is how a conflict begins
        =======
    `;
    expect(findings(text)).toEqual([]);
  });
});

test('keys that are set twice in different maps are reported in each', () => {
  const text = yaml`
    a:
      b: 1
      b: 2
    c:
      d: 1
      e: 2
      d: 3
  `;
  expect(findings(text)).toEqual(['3 syntax/duplicate-key', '7 syntax/duplicate-key']);
});

describe('a merge whose key the map sets as well', () => {
  const text = (own: readonly [string, string]) => `base: &base\n  name: one\nthis:\n  ${own[0]}\n  ${own[1]}\n`;

  test('is no error, whichever is first', () => {
    for (const lines of [
      ['<<: *base', 'name: two'],
      ['name: two', '<<: *base'],
      ['!!merge <<: *base', 'name: two'],
    ] as const)
      expect(parseManifest(text(lines)).findings.filter(({ severity }) => severity === 'error')).toEqual([]);
  });

  test('is a hint, and an info where programs differ', () => {
    const severities = (...lines: [string, string]) =>
      parseManifest(text(lines)).findings.map(({ severity }) => severity);
    expect(severities('<<: *base', 'name: two')).toEqual(['hint']);
    expect(severities('name: two', '<<: *base')).toEqual(['info']);
    expect(severities('<<: *base', 'other: two')).toEqual([]);
  });

  test('does not excuse a key that stands twice in the map itself', () => {
    expect(findings('base: &base {a: b}\nthis:\n  <<: *base\n  c: 1\n  c: 2\n')).toEqual(['5 syntax/duplicate-key']);
  });
});

test('words after a bracket that is never closed aren’t part of the value above it', () => {
  const text = 'a:\n  - image: b\n    name: c\n    args: [\n      "-x",\n      -y\n';
  const rest = parseManifest(text).recovered?.root;
  expect(findings(text)).toEqual(['4 syntax/unclosed']);
  expect(rest && toValue(rest)).toEqual({ a: [{ image: 'b', name: 'c' }] });
});

test('a comma below a bracket that is never closed is part of no value', () => {
  const text = '{\n  apiVersion: v1,\n  kind: Pod';
  expect(findings(text)).toEqual(['1 syntax/unclosed']);
  expect(parseManifest(text).apiVersion).not.toBe('v1,');
  expect(parseManifest('{\n  apiVersion: v1,\n  kind: Pod,\n}\n').apiVersion).toBe('v1');
});
