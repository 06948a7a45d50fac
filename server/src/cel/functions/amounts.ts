// Quantities and versions (k8s.io/apiserver pkg/cel/library/quantity.go, semverlib.go).
import * as quantities from '../../kube/values/quantity.ts';
import { compareVersions, parseStrictVersion } from '../../kube/values/semver.ts';
import { type CelValue, failure } from '../value.ts';
import { type Library, overload, overloads } from './function.ts';

function semver(text: string): CelValue {
  const parsed = parseStrictVersion(text);
  return parsed.ok ? { kind: 'semver', version: parsed.value } : failure(`“${text}” is not a version`);
}

export const amountFunctions: Library = {
  quantity: overload(['string'], (text) => {
    const parsed = quantities.parseQuantity(text);
    return parsed.ok
      ? { kind: 'quantity', quantity: parsed.value, sum: false }
      : failure(`“${text}” is not a quantity`);
  }),
  isQuantity: overload(['string'], (text) => quantities.parseQuantity(text).ok),
  sign: overload(['quantity'], ({ quantity }) => signOf(quantity)),
  semver: overloads(
    overload(['string'], semver),
    overload(['string', 'boolean'], (text, loosely) => semver(loosely ? normalized(text) : text)),
  ),
  isSemver: overloads(
    overload(['string'], (text) => parseStrictVersion(text).ok),
    overload(['string', 'boolean'], (text, loosely) => parseStrictVersion(loosely ? normalized(text) : text).ok),
  ),
};

function orders(accept: (order: -1 | 0 | 1) => CelValue) {
  return overloads(
    overload(['quantity', 'quantity'], (a, b) => accept(quantities.compareQuantities(a.quantity, b.quantity))),
    overload(['semver', 'semver'], (a, b) => accept(compareVersions(a.version, b.version))),
  );
}

function combines(combine: typeof quantities.addQuantities) {
  const sum = (a: quantities.Quantity, b: quantities.Quantity): CelValue => ({
    kind: 'quantity',
    quantity: combine(a, b),
    sum: true,
  });
  return overloads(
    overload(['quantity', 'quantity'], (a, b) => sum(a.quantity, b.quantity)),
    overload(['quantity', 'bigint'], (a, b) => sum(a.quantity, quantities.quantityOf(b))),
  );
}

export const amountMethods: Library = {
  isGreaterThan: orders((order) => order > 0),
  isLessThan: orders((order) => order < 0),
  compareTo: orders((order) => BigInt(order)),
  sign: overload(['quantity'], ({ quantity }) => signOf(quantity)),
  asApproximateFloat: overload(['quantity'], ({ quantity }) => quantities.quantityAsNumber(quantity)),
  asInteger: overload(
    ['quantity'],
    ({ quantity }) => quantities.quantityAsInteger(quantity) ?? failure('cannot convert value to integer'),
  ),
  isInteger: overload(['quantity'], ({ quantity }) => quantities.quantityAsInteger(quantity) !== undefined),
  add: combines(quantities.addQuantities),
  sub: combines(quantities.subtractQuantities),
  major: overload(['semver'], ({ version }) => version.major),
  minor: overload(['semver'], ({ version }) => version.minor),
  patch: overload(['semver'], ({ version }) => version.patch),
};

function signOf({ nanos }: quantities.Quantity): CelValue {
  return nanos > 0n ? 1n : nanos < 0n ? -1n : 0n;
}

/** Removes the `v` and leading zeros, and adds zeros for missing parts. */
function normalized(text: string): string {
  const [major = '', minor, ...rest] = text.replace(/^v/, '').split('.');
  const parts = [major, ...(minor === undefined ? [] : [minor]), ...(rest.length === 0 ? [] : [rest.join('.')])].map(
    (part) => {
      const stripped = part.replace(/^0+/, '');
      return part.length > 1 ? (/^\d/.test(stripped) ? stripped : `0${stripped}`) : part;
    },
  );
  if (parts.length < 3 && /[+-]/.test(parts.at(-1)!)) return '';
  return [...parts, '0', '0'].slice(0, Math.max(3, parts.length)).join('.');
}
