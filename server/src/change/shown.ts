// The values of a change as they may be shown: what Secrets hold is hidden wherever it is copied to, and so is what is
// encrypted, what is a secret by its name, and credentials within a text.
import { type Built, type BuiltMap, type BuiltScalar, type Origin, scalarOf, textAt } from '../kustomize/built.ts';
import { isSecretName, withoutCredentials } from '../syntax/credentials.ts';
import type { Path, Scalar } from '../syntax/tree.ts';

/** A JSON value in which what must not be shown is replaced. */
export type Shown = string | number | bigint | boolean | null | readonly Shown[] | { readonly [key: string]: Shown };

const hiddenText = '(hidden)';
const encryptedText = '(encrypted)';

/** The places of the values that Secrets have. */
export type SecretPlaces = ReadonlySet<string>;

/** `others` are values outside of Secrets that must not be shown either. */
export function secretPlacesOf(
  objects: Iterable<{ readonly value: BuiltMap }>,
  others: readonly Origin[] = [],
): SecretPlaces {
  const places = new Set(others.map(placeOf));
  for (const { value } of objects) {
    if (!isSecret(value)) continue;
    for (const field of secretFields) {
      const values = value.entries.get(field);
      if (values?.kind === 'map') for (const one of values.entries.values()) places.add(placeOf(one.origin));
    }
  }
  return places;
}

/** Shows a value at a path of an object. */
export function shownAt(object: BuiltMap, path: Path, built: Built, places: SecretPlaces): Shown {
  return shown(built, isInSecret(object, path), places);
}

/** Whether a value of a Secret is at the path, so that nothing of it is shown but that it changed. */
export function isHiddenAt(object: BuiltMap, path: Path, built: Built, places: SecretPlaces): boolean {
  return built.kind === 'scalar' && typeof maskOf(built, isInSecret(object, path), places) === 'string';
}

/** Whether a value outside of Secrets is one that a Secret has, or that is encrypted. */
export function isCopied(scalar: BuiltScalar, places: SecretPlaces): boolean {
  return maskOf(scalar, false, places) !== undefined;
}

function shown(built: Built, isHidden: boolean, places: SecretPlaces): Shown {
  if (built.kind === 'scalar') return maskOf(built, isHidden, places) ?? plain(built.value, built.text);
  if (built.kind === 'list') return built.items.map((item) => shown(item, isHidden, places));
  const isOfSecret = isSecret(built);
  const entries = [...built.entries].map(
    ([key, value]) =>
      [key, shown(value, isHidden || (isOfSecret && isSecretField(key)) || isNamedSecret(built, key), places)] as const,
  );
  return Object.fromEntries(entries);
}

/** The object with what must not be shown replaced; with `other`, the same object on another side, it says what differs there. */
export function masked(object: BuiltMap, places: SecretPlaces, other?: BuiltMap): BuiltMap {
  return maskedIn(object, false, places, other) as BuiltMap;
}

function maskedIn(built: Built, isHidden: boolean, places: SecretPlaces, other: Built | undefined): Built {
  if (built.kind === 'scalar') {
    const mask = maskOf(built, isHidden, places);
    const differs = other?.kind === 'scalar' && other.text !== built.text;
    if (mask !== undefined) return scalarOf(differs ? mask.replace(')', ', changed)') : mask, built.origin);
    const text = withoutCredentials(built.text);
    if (text === built.text) return built;
    const isSame = differs && withoutCredentials(other.text) === text;
    return scalarOf(isSame ? text.replace(']', ', changed]') : text, built.origin);
  }
  if (built.kind === 'list') {
    const others = other?.kind === 'list' ? other.items : [];
    return { ...built, items: built.items.map((item, index) => maskedIn(item, isHidden, places, others[index])) };
  }
  const others = other?.kind === 'map' ? other.entries : undefined;
  const isOfSecret = isSecret(built);
  const entries = [...built.entries].map(([key, value]) => {
    const isValue = (isOfSecret && isSecretField(key)) || key === lastApplied || isNamedSecret(built, key);
    return [key, maskedIn(value, isHidden || isValue, places, others?.get(key))] as const;
  });
  return { ...built, entries: new Map(entries) };
}

/** What is shown in place of a value that must not be. */
function maskOf(scalar: BuiltScalar, isHidden: boolean, places: SecretPlaces): string | undefined {
  const { text, origin, variables = [] } = scalar;
  if (text.startsWith('ENC[')) return encryptedText;
  if (isHidden || /\bkind["']?:\s*["']?Secret\b/.test(text)) return hiddenText;
  if (places.size === 0) return undefined;
  const isCopied = [origin, ...variables.map((one) => one.origin)].some((one) => isFrom(one, places));
  return isCopied ? hiddenText : undefined;
}

function isFrom(origin: Origin, places: SecretPlaces): boolean {
  for (let at: Origin | undefined = origin; at; at = at.through) if (places.has(placeOf(at))) return true;
  return false;
}

function plain(value: Scalar, text: string): Shown {
  if (typeof value === 'symbol') return withoutCredentials(text);
  return typeof value === 'string' ? withoutCredentials(value) : value;
}

/** Whether a field holds a secret by its name, or by the `name` beside its `value`; a map is judged by its own fields. */
function isNamedSecret(map: BuiltMap, key: string): boolean {
  const name = key === 'value' ? (textAt(map, ['name']) ?? key) : key;
  if (!isSecretName(name)) return false;
  const value = map.entries.get(key);
  return value?.kind === 'list' ? value.items.every(isSecretScalar) : value !== undefined && isSecretScalar(value);
}

/** A boolean says whether there is a secret. */
function isSecretScalar(built: Built): boolean {
  return built.kind === 'scalar' && typeof built.value !== 'boolean' && built.value !== null;
}

function placeOf({ source, start }: Origin): string {
  return `${source.file} ${source.start + start}`;
}

const secretFields = ['data', 'stringData'] as const;

function isSecretField(key: string | number | undefined): boolean {
  return key === 'data' || key === 'stringData';
}

function isSecret(map: BuiltMap): boolean {
  return textAt(map, ['kind']) === 'Secret' && textAt(map, ['apiVersion']) === 'v1';
}

const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

/** Whether the path leads to what a Secret holds: the object itself, or one within it. */
function isInSecret(object: BuiltMap, path: Path): boolean {
  let at: Built | undefined = object;
  for (const [index, step] of path.entries()) {
    if (at?.kind === 'map') {
      if (isSecret(at) && (isSecretField(step) || path[index + 2] === lastApplied)) return true;
      if (isNamedSecret(at, String(step))) return true;
      at = at.entries.get(String(step));
    } else at = at?.kind === 'list' && typeof step === 'number' ? at.items[step] : undefined;
  }
  return false;
}
