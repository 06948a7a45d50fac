// `labels`, `commonLabels` and `commonAnnotations`: set entries of maps such as `metadata.labels` and selectors
// (api/internal/builtins/LabelTransformer.go, AnnotationsTransformer.go).
import type { Path } from '../../syntax/tree.ts';
import {
  asString,
  type Built,
  type BuiltMap,
  type BuiltScalar,
  builtAt,
  inPlaceOf,
  isNull,
  withEntry,
} from '../built.ts';
import { spread } from '../cells.ts';
import { type FieldSpec, mergeSpecs, specsFor } from '../config/field-specs.ts';
import { readFieldSpecs } from '../config/read.ts';
import { type Changed, changeFields } from '../field-spec.ts';
import { withKept, withoutKept } from '../kept.ts';
import { isPlainText } from '../metadata.ts';
import { type BuiltObject, gvkIn } from '../objects.ts';
import { changeEach, isOn, mapsOf, type Objects, type Step, type Transformer } from './transformer.ts';

export const labelTransformer: Transformer = (objects, step) => {
  let done = objects;
  for (const [entry, field] of mapsOf(step, 'labels')) {
    const specs = specsOf(step, entry, field);
    if (specs)
      done = withPairs(done, step, { pairs: builtAt(entry, ['pairs']), specs, field, by: [entry, step.config] });
  }
  const pairs = builtAt(step.fields, ['commonLabels']);
  return withPairs(done, step, { pairs, specs: step.config.commonLabels, field: ['commonLabels'] });
};

export const annotationTransformer: Transformer = (objects, step) => {
  const pairs = builtAt(step.fields, ['commonAnnotations']);
  return withPairs(objects, step, { pairs, specs: step.config.commonAnnotations, field: ['commonAnnotations'] });
};

const metadataLabels: FieldSpec = { gvk: { group: '', version: '', kind: '' }, path: 'metadata/labels', create: true };

/** The entry's own fields come first, then those of its options; undefined if they conflict, which is reported. */
function specsOf(step: Step, entry: BuiltMap, field: Path): readonly FieldSpec[] | undefined {
  const { config } = step;
  const lists = [readFieldSpecs(builtAt(entry, ['fields'])), config.labels];
  if (isOn(entry, ['includeSelectors'])) lists.push(config.commonLabels);
  else {
    if (isOn(entry, ['includeTemplates'])) lists.push(config.templateLabels);
    if (isOn(entry, ['includeVolumeClaimTemplates'])) lists.push(config.volumeClaimTemplateLabels);
    lists.push([metadataLabels]);
  }
  let specs: readonly FieldSpec[] = [];
  for (const [index, list] of lists.entries()) {
    const merged = index === 0 ? list : mergeSpecs(specs, list);
    if ('conflict' in merged) {
      const { path } = merged.conflict;
      step.report({ kind: 'conflicting-configuration', path }, [...field, 'fields'], entry.origin);
      return undefined;
    }
    specs = merged;
  }
  return specs;
}

interface Pairs {
  readonly pairs: Built | undefined;
  readonly specs: readonly FieldSpec[];
  readonly field: Path;
  /** What the fields are chosen by, if they aren't those of the configuration. */
  readonly by?: readonly unknown[];
}

export function withPairs(objects: Objects, step: Step, { pairs, specs, field, by = [specs] }: Pairs): Objects {
  if (pairs?.kind !== 'map' || pairs.entries.size === 0) return objects;
  const touches = specs.some(({ path, create }) => path === 'metadata/annotations' && !create);
  const change = (own: BuiltMap, object: BuiltObject): Changed<BuiltMap> => {
    const value = touches ? withKept(object, step.isNamespaced) : own;
    let done: Changed<BuiltMap> = value;
    const set = new Map([...pairs.entries].map(([key, one]) => [key, { ...asString(one), cell: {} }]));
    for (const spec of specsFor(specs, gvkIn(value))) {
      done = changeFields(done, spec, { creates: 'map', origin: pairs.origin, to: (map) => setAll(map, set, spec) });
      if ('fault' in done) return done;
    }
    const after = spread(value, done);
    return touches ? withoutKept(object, after).value : after;
  };
  // What is kept in annotations depends on more than the object and the labels.
  return changeEach(objects, step, field, change, touches ? undefined : [pairs, ...by]);
}

function setAll(map: Built, pairs: ReadonlyMap<string, BuiltScalar>, { path }: FieldSpec): Changed<Built> {
  if (isNull(map)) return map;
  if (map.kind !== 'map') return { fault: { reason: { kind: 'not-a-map', path }, origin: map.origin } };
  let done = map;
  for (const [key, value] of pairs) {
    const old = done.entries.get(key);
    if (!old && !isPlainText(key)) return { fault: { reason: { kind: 'key-not-text', key }, origin: value.origin } };
    done = withEntry(done, key, old ? inPlaceOf(old, value) : value);
  }
  return done;
}
