// Resolves plain scalars of objects as kustomize does, with go-yaml v3; the API server uses v2. `yes` and `off` are strings
// in v3, and a timestamp is resolved to a time and printed in full.
import { isHole, resolvePlain } from '../syntax/scalar.ts';
import { type Scalar, type ScalarNode, unknown } from '../syntax/tree.ts';

export function objectScalar({ style, value, text }: ScalarNode): Scalar {
  if (style !== 'plain' || value === unknown) return value;
  if (typeof value === 'boolean') return /^(?:true|True|TRUE|false|False|FALSE)$/.test(text) ? value : text;
  return typeof value === 'string' ? (timeOf(text) ?? value) : value;
}

/** A text as a plain scalar is read. */
export function plainValue(text: string): Scalar {
  if (text === '') return null;
  return isHole(text)
    ? unknown
    : objectScalar({ type: 'scalar', style: 'plain', value: resolvePlain(text), text, start: 0, end: 0 });
}

const forms = [
  /^(\d{4})-(\d{1,2})-(\d{1,2})$/,
  /^(\d{4})-(\d{1,2})-(\d{1,2})[Tt](\d{1,2}):(\d{1,2}):(\d{1,2})(\.\d{1,9})?(Z|[-+]\d{2}:\d{2})$/,
  /^(\d{4})-(\d{1,2})-(\d{1,2}) (\d{1,2}):(\d{1,2}):(\d{1,2})(\.\d{1,9})?$/,
];

/** A timestamp as Go encodes it in JSON; undefined for any other text. */
function timeOf(text: string): string | undefined {
  if (!/^\d{4}-/.test(text)) return undefined;
  for (const form of forms) {
    const found = form.exec(text);
    if (!found) continue;
    const [, year = '', month = '', day = '', hour = '0', minute = '0', second = '0', fraction = '', zone = 'Z'] =
      found;
    if (!isDate(Number(year), Number(month), Number(day)) || Number(hour) > 23) return undefined;
    if (Number(minute) > 59 || Number(second) > 59) return undefined;
    const [mm, dd, hh, mi, ss] = [month, day, hour, minute, second].map((part) => part.padStart(2, '0'));
    return `${year}-${mm}-${dd}T${hh}:${mi}:${ss}${fraction.replace(/\.?0+$/, '')}${zone === '+00:00' ? 'Z' : zone}`;
  }
  return undefined;
}

function isDate(year: number, month: number, day: number): boolean {
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}
