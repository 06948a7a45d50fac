// The plugin ValueAddTransformer: sets a field of selected objects, or adds a part to a path in it
// (api/internal/builtins/ValueAddTransformer.go, api/filters/valueadd).
import type { Path } from '../../syntax/tree.ts';
import {
  type Built,
  type BuiltMap,
  type BuiltScalar,
  builtAt,
  builtFrom,
  changedText,
  emptyMap,
  isNull,
  scalarOf,
  withEntry,
} from '../built.ts';
import { decode, type Shape } from '../config/shape.ts';
import { selector } from '../config/shapes.ts';
import { type Changed, splitPath } from '../field-spec.ts';
import { withNamespace } from './namespace.ts';
import { readSelector, selects } from './selector.ts';
import { changeEach, filledText, itemsAt, type Objects, type Step } from './transformer.ts';

export const valueTargets: Shape = { list: { fields: { selector, fieldPath: 'text', filePathPosition: 'integer' } } };

/** Without a value, it is the name of the kustomization's folder. */
export function valueAdded(objects: Objects, step: Step): Objects {
  const { fields } = step;
  const written = filledText(fields, ['value']);
  const text = written?.text.trim() ?? '';
  const value = scalarOf(text === '' ? step.folderName : text, written?.origin ?? fields.origin);
  const targets = [...targetsIn(fields), ...targetsInFile(step)];
  if (targets.length === 0) step.report({ kind: 'missing-setting', setting: 'targets' }, [], fields.origin);
  const settings = targets.map((target) => {
    const path = filledText(target, ['fieldPath']);
    if (!path) step.report({ kind: 'missing-setting', setting: 'fieldPath' }, [], target.origin);
    if (positionIn(target) < 0) step.report({ kind: 'negative-position' }, [], target.origin);
    return { target, path };
  });
  return settings.reduce(
    (done, { target, path }) => (path ? setIn(done, step, target, { value, path }) : done),
    objects,
  );
}

function targetsIn(fields: Built): readonly BuiltMap[] {
  return itemsAt(fields, ['targets']).flatMap(([item]) => (item.kind === 'map' ? [item] : []));
}

function targetsInFile(step: Step): readonly BuiltMap[] {
  const path = filledText(step.fields, ['targetFilePath']);
  const [document] = (path && step.documentsOf(path.text, [], path.origin)) ?? [];
  const root = document?.manifest.root && builtFrom(document.manifest.root, document.locate, 'configuration');
  const report = step.report.bind(step);
  const decoded =
    root && decode(root, { fields: { targets: valueTargets } }, { strict: false, converts: true }, report);
  return decoded ? targetsIn(decoded) : [];
}

function positionIn(target: BuiltMap): number {
  const written = builtAt(target, ['filePathPosition']);
  return written?.kind === 'scalar' && typeof written.value === 'bigint' ? Number(written.value) : 0;
}

interface Setting {
  readonly value: BuiltScalar;
  readonly path: BuiltScalar;
}

function setIn(objects: Objects, step: Step, target: BuiltMap, { value, path }: Setting): Objects {
  const field: Path = [];
  const written = builtAt(target, ['selector']);
  const selected = written?.kind === 'map' ? readSelector(step, written, field, () => true) : undefined;
  if (selected === 'invalid') return objects;
  const position = positionIn(target);
  return changeEach(objects, step, field, (object, built) => {
    if (selected && !selects(selected, built, step.isNamespaced)) return object;
    if (path.text === 'metadata/namespace')
      return withNamespace(object, { namespace: value, specs: [], subjects: 'defaultOnly' }, step);
    const steps = splitPath(path.text).filter((one) => one.trim() !== '');
    const done = setAt(object, steps, (old) => inPath(old, value, position));
    return 'fault' in done || done.kind === 'map' ? done : object;
  });
}

function setAt(at: Built, [step, ...rest]: readonly string[], set: (old: Built) => Built): Changed<Built> {
  if (step === undefined) {
    if (at.kind === 'scalar') return set(at);
    return { fault: { reason: { kind: 'not-a-scalar', path: '' }, origin: at.origin } };
  }
  if (at.kind !== 'map' && !isNull(at))
    return { fault: { reason: { kind: 'not-a-map', path: step }, origin: at.origin } };
  const map = at.kind === 'map' ? at : emptyMap(at.origin);
  const inner = map.entries.get(step) ?? (rest.length > 0 ? emptyMap(at.origin) : scalarOf('', at.origin));
  const done = setAt(inner, rest, set);
  return 'fault' in done ? done : withEntry(map, step, done);
}

/** The value, or the old path with the value inserted as its part at the position; 1 is the first. */
function inPath(old: Built, value: BuiltScalar, position: number): Built {
  const path = old.kind === 'scalar' && !isNull(old) ? old.text : '';
  if (position <= 0 || path === '') return { ...value, origin: { ...value.origin, through: old.origin } };
  const isAbsolute = path.startsWith('/');
  const parts = path.split('/').filter((part) => part !== '');
  parts.splice(Math.min(position - 1, parts.length), 0, value.text);
  return changedText(value, (isAbsolute ? '/' : '') + parts.join('/'), old.origin);
}
