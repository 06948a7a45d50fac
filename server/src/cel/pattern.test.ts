import fc from 'fast-check';
import { RE2JS } from 're2js';
import { describe, expect, test } from 'vitest';
import { compilePattern } from './pattern.ts';
import { deterministicSource } from './pattern-native.ts';

describe('compilePattern', () => {
  test('has the semantics of Go, not of JavaScript', () => {
    expect(compilePattern('^a$')!.test('a\n')).toBe(false);
    expect(compilePattern('^\\d$')!.test('٣')).toBe(false);
    expect(compilePattern('^\\s$')!.test('\u00a0')).toBe(false);
    expect(compilePattern('^\\s$')!.test('\v')).toBe(false);
    expect(compilePattern('^.$')!.test('\r')).toBe(true);
    expect(compilePattern('^.$')!.test('😀')).toBe(true);
    expect(compilePattern('(?i)^abc$')!.test('ABC')).toBe(true);
    expect(compilePattern('^[[:alpha:]]+$')!.test('abc')).toBe(true);
    expect(compilePattern('\\A\\pL+\\z')!.test('äö')).toBe(true);
    expect(compilePattern('(?P<year>\\d{4})')!.test('in 2024')).toBe(true);
  });

  test('rejects the patterns that Go rejects', () => {
    for (const source of ['(?=a)', '(?<!a)b', '(a)\\1', 'a**', '[b-a]', 'a{1001}', '(', '[z', '\\']) {
      expect(compilePattern(source), source).toBeUndefined();
    }
  });

  test('finds the same matches as Go', () => {
    expect(compilePattern('[0-9]+')!.findAll('a1b22c333')).toEqual(['1', '22', '333']);
    expect(compilePattern('[0-9]+')!.findAll('a1b22c333', 2)).toEqual(['1', '22']);
    expect(compilePattern('a*')!.findAll('baac')).toEqual(['', 'aa', '']);
  });

  test('matches catastrophic patterns in linear time', () => {
    const text = `${'a'.repeat(50_000)}!`;
    for (const source of ['^(a+)+$', '^(a|a)*$', '^(a*)*$', '^(a?){40}a{40}$', '^(.*)*x$', '(x+x+)+y', '^(a|aa)+$'])
      expect(compilePattern(source)!.test(text), source).toBe(false);
  });
});

describe('deterministicSource', () => {
  test('accepts the usual patterns of Kubernetes and rejects ambiguous ones', () => {
    for (const source of [
      '^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$',
      '^([0-9]+(\\.[0-9]+)?(ms|s|m|h))+$',
      '^(http|https)://.*$',
      '^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$',
    ])
      expect(deterministicSource(source), source).toBeDefined();
    for (const source of ['^(a+)+$', '(a*)*', 'a*a*', '(a|aa)+', '(a?){30}a{30}', '(a|b|ab)*c', '(a*|b*)c'])
      expect(deterministicSource(source), source).toBeUndefined();
  });

  test('patterns it accepts match the same texts as RE2', () => {
    const atom = fc.constantFrom(
      'a',
      'b',
      '.',
      '[ab]',
      '[^a]',
      '\\d',
      '\\s',
      '\\.',
      '-',
      '\n',
      '[a-c-]',
      '\\W',
      'é',
      '😀',
    );
    const { pattern } = fc.letrec<{ pattern: string }>((tie) => ({
      pattern: fc.oneof(
        { maxDepth: 4 },
        atom,
        fc.tuple(tie('pattern'), tie('pattern')).map(([a, b]) => a + b),
        fc.tuple(tie('pattern'), tie('pattern')).map(([a, b]) => `(${a}|${b})`),
        fc
          .tuple(tie('pattern'), fc.constantFrom('*', '+', '?', '{2}', '{1,3}', '{2,}', '*?'))
          .map(([a, q]) => `(?:${a})${q}`),
        tie('pattern').map((a) => `^${a}$`),
      ),
    }));
    const text = fc.array(fc.constantFrom('a', 'b', 'c', '-', '.', '1', ' ', '\n', '\r', 'é', '😀'), { maxLength: 8 });
    let taken = 0;
    fc.assert(
      fc.property(pattern, text, (source, chars) => {
        const native = deterministicSource(source);
        if (native === undefined) return;
        taken += 1;
        expect(new RegExp(native, 'u').test(chars.join(''))).toBe(RE2JS.compile(source).test(chars.join('')));
      }),
      { numRuns: 3000 },
    );
    expect(taken).toBeGreaterThan(500);
  });
});
