// Prints how the outcomes of two builds differ: the refusals, or the first values.
import { isDeepStrictEqual } from 'node:util';
import type { Value } from '../../../server/src/syntax/tree.ts';
import { isObject, own } from '../../../server/src/syntax/value.ts';
import type { Outcome } from './outcome.ts';

export function explained(ours: Outcome, theirs: Outcome): string {
  if ('refusal' in ours || 'refusal' in theirs)
    return [ours, theirs].flatMap((one) => ('refusal' in one ? [one.refusal.slice(0, 600)] : [])).join('\n');
  const titles = [...new Set([...ours.objects.keys(), ...theirs.objects.keys()])];
  return titles
    .flatMap((title) => differences(ours.objects.get(title), theirs.objects.get(title), title))
    .slice(0, 6)
    .join('\n');
}

function differences(ours: Value | undefined, theirs: Value | undefined, at: string): readonly string[] {
  if (isDeepStrictEqual(ours, theirs)) return [];
  if (isObject(ours) && isObject(theirs)) {
    const keys = [...new Set([...Object.keys(ours), ...Object.keys(theirs)])];
    return keys.flatMap((key) => differences(own(ours, key), own(theirs, key), `${at} / ${key}`));
  }
  if (Array.isArray(ours) && Array.isArray(theirs) && ours.length === theirs.length)
    return ours.flatMap((item: Value, index) => differences(item, theirs[index], `${at} / ${index}`));
  return [`  ${at}\n    ours   ${shortened(ours)}\n    theirs ${shortened(theirs)}`];
}

function shortened(value: Value | undefined): string {
  const text = JSON.stringify(value, (_key, one) => (typeof one === 'bigint' ? `${one}n` : one)) ?? String(value);
  return text.length > 300 ? `${text.slice(0, 300)} ...` : text;
}
