// What formatting changes, what it leaves to the author, and what it doesn't touch at all.
import { describe, expect, test } from 'vitest';
import { yaml } from '../../fixture.ts';
import { configMap, edited, fixture } from '../fixture.ts';
import { type FormatOptions, format } from './formatting.ts';

function formatted(source: string, options: Partial<FormatOptions> = {}): string {
  const { workspace, path, text } = fixture(source);
  return edited(text, format(workspace, path, { step: 2, ...options }));
}

describe('indentation', () => {
  test('is a step per level, with comments, block text, quotes and braces moved along', () => {
    const text = yaml`
      # Top
      spec:
         # of a
         a:
            b: |2
                 deep
              text
            # after b
            c: >-
             folded

             text
            d: "one
              two"
            e: {
              f: 1
            }
         #g:
         #   h: 1
      # of z
      z: plain
         text
    `;
    const wanted = yaml`
      # Top
      spec:
        # of a
        a:
          b: |2
               deep
            text
          # after b
          c: >-
            folded

            text
          d: "one
            two"
          e: {
            f: 1
          }
        #g:
        #   h: 1
      # of z
      z: plain
         text
    `;
    expect(formatted(text)).toBe(wanted);
    expect(formatted(wanted)).toBe(wanted);
  });

  test('changes the indicator of block text with its indentation', () => {
    expect(formatted('a:\n    b: |4-\n            x\n        y\n')).toBe('a:\n  b: |2-\n        x\n    y\n');
  });

  test('of lists is what most lists of the file have, and as written where there are as many of both', () => {
    const flush = 'a:\n- 1\nb:\n- c: 1\n  d: 2\n';
    const indented = 'e:\n  - 1\n';
    expect(formatted(flush + indented)).toBe(`${flush}e:\n- 1\n`);
    expect(formatted(`a:\n- 1\n---\n${indented}f:\n    - 2\n`)).toBe(`a:\n  - 1\n---\n${indented}f:\n  - 2\n`);
    expect(formatted(`a:\n- 1\n${indented}`)).toBe(`a:\n- 1\n${indented}`);
  });

  test('inside of items is two columns whatever the step', () => {
    expect(formatted('a:\n    -   b: 1\n        c:\n            d: 2\n', { step: 4 })).toBe(
      'a:\n    - b: 1\n      c:\n          d: 2\n',
    );
  });

  test('of a commented item goes with the items, and of a commented entry with the entries', () => {
    expect(formatted('a:\n- 1\n# - 2\n# b: 3\nc:\n  - 1\nd:\n  - 2\n')).toBe(
      'a:\n  - 1\n  # - 2\n# b: 3\nc:\n  - 1\nd:\n  - 2\n',
    );
  });
});

describe('spaces', () => {
  test('are single after dashes, colons and commas, absent before colons and at the end of lines', () => {
    expect(formatted('a :  1  \nb:\n-   c:\t2\n- [1 ,2,  {"d":3 ,e: 4}]\nf:   &x   g\nh: *x\n')).toBe(
      'a: 1\nb:\n- c: 2\n- [1, 2, {"d": 3, e: 4}]\nf: &x g\nh: *x\n',
    );
    // The name of an alias ends before the space.
    expect(formatted('f:   &x   g\nh:\n  *x :  1\n')).toBe('f: &x g\nh:\n  *x : 1\n');
  });

  test('inside braces and brackets are what most of the file has', () => {
    expect(formatted('a: { b: 1 }\nc: { d: 2 }\ne: {f: 3}\ng: [1]\nh: [ 2 ]\ni: [3]\nj: { }\n')).toBe(
      'a: { b: 1 }\nc: { d: 2 }\ne: { f: 3 }\ng: [1]\nh: [2]\ni: [3]\nj: {}\n',
    );
  });

  test('stay where they align values or comments in a column', () => {
    const text = 'cpu:     100m  # of a core\nmemory:  1Gi   # of a node\n';
    expect(formatted(text)).toBe(text);
    expect(formatted('cpu:     100m\nmemory: 1Gi\n')).toBe('cpu: 100m\nmemory: 1Gi\n');
  });

  test('stay inside of text', () => {
    const text = 'a: |+\n  x  \n    \n\n\n\n\nb: "c  \n\n\n\n\n  d :  e"\n';
    expect(formatted(text)).toBe(text);
  });
});

describe('lines', () => {
  test('that are blank are at most two in a row, and none at the end', () => {
    expect(formatted('a: 1\n\n\n\n  \nb: 2\n\n\n')).toBe('a: 1\n\n\nb: 2\n');
    expect(formatted('a: 1')).toBe('a: 1\n');
  });

  test('that end block text at the end of the file stay, since a line break would become part of it', () => {
    expect(formatted('a: |\n    b')).toBe('a: |\n  b');
    expect(formatted('a: |+\n    b\n\n\n\n')).toBe('a: |+\n  b\n\n\n\n');
  });

  test('keep their line breaks', () => {
    expect(formatted('a:\r\n    b:  1 \r\n\r\n\r\n\r\n    c: |\r\n        d\r\n    e: 2')).toBe(
      'a:\r\n  b: 1\r\n\r\n\r\n  c: |\r\n    d\r\n  e: 2\r\n',
    );
  });
});

describe('a document stays as it is', () => {
  const rest = 'x:   1\n';
  const formattedRest = 'x: 1\n';
  test.each([
    ['with a syntax error', 'a:   [1\n'],
    ['with a duplicate key', 'a:   1\na: 2\n'],
    ['that is a Go template', '{{ if .x }}\na:   1\n{{ end }}\n'],
    ['encrypted by SOPS', 'a:   ENC[AES256_GCM,data:x]\nsops:\n    mac: ENC[AES256_GCM,data:y]\n'],
    ['with `? key`', '?   a\n:   b\n'],
  ])('%s, and the others of the file are formatted', (_, text) => {
    expect(formatted(`${text}---\n${rest}`)).toBe(`${text}---\n${formattedRest}`);
  });

  test('in a file that the configuration ignores, a chart’s template or a generator’s input', () => {
    const files = `# file: .capstan.yaml\nignores: [vendor/]\n# file: chart/Chart.yaml\nname: a\n# file: kustomization.yaml\nconfigMapGenerator: [{name: a, files: [a.yaml]}]\n`;
    const of = (path: string) => formatted(`${files}# file: ${path}\n$0${configMap('a')}data: {a:   b}\n`);
    const whole = `${configMap('a')}data: {a:   b}\n`;
    for (const path of ['vendor/a.yaml', 'chart/templates/a.yaml', 'a.yaml']) expect(of(path)).toBe(whole);
    expect(of('b.yaml')).toBe(`${configMap('a')}data: {a: b}\n`);
  });
});

describe('lines of a selection', () => {
  const text = yaml`
    a:
        b:   1
        c:
            d:   2
            e: |
                  text
    f:
        g:   3
  `;

  test('move only where their whole map is selected', () => {
    expect(formatted(text, { span: { first: 1, last: 3 } })).toBe(yaml`
      a:
          b: 1
          c:
              d: 2
              e: |
                    text
      f:
          g:   3
    `);
    expect(formatted(text, { span: { first: 3, last: 4 } })).toBe(yaml`
      a:
          b:   1
          c:
            d: 2
            e: |
              text
      f:
          g:   3
    `);
    expect(formatted(text, { span: { first: 0, last: 5 } })).toBe(yaml`
      a:
        b: 1
        c:
          d: 2
          e: |
            text
      f:
          g:   3
    `);
  });

  test('can be in any document', () => {
    expect(formatted(`${text}---\n${text}`, { span: { first: 16, last: 16 } })).toBe(
      `${text}---\n${text.replace('    g:   3', '  g: 3')}`,
    );
  });
});
