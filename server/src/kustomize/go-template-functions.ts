// The functions of Go templates that ResourceSets use most: those of Go itself, and some of sprig's (slim-sprig). A function
// that isn't here, or arguments that it doesn't accept, give an unknown value.
import { unknown, type Value } from '../syntax/tree.ts';
import { isList, isObject, own } from '../syntax/value.ts';
import type { Built, Origin } from './built.ts';
import { printBuilt } from './print.ts';
import { sha256 } from './sha256.ts';

/** Undefined if the arguments aren't accepted. */
type TemplateFunction = (args: readonly Value[]) => Value | undefined;

/** With text arguments; other values are printed as `toString` does. */
function onTexts(change: (...texts: string[]) => Value | undefined): TemplateFunction {
  return (args) => {
    const texts = args.map((arg) => (isList(arg) || isObject(arg) ? undefined : printed(arg)));
    return texts.includes(undefined) ? undefined : change(...(texts as string[]));
  };
}

function onNumbers(change: (...numbers: number[]) => Value): TemplateFunction {
  return (args) => {
    const numbers = args.map((arg) =>
      Number(typeof arg === 'symbol' || isList(arg) || isObject(arg) ? Number.NaN : arg),
    );
    return numbers.some(Number.isNaN) ? undefined : integral(change(...numbers));
  };
}

function integral(value: Value): Value {
  return typeof value === 'number' && Number.isSafeInteger(value) ? BigInt(value) : value;
}

function isEqual(a: Value, b: Value | undefined): boolean {
  const [left, right] = [a, b].map((one) => (typeof one === 'bigint' ? Number(one) : one));
  return left === right;
}

const indented = (width: string, text: string) => text.replace(/^/gm, ' '.repeat(Math.min(Number(width) || 0, 200)));

export const templateFunctions: ReadonlyMap<string, TemplateFunction> = new Map<string, TemplateFunction>([
  ['quote', onTexts((...texts) => texts.map((text) => JSON.stringify(text)).join(' '))],
  ['squote', onTexts((...texts) => texts.map((text) => `'${text}'`).join(' '))],
  ['upper', onTexts((text) => text?.toUpperCase())],
  ['lower', onTexts((text) => text?.toLowerCase())],
  ['title', onTexts((text) => text?.replace(/(^|\s)\p{L}/gu, (one) => one.toUpperCase()))],
  ['trim', onTexts((text) => text?.trim())],
  ['trimPrefix', onTexts((prefix = '', text = '') => (text.startsWith(prefix) ? text.slice(prefix.length) : text))],
  [
    'trimSuffix',
    onTexts((suffix = '', text = '') => (text.endsWith(suffix) ? text.slice(0, text.length - suffix.length) : text)),
  ],
  [
    'trunc',
    onTexts((count, text = '') => (Number(count) < 0 ? text.slice(Number(count)) : text.slice(0, Number(count)))),
  ],
  ['replace', onTexts((from = '', to = '', text = '') => text.replaceAll(from, () => to))],
  ['contains', onTexts((part = '', text = '') => text.includes(part))],
  ['hasPrefix', onTexts((prefix = '', text = '') => text.startsWith(prefix))],
  ['hasSuffix', onTexts((suffix = '', text = '') => text.endsWith(suffix))],
  ['repeat', onTexts((count, text = '') => text.repeat(Math.max(0, Math.min(Number(count) || 0, 1000))))],
  ['nospace', onTexts((text) => text?.replace(/\s/g, ''))],
  ['indent', onTexts((width = '', text = '') => indented(width, text))],
  ['nindent', onTexts((width = '', text = '') => `\n${indented(width, text)}`)],
  ['toString', onTexts((text) => text)],
  ['b64enc', onTexts((text = '') => btoa(String.fromCharCode(...new TextEncoder().encode(text))))],
  ['sha256sum', onTexts((text = '') => sha256(new TextEncoder().encode(text)))],
  ['slugify', onTexts((text = '') => slug(text))],
  ['splitList', onTexts((separator = '', text = '') => text.split(separator))],
  ['printf', ([format, ...args]) => (typeof format === 'string' ? formatted(format, args) : undefined)],
  ['print', onTexts((...texts) => texts.join(''))],
  ['default', ([fallback = null, value = null]) => (isTrue(value) ? value : fallback)],
  ['coalesce', (args) => args.find(isTrue) ?? null],
  ['ternary', ([yes = null, no = null, test = null]) => (test === true ? yes : no)],
  ['empty', ([value = null]) => !isTrue(value)],
  ['not', ([value = null]) => !isTrue(value)],
  ['and', (args) => args.find((arg) => !isTrue(arg)) ?? args.at(-1)],
  ['or', (args) => args.find(isTrue) ?? args.at(-1)],
  ['eq', ([value = null, ...others]) => others.some((other) => isEqual(value, other))],
  ['ne', ([a = null, b]) => !isEqual(a, b)],
  ['lt', onNumbers((a = 0, b = 0) => a < b)],
  ['le', onNumbers((a = 0, b = 0) => a <= b)],
  ['gt', onNumbers((a = 0, b = 0) => a > b)],
  ['ge', onNumbers((a = 0, b = 0) => a >= b)],
  ['add', onNumbers((...all) => all.reduce((sum, one) => sum + Math.trunc(one), 0))],
  ['sub', onNumbers((a = 0, b = 0) => Math.trunc(a) - Math.trunc(b))],
  ['mul', onNumbers((...all) => all.reduce((product, one) => product * Math.trunc(one), 1))],
  ['int', onNumbers((value = 0) => Math.trunc(value))],
  ['len', ([value]) => lengthOf(value)],
  ['list', (args) => args],
  ['join', ([separator, list]) => joined(separator, list)],
  ['first', ([list]) => (isList(list) ? (list[0] ?? null) : undefined)],
  ['last', ([list]) => (isList(list) ? (list.at(-1) ?? null) : undefined)],
  ['has', ([item = null, list]) => (isList(list) ? list.some((one) => isEqual(one, item)) : undefined)],
  ['hasKey', ([map, key]) => (isObject(map) && typeof key === 'string' ? own(map, key) !== undefined : undefined)],
  ['get', ([map, key]) => (isObject(map) && typeof key === 'string' ? (own(map, key) ?? '') : undefined)],
  ['index', ([value, ...keys]) => keys.reduce<Value | undefined>(itemAt, value)],
  ['toYaml', ([value = null]) => yamlOf(value)],
]);

function lengthOf(value: Value | undefined): Value | undefined {
  if (typeof value === 'string') return BigInt(new TextEncoder().encode(value).length);
  if (isList(value)) return BigInt(value.length);
  return isObject(value) ? BigInt(Object.keys(value).length) : undefined;
}

function itemAt(value: Value | undefined, key: Value): Value | undefined {
  if (isList(value)) return value[Number(key)];
  return isObject(value) && typeof key === 'string' ? own(value, key) : undefined;
}

function joined(separator: Value | undefined, list: Value | undefined): string | undefined {
  if (!isList(list) || typeof separator !== 'string') return undefined;
  const texts = list.map((item) => printed(item));
  return texts.includes(undefined) ? undefined : texts.join(separator);
}

/** `%s`, `%v`, `%d` and `%q`; any other verb gives an unknown value. */
function formatted(format: string, args: readonly Value[]): string | undefined {
  let at = 0;
  let isKnown = true;
  const text = format.replace(/%(.)?/g, (_whole, verb: string | undefined) => {
    if (verb === '%') return '%';
    const value = printed(args[at++] ?? unknown);
    if (value === undefined || !verb || !'svdq'.includes(verb)) isKnown = false;
    return verb === 'q' ? JSON.stringify(value) : (value ?? '');
  });
  return isKnown && at === args.length ? text : undefined;
}

/** Words of ASCII letters and digits, joined by dashes, cut at a dash before 63 characters. */
function slug(text: string): string | undefined {
  const plain = text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
  if (/[^\x20-\x7E]/.test(plain) || /[&@]/.test(plain)) return undefined;
  const words = plain
    .replace(/['"]/g, '')
    .split(/[^a-z0-9_]+/)
    .filter((word) => word !== '');
  const whole = words.join('-').replace(/^[-_]+|[-_]+$/g, '');
  return whole.length <= 63 ? whole : undefined;
}

/** As `sigs.k8s.io/yaml` prints a value; undefined if a part is unknown. */
function yamlOf(value: Value): string | undefined {
  let isKnown = true;
  const nowhere: Origin = { source: { file: '', start: 0 }, start: 0, end: 0 };
  const build = (one: Value): Built => {
    if (isList(one)) return { kind: 'list', items: one.map(build), origin: nowhere };
    if (isObject(one)) {
      const entries = Object.entries(one).map(([key, item]) => [key, build(item)] as const);
      return { kind: 'map', entries: new Map(entries), origin: nowhere };
    }
    if (one === unknown) isKnown = false;
    return { kind: 'scalar', value: one, text: typeof one === 'symbol' ? '' : String(one), origin: nowhere };
  };
  const text = printBuilt(build(value));
  return isKnown ? text : undefined;
}

/** Go's truth: everything except zero, empty and nil. */
export function isTrue(value: Value): boolean {
  if (isList(value)) return value.length > 0;
  if (isObject(value)) return Object.keys(value).length > 0;
  return value !== null && value !== '' && value !== false && value !== 0 && value !== 0n;
}

/** As Go prints a value; undefined for maps, lists and unknown values. */
export function printed(value: Value): string | undefined {
  if (typeof value === 'string') return value;
  if (value === null) return '<no value>';
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'bigint') return printedFloat(Number(value));
  return typeof value === 'number' ? printedFloat(value) : undefined;
}

/** Numbers of JSON are floats in Go, which prints an exponent from a million on. */
function printedFloat(value: number): string {
  if (value === 0 || (Math.abs(value) >= 1e-4 && Math.abs(value) < 1e6)) return String(value);
  const [mantissa, exponent = '0'] = value.toExponential().split('e');
  return `${mantissa}e${exponent.startsWith('-') ? '-' : '+'}${exponent.replace(/[-+]/, '').padStart(2, '0')}`;
}
