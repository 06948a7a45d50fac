// Versions ordered by Semantic Versioning 2.0, parsed strictly (as by CEL's `semver`) or loosely (as by Flux and Helm).
import { type Parsed, parsed, wrong } from './parsed.ts';

export interface Version {
  readonly major: bigint;
  readonly minor: bigint;
  readonly patch: bigint;
  readonly pre: readonly string[];
  readonly build: readonly string[];
}

const hint = 'must be a version like “1.2.3” or “1.2.3-rc.1”';
const largest = 2n ** 64n;

/** Accepts only the full form, `1.2.3` (github.com/blang/semver Parse). */
export function parseStrictVersion(text: string): Parsed<Version> {
  const match =
    /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?$/.exec(
      text,
    );
  return match ? version(match[1]!, match[2]!, match[3]!, match[4], match[5]) : wrong(hint);
}

/** Also accepts `v1`, `1.2` and `01.2.3` (github.com/Masterminds/semver/v3 NewVersion). */
export function parseVersion(text: string): Parsed<Version> {
  const match =
    /^v?([0-9]+)(?:\.([0-9]+))?(?:\.([0-9]+))?(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?$/.exec(
      text,
    );
  return match ? version(match[1]!, match[2] ?? '0', match[3] ?? '0', match[4], match[5]) : wrong(hint);
}

export function compareVersions(a: Version, b: Version): -1 | 0 | 1 {
  for (const part of ['major', 'minor', 'patch'] as const) {
    if (a[part] !== b[part]) return a[part] < b[part] ? -1 : 1;
  }
  if (a.pre.length === 0 || b.pre.length === 0) return a.pre.length === b.pre.length ? 0 : a.pre.length === 0 ? 1 : -1;
  return comparePre(a.pre, b.pre);
}

export function comparePre(a: readonly string[], b: readonly string[]): -1 | 0 | 1 {
  for (let index = 0; index < Math.max(a.length, b.length); index += 1) {
    const [left, right] = [a[index], b[index]];
    if (left === right) continue;
    if (left === undefined) return -1;
    if (right === undefined) return 1;
    const [leftIsNumber, rightIsNumber] = [/^\d+$/.test(left), /^\d+$/.test(right)];
    if (leftIsNumber !== rightIsNumber) return leftIsNumber ? -1 : 1;
    if (leftIsNumber && BigInt(left) !== BigInt(right)) return BigInt(left) < BigInt(right) ? -1 : 1;
    if (!leftIsNumber) return left < right ? -1 : 1;
  }
  return 0;
}

function version(major: string, minor: string, patch: string, pre?: string, build?: string): Parsed<Version> {
  const numbers = [major, minor, patch].map(BigInt);
  if (numbers.some((number) => number >= largest)) return wrong('must have numbers less than 2^64');
  const parts = pre?.split('.') ?? [];
  if (parts.some((part) => /^0\d+$/.test(part))) return wrong('must not have a pre-release number with a leading zero');
  return parsed({
    major: numbers[0]!,
    minor: numbers[1]!,
    patch: numbers[2]!,
    pre: parts,
    build: build?.split('.') ?? [],
  });
}
