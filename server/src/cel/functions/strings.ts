// Strings: cel-go's own functions, its extension in version 2 and Kubernetes' `find` (positions count code points).
import { compilePattern, type Pattern } from '../pattern.ts';
import { type CelValue, failure, list, unknownValue } from '../value.ts';
import { type Library, overload, overloads } from './function.ts';

/** The API server accepts no larger request. A function that would make more is unknown. */
export const largestText = 3_000_000;

export const stringMethods: Library = {
  contains: overload(['string', 'string'], (text, part) => text.includes(part)),
  startsWith: overload(['string', 'string'], (text, part) => text.startsWith(part)),
  endsWith: overload(['string', 'string'], (text, part) => text.endsWith(part)),
  matches: overload(['string', 'string'], matches),
  find: overload(['string', 'string'], (text, source) => withPattern(source, (re) => re.findAll(text, 1)[0] ?? '')),
  findAll: overloads(
    overload(['string', 'string'], (text, source) => withPattern(source, (re) => list(re.findAll(text)))),
    overload(['string', 'string', 'bigint'], (text, source, limit) =>
      withPattern(source, (re) => list(re.findAll(text, limit < 0n ? undefined : Number(limit)))),
    ),
  ),
  charAt: overload(['string', 'bigint'], (text, index) => {
    const chars = [...text];
    return index < 0n || index > chars.length ? outOfRange(index) : (chars[Number(index)] ?? '');
  }),
  indexOf: overloads(
    overload(['string', 'string'], (text, part) => indexOf(text, part, 0n)),
    overload(['string', 'string', 'bigint'], indexOf),
  ),
  lastIndexOf: overloads(
    overload(['string', 'string'], (text, part) => {
      const length = BigInt([...text].length);
      if (part === '') return length;
      return text.length < part.length ? -1n : lastIndexOf(text, part, length - 1n);
    }),
    overload(['string', 'string', 'bigint'], lastIndexOf),
  ),
  lowerAscii: overload(['string'], (text) => text.replace(/[A-Z]+/g, (part) => part.toLowerCase())),
  upperAscii: overload(['string'], (text) => text.replace(/[a-z]+/g, (part) => part.toUpperCase())),
  replace: overloads(
    overload(['string', 'string', 'string'], (text, old, by) => replace(text, old, by, -1n)),
    overload(['string', 'string', 'string', 'bigint'], replace),
  ),
  split: overloads(
    overload(['string', 'string'], (text, separator) => list(split(text, separator, -1n))),
    overload(['string', 'string', 'bigint'], (text, separator, limit) => list(split(text, separator, limit))),
  ),
  substring: overloads(
    overload(['string', 'bigint'], (text, start) => substring(text, start, BigInt([...text].length))),
    overload(['string', 'bigint', 'bigint'], substring),
  ),
  trim: overload(['string'], (text) => text.replace(/^[\p{White_Space}]+|[\p{White_Space}]+$/gu, '')),
};

export const stringFunctions: Library = {
  matches: overload(['string', 'string'], matches),
  'strings.quote': overload(
    ['string'],
    (text) => `"${text.replace(/[\x07\b\f\n\r\t\v\\"]/g, (char) => quotes[char]!)}"`,
  ),
};

/** The pieces of Go's strings.SplitN: all for a negative limit, none for zero. */
function split(text: string, separator: string, limit: bigint): readonly string[] {
  if (limit === 0n) return [];
  const parts = separator === '' ? [...text] : text.split(separator);
  if (limit < 0n || parts.length <= limit) return parts;
  const count = Number(limit) - 1;
  return [...parts.slice(0, count), parts.slice(count).join(separator)];
}

function replace(text: string, old: string, by: string, limit: bigint): CelValue {
  const most = limit < 0n ? Number.POSITIVE_INFINITY : Number(limit);
  if (old === '') {
    const chars = [...text];
    const count = Math.min(chars.length + 1, most);
    if (text.length + count * by.length > largestText) return unknownValue;
    return chars.map((char, index) => (index < most ? by + char : char)).join('') + (chars.length < most ? by : '');
  }
  const parts = text.split(old);
  const count = Math.min(parts.length - 1, most);
  if (text.length + count * (by.length - old.length) > largestText) return unknownValue;
  const kept = parts.slice(count + 1).map((part) => old + part);
  return parts.slice(0, count + 1).join(by) + kept.join('');
}

const quotes: Readonly<Record<string, string>> = {
  '\x07': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '\\': '\\\\',
  '"': '\\"',
};

function matches(text: string, source: string): CelValue {
  return withPattern(source, (pattern) => pattern.test(text));
}

/** A pattern that our engine can't compile is unknown, since the server might accept it. */
function withPattern(source: string, use: (pattern: Pattern) => CelValue): CelValue {
  const pattern = compilePattern(source);
  return pattern ? use(pattern) : unknownValue;
}

function outOfRange(index: bigint): CelValue {
  return failure(`index out of range: ${index}`);
}

function indexOf(text: string, part: string, offset: bigint): CelValue {
  if (part === '') return offset;
  if (offset < 0n) return outOfRange(offset);
  const from = unitOf(text, offset);
  const found = from === undefined ? -1 : text.indexOf(part, from);
  return found === -1 ? -1n : pointsIn(text, found);
}

function lastIndexOf(text: string, part: string, offset: bigint): CelValue {
  if (part === '') return offset;
  if (offset < 0n) return outOfRange(offset);
  const from = unitOf(text, offset);
  const found = from === undefined ? -1 : text.lastIndexOf(part, from);
  return found === -1 ? -1n : pointsIn(text, found);
}

/** The position of a code point in UTF-16; `undefined` at and after the end. */
function unitOf(text: string, point: bigint): number | undefined {
  let left = point;
  for (let at = 0; at < text.length; at += text.codePointAt(at)! > 0xffff ? 2 : 1) {
    if (left === 0n) return at;
    left -= 1n;
  }
  return undefined;
}

function pointsIn(text: string, end: number): bigint {
  let points = 0;
  for (let at = 0; at < end; at += text.codePointAt(at)! > 0xffff ? 2 : 1) points += 1;
  return BigInt(points);
}

function substring(text: string, start: bigint, end: bigint): CelValue {
  const chars = [...text];
  if (start > end) return failure(`invalid substring range. start: ${start}, end: ${end}`);
  if (start < 0n || start > chars.length) return outOfRange(start);
  if (end > chars.length) return outOfRange(end);
  return chars.slice(Number(start), Number(end)).join('');
}
