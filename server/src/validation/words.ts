// The message of each problem. Only users read these sentences: no code parses them.
import { compilePattern } from '../cel/pattern.ts';
import { apiVersionOf } from '../kube/identity.ts';
import { withoutCredentials } from '../syntax/credentials.ts';
import { printPath } from '../syntax/navigate.ts';
import type { Value } from '../syntax/tree.ts';
import { isList, isObject } from '../syntax/value.ts';
import { meaningOf } from './meanings.ts';
import type { Expected, Facts, Problem, UnknownKind, Unserved } from './problem.ts';

/** One or two sentences: the field, the invalid value, what is allowed, and how to fix it. */
export function sentenceOf(problem: Problem): string {
  return sentence(problem, show, describeType);
}

/** The same without the value, which may be a credential. */
export function sentenceWithoutValue(problem: Problem): string {
  return sentence(problem, () => 'this value', nameOfType);
}

function sentence(problem: Problem, show: (value: unknown) => string, describe: typeof describeType): string {
  const { facts, path } = problem;
  const field = path.length === 0 ? 'The object' : printPath(path);
  switch (facts.is) {
    case 'check':
      return facts.sentence;
    case 'rule':
      return facts.message;
    case 'unknown-field':
      return `The field ${field} is unknown; ${refusalOf(problem)}.${hint(facts)}`;
    case 'missing':
      return `${field} is required.`;
    case 'type':
      return `${field} ${typeRequirement(facts)}, not ${describe(facts.found)}${typeConsequence(problem)}.${typeHint(problem, facts)}`;
    case 'enum':
      return `${field} must be ${choices(facts, show)}`;
    case 'format':
      return `${field} must be ${formatWords[facts.format] ?? `a value of the format ${facts.format}`}, not ${show(facts.found)}.${plainText(problem, facts)}`;
    case 'pattern':
      return `${field} ${patternWords(facts.pattern, show(facts.found))}`;
    case 'length':
      return `${field} ${lengthWords(facts)}`;
    case 'range':
      return `${field} must be ${boundWords[facts.bound][facts.exclusive ? 1 : 0]} ${facts.limit}, not ${facts.found}.`;
    case 'multiple':
      return `${field} must be a multiple of ${facts.factor}, not ${facts.found}.`;
    case 'size':
      return `${field} must be ${sizeWords[facts.type]}, not ${facts.found}.`;
    case 'impossible':
      return `${field} must not be set: its CRD sets a bound (${facts.limit}) outside the range of its type, so every value is refused.`;
    case 'duplicate-item':
      return `${field} repeats ${show(facts.found)}; each item must be unique. Remove one of them.`;
    case 'duplicate-keys': {
      const names = facts.keys.map(([name]) => name);
      const keys = facts.keys.map(([name, value]) => `${name} ${value === undefined ? '(not set)' : show(value)}`);
      const unique = names.length === 1 ? names[0] : `combination of ${allWords(names)}`;
      return `${field} repeats ${allWords(keys)}; each ${unique} must be unique. Change or remove one of the items.`;
    }
    case 'repeated-items':
      return `${field} repeats an item; each item must be unique. Remove one of them.`;
    case 'several-forms': {
      const which = facts.fields.length > 0 ? ` (those that require ${allWords(facts.fields)})` : '';
      return `${field} must match exactly one alternative of its schema, not ${facts.forms}${which}.`;
    }
    case 'needs-one':
      return `${field} must set ${facts.exactly ? 'exactly' : 'at least'} one of ${allWords(facts.fields)}.`;
    case 'excluded': {
      if (facts.fields.length === 0) return `${field} must not match the schema that its “not” excludes.`;
      return `${field} must not set ${allWords(facts.fields)}${facts.fields.length > 1 ? ' together' : ''} here.`;
    }
    case 'unidentified':
      return `${field} is required: without it the kind of this object is unknown.`;
    case 'unknown-kind':
      return unknownKindWords(facts);
    case 'unserved':
      return unservedWords(facts);
    case 'elsewhere':
      return `Only some releases accept this: ${facts.accepting} does, ${facts.origin} doesn’t. ${sentence(facts.problem, show, describe)}`;
    case 'deprecated': {
      const { gvk, origin, instead } = facts;
      return `${apiVersionOf(gvk)} ${gvk.kind} is deprecated in ${origin}.${instead === undefined ? '' : ` Use ${instead}.`}`;
    }
    case 'immutable':
      return `${field} can’t be changed once the object exists${facts.because === undefined ? '' : `: ${facts.because}`}.`;
  }
}

const refusals: Readonly<Record<string, string>> = {
  kustomize: 'kustomize refuses the file',
  config: 'Capstan ignores it',
};

/** The consequence; the family of the rule determines which program reads the document. */
function refusalOf(problem: Problem): string {
  return refusals[familyOf(problem)] ?? 'the API server refuses the object';
}

/** Omitted for the API server, where it is obvious. */
function typeConsequence(problem: Problem): string {
  return refusals[familyOf(problem)] === undefined ? '' : `; ${refusalOf(problem)}`;
}

function familyOf({ rule }: Problem): string {
  return rule.slice(0, rule.indexOf('/'));
}

function hint({ nearest, home, known }: Extract<Facts, { is: 'unknown-field' }>): string {
  if (nearest !== undefined) return ` Did you mean ${nearest}?`;
  if (home)
    return ` It belongs ${home.length === 0 ? 'at the top level' : `in ${printPath(home)}`}; check the indentation.`;
  return known.length > 0 && known.length <= 12 ? ` Known fields: ${known.join(', ')}.` : '';
}

const typeWords: Readonly<Record<Expected, string>> = {
  object: 'a map',
  array: 'a list',
  string: 'a string',
  integer: 'an integer',
  number: 'a number',
  boolean: 'true or false',
  quantity: 'a quantity such as 500m, 2 or 1.5Gi',
  time: 'a time',
  bytes: 'a base64 string',
  schema: 'a schema, true or false',
};

/** A string with a form is said by its form: `90` where a duration must be isn't fixed by quotes. */
function typeRequirement({ expected, pattern }: Extract<Facts, { is: 'type' }>): string {
  const meaning = pattern === undefined ? undefined : meaningOf(pattern);
  return meaning?.is === 'form' ? meaning.words : `must be ${oneOfWords(expected.map((type) => typeWords[type]))}`;
}

function patternWords(pattern: string, found: string): string {
  const meaning = meaningOf(pattern);
  if (!meaning) return `must match the pattern ${pattern}; ${found} doesn’t.`;
  return meaning.is === 'form' ? `${meaning.words}, not ${found}.` : `${meaning.words}; ${found} is invalid.`;
}

function typeHint({ remedies }: Problem, { found, pattern }: Extract<Facts, { is: 'type' }>): string {
  if (!remedies?.some(({ kind }) => kind === 'quote')) return '';
  // In quotes it would be refused again.
  if (pattern !== undefined && compilePattern(pattern)?.test(String(found)) !== true) return '';
  const yaml = typeof found === 'boolean' ? ' YAML also reads yes, no, on, off, y and n as booleans.' : '';
  return `${yaml} Put it in quotes.`;
}

function choices({ allowed, found, nearest, home }: Extract<Facts, { is: 'enum' }>, quoted: typeof show): string {
  const words = allowed.map((one) => (typeof one === 'string' ? (one === '' ? '""' : one) : JSON.stringify(one)));
  const strings = allowed.filter((one) => typeof one === 'string' && one !== '');
  const similar = nearest !== undefined && strings.length > 1 ? ` Did you mean ${nearest}?` : '';
  const advice = home ? ` Use ${printPath(home)} for it.` : similar;
  return `${oneOfWords(words)}, not ${quoted(found)}.${advice}`;
}

const formatWords: Readonly<Record<string, string>> = {
  'date-time': 'a time such as 2026-01-31T12:00:00Z',
  date: 'a date such as 2026-01-31',
  duration: 'a duration such as 1h30m',
  uri: 'a URI such as https://example.com/path',
  byte: 'base64',
  ipv4: 'an IPv4 address such as 10.0.0.1',
  ipv6: 'an IPv6 address such as fd00::1',
  cidr: 'a network such as 10.0.0.0/16',
  mac: 'a MAC address such as 02:00:5e:10:00:01',
  uuid: 'a UUID such as 8c2f3f1e-5d0b-4c43-9a53-0d8a2c9a4b11',
  hostname: 'a host name such as web.example.com',
  email: 'an email address such as name@example.com',
};

function plainText({ path }: Problem, { format }: Extract<Facts, { is: 'format' }>): string {
  return format === 'byte' && path[0] === 'data' ? ' For plain text in a Secret, use stringData.' : '';
}

function lengthWords({ of, bound, limit, length }: Extract<Facts, { is: 'length' }>): string {
  const extent = `at ${bound} ${limit} ${of}${limit === 1 ? '' : 's'}`;
  if (of !== 'character') return `must have ${extent}, not ${length}.`;
  return length === 0 && limit === 1 ? 'must not be empty.' : `must be ${extent} long, not ${length}.`;
}

const boundWords = { least: ['at least', 'greater than'], most: ['at most', 'less than'] } as const;

const sizeWords = {
  int32: 'a 32-bit integer',
  int64: 'a 64-bit integer',
  float: 'a 32-bit floating-point number',
} as const;

function unknownKindWords({ gvk, refused, meant }: UnknownKind): string {
  const what = `The kind ${gvk.kind} is unknown in ${gvk.group === '' ? 'the core API group' : gvk.group}`;
  const consequence = refused ? '; the API server refuses the object' : '';
  return `${what}${consequence}. ${kindAdvice(gvk.kind, meant, refused)}`;
}

function kindAdvice(kind: string, meant: UnknownKind['meant'], refused: boolean): string {
  if (meant) return meant.field === 'kind' ? `Did you mean ${meant.value}?` : `${kind} is in ${meant.value}.`;
  return refused ? 'Check the spelling.' : 'Check the spelling, or add its CRD to the workspace.';
}

function unservedWords({ gvk, origin, state, elsewhere, instead }: Unserved): string {
  const apiVersion = apiVersionOf(gvk);
  const use = instead.length > 0 ? ` Use ${instead.join(' or ')}.` : '';
  switch (state) {
    case 'off':
      return `${apiVersion} is served by ${origin} only if it is enabled with --runtime-config.${use}`;
    case 'removed':
      return `${apiVersion} is no longer served by ${origin}; the API server refuses it.${use}`;
    case 'undefined':
      return `${apiVersion} isn’t a version of ${gvk.kind} in ${origin}; the API server refuses it.${use}`;
    case 'dropped':
      return `${apiVersion} is not served by ${origin}, only by older releases up to ${elsewhere}.${use}`;
    case 'upcoming':
      return `${apiVersion} is served by ${elsewhere}, and not by ${origin}.${use}`;
    case 'group-removed':
      return `The API group ${gvk.group} no longer exists in Kubernetes; the API server refuses the object.${use || ' Remove the object.'}`;
  }
}

// Values

/** A value in a message; strings are cut after 40 characters. */
export function show(value: unknown): string {
  if (typeof value === 'string') {
    const text = withoutCredentials(value);
    return text.length > 40 ? `“${text.slice(0, 40)}…”` : `“${text}”`;
  }
  if (typeof value === 'bigint' || typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (value === null) return 'null';
  return Array.isArray(value) ? 'a list' : 'a map';
}

/** A value with its type, for “must be …, not …”. */
export function describeType(value: Value | undefined): string {
  if (value === undefined) return 'missing';
  if (value === null) return 'null';
  if (isList(value)) return 'a list';
  if (isObject(value)) return 'a map';
  if (typeof value === 'bigint') return `the integer ${value}`;
  if (typeof value === 'number') return `the number ${value}`;
  if (typeof value === 'boolean') return `the boolean ${value}`;
  return typeof value === 'string' ? `the string ${show(value)}` : 'unknown';
}

/** The type alone. */
function nameOfType(value: Value | undefined): string {
  if (typeof value === 'bigint') return 'an integer';
  if (typeof value === 'number') return 'a number';
  if (typeof value === 'boolean') return 'a boolean';
  return typeof value === 'string' ? 'a string' : describeType(value);
}

/** “a, b or c”; at most 12 words are listed. */
export function oneOfWords(words: readonly string[]): string {
  return listed(words, 'or');
}

function allWords(words: readonly string[]): string {
  return listed(words, 'and');
}

function listed(words: readonly string[], last: 'or' | 'and'): string {
  const shown = words.length > 12 ? [...words.slice(0, 12), '…'] : words;
  if (shown.length < 2) return shown[0] ?? '';
  return `${shown.slice(0, -1).join(', ')} ${last} ${shown[shown.length - 1]}`;
}
