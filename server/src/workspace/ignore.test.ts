import { describe, expect, test } from 'vitest';
import { deepestPath, ignorePatterns, isIgnoredBy, isIgnoredWithin, largestGlobs } from './ignore.ts';

const verdict = (lines: string, path: string) => isIgnoredBy(ignorePatterns(lines.split('\n')), path);

describe('a pattern', () => {
  test.each<[pattern: string, matching: readonly string[], other: readonly string[]]>([
    ['a', ['a', 'x/a', 'a/'], ['b', 'a/b', 'ab']],
    ['/a', ['a', 'a/'], ['x/a']],
    ['a/b', ['a/b'], ['x/a/b']],
    ['a/', ['a/', 'x/a/'], ['a', 'x/a']],
    ['*.yaml', ['a.yaml', 'x/.yaml'], ['a.yml', 'a.yaml.bak']],
    ['a/*', ['a/b', 'a/'.concat('b/')], ['a/b/c', 'a/']],
    ['a/**', ['a/b', 'a/b/c'], ['a', 'a/', 'x/a/b']],
    ['**/a', ['a', 'x/y/a'], ['xa']],
    ['a/**/b', ['a/b', 'a/x/b', 'a/x/y/b'], ['ab', 'a/xb', 'x/a/b']],
    ['a**/b', ['a/b', 'axx/b'], ['a/x/b', 'ax/y/b']],
    ['a?c', ['abc'], ['ac', 'abbc']],
    ['a[b-d!]c', ['abc', 'adc', 'a!c'], ['aec', 'a-c']],
    ['a[!b-d]c', ['aec'], ['abc', 'ac']],
    ['a[]x]c', ['a]c', 'axc'], ['ac']],
    ['[[:digit:]x]', ['1', 'x'], ['d', 'a']],
    ['[[:nothing:]]', [], [':', 'n']],
    ['a[b', [], ['a[b', 'ab']],
    ['a\\*c', ['a*c'], ['abc']],
    ['\\#a', ['#a'], ['a']],
    ['#a', [], ['#a', 'a']],
    ['\\!a', ['!a'], ['a']],
    ['a\\', [], ['a', 'a\\']],
    ['a  ', ['a'], ['a  ']],
    ['a\\  ', ['a '], ['a', 'a  ']],
    ['  ', [], [' ', 'a']],
    ['a\r', ['a'], ['a\r']],
    ['/**', ['a', 'a/b'], []],
  ])('%j', (pattern, matching, other) => {
    for (const path of matching) expect(verdict(pattern, path), path).toBe(true);
    for (const path of other) expect(verdict(pattern, path), path).toBeUndefined();
  });

  test('takes precedence over those above it', () => {
    expect(verdict('*.yaml\n!kept.yaml', 'kept.yaml')).toBe(false);
    expect(verdict('!kept.yaml\n*.yaml', 'kept.yaml')).toBe(true);
    expect(verdict('kept.yaml\n!*.yaml', 'kept.yaml')).toBe(false);
    expect(verdict('!kept\nkept/', 'kept')).toBe(false);
    expect(verdict('!kept\nkept/', 'kept/')).toBe(true);
  });

  test('does not include a file again whose folder is ignored', () => {
    const patterns = ignorePatterns(['out/', '!out/kept.yaml']);
    expect(isIgnoredBy(patterns, 'out/kept.yaml')).toBe(false);
    expect(isIgnoredWithin(patterns, 'out/kept.yaml')).toBe(true);
    expect(isIgnoredWithin(patterns, 'in/kept.yaml')).toBe(false);
  });
});

describe('the work', () => {
  /** How many characters of a path are read until a verdict. */
  function charactersRead(pattern: string, path: string): number {
    let count = 0;
    const name = new Proxy(new String(path), {
      get(target, key) {
        if (typeof key === 'string' && /^\d+$/.test(key)) count += 1;
        const value = Reflect.get(target, key);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
    const patterns = ignorePatterns([pattern]);
    const split = () => [name as unknown as string];
    isIgnoredBy(patterns, { endsWith: () => false, split } as unknown as string);
    return count;
  }

  test.each([
    ['*a'.repeat(8), 'a'.repeat(100)],
    [`${'*a'.repeat(50)}b`, 'a'.repeat(250)],
  ])('is at most pattern times path: %s', (pattern, path) => {
    const count = charactersRead(pattern, path);
    expect(count).toBeGreaterThan(0);
    expect(count).toBeLessThanOrEqual(pattern.length * path.length);
  });

  test('of folders that may stand anywhere is that of the last of them', () => {
    const path = `${'a/'.repeat(90)}x.yaml`;
    expect(verdict(`${'**/a/'.repeat(60)}b`, path)).toBeUndefined();
    expect(verdict(`${'**/a/'.repeat(60)}x.yaml`, path)).toBe(true);
  });

  test('has a limit for the depth of a path; patterns of names are for any', () => {
    const path = `${'a/'.repeat(deepestPath)}x.yaml`;
    expect(verdict('**/x.yaml', path.slice('a/'.length))).toBe(true);
    expect(verdict('**/x.yaml', path)).toBeUndefined();
    expect(verdict('*.yaml', path)).toBe(true);
  });

  test('has a limit for all patterns with wildcards; those without one are looked up', () => {
    const patterns = ignorePatterns([...Array.from({ length: 5_000 }, (_, at) => `*${at}.yaml`), 'a', 'a*']);
    expect(patterns.size).toBeLessThanOrEqual(largestGlobs);
    expect(patterns.dropped).toBeGreaterThan(0);
    expect(patterns.globs.length + patterns.dropped).toBe(5_001);
    expect(isIgnoredBy(patterns, 'a')).toBe(true);
    expect(isIgnoredBy(patterns, '1.yaml')).toBe(true);
  });
});
