// Checks of ConfigMaps, Secrets and Namespaces (kubernetes pkg/apis/core/validation).

import { qualifiedNameProblem } from '../../kube/names.ts';
import { unknown } from '../../syntax/tree.ts';
import { hasUnknownKey, isObject, type ObjectValue, own } from '../../syntax/value.ts';
import { seeking } from './blame.ts';
import type { BuiltinCheck } from './builtin.ts';
import { at, entries, type Field, fail, failAs, flag, isHole, isSet, items, rootField, text } from './field.ts';
import { configKey } from './formats.ts';

/** The limit for all values together, in bytes. */
const maxSize = 1_048_576;

export const configMap: BuiltinCheck = (object, problems, _gvk, was) => {
  const root = rootField(object, problems);
  checkFrozen(root, was, { data: contentOf('data'), binaryData: contentOf('binaryData') });
  const data = entries(at(root, 'data'));
  const binary = entries(at(root, 'binaryData'));
  for (const [key, field] of [...data, ...binary]) checkKey(key, field);
  const binaryKeys = new Set(binary.map(([key]) => key));
  for (const [key, field] of data)
    if (binaryKeys.has(key))
      fail(field, 'invalid', 'is also a key of binaryData; data and binaryData must not share keys.');
  const size =
    data.reduce((sum, [, field]) => sum + bytes(field), 0) + binary.reduce((sum, [, field]) => sum + decoded(field), 0);
  if (size > maxSize)
    fail(at(root, 'data'), 'tooLong', `must be at most ${maxSize} bytes in a ConfigMap, not ${size}.`);
};

/** The API server merges stringData into data before it validates. */
function checkKey(key: string, field: Field): void {
  const problem = configKey(key);
  const named = field.path[0] === 'stringData' ? ['data', key] : field.path;
  if (problem) failAs(named, field, 'invalid', `has an invalid key, which ${problem}.`);
}

/** The keys required by each type of Secret. */
const requiredKeys: Readonly<Record<string, readonly string[]>> = {
  'kubernetes.io/dockercfg': ['.dockercfg'],
  'kubernetes.io/dockerconfigjson': ['.dockerconfigjson'],
  'kubernetes.io/ssh-auth': ['ssh-privatekey'],
  'kubernetes.io/tls': ['tls.crt', 'tls.key'],
};

export const secret: BuiltinCheck = (object, problems, _gvk, was) => {
  const root = rootField(object, problems);
  checkFrozen(root, was, { data: secretContent });
  const data = at(root, 'data');
  const plain = at(root, 'stringData');
  const all = [...entries(data), ...entries(plain)];
  for (const [key, field] of all) checkKey(key, field);
  const size =
    entries(data).reduce((sum, [, field]) => sum + decoded(field), 0) +
    entries(plain).reduce((sum, [, field]) => sum + bytes(field), 0);
  if (size > maxSize) fail(data, 'tooLong', `must be at most ${maxSize} bytes in a Secret, not ${size}.`);
  const type = text(at(root, 'type'));
  if (type === undefined || isHole(data) || isHole(plain)) return;
  const known = new Set(all.map(([key]) => key));
  for (const key of requiredKeys[type] ?? [])
    if (!known.has(key))
      fail(seeking(at(data, key), [data.path, plain.path]), 'required', `is required in a Secret of type ${type}.`);
  if (type === 'kubernetes.io/basic-auth' && !known.has('username') && !known.has('password'))
    fail(
      seeking(at(data, 'username'), [data.path, plain.path]),
      'required',
      `or password is required in a Secret of type ${type}.`,
    );
  if (
    type === 'kubernetes.io/service-account-token' &&
    !isHole(at(root, 'metadata', 'annotations')) &&
    text(at(root, 'metadata', 'annotations', 'kubernetes.io/service-account.name')) === ''
  )
    fail(
      at(root, 'metadata', 'annotations', 'kubernetes.io/service-account.name'),
      'required',
      `is required in a Secret of type ${type}.`,
    );
  if (type === 'kubernetes.io/dockercfg' || type === 'kubernetes.io/dockerconfigjson')
    checkDocker(root, requiredKeys[type]![0]!);
};

type Content = ReadonlyMap<string, string> | undefined;

/** With `immutable: true`, neither the field itself nor the content of data can change. */
function checkFrozen(
  root: Field,
  was: ObjectValue | undefined,
  contents: Readonly<Record<string, (object: ObjectValue) => Content>>,
): void {
  if (was?.immutable !== true || !isObject(root.value)) return;
  const frozen = at(root, 'immutable');
  if (!flag(frozen)) fail(frozen, 'forbidden', 'can’t be unset: delete and recreate the object.');
  for (const [name, contentOf] of Object.entries(contents)) {
    const [now, before] = [contentOf(root.value), contentOf(was)];
    if (!now || !before || (now.size === before.size && [...now].every(([key, text]) => before.get(key) === text)))
      continue;
    fail(
      at(root, name),
      'forbidden',
      'can’t be changed in an object with immutable: true: create one with another name.',
    );
  }
}

/** The strings of a map; undefined if one of them is unknown. */
function contentOf(name: string): (object: ObjectValue) => Content {
  return (object) => {
    const map = own(object, name) ?? {};
    const values = isObject(map) && !hasUnknownKey(map) ? Object.entries(map) : undefined;
    if (!values?.every((entry): entry is [string, string] => typeof entry[1] === 'string')) return undefined;
    return new Map(values);
  };
}

/** As the server stores it: stringData is merged into data. */
function secretContent(object: ObjectValue): Content {
  const [encoded, plain] = [contentOf('data')(object), contentOf('stringData')(object)];
  if (!encoded || !plain) return undefined;
  const decoded = [...encoded].map(([key, text]) => [key, fromBase64(text)] as const);
  if (!decoded.every((entry): entry is readonly [string, string] => entry[1] !== undefined)) return undefined;
  return new Map([...decoded, ...plain]);
}

/** The registry's credentials must be a JSON object. */
function checkDocker(root: Field, key: string): void {
  const plain = at(root, 'stringData', key);
  const encoded = at(root, 'data', key);
  const json = isSet(plain) ? text(plain) : isSet(encoded) ? fromBase64(text(encoded)) : undefined;
  if (json === undefined) return;
  try {
    const value: unknown = JSON.parse(json);
    if (value === null || (typeof value === 'object' && !Array.isArray(value))) return;
  } catch {
    // Reported below, like any value that isn't an object.
  }
  fail(isSet(plain) ? plain : encoded, 'invalid', 'must be a JSON object.');
}

function fromBase64(value: string | undefined): string | undefined {
  if (value === undefined) return undefined;
  try {
    const binary = atob(value.replace(/[\r\n]/g, ''));
    return new TextDecoder().decode(Uint8Array.from(binary, (character) => character.charCodeAt(0)));
  } catch {
    return undefined;
  }
}

function bytes(field: Field): number {
  const value = text(field) ?? '';
  return value.length * 3 < maxSize ? value.length : new TextEncoder().encode(value).length;
}

function decoded(field: Field): number {
  return Math.floor(((text(field) ?? '').replace(/[\r\n=]/g, '').length * 3) / 4);
}

export const namespace: BuiltinCheck = (object, problems) => {
  for (const finalizer of items(at(rootField(object, problems), 'spec', 'finalizers'))) {
    const name = text(finalizer);
    const problem = name === undefined ? undefined : qualifiedNameProblem(name);
    if (problem) failAs(['spec', 'finalizers'], finalizer, 'invalid', `${problem}.`);
    else if (name && !name.includes('/') && name !== 'kubernetes')
      failAs(['spec', 'finalizers'], finalizer, 'invalid', 'must be kubernetes or have a domain prefix.');
  }
};

/** Whether the value, or an immediate child of it, is unknown. */
export function hasHoles(field: Field): boolean {
  return isHole(field) || (isObject(field.value) && Object.values(field.value).includes(unknown));
}
