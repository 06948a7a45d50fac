// The words for patterns, over every pattern of the bundled schemas.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { compilePattern } from '../cel/pattern.ts';
import { meaningOf } from './meanings.ts';

/** How often each pattern is used. */
function bundledPatterns(): ReadonlyMap<string, number> {
  const folder = join(import.meta.dirname, '../../schemas');
  const counts = new Map<string, number>();
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('.json')) continue;
    JSON.parse(readFileSync(join(folder, name), 'utf8'), (key, value: unknown) => {
      if (key === 'pattern' && typeof value === 'string') counts.set(value, (counts.get(value) ?? 0) + 1);
      return value;
    });
  }
  return counts;
}

const patterns = bundledPatterns();

test('nearly every use of a pattern has words', () => {
  const total = [...patterns.values()].reduce((sum, count) => sum + count, 0);
  const said = [...patterns].filter(([pattern]) => meaningOf(pattern)).reduce((sum, [, count]) => sum + count, 0);
  expect(total).toBeGreaterThan(3000);
  expect(said / total).toBeGreaterThan(0.97);
});

test('every example in the words is accepted by its pattern', () => {
  for (const pattern of patterns.keys()) {
    const meaning = meaningOf(pattern);
    for (const example of meaning?.examples ?? []) {
      expect([pattern, example, compilePattern(pattern)!.test(example)]).toEqual([pattern, example, true]);
      if (meaning!.is === 'form' && !meaning!.words.includes('begins with')) expect(meaning!.words).toContain(example);
    }
  }
});

/** Values that don't have the form that the words name. */
const counterExamples: Readonly<Record<string, readonly string[]>> = {
  'a duration': ['10', 'ten', '10 minutes', '10x'],
  'a number of minutes': ['10', '90s'],
  'a quantity': ['1GB', 'lots', '1 Gi'],
  'a URL': ['example.com', 'localhost:80/a'],
  'a network': ['10.0.0.0', 'ten'],
  'an IP address or a network': ['host', '10.0.0'],
  'an IPv4': ['10.0.0', 'fd00::1', 'host'],
  'an IPv6': ['10.0.0.1', 'host'],
  'a version': ['latest', '1'],
  'a schedule': ['5m', 'daily'],
  'a whole number': ['1.5', 'ten', '80-90'],
  'a number or a percentage': ['25 %', 'half'],
  'a host name': ['https://example.com', 'a..b'],
  'a domain': ['name', 'example.com/'],
  'a name with': ['-a', 'a/b/c', 'a b'],
  'a MAC': ['02:00:5e', 'host'],
  'an algorithm': ['sha256', 'latest'],
};

test('every counter example is refused by the patterns whose words exclude it', () => {
  const seen = new Set<string>();
  for (const pattern of patterns.keys()) {
    const words = meaningOf(pattern)?.words ?? '';
    for (const [what, refused] of Object.entries(counterExamples)) {
      if (!words.startsWith(`must be ${what}`)) continue;
      seen.add(what);
      for (const value of refused)
        expect([pattern, value, compilePattern(pattern)!.test(value)]).toEqual([pattern, value, false]);
    }
  }
  expect([...seen].toSorted()).toEqual(Object.keys(counterExamples).toSorted());
});

describe('words', () => {
  test.each([
    ['^([0-9]+(\\.[0-9]+)?(ms|s|m|h))+$', 'must be a duration such as 10m or 1h30m'],
    ['^([0-9]+(s|m))+$', 'must be a duration such as 10m or 90s'],
    ['^(https?|oci)://.*$', 'must be a URL that begins with http://, https:// or oci://'],
    [
      '^[a-z0-9]([-a-z0-9]*[a-z0-9])?$',
      'must consist only of lowercase letters, digits and “-”, and begin and end with a lowercase letter or a digit, such as web-1',
    ],
    ['^[^,]+$', 'must not contain “,”'],
    ['^arn:aws:iam::\\d{12}:role/\\w+$', 'must be an ARN such as arn:aws:iam::123456789012:role/admin'],
    ['^[0-9a-f]{40}$', `must be a digest of hexadecimal digits such as e3b0c44298fc1c149afbf4c8996fb92427ae41e4`],
  ])('of %s', (pattern, words) => {
    expect(meaningOf(pattern)?.words).toBe(words);
  });

  // Their own expression is the only exact thing to say.
  test.each(['^h-[0-9a-f]{17}$', '^(stable|fast)-[0-9]+$', '^(\\*|[a-z]+)$', '(^[1-9]+$)|(^[a-z]{4,}$)', '('])(
    'are none for %s',
    (pattern) => {
      expect(meaningOf(pattern)).toBeUndefined();
    },
  );
});
