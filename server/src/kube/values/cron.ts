// Schedules of CronJobs: five fields or a descriptor (github.com/robfig/cron/v3 ParseStandard). The value is the set of
// allowed numbers per field.
import { parseDuration } from './duration.ts';
import { type Parsed, parsed, wrong } from './parsed.ts';

export interface Schedule {
  /** Minutes, hours, days of the month, months and days of the week (0 is Sunday); empty for `@every`. */
  readonly fields: readonly ReadonlySet<number>[];
  readonly every?: bigint;
  readonly timeZone?: string;
}

interface Field {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly names?: readonly string[];
}

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const weekDays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const fields: readonly Field[] = [
  { name: 'minute', min: 0, max: 59 },
  { name: 'hour', min: 0, max: 23 },
  { name: 'day of the month', min: 1, max: 31 },
  { name: 'month', min: 1, max: 12, names: months },
  { name: 'day of the week', min: 0, max: 6, names: weekDays },
];
const descriptors: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};

export function parseCron(text: string): Parsed<Schedule> {
  const zoned = /^(?:CRON_)?TZ=([^ ]*) (.*)$/s.exec(text);
  if (!zoned && /^(?:CRON_)?TZ=/.test(text)) return wrong('must have a schedule after its time zone');
  const schedule = zoned ? parseSchedule(zoned[2]!.trim()) : parseSchedule(text);
  if (!schedule.ok || !zoned) return schedule;
  if (!isTimeZone(zoned[1]!)) return wrong(`has the unknown time zone “${zoned[1]}”`);
  return parsed({ ...schedule.value, timeZone: zoned[1]! });
}

/** Whether a name is a zone of the IANA database; other zones known to the operating system are accepted as well. */
export function isTimeZone(name: string): boolean {
  if (name === '' || name === 'UTC' || name === 'Local') return true;
  if (/^[+-]/.test(name)) return false;
  if (/^(posix|right)\/|^(localtime|posixrules|Factory)$/.test(name)) return true;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

function parseSchedule(text: string): Parsed<Schedule> {
  if (text === '') return wrong('must not be empty; a schedule has five fields, as in “0 3 * * *”');
  if (text.startsWith('@')) return parseDescriptor(text);
  const parts = text.split(/\s+/).filter((part) => part !== '');
  if (parts.length !== fields.length)
    return wrong(`must have five fields (minute, hour, day of the month, month, day of the week), not ${parts.length}`);
  const sets: ReadonlySet<number>[] = [];
  for (const [index, field] of fields.entries()) {
    const set = parseField(parts[index]!, field);
    if (!set.ok) return set;
    sets.push(set.value);
  }
  return parsed({ fields: sets });
}

function parseDescriptor(text: string): Parsed<Schedule> {
  const known = Object.hasOwn(descriptors, text) ? descriptors[text] : undefined;
  if (known !== undefined) return parseSchedule(known);
  if (!text.startsWith('@every '))
    return wrong(`must be one of ${Object.keys(descriptors).join(', ')} or “@every” with a duration`);
  const every = parseDuration(text.slice('@every '.length));
  return every.ok
    ? parsed({ fields: [], every: every.value })
    : wrong('must have a duration like “1h30m” after “@every”');
}

function parseField(text: string, field: Field): Parsed<ReadonlySet<number>> {
  const set = new Set<number>();
  for (const part of text.split(',').filter((part) => part !== '')) {
    const problem = addRange(part, field, set);
    if (problem) return wrong(`has the invalid ${field.name} “${part}”: ${problem}`);
  }
  return parsed(set);
}

function addRange(part: string, { min, max, names }: Field, set: Set<number>): string | undefined {
  const [range = '', stepText, ...moreSteps] = part.split('/');
  const [low = '', high, ...moreBounds] = range.split('-');
  const isStar = low === '*' || low === '?';
  if (moreSteps.length > 0) return 'it must contain at most one “/”';
  if (moreBounds.length > 0 && !isStar) return 'it must contain at most one “-”';
  const start = isStar ? min : numberOf(low, names);
  let end = isStar ? max : high === undefined ? start : numberOf(high, names);
  if (start === undefined || end === undefined)
    return `it must be a number from ${min} to ${max}${names ? ' or a name' : ''}`;
  const step = stepText === undefined ? 1 : numberOf(stepText);
  if (step === undefined || step === 0) return 'the step after “/” must be a positive number';
  if (stepText !== undefined && high === undefined) end = max;
  if (start < min || end > max) return `it must be from ${min} to ${max}`;
  if (start > end) return 'its start must not be after its end';
  for (let value = start; value <= end; value += step) set.add(value);
  return undefined;
}

function numberOf(text: string, names?: readonly string[]): number | undefined {
  const index = names?.indexOf(text.toLowerCase()) ?? -1;
  if (index !== -1) return names === months ? index + 1 : index;
  return /^\+?\d{1,18}$/.test(text) || /^-0+$/.test(text) ? Math.abs(Number(text)) : undefined;
}
