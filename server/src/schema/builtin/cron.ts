// Cron schedules as the CronJob controller's parser reads them (github.com/robfig/cron/v3, standard parser).

interface Unit {
  readonly name: string;
  readonly least: number;
  readonly most: number;
  readonly names?: readonly string[];
}

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const days = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

const units: readonly Unit[] = [
  { name: 'minute', least: 0, most: 59 },
  { name: 'hour', least: 0, most: 23 },
  { name: 'day of the month', least: 1, most: 31 },
  { name: 'month', least: 1, most: 12, names: ['', ...months] },
  { name: 'day of the week', least: 0, most: 6, names: days },
];

/** What is wrong with a schedule; undefined where it is right. */
export function cronProblem(schedule: string): string | undefined {
  if (schedule.startsWith('@')) return descriptorProblem(schedule);
  const fields = schedule.split(/\s+/).filter((field) => field !== '');
  if (fields.length !== 5) return `it needs 5 fields (minute, hour, day, month, weekday) and has ${fields.length}`;
  for (const [index, field] of fields.entries()) {
    const unit = units[index]!;
    for (const part of field.split(',')) if (!isRange(part, unit)) return `“${part}” isn’t a ${unit.name}`;
  }
  return undefined;
}

function descriptorProblem(schedule: string): string | undefined {
  if (/^@(yearly|annually|monthly|weekly|daily|midnight|hourly)$/.test(schedule)) return undefined;
  const every = /^@every (.+)$/.exec(schedule);
  if (every) return isDuration(every[1]!) ? undefined : `“${every[1]}” isn’t a duration`;
  return `“${schedule}” isn’t one of @yearly, @monthly, @weekly, @daily, @hourly or @every DURATION`;
}

function isDuration(text: string): boolean {
  return /^[+-]?(0|((\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h))+)$/.test(text);
}

function isRange(part: string, unit: Unit): boolean {
  const [range = '', step, ...rest] = part.split('/');
  if (rest.length > 0) return false;
  const ends = range.split('-');
  if (ends.length > 2) return false;
  let least: number | undefined;
  let most: number | undefined;
  if (ends[0] === '*' || ends[0] === '?') {
    if (ends.length > 1) return false;
    [least, most] = [unit.least, unit.most];
  } else {
    least = numberOf(ends[0]!, unit);
    most = ends.length > 1 ? numberOf(ends[1]!, unit) : step === undefined ? least : unit.most;
  }
  if (least === undefined || most === undefined || least < unit.least || most > unit.most || least > most) return false;
  return step === undefined || (/^\+?\d+$/.test(step) && Number(step) > 0);
}

function numberOf(text: string, unit: Unit): number | undefined {
  if (/^\+?\d+$/.test(text)) return Number(text);
  const index = unit.names?.indexOf(text.toLowerCase()) ?? -1;
  return index >= 0 && text !== '' ? index : undefined;
}
