// Nothing is suggested in the text of a block scalar, in any half-typed state of it.
import { describe, expect, test } from 'vitest';
import { labelsAt } from '../fixture.ts';

const map = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n';
/** A ConfigMap elsewhere, whose keys would be suggested in `data`. */
const other = `# file: b.yaml\n${map}data:\n  KEY: b\n# file: a.yaml\n`;
const pod = 'apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - name: a\n';

describe('in the text', () => {
  test.each([
    ['a blank first line', `${map}data:\n  x: |\n    $0\n`],
    ['a blank first line with text below', `${map}data:\n  x: |\n    $0\n    foo\n`],
    ['a blank line after the text', `${map}data:\n  x: |\n    foo\n    $0\n`],
    ['a blank line after the text, with a key below', `${map}data:\n  x: |\n    foo\n    $0\n  y: b\n`],
    ['a blank line in the middle', `${map}data:\n  x: |\n    foo\n    $0\n    bar\n`],
    ['a blank line in the middle, not indented', `${map}data:\n  x: |\n    foo\n$0\n    bar\n`],
    ['a word in the middle, indented less', `${map}data:\n  x: |\n    foo\n  k$0\n    bar\n`],
    ['a trailing line that is indented less', `${map}data:\n  x: |\n      foo\n    $0\n`],
    ['a trailing word that is indented less', `${map}data:\n  x: |\n      foo\n   b$0\n`],
    ['a word in text with an indentation indicator', `${map}data:\n  x: |2-\n      foo\n    b$0\n`],
    ['folded text with a comment after the indicator', `${map}data:\n  x: >- # why\n    foo\n    $0\n`],
    ['an anchor before the indicator', `${map}data:\n  x: &x |\n    $0\n`],
    ['a list item', `${pod}      args:\n        - |\n          $0\n`],
    ['a list item after text', `${pod}      args:\n        - |\n          foo\n          i$0\n`],
    ['a list item that is not indented', `${pod}      args:\n      - |\n        $0\n`],
    ['a line that looks like a key', `${map}data:\n  x: |\n    foo:\n      $0\n`],
    ['text of which a line looks like a block scalar', `${map}data:\n  x: |\n    foo: |\n      a\n    $0\n`],
    ['CRLF', `${map}data:\n  x: |\n    foo\n    $0\n`.replaceAll('\n', '\r\n')],
    [
      'the content of a file on a machine',
      'apiVersion: bootstrap.cluster.x-k8s.io/v1beta2\nkind: KubeadmConfig\nspec:\n  files:\n    - content: |-\n        $0\n',
    ],
  ])('%s', (_, text) => {
    expect(labelsAt(`${other}${text}`)).toEqual([]);
  });
});

describe('beside the text', () => {
  test.each([
    ['a key below', `${map}data:\n  x: |\n    foo\n  $0\n`, 'KEY'],
    ['a key above another', `${map}data:\n  x: |\n    foo\n  $0\n  y: b\n`, 'KEY'],
    ['a key of an object above', `${map}data:\n  x: |\n    foo\n$0\n`, 'immutable'],
    ['a key of an item', `${pod}      args:\n        - |\n          foo\n      im$0\n`, 'image'],
    [
      'a key of the same item',
      'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\npatches:\n  - patch: |-\n      a: b\n    $0\n',
      'target',
    ],
    ['another document', `${map}data:\n  x: |\n    foo\n---\n${map}  $0\n`, 'namespace'],
  ])('%s', (_, text, expected) => {
    expect(labelsAt(`${other}${text}`)).toContain(expected);
  });
});
