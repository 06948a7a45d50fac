// Resolves the text of a scalar as the API server does: YAML 1.1 by go.yaml.in/yaml/v2 (resolve.go), then the
// conversion to JSON by sigs.k8s.io/yaml (yaml.go). Also detects holes: texts whose value is only known later.
import type { Scalar } from './tree.ts';

/** The value of a plain scalar without a tag. `.inf` and `.nan` are numbers here although JSON can't express them. */
export function resolvePlain(text: string): Scalar {
  const first = text.charCodeAt(0);
  // Only a digit, a sign, a dot or the first letter of a word below can be anything but a string.
  if (!mayBeSpecial[first] && text !== '') return text;
  const word = words.get(text);
  if (word !== undefined) return word;
  return first < 0x3a && text !== '' ? resolveNumber(text) : text;
}

/** Whether the text contains a hole: a substitution, a ResourceSet input or a SOPS cipher text. */
export function isHole(text: string): boolean {
  if (text.startsWith('ENC[AES256_GCM,')) return true;
  const opener = text.indexOf('<<');
  // Without a closer, the pattern would search from each opener to the end of the text.
  if (opener >= 0 && text.includes('>>', opener) && /<<-?\s*\S[\s\S]*?>>/.test(text)) return true;
  return text.includes('${') && hasSubstitution(text);
}

/** Go's JSON writes integral floats below 1e21 without a decimal point, so that `1.0` and `1e3` arrive as integers. */
function numberFromFloat(value: number): bigint | number {
  if (!Number.isInteger(value) || Math.abs(value) >= 1e21) return value;
  const integer = BigInt(String(value));
  return fitsInt64(integer) ? integer : value;
}

const mayBeSpecial: readonly boolean[] = Array.from({ length: 128 }, (_, code) =>
  '0123456789+-.yYnNtTfFoO~'.includes(String.fromCharCode(code)),
);

const words: ReadonlyMap<string, Scalar> = new Map<string, Scalar>([
  ...['y', 'Y', 'yes', 'Yes', 'YES', 'true', 'True', 'TRUE', 'on', 'On', 'ON'].map((word) => [word, true] as const),
  ...['n', 'N', 'no', 'No', 'NO', 'false', 'False', 'FALSE', 'off', 'Off', 'OFF'].map((word) => [word, false] as const),
  ...['', '~', 'null', 'Null', 'NULL'].map((word) => [word, null] as const),
  ...['.nan', '.NaN', '.NAN'].map((word) => [word, Number.NaN] as const),
  ...['.inf', '.Inf', '.INF', '+.inf', '+.Inf', '+.INF'].map((word) => [word, Number.POSITIVE_INFINITY] as const),
  ...['-.inf', '-.Inf', '-.INF'].map((word) => [word, Number.NEGATIVE_INFINITY] as const),
]);

/**
 * `strconv.ParseInt(text, 0, 64)` without underscores, then a decimal float. Dates match neither and remain strings.
 */
function resolveNumber(text: string): Scalar {
  const plain = text.includes('_') ? text.replaceAll('_', '') : text;
  if (text.charCodeAt(0) === dot) {
    // Here Go passes the text to strconv.ParseFloat unchanged, including underscores.
    return /^\.[0-9]+([eE][-+]?[0-9]+)?$/.test(text) ? finite(text, text) : text;
  }
  const integer = /^([-+]?)(0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO][0-7]+|0[0-7]*|[1-9][0-9]*)$/.exec(plain);
  if (integer) {
    const magnitude = BigInt(decimalOrPrefixed(integer[2]!));
    const value = integer[1] === '-' ? -magnitude : magnitude;
    if (fitsInt64(value)) return value;
    // strconv.ParseUint accepts no sign.
    if (integer[1] === '' && magnitude <= maxUint64) return Number(magnitude);
  }
  return /^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$/.test(plain) ? finite(plain, text) : text;
}

/** A literal out of range for a double is an error in Go, and the text remains a string. */
function finite(literal: string, text: string): Scalar {
  const value = Number(literal);
  return Number.isFinite(value) ? numberFromFloat(value) : text;
}

function decimalOrPrefixed(digits: string): string {
  return /^0[0-7]+$/.test(digits) ? `0o${digits.slice(1)}` : digits.toLowerCase();
}

/** Dates with or without a time (resolve.go, allowedTimestampFormats). */
function isTimestamp(text: string): boolean {
  if (text.charCodeAt(4) !== dash || text.length < 8) return false;
  return /^\d{4}-\d{1,2}-\d{1,2}(?:$|[Tt ]\d{1,2}:\d{1,2}:\d{1,2})/.test(text);
}

function fitsInt64(value: bigint): boolean {
  return value >= -(2n ** 63n) && value < 2n ** 63n;
}

/** Flux's post-build substitution: `${name}` with its functions; `$$` escapes the dollar. */
function hasSubstitution(text: string): boolean {
  for (let at = text.indexOf('$'); at !== -1 && at < text.length - 2; at = text.indexOf('$', at)) {
    if (text[at + 1] === '$') at += 2;
    // The closing brace may be outside this scalar: YAML reads `${A/b: c}` as a key and a value.
    // clusterctl accepts spaces before the name.
    else if (text[at + 1] === '{' && /^ *[A-Za-z_#]/.test(text.slice(at + 2, at + 12))) return true;
    else at += 1;
  }
  return false;
}

const dot = 0x2e;
const dash = 0x2d;
const maxUint64 = 2n ** 64n - 1n;

/** The value of a tagged scalar, or undefined where the text doesn't match the tag (`!!int x`), which Go rejects. */
export function resolveTagged(tag: string, text: string): Scalar | undefined {
  switch (tag) {
    case '!!str':
      return text;
    case '!!binary':
      return decodeBase64(text);
    case '!!null':
      return text === '' || resolvePlain(text) === null ? null : undefined;
    case '!!bool': {
      const value = resolvePlain(text);
      return typeof value === 'boolean' ? value : undefined;
    }
    case '!!int': {
      const value = resolvePlain(text);
      return isNumeric(value) && isIntegerLiteral(text) ? value : undefined;
    }
    case '!!float': {
      const value = resolvePlain(text);
      return isNumeric(value) ? value : undefined;
    }
    case '!!timestamp':
      return isTimestamp(text) ? text : undefined;
    default:
      return text;
  }
}

function isNumeric(value: Scalar): value is bigint | number {
  return typeof value === 'bigint' || typeof value === 'number';
}

function isIntegerLiteral(text: string): boolean {
  return /^[-+]?(0[xX][0-9a-fA-F_]+|0[bB][01_]+|0[oO]?[0-7_]*|[1-9][0-9_]*)$/.test(text);
}

function decodeBase64(text: string): string | undefined {
  const compact = text.replace(/[\r\n]/g, '');
  if (compact.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(compact)) return undefined;
  const bytes = Uint8Array.from(atob(compact), (char) => char.charCodeAt(0));
  return new TextDecoder().decode(bytes);
}
