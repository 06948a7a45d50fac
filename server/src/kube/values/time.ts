// Points in time as Go parses them (time.Parse with RFC 3339). The value is nanoseconds since 1970 in UTC, and the
// offset as written.
import { type Parsed, parsed, wrong } from './parsed.ts';

export interface Time {
  readonly nanoseconds: bigint;
  readonly offsetMinutes: number;
}

const second = 1_000_000_000n;

/** RFC 3339: `2026-01-31T12:00:00Z`, with an optional fraction of a second and any offset. */
export function parseTime(text: string): Parsed<Time> {
  const match = /^(\d{4})-(\d{2})-(\d{2})T(\d{1,2}):(\d{2}):(\d{2})(?:[.,](\d+))?(Z|([+-])(\d{2}):(\d{2}))$/.exec(text);
  if (!match) return wrong('must be a time like “2026-01-31T12:00:00Z”');
  const [, , , , hours, minutes, seconds, fraction = '', zone, sign, zoneHours, zoneMinutes] = match;
  const day = dayOf(match[1]!, match[2]!, match[3]!);
  if (day === undefined) return wrong('has a day that doesn’t exist');
  if (Number(hours) > 23 || minutes! > '59' || seconds! > '59') return wrong('has a time of day that doesn’t exist');
  if (zone !== 'Z' && (zoneHours! > '24' || zoneMinutes! > '60')) return wrong('has an offset that doesn’t exist');
  const offsetMinutes = zone === 'Z' ? 0 : (Number(zoneHours) * 60 + Number(zoneMinutes)) * (sign === '-' ? -1 : 1);
  const time = BigInt(
    day * 86_400 + Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds) - offsetMinutes * 60,
  );
  return parsed({ nanoseconds: time * second + BigInt(fraction.slice(0, 9).padEnd(9, '0')), offsetMinutes });
}

/** `2026-01-31`, midnight UTC. */
export function parseDate(text: string): Parsed<Time> {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  const day = match && dayOf(match[1]!, match[2]!, match[3]!);
  if (day === null || day === undefined) return wrong('must be a date like “2026-01-31”');
  return parsed({ nanoseconds: BigInt(day) * 86_400n * second, offsetMinutes: 0 });
}

/** Prints a time in UTC, with as many decimals as needed (Go's RFC3339Nano). */
export function printTime(nanoseconds: bigint): string {
  const seconds = nanoseconds / second - (nanoseconds % second < 0n ? 1n : 0n);
  const rest = nanoseconds - seconds * second;
  const fraction = rest === 0n ? '' : `.${rest.toString().padStart(9, '0').replace(/0+$/, '')}`;
  return `${new Date(Number(seconds) * 1000).toISOString().replace(/\.000Z$/, '')}${fraction}Z`;
}

/** Days since 1970. */
function dayOf(year: string, month: string, day: string): number | undefined {
  const date = new Date(0);
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  const isReal = date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day) && day !== '00';
  return isReal ? Math.round(date.getTime() / 86_400_000) : undefined;
}
