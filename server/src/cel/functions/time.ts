// Parts of timestamps and durations. A time zone is a name from the IANA database or an offset such as `+01:30`.
import { type CelValue, failure } from '../value.ts';
import { floorDivide } from './conversions.ts';
import { type CelFunction, type Library, overload, overloads } from './function.ts';

const millisecond = 1_000_000n;

function part(read: (date: Date) => number, ofDuration?: (nanoseconds: bigint) => bigint): CelFunction {
  const at = (nanoseconds: bigint, offset: number): CelValue =>
    BigInt(read(new Date(Number(floorDivide(nanoseconds, millisecond)) + offset)));
  return overloads(
    overload(['timestamp'], ({ nanoseconds }) => at(nanoseconds, 0)),
    overload(['timestamp', 'string'], ({ nanoseconds }, zone) => {
      const offset = offsetOf(zone, Number(floorDivide(nanoseconds, millisecond)));
      return offset === undefined ? failure(`unknown time zone ${zone}`) : at(nanoseconds, offset);
    }),
    overload(['duration'], ({ nanoseconds }) => ofDuration?.(nanoseconds) ?? failure('no such overload')),
  );
}

const dayMilliseconds = 86_400_000;

export const timeMethods: Library = {
  getFullYear: part((date) => date.getUTCFullYear()),
  getMonth: part((date) => date.getUTCMonth()),
  getDate: part((date) => date.getUTCDate()),
  getDayOfMonth: part((date) => date.getUTCDate() - 1),
  getDayOfWeek: part((date) => date.getUTCDay()),
  getDayOfYear: part((date) => {
    const yearStart = new Date(date);
    yearStart.setUTCMonth(0, 1);
    return Math.round((date.getTime() - yearStart.getTime()) / dayMilliseconds);
  }),
  getHours: part(
    (date) => date.getUTCHours(),
    (nanoseconds) => nanoseconds / 3_600_000_000_000n,
  ),
  getMinutes: part(
    (date) => date.getUTCMinutes(),
    (nanoseconds) => nanoseconds / 60_000_000_000n,
  ),
  getSeconds: part(
    (date) => date.getUTCSeconds(),
    (nanoseconds) => nanoseconds / 1_000_000_000n,
  ),
  getMilliseconds: part(
    (date) => date.getUTCMilliseconds(),
    (nanoseconds) => nanoseconds / millisecond,
  ),
};

/** The zone's offset from UTC at a moment, in milliseconds, positive to the east. */
function offsetOf(zone: string, moment: number): number | undefined {
  const fixed = /^([+-]?)(\d{1,2}):(\d{2})$/.exec(zone);
  if (fixed) return (Number(fixed[2]) * 60 + Number(fixed[3])) * 60_000 * (fixed[1] === '-' ? -1 : 1);
  if (zone === '' || zone === 'UTC') return 0;
  try {
    const format = new Intl.DateTimeFormat('en-US', { timeZone: zone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' }); // biome-ignore format: one call
    const parts = new Map(format.formatToParts(moment).map(({ type, value }) => [type, Number(value)]));
    const get = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? 0;
    const local = Date.UTC(get('year'), get('month') - 1, get('day'), get('hour'), get('minute'), get('second'));
    return local - Math.floor(moment / 1000) * 1000;
  } catch {
    return undefined;
  }
}
