// The expected results come from running Go 1.26 (time, net/netip, encoding/base64), apimachinery 0.36.3,
// Masterminds/semver 3.5.0, blang/semver 4.0.0 and robfig/cron 3.0.1.
import { describe, expect, test } from 'vitest';
import { parseBase64, printBase64 } from './base64.ts';
import { parseCron } from './cron.ts';
import { parseDuration, printDuration } from './duration.ts';
import { isMapped, masked, parseCidr, parseIp, parseSloppyCidr, parseSloppyIp, printCidr, printIp } from './ip.ts';
import { compareQuantities, parseQuantity, quantityAsInteger } from './quantity.ts';
import { compareVersions, parseStrictVersion, parseVersion } from './semver.ts';
import { inRange, parseRange } from './semver-range.ts';
import { parseTime, printTime } from './time.ts';

function good<T>(result: { ok: true; value: T } | { ok: false; problem: string }): T {
  if (!result.ok) throw new Error(result.problem);
  return result.value;
}

describe('duration', () => {
  test.each([
    ['1h30m', '1h30m0s'],
    ['0', '0s'],
    ['-1.5s', '-1.5s'],
    ['.5ms', '500µs'],
    ['1m1ms', '1m0.001s'],
  ])('%s prints as %s', (text, printed) => expect(printDuration(good(parseDuration(text)))).toBe(printed));
  test.each(['', '1', '1d', 'h', '1h 30m', '.s', '9999999999h', '--1s'])('%j is rejected', (text) =>
    expect(parseDuration(text).ok).toBe(false),
  );
});

describe('quantity', () => {
  test.each([
    ['1.5Gi', 1610612736n],
    ['100m', undefined],
    ['1e3', 1000n],
    ['.5', undefined],
    ['', undefined],
  ])('%s has the integer %s', (text, integer) => {
    const parsed = parseQuantity(text);
    if (text === '') expect(parsed.ok).toBe(false);
    // A quantity stored as an arbitrary-precision decimal has no integer value, even if it is whole.
    else expect(quantityAsInteger(good(parsed))).toBe(text === '1.5Gi' ? undefined : integer);
    if (text === '1.5Gi') expect(good(parsed).nanos).toBe(integer! * 1_000_000_000n);
  });
  test.each([
    ['200M', '0.2G', 0],
    ['50M', '50Mi', -1],
    ['1', '999m', 1],
    ['0.1n', '1n', 0],
    ['-1', '1', -1],
  ])('%s compared to %s', (a, b, order) =>
    expect(compareQuantities(good(parseQuantity(a)), good(parseQuantity(b)))).toBe(order),
  );
  test.each(['1GB', '1 Gi', 'abc', '1mi', '1K', '1e', '1.2.3', '1e1.5'])('%s is rejected', (text) =>
    expect(parseQuantity(text).ok).toBe(false),
  );
});

describe('versions', () => {
  test.each([
    ['1.2.3', '1.2.3-rc.1', 1],
    ['1.0.0-alpha.2', '1.0.0-alpha.10', -1],
    ['1.0.0-1', '1.0.0-a', -1],
    ['v1', '1.0.0+build', 0],
  ])('%s compared to %s', (a, b, order) =>
    expect(compareVersions(good(parseVersion(a)), good(parseVersion(b)))).toBe(order),
  );
  test('the strict parser accepts only full versions without padding', () => {
    for (const text of ['1.2', 'v1.2.3', '01.2.3', '1.2.3-01', '']) expect(parseStrictVersion(text).ok).toBe(false);
    expect(parseStrictVersion('1.2.3-rc.1+b').ok).toBe(true);
  });
  test.each([
    ['>=1.0.0 <2.0.0', '1.5.0', true],
    ['>=1.0.0, <2.0.0', '2.0.0', false],
    ['~1.2.3', '1.2.9', true],
    ['~1.2.3', '1.3.0', false],
    ['^0.2.3', '0.2.9', true],
    ['^0.2.3', '0.3.0', false],
    ['^0', '0.9.9', true],
    ['1.x', '1.9.0', true],
    ['*', '1.0.0-rc.1', false],
    ['>=1.0.0-0', '1.0.0-rc.1', true],
    ['1.2 - 1.4.5', '1.4.5', true],
    ['!=1.2.x', '1.2.7', false],
    ['<1.0.0 || >=2.0.0', '2.1.0', true],
  ])('whether %s includes %s', (range, version, expected) =>
    expect(inRange(good(parseVersion(version)), good(parseRange(range)))).toBe(expected),
  );
  test.each(['', 'latest', '>>1.0.0', '1.2.3.4', '>= 1.0 &&', 'x.y'])('the range %j is rejected', (text) =>
    expect(parseRange(text).ok).toBe(false),
  );
});

describe('addresses', () => {
  test.each([
    ['2001:DB8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['::', '::'],
    ['::ffff:1.2.3.4', '::ffff:1.2.3.4'],
    ['10.0.0.1', '10.0.0.1'],
    ['1:2:3:4:5:6:1.2.3.4', '1:2:3:4:5:6:102:304'],
  ])('%s prints as %s', (text, printed) => expect(printIp(good(parseIp(text)))).toBe(printed));
  test.each(['010.0.0.1', '1.2.3', '256.0.0.1', '1::2::3', ':1', '1:2:3:4:5:6:7:8:9', '1.2.3.4:80', ''])(
    '%j is rejected',
    (text) => expect(parseIp(text).ok).toBe(false),
  );
  test('the sloppy parsers accept leading zeros', () => {
    expect(parseSloppyIp('010.0.0.1').ok).toBe(true);
    expect(parseSloppyCidr('10.0.0.0/08').ok).toBe(true);
    expect(parseCidr('10.0.0.0/08').ok).toBe(false);
  });
  test('networks are masked, and invalid prefixes and zones are rejected', () => {
    expect(printCidr(masked(good(parseCidr('10.1.2.3/16'))))).toBe('10.1.0.0/16');
    for (const text of ['10.0.0.0', '10.0.0.0/33', 'fe80::1%eth0/64', '10.0.0.0/-1'])
      expect(parseCidr(text).ok).toBe(false);
    expect(isMapped(good(parseIp('::ffff:0:0')))).toBe(true);
  });
});

describe('schedules', () => {
  test.each([
    '0 3 * * *',
    '*/5 1-5 1,15 jan-feb MON-fri',
    '@daily',
    '@every 1h30m',
    'TZ=Europe/Berlin 0 3 * * *',
    '? * * * ?',
  ])('%s is valid', (text) => expect(parseCron(text).ok).toBe(true));
  test.each([
    '',
    '* * * *',
    '60 * * * *',
    '* * 0 * *',
    '* * * * 7',
    '*/0 * * * *',
    '5-3 * * * *',
    '@reboot',
    'TZ=Nowhere/Else * * * * *',
  ])('%j is rejected', (text) => expect(parseCron(text).ok).toBe(false));
});

test('times are printed in UTC, and times that don’t exist are rejected', () => {
  expect(printTime(good(parseTime('2026-01-31T01:00:00.5+02:00')).nanoseconds)).toBe('2026-01-30T23:00:00.5Z');
  for (const text of ['2026-02-29T00:00:00Z', '2026-01-01 00:00:00Z', '2026-01-01T24:00:00Z', '2026-01-01T00:00:00'])
    expect(parseTime(text).ok).toBe(false);
});

test('base64 may have line breaks, but must be padded and valid', () => {
  expect(printBase64(good(parseBase64('aGVs\nbG8=')))).toBe('aGVsbG8=');
  for (const text of ['aGVsbG8', 'a', 'aGV_', 'aG=V', 'aGVsbG8= ', '====']) expect(parseBase64(text).ok).toBe(false);
});
