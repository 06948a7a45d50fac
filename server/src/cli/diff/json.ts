// Prints a report as JSON.
import type { Report } from '../../change/report.ts';
import type { DiffOutput } from '../output.ts';
import type { PlaceOf } from './places.ts';

export function asJson(report: Report, against: string, placeOf: PlaceOf): string {
  const { targets, entries, images, gaps } = report;
  const output: DiffOutput = {
    ...{ against, targets },
    entries: entries.map(({ origin, fields, ...entry }) => {
      const isGone = entry.is === 'pruned' || entry.is === 'kept' || entry.is === 'dropped';
      return { ...entry, ...placeOf(origin, isGone), fields };
    }),
    images,
    gaps: gaps.map(({ origin, ...gap }) => ({ ...gap, ...(origin && placeOf(origin, gap.side === 'old')) })),
  };
  return `${JSON.stringify(output, printable, 2)}\n`;
}

/** In UTF-16 units. */
const longestText = 20_000;

function printable(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  return typeof value === 'string' && value.length > longestText ? `${value.slice(0, longestText)}…` : value;
}
