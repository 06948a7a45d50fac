// Version ranges of Flux and Helm: `>=1.2.0 <2`, `~1.4`, `^2.x || 3.1 - 3.4` (github.com/Masterminds/semver/v3
// NewConstraint). A space or comma means “and”, `||` means “or”; a group matches pre-releases only if it names one.
import { type Parsed, parsed, wrong } from './parsed.ts';
import { comparePre, compareVersions, parseVersion, type Version } from './semver.ts';

export interface Range {
  readonly groups: readonly (readonly Constraint[])[];
}

interface Constraint {
  readonly operator: string;
  readonly version: Version;
  /** The number of parts written: `*`, `1`, `1.2`, `1.2.3`. */
  readonly written: 0 | 1 | 2 | 3;
}

const pattern = String.raw`v?([0-9|xX*]+)(\.[0-9|xX*]+)?(\.[0-9|xX*]+)?(-[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?(\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?`;
const bare = pattern.replaceAll(/\((?!\?)/g, '(?:');
const operators = String.raw`=||!=|>|<|>=|=>|<=|=<|~|~>|\^`;
const hyphen = new RegExp(String.raw`\s*(${bare})\s+-\s+(${bare})\s*`, 'g');
const one = new RegExp(String.raw`^\s*(${operators})\s*(${pattern})\s*$`);
const each = new RegExp(String.raw`(?:${operators})\s*(?:${bare})`, 'g');
const group = new RegExp(
  String.raw`^(?:\s*(?:${operators})\s*(?:${bare})\s*)(?:(?:\s+|,\s*)(?:${operators})\s*(?:${bare})\s*)*$`,
);
const hint = 'must be a version range like “>=1.2.0 <2.0.0”, “~1.4” or “1.x”';

export function parseRange(text: string): Parsed<Range> {
  if (text.length > 512) return wrong('must be at most 512 characters long');
  const groups: (readonly Constraint[])[] = [];
  const texts = text.replace(hyphen, (_, from: string, to: string) => `>= ${from}, <= ${to} `).split('||');
  if (texts.length > 32) return wrong('must have at most 32 alternatives');
  for (const alternative of texts) {
    if (!group.test(alternative)) return wrong(hint);
    const constraints = (alternative.match(each) ?? [alternative]).map(constraintOf);
    if (constraints.includes(undefined)) return wrong(hint);
    groups.push(constraints as Constraint[]);
  }
  return parsed({ groups });
}

/** Whether a version is in the range. */
export function inRange(version: Version, range: Range): boolean {
  return range.groups.some((constraints) => {
    const takesPre = constraints.some((constraint) => constraint.version.pre.length > 0);
    return (version.pre.length === 0 || takesPre) && constraints.every((constraint) => satisfies(version, constraint));
  });
}

/**
 * Whether certainly no version is in the range. If there is one, then there is one directly at a bound or above it.
 */
export function isEmptyRange(range: Range): boolean {
  const bounds = range.groups.flat().map(({ version }) => version);
  return ![lowest, ...bounds].some((bound) => atOrAbove(bound, bounds.length).some((one) => inRange(one, range)));
}

const lowest: Version = { major: 0n, minor: 0n, patch: 0n, pre: [], build: [] };

function atOrAbove(version: Version, count: number): readonly Version[] {
  const { major, minor, patch, pre } = version;
  const above = Array.from({ length: count + 2 }, (_, index) => BigInt(index));
  const released = above.flatMap((by) => [
    { ...lowest, major, minor, patch: patch + by },
    { ...lowest, major, minor: minor + by },
    { ...lowest, major: major + by },
  ]);
  const further = above.map((by) => ({ ...version, pre: [...pre, String(by)] }));
  return [version, ...released, ...released.map((one) => ({ ...one, pre: ['0'] })), ...further];
}

function constraintOf(text: string): Constraint | undefined {
  const match = one.exec(text);
  if (!match) return undefined;
  const [, operator = '', , major = '', minor = '', patch = '', pre = ''] = match;
  const written = isAny(major) ? 0 : isAny(minor) ? 1 : isAny(patch) ? 2 : 3;
  const full = [`0.0.0${pre}`, `${major}.0.0${pre}`, `${major}${minor}.0${pre}`, match[2]!][written]!;
  const version = parseVersion(full);
  return version.ok ? { operator, version: version.value, written } : undefined;
}

function isAny(part: string): boolean {
  return part === '' || /^\.?[xX*]$/.test(part);
}

function satisfies(version: Version, { operator, version: bound, written }: Constraint): boolean {
  const order = compareVersions(version, bound);
  switch (operator) {
    case '>':
      if (written === 3) return order > 0;
      if (version.major !== bound.major) return version.major > bound.major;
      return written === 2 ? version.minor > bound.minor : written === 0 && order > 0;
    case '<':
      return order < 0;
    case '>=':
    case '=>':
      return order >= 0;
    case '<=':
    case '=<':
      if (written === 3) return order <= 0;
      if (version.major !== bound.major) return version.major < bound.major;
      return written === 1 || version.minor <= bound.minor;
    case '!=':
      return !equals(version, bound, written);
    case '~':
    case '~>':
      return tilde(version, bound, written);
    case '^':
      return caret(version, bound, written);
    default:
      return written === 3 ? order === 0 : tilde(version, bound, written);
  }
}

function equals(version: Version, bound: Version, written: number): boolean {
  if (written === 3) return compareVersions(version, bound) === 0;
  if (version.major !== bound.major) return false;
  if (written === 1) return true;
  if (version.minor !== bound.minor) return false;
  if (written === 0) return version.patch === bound.patch && compareVersions(version, bound) === 0;
  return comparePre(version.pre, bound.pre) === 0;
}

function tilde(version: Version, bound: Version, written: number): boolean {
  if (compareVersions(version, bound) < 0) return false;
  const isZero = bound.major === 0n && bound.minor === 0n && bound.patch === 0n;
  if (isZero && written !== 1 && written !== 2) return true;
  return version.major === bound.major && (version.minor === bound.minor || written === 1);
}

function caret(version: Version, bound: Version, written: number): boolean {
  if (compareVersions(version, bound) < 0 || version.major !== bound.major) return false;
  if (bound.major > 0n || written === 1) return true;
  if (version.minor !== bound.minor) return false;
  return bound.minor > 0n || written === 2 || version.patch === bound.patch;
}
