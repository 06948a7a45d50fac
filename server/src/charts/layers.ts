// The values that a HelmRelease gives to its chart, in layers: the texts of ConfigMaps and Secrets in the order of
// `valuesFrom`, and `values` over them. Source: ChartValuesFromReferences of chartutil in fluxcd/pkg.
import { parseBase64 } from '../kube/values/base64.ts';
import {
  type Built,
  type BuiltMap,
  type BuiltScalar,
  builtAt,
  builtValue,
  type Origin,
  originWithin,
  textAt,
} from '../kustomize/built.ts';
import { parseManifest } from '../syntax/manifest.ts';
import { entryAt, nodeAt } from '../syntax/navigate.ts';
import { type Path, unknown, type Value } from '../syntax/tree.ts';
import { isList, isObject, type ObjectValue, toValue } from '../syntax/value.ts';
import { mergedOver, opened } from './coalesce.ts';

/** Where a value is written. `object` and `path` are set for a value of the release itself. */
export interface ValuePlace {
  readonly origin: Origin;
  readonly object?: BuiltMap;
  readonly path?: Path;
}

export interface Layer {
  readonly value: ObjectValue;
  /** Of a path in the values, or its key; undefined if the layer has nothing there. */
  place(path: Path, on: 'key' | 'value'): ValuePlace | undefined;
}

export interface ReleaseValues {
  /** In ascending precedence. */
  readonly layers: readonly Layer[];
  /** All of them merged. What isn't known is unknown. */
  readonly merged: ObjectValue;
}

/** Finds a ConfigMap or Secret in the namespace of the release. */
export type FindValues = (kind: string, name: string) => BuiltMap | undefined;

export function valuesOf(release: BuiltMap, find: FindValues): ReleaseValues {
  const inline = builtAt(release, ['spec', 'values']);
  const layers: Layer[] = [];
  let merged: ObjectValue = {};
  let isOpen = false;
  const sets: (readonly [steps: Path | undefined, value: Value])[] = [];
  for (const entry of listAt(release, ['spec', 'valuesFrom'])) {
    const read = textFrom(entry, find);
    const target = builtAt(entry, ['targetPath']);
    if (target) {
      const steps = target.kind === 'scalar' ? stepsOf(target.text) : undefined;
      sets.push([steps, read.is === 'text' ? setValue(read.text, isLiteral(entry)) : unknown]);
    } else if (read.is === 'unknown') isOpen = true;
    else if (read.is === 'text') {
      const layer = layerOfText(read.text, read.scalar);
      if (!layer) isOpen = true;
      else {
        layers.push(layer);
        merged = mergedOver(merged, layer.value, false);
      }
    }
  }
  if (inline?.kind === 'map') {
    const own = layerOfMap(release, inline);
    layers.push(own);
    merged = mergedOver(merged, own.value, false);
  } else if (inline && !(inline.kind === 'scalar' && inline.value === null)) isOpen = true;
  for (const [steps, value] of sets) {
    const changed = steps && withValue(merged, steps, value);
    if (isObject(changed)) merged = changed;
    else isOpen = true;
  }
  const open = isOpen ? opened(merged) : merged;
  return { layers, merged: isObject(open) ? open : merged };
}

type Read =
  | { readonly is: 'text'; readonly text: string; readonly scalar: BuiltScalar | undefined }
  | { readonly is: 'unknown' }
  | { readonly is: 'nothing' };

function textFrom(entry: Built, find: FindValues): Read {
  const [kind, name] = [textAt(entry, ['kind']), textAt(entry, ['name'])];
  const key = textAt(entry, ['valuesKey']) ?? 'values.yaml';
  const object = kind !== undefined && name !== undefined ? find(kind, name) : undefined;
  if (!object) return { is: 'unknown' };
  const plain = builtAt(object, [kind === 'Secret' ? 'stringData' : 'data', key]);
  if (plain) {
    const isText = plain.kind === 'scalar' && plain.value !== unknown && !plain.text.includes('${');
    return isText ? { is: 'text', text: plain.text, scalar: plain } : { is: 'unknown' };
  }
  const encoded = kind === 'Secret' ? builtAt(object, ['data', key]) : undefined;
  if (encoded?.kind === 'scalar' && encoded.value !== unknown) {
    const bytes = parseBase64(encoded.text);
    return bytes.ok
      ? { is: 'text', text: new TextDecoder().decode(bytes.value), scalar: undefined }
      : { is: 'unknown' };
  }
  const isOptional = builtAt(entry, ['optional']);
  return isOptional?.kind === 'scalar' && isOptional.value === true ? { is: 'nothing' } : { is: 'unknown' };
}

/** A text without a place in a file has no places. */
function layerOfText(text: string, scalar: BuiltScalar | undefined): Layer | undefined {
  const { root, findings } = parseManifest(text);
  if (findings.some(({ severity }) => severity === 'error')) return undefined;
  const value = root ? toValue(root) : {};
  if (value === null) return { value: {}, place: () => undefined };
  if (!isObject(value)) return undefined;
  return {
    value,
    place: (path, on) => {
      const entry = entryAt(root, path);
      const node = on === 'key' ? entry?.key : path.length === 0 ? root : (entry?.value ?? nodeAt(root, path));
      return node && scalar && { origin: placeIn(scalar, node.start, node.end) };
    },
  };
}

/** The content of a file is the whole range of its text. */
function placeIn(scalar: BuiltScalar, start: number, end: number): Origin {
  const { origin, text, inside } = scalar;
  if (inside || origin.end - origin.start !== text.length) return originWithin(scalar, start, end);
  return { ...origin, start: origin.start + start, end: origin.start + end };
}

function layerOfMap(release: BuiltMap, inline: BuiltMap): Layer {
  const value = builtValue(inline);
  return {
    value: isObject(value) ? value : {},
    place: (path) => {
      const found = builtAt(inline, path);
      return found && { origin: found.origin, object: release, path: ['spec', 'values', ...path] };
    },
  };
}

function listAt(object: BuiltMap, path: Path): readonly Built[] {
  const list = builtAt(object, path);
  return list?.kind === 'list' ? list.items : [];
}

function isLiteral(entry: Built): boolean {
  const literal = builtAt(entry, ['literal']);
  return literal?.kind === 'scalar' && literal.value === true;
}

/** `a.b\.c[0].d` as `helm --set` reads it; undefined if it has another form. */
function stepsOf(text: string): Path | undefined {
  const steps: (string | number)[] = [];
  for (const part of text.split(/(?<!\\)\./)) {
    const match = /^((?:[^[\]\\]|\\.)+)((?:\[\d{1,5}\])*)$/.exec(part);
    if (!match) return undefined;
    steps.push(match[1]!.replaceAll(/\\(.)/g, '$1'));
    for (const [, index] of match[2]!.matchAll(/\[(\d+)\]/g)) steps.push(Number(index));
  }
  return steps;
}

/** Lists and several values in one text are left open. */
function setValue(text: string, literal: boolean): Value {
  if (literal) return text;
  const quoted = /^(["'])([\s\S]*)\1$/.exec(text.trim());
  if (quoted) return quoted[2]!;
  if (/[{},=\n]/.test(text)) return unknown;
  if (text === 'true' || text === 'false') return text === 'true';
  if (text === 'null') return null;
  return /^(?:0|-?[1-9]\d{0,17})$/.test(text) ? BigInt(text) : text;
}

function withValue(value: Value | undefined, [step, ...rest]: Path, set: Value): Value | undefined {
  if (step === undefined) return set;
  if (typeof step === 'number') {
    if (value !== undefined && !isList(value)) return undefined;
    const items = [...(value ?? [])];
    if (step > items.length) return undefined;
    const inner = withValue(items[step], rest, set);
    if (inner === undefined) return undefined;
    items[step] = inner;
    return items;
  }
  if (value !== undefined && value !== null && !isObject(value)) return undefined;
  const inner = withValue(isObject(value) && Object.hasOwn(value, step) ? value[step] : undefined, rest, set);
  return inner === undefined ? undefined : mergedOver(isObject(value) ? value : {}, { [step]: inner }, false);
}
