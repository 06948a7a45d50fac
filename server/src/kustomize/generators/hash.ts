// The suffix of a generated name: a hash of the content, in letters and digits that form no words (api/hasher/hasher.go).
import type { Value } from '../../syntax/tree.ts';
import { type Built, type BuiltMap, builtAt, isNull, scalarOf, textAt, withValueAt } from '../built.ts';
import { goJson } from '../go-json.ts';
import { type BuiltObject, gvkIn, remembering } from '../objects.ts';
import { sha256 } from '../sha256.ts';

/** Whether the suffix of an object's kind can be computed. */
export function canBeHashed({ value }: BuiltObject): boolean {
  const { kind } = gvkIn(value);
  return kind === 'ConfigMap' || kind === 'Secret';
}

/** The object with the suffix, if its name gets one. */
export function withHash(object: BuiltObject): BuiltObject {
  const { value } = object;
  const name = builtAt(value, ['metadata', 'name']);
  if (!object.hashed || name?.kind !== 'scalar' || !canBeHashed(object)) return object;
  const text = `${name.text}-${knownSuffixOf(value)}`;
  const changed = withValueAt(value, ['metadata', 'name'], scalarOf(text, name.origin));
  return changed ? { ...remembering(object), value: changed } : object;
}

const fields = ['kind', 'data', 'binaryData', 'stringData', 'type'];

const known = new WeakMap<Built, { readonly read: readonly (Built | undefined)[]; readonly suffix: string }>();

/** Many builds change the metadata of one object. */
function knownSuffixOf(value: BuiltMap): string {
  const data = value.entries.get('data');
  if (!data) return suffixOf(value);
  const read = fields.map((field) => value.entries.get(field));
  const before = known.get(data);
  if (before?.read.every((one, at) => one === read[at])) return before.suffix;
  const suffix = suffixOf(value);
  known.set(data, { read, suffix });
  return suffix;
}

/** kustomize looks for the name in a place where it never is, so it is empty. */
function suffixOf(value: BuiltMap): string {
  const kind = textAt(value, ['kind']) ?? '';
  const fields: readonly (readonly [field: string, isOptional: boolean])[] =
    kind === 'Secret'
      ? [
          ['type', false],
          ['data', false],
          ['stringData', true],
        ]
      : [
          ['data', false],
          ['binaryData', true],
        ];
  const encoded: Record<string, Value> = { kind, name: '' };
  for (const [field, isOptional] of fields) {
    const written = value.entries.get(field);
    if (written?.kind === 'map') encoded[field] = textsIn(written);
    else if (!isOptional) encoded[field] = written?.kind === 'scalar' ? written.text : '';
  }
  const digits = sha256(utf8.encode(goJson(encoded))).slice(0, 10);
  return digits.replace(/[013ae]/g, (digit) => letters[digit]!);
}

const utf8 = new TextEncoder();

const letters: Readonly<Record<string, string>> = { '0': 'g', '1': 'h', '3': 'k', a: 'm', e: 't' };

/** A hole has its text: kustomize doesn't know of variables. */
function textsIn(built: Built): Value {
  if (built.kind === 'scalar') return typeof built.value === 'symbol' ? built.text : isNull(built) ? null : built.value;
  if (built.kind === 'list') return built.items.map(textsIn);
  return Object.fromEntries([...built.entries].map(([key, value]) => [key, textsIn(value)]));
}
