// Words for patterns that are about characters alone: which may appear, and with which a value may begin and end. Found by
// trying each printable ASCII character.
import type { Pattern } from '../cel/pattern.ts';

/** What a pattern asks for. */
export interface Meaning {
  /** `form`: what is written; `characters`: of which characters. */
  readonly is: 'form' | 'characters';
  /** Completes the name of the field: “must be a duration such as 10m or 1h30m”. */
  readonly words: string;
  /** Values that the words name; the pattern accepts each. */
  readonly examples: readonly string[];
}

const printable = Array.from({ length: 95 }, (_, index) => String.fromCharCode(0x20 + index));
const forms = ['*', 'System', 'my-project', 'abcdef', '10.0.0.1', 'example.com/name', 'a b'];
const examples = ['web-1', 'web', 'Web', 'WEB', 'web1', '1', '/web/'];

/** Undefined where more than characters matters, or too few differ. */
export function characterWords(pattern: Pattern): Meaning | undefined {
  const frame = ['a', '1', 'A'].find((one) => pattern.test(one + one + one));
  if (frame === undefined) return undefined;
  const inside = printable.filter((char) => pattern.test(frame + char + frame));
  if (inside.length === 0 || !isMixture(pattern, frame, inside)) return undefined;
  const first = printable.filter((char) => pattern.test(char + frame.repeat(3)));
  const last = printable.filter((char) => pattern.test(frame.repeat(3) + char));
  const dots = pattern.test(`${frame}..${frame}`) || !inside.includes('.');
  const what = inside.length > 60 ? without(inside) : `only of ${classes(inside)}`;
  if (what === undefined) return undefined;
  // Another form that is accepted as well would be left out of the words.
  if (forms.some((form) => pattern.test(form) && [...form].some((char) => !inside.includes(char)))) return undefined;
  const isEmpty = pattern.test('');
  const preferred = inside.includes('.') ? ['web.example.com', ...examples] : examples;
  const example = preferred.find((one) => pattern.test(one));
  const parts = [
    `must ${isEmpty ? 'be empty or ' : ''}${what.startsWith('only') ? `consist ${what}` : what}`,
    ...edges(inside, first, last),
    ...(dots ? [] : ['two dots must not follow each other']),
  ];
  const words = parts.length < 3 ? parts.join(', and ') : `${parts.slice(0, -1).join(', ')}, and ${parts.at(-1)}`;
  const shown = example === undefined || !what.startsWith('only') ? '' : `, such as ${example}`;
  return { is: 'characters', words: `${words}${shown}`, examples: example === undefined ? [] : [example] };
}

/** Whether the characters may be mixed in any order: the pattern isn't about a form. */
function isMixture(pattern: Pattern, frame: string, inside: readonly string[]): boolean {
  const letters = inside.filter((char) => char !== '.');
  for (let at = 0; at < letters.length; at += 8) {
    const some = letters.slice(at, at + 8);
    if (!pattern.test(`${frame}${some.join(frame)}${frame}`)) return false;
    if (!pattern.test(`${frame}${some.toReversed().join(frame)}${frame}`)) return false;
  }
  return true;
}

function edges(inside: readonly string[], first: readonly string[], last: readonly string[]): readonly string[] {
  const [begin, end] = [first, last].map((chars) => chars.length < inside.length);
  if (!begin && !end) return [];
  if (begin && end && first.join('') === last.join('')) return [`begin and end with ${one(first)}`];
  return [...(begin ? [`begin with ${one(first)}`] : []), ...(end ? [`end with ${one(last)}`] : [])];
}

/** “a letter, a digit or “_””. */
function one(chars: readonly string[]): string {
  return classes(chars, true);
}

function classes(chars: readonly string[], single = false): string {
  const has = (from: string, to: string) =>
    printable.filter((char) => char >= from && char <= to).every((char) => chars.includes(char));
  const [lower, upper, digits] = [has('a', 'z'), has('A', 'Z'), has('0', '9')];
  const names = [
    ...(lower && upper
      ? [single ? 'a letter' : 'letters']
      : lower
        ? [single ? 'a lowercase letter' : 'lowercase letters']
        : upper
          ? [single ? 'an uppercase letter' : 'uppercase letters']
          : []),
    ...(digits ? [single ? 'a digit' : 'digits'] : []),
  ];
  const others = chars.filter(
    (char) => !((lower && /[a-z]/.test(char)) || (upper && /[A-Z]/.test(char)) || (digits && /[0-9]/.test(char))),
  );
  const all = [...names, ...others.map((char) => (char === ' ' ? (single ? 'a space' : 'spaces') : `“${char}”`))];
  return all.length < 2 ? (all[0] ?? '') : `${all.slice(0, -1).join(', ')} ${single ? 'or' : 'and'} ${all.at(-1)}`;
}

/** For patterns that refuse few characters. */
function without(inside: readonly string[]): string | undefined {
  const refused = printable.filter((char) => !inside.includes(char));
  if (refused.length === 0) return undefined;
  if (refused.length > 8) return `only of ${classes(inside)}`;
  return `not contain ${classes(refused, true)}`;
}
