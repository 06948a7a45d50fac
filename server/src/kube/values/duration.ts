// Go's durations (time.ParseDuration): `1h30m`, `-1.5s`, `0`. The value is nanoseconds.
import { type Parsed, parsed, wrong } from './parsed.ts';

const nanosecondsOf: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1_000n,
  µs: 1_000n,
  μs: 1_000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
};

const longest = 2n ** 63n;
const tooLong = 'must be at most about 292 years, the longest duration';

export function parseDuration(text: string): Parsed<bigint> {
  const negative = text.startsWith('-');
  const body = /^[+-]/.test(text) ? text.slice(1) : text;
  if (body === '0') return parsed(0n);
  if (body === '') return wrong('must not be empty; a duration is numbers with units, as in “1h30m”');
  const part = /([0-9]*)(?:(\.)([0-9]*))?([^0-9.]*)/y;
  let total = 0n;
  while (part.lastIndex < body.length) {
    const [whole, integer = '', , fraction = '', unit = ''] = part.exec(body)!;
    if (whole === '' || (integer === '' && fraction === ''))
      return wrong('must be numbers with units, as in “1h30m” or “300ms”');
    if (unit === '') return wrong('must have a unit after its last number: ns, us, ms, s, m or h');
    const factor = Object.hasOwn(nanosecondsOf, unit) ? nanosecondsOf[unit]! : undefined;
    if (factor === undefined) return wrong(`has the unknown unit “${unit}”; units are ns, us, ms, s, m and h`);
    // Go reads as many decimals as fit into an int64 and drops the rest.
    const digits = fraction.slice(0, 18);
    total += BigInt(integer || '0') * factor + (BigInt(digits || '0') * factor) / 10n ** BigInt(digits.length);
    if (total > longest) return wrong(tooLong);
  }
  if (!negative && total === longest) return wrong(tooLong);
  return parsed(negative ? -total : total);
}

/** Prints a duration like Go's Duration.String: `1h30m0s`, `1.5s`, `20µs`. */
export function printDuration(nanoseconds: bigint): string {
  const sign = nanoseconds < 0n ? '-' : '';
  const amount = nanoseconds < 0n ? -nanoseconds : nanoseconds;
  if (amount === 0n) return '0s';
  if (amount < 1_000n) return `${sign}${amount}ns`;
  if (amount < 1_000_000n) return `${sign}${decimal(amount, 3)}µs`;
  if (amount < 1_000_000_000n) return `${sign}${decimal(amount, 6)}ms`;
  const seconds = `${decimal(amount % 60_000_000_000n, 9)}s`;
  const minutes = amount / 60_000_000_000n;
  if (minutes === 0n) return sign + seconds;
  return minutes < 60n ? `${sign}${minutes}m${seconds}` : `${sign}${minutes / 60n}h${minutes % 60n}m${seconds}`;
}

function decimal(amount: bigint, places: number): string {
  const digits = amount.toString().padStart(places + 1, '0');
  const fraction = digits.slice(-places).replace(/0+$/, '');
  return digits.slice(0, -places) + (fraction === '' ? '' : `.${fraction}`);
}
