// Named formats (`format.dns1123Label().validate(text)`, k8s.io/apiserver pkg/cel/library/format.go) and `format` of
// strings.

import {
  dns1035Problem,
  dnsLabelProblem,
  dnsSubdomainProblem,
  labelValueProblem,
  qualifiedNameProblem,
} from '../../kube/names.ts';
import { formatCheck } from '../../kube/values/formats.ts';
import { compareStrings } from '../compare.ts';
import { type CelValue, celKind, failure, list, none, unknownValue } from '../value.ts';
import { toText } from './conversions.ts';
import { type Library, overload } from './function.ts';

type Check = (text: string) => string | undefined;

/** A prefix may end in a dash, since a suffix is appended to it. */
function ofPrefix(check: Check): Check {
  return (text) => check(text.endsWith('-') ? `${text.slice(0, -1)}a` : text);
}

function ofFormat(format: string): Check {
  return (text) => (formatCheck(format)?.(text) === false ? `is not a valid ${format}` : undefined);
}

const formats: ReadonlyMap<string, Check> = new Map<string, Check>([
  ['dns1123Label', dnsLabelProblem],
  ['dns1123Subdomain', dnsSubdomainProblem],
  ['dns1035Label', dns1035Problem],
  ['qualifiedName', qualifiedNameProblem],
  ['dns1123LabelPrefix', ofPrefix(dnsLabelProblem)],
  ['dns1123SubdomainPrefix', ofPrefix(dnsSubdomainProblem)],
  ['dns1035LabelPrefix', ofPrefix(dns1035Problem)],
  ['labelValue', labelValueProblem],
  ['uri', ofFormat('uri')],
  ['uuid', ofFormat('uuid')],
  ['byte', ofFormat('byte')],
  ['date', ofFormat('date')],
  ['datetime', ofFormat('datetime')],
]);

export const formatFunctions: Library = {
  'format.named': overload(['string'], (name) =>
    formats.has(name) ? { kind: 'optional', value: { kind: 'format', name } } : none,
  ),
  ...Object.fromEntries(
    [...formats.keys()].map((name) => [`format.${name}`, overload([], () => ({ kind: 'format', name }))]),
  ),
};

export const formatMethods: Library = {
  validate: overload(['format', 'string'], ({ name }, text) => {
    const problem = formats.get(name)?.(text);
    return problem === undefined ? none : { kind: 'optional', value: list([problem]) };
  }),
  format: overload(['string', 'list'], (template, args) => printTemplate(template, args.items)),
};

function printTemplate(template: string, args: readonly CelValue[]): CelValue {
  let index = 0;
  let problem: CelValue | undefined;
  const text = template.replace(
    /%(?:%|(?:\.(\d+))?([\s\S]?))/g,
    (whole, precision: string | undefined, verb: string) => {
      if (whole === '%%' || problem !== undefined) return '%';
      const arg = args[index];
      index += 1;
      if (arg === undefined) problem = failure(`index ${index - 1} out of range`);
      else if (celKind(arg) === 'unknown' || celKind(arg) === 'failure') problem = arg;
      const printed = problem === undefined ? printArgument(arg!, verb, Number(precision ?? 6)) : '';
      if (typeof printed === 'string') return printed;
      problem = printed;
      return '';
    },
  );
  return problem ?? text;
}

function printArgument(arg: CelValue, verb: string, precision: number): CelValue {
  const integer =
    typeof arg === 'bigint'
      ? arg
      : arg !== null && typeof arg === 'object' && arg.kind === 'uint'
        ? arg.value
        : undefined;
  switch (verb) {
    case 's':
      return printString(arg);
    case 'd':
      return integer === undefined ? failure('%d accepts only integers') : String(integer);
    case 'f':
      return typeof arg === 'number' ? printFixed(arg, precision) : failure('%f accepts only doubles');
    case 'b':
      return typeof arg === 'boolean'
        ? String(Number(arg))
        : (integer?.toString(2) ?? failure('%b accepts only integers and booleans'));
    case 'o':
      return integer?.toString(8) ?? failure('%o accepts only integers');
    case 'x':
    case 'X': {
      const hex = integer?.toString(16) ?? hexOf(arg);
      if (hex === undefined) return failure('%x accepts only integers, strings and bytes');
      return verb === 'X' ? hex.toUpperCase() : hex;
    }
    default:
      // The output of `%e` depends on the locale.
      return verb === 'e' ? unknownValue : failure(`unrecognized formatting clause “${verb}”`);
  }
}

function printFixed(value: number, precision: number): CelValue {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? '∞' : '-∞';
  if (precision > 20) return unknownValue;
  return value.toLocaleString('en-US', { minimumFractionDigits: precision, maximumFractionDigits: precision });
}

function hexOf(arg: CelValue): string | undefined {
  const bytes =
    typeof arg === 'string'
      ? new TextEncoder().encode(arg)
      : arg !== null && typeof arg === 'object' && arg.kind === 'bytes'
        ? arg.bytes
        : undefined;
  return bytes && Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function printString(arg: CelValue): CelValue {
  if (arg === null) return 'null';
  if (typeof arg === 'object') {
    if (arg.kind === 'list') return joined('[', arg.items.map(printNested), ']');
    if (arg.kind === 'map') {
      if (arg.open) return unknownValue;
      const entries = arg.keys.map((key) => [printNested(key), printNested(arg.find(key) ?? null)] as const);
      const bad = entries.flat().find((part) => typeof part !== 'string');
      if (bad !== undefined) return bad;
      return joined(
        '{',
        entries
          .sort((a, b) => compareStrings(a[0] as string, b[0] as string))
          .map(([key, value]) => `${key as string}:${value as string}`),
        '}',
      );
    }
  }
  return toText(arg) ?? failure('%s can’t print this type');
}

function printNested(arg: CelValue): CelValue {
  if (celKind(arg) === 'unknown' || celKind(arg) === 'failure') return arg;
  if (typeof arg === 'string') return JSON.stringify(arg);
  if (typeof arg === 'number') return Number.isFinite(arg) ? arg.toFixed(6) : JSON.stringify(String(arg));
  if (arg !== null && typeof arg === 'object' && (arg.kind === 'timestamp' || arg.kind === 'duration'))
    return `${arg.kind}(${JSON.stringify(toText(arg))})`;
  return printString(arg);
}

function joined(open: string, parts: readonly CelValue[], close: string): CelValue {
  return parts.find((part) => typeof part !== 'string') ?? `${open}${parts.join(', ')}${close}`;
}
