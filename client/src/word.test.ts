import { expect, test } from 'vitest';
import { word } from './word.ts';

test.each([
  ['apiVersion: source.toolkit.fluxcd.io/v1', ['apiVersion', 'source.toolkit.fluxcd.io/v1']],
  ['  - name: flux-system', ['name', 'flux-system']],
  ['    image: nginx:1.27', ['image', 'nginx:1.27']],
  ['path: ./apps/base', ['path', './apps/base']],
  ["kustomize.toolkit.fluxcd.io/prune: 'disabled'", ['kustomize.toolkit.fluxcd.io/prune', 'disabled']],
  ['{ name: a, args: [--port=80, "b"] }', ['name', 'a', 'args', 'port=80', 'b']],
  ['url: "https://example.com"', ['url', 'https://example.com']],
  // Nothing is suggested after these, since no word is there.
  ['---', []],
  ['- ', []],
  ['text: |', ['text']],
  ['text: >-', ['text']],
  ['tag: !', ['tag']],
])('the words of %j', (line, words) => {
  expect(line.match(new RegExp(word, 'g')) ?? []).toEqual(words);
});

// As the next letter is typed, the word still begins where it began: VS Code asks again for a word that begins later.
test.each(['source.toolkit.fluxcd.io/v1', 'flux-system', 'nginx:1.27', './apps/base', 'https://example.com/a'])(
  '%s is one word while it is typed',
  (value) => {
    for (let length = 1; length <= value.length; length += 1) {
      const typed = `key: ${value.slice(0, length)}`;
      const last = [...typed.matchAll(new RegExp(word, 'g'))].at(-1)!;
      expect(last.index).toBe(5);
    }
  },
);
