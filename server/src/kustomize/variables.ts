// `vars`: `$(NAME)` in configured fields is replaced by the field of an object, after all transformers
// (api/internal/accumulator/resaccumulator.go, api/filters/refvar).
import type { Path } from '../syntax/tree.ts';
import type { Reason } from './build-problem.ts';
import { type Built, type BuiltMap, type BuiltScalar, builtAt, type Origin, textAt, withEntry } from './built.ts';
import { type FieldSpec, specsFor } from './config/field-specs.ts';
import { fieldPathOf, lookUp } from './field-path.ts';
import { type Changed, changeFields } from './field-spec.ts';
import { type BuiltObject, gvkIn, type IsNamespaced, idOf, type ObjectId, previousIds, sameId } from './objects.ts';
import { mapsOf, type Objects, type Step } from './transformers/transformer.ts';

export interface Variable {
  readonly name: string;
  readonly fieldPath: string;
  readonly origin: Origin;
}

export type Variables = ReadonlyMap<string, Variable>;

type Report = (reason: Reason, field: Path, origin: Origin) => void;

/** The objects, those that a variable of the kustomization has its value from marked with its name, and the variables. */
export function declared(
  objects: Objects,
  variables: Variables,
  step: Step,
): { readonly objects: Objects; readonly variables: Variables } {
  let marked = objects;
  const entries = mapsOf(step, 'vars').map(([entry, field]) => {
    const variable = variableOf(entry);
    const matches = marked.filter((object) => isSource(object, entry, step.isNamespaced));
    if (matches.length > 1) {
      const others = matches.map(({ value }) => value.origin);
      step.report({ kind: 'ambiguous-variable', name: variable.name, others }, field, entry.origin);
    } else if (matches.length === 1)
      marked = marked.map((one) =>
        one === matches[0] ? { ...one, variables: [...(one.variables ?? []), variable.name] } : one,
      );
    return [variable, field] as const;
  });
  let all = variables;
  for (const [variable, field] of entries)
    all = withVariables(all, new Map([[variable.name, variable]]), (reason, _field, origin) =>
      step.report(reason, field, origin),
    );
  return { objects: marked, variables: all };
}

/** Each name may be declared once in a whole build. */
export function withVariables(variables: Variables, more: Variables, report: Report): Variables {
  if (more.size === 0) return variables;
  const all = new Map(variables);
  for (const [name, variable] of more) {
    const other = all.get(name);
    if (other) report({ kind: 'repeated-variable', name, other: other.origin }, ['vars'], variable.origin);
    else all.set(name, variable);
  }
  return all;
}

function variableOf(entry: BuiltMap): Variable {
  return {
    name: textAt(entry, ['name']) ?? '',
    fieldPath: textAt(entry, ['fieldref', 'fieldPath']) || 'metadata.name',
    origin: (builtAt(entry, ['name']) ?? entry).origin,
  };
}

/** Without a namespace, an object in any matches; `apiVersion` takes precedence over `group` and `version`. */
function isSource({ value, previous }: BuiltObject, entry: BuiltMap, isNamespaced: IsNamespaced): boolean {
  const part = (name: string) => textAt(entry, ['objref', name]) ?? '';
  const parts = part('apiVersion').split('/');
  const [group, version] =
    part('apiVersion') === '' || parts.length > 2
      ? [part('group'), part('version')]
      : parts.length === 2
        ? [parts[0]!, parts[1]!]
        : [part('group'), parts[0]!];
  const wanted: ObjectId = {
    gvk: { group, version, kind: part('kind') },
    name: part('name'),
    namespace: part('namespace'),
  };
  const now = idOf(value);
  const ids = [...previousIds({ value, previous }), now];
  return ids.some((id) => {
    if (wanted.namespace !== '') return sameId(id, wanted, isNamespaced);
    return id.name === wanted.name && sameId({ ...id, namespace: '' }, wanted, isNamespaced);
  });
}

/** Replaces the references to all variables; `warn` is called with those that nothing uses. */
export function resolved(
  objects: Objects,
  variables: Variables,
  specs: readonly FieldSpec[],
  report: (reason: Reason, origin: Origin) => void,
  warn: (reason: Reason, origin: Origin) => void,
): Objects {
  if (variables.size === 0) return objects;
  const used = new Set<string>();
  const values = new Map<string, BuiltScalar>();
  for (const { name, fieldPath, origin } of variables.values()) {
    const source = objects.find((object) => object.variables?.includes(name));
    const value = source && valueAt(source.value, fieldPath);
    if (!value) report({ kind: 'unresolved-variable', name, lacks: source ? 'field' : 'object' }, origin);
    else if (value.kind === 'scalar') values.set(name, value);
  }
  const lookUpValue: Values = (name) => {
    used.add(name);
    return values.get(name);
  };
  const done = objects.map((object) => {
    let { value } = object;
    for (const spec of specsFor(specs, gvkIn(value))) {
      const changed = changeFields(value, spec, {
        origin: value.origin,
        to: (field) => expandedIn(field, lookUpValue),
      });
      if ('fault' in changed) report(changed.fault.reason, changed.fault.origin);
      else value = changed;
    }
    return value === object.value ? object : { ...object, value };
  });
  for (const { name, origin } of variables.values())
    if (values.has(name) && !used.has(name)) warn({ kind: 'unused-variable', name }, origin);
  return done;
}

/** An index may follow a name in brackets: `ports[0].port`. */
function valueAt(value: BuiltMap, path: string): Built | undefined {
  const steps = fieldPathOf(path).flatMap((step) => {
    const indexed = /^(.*)\[(\d+)\]$/.exec(step);
    return indexed ? [...(indexed[1] === '' ? [] : [indexed[1]!]), indexed[2]!] : [step];
  });
  const found = lookUp(value, steps);
  return found === 'invalid' ? undefined : found;
}

/** The value of a variable. */
type Values = (name: string) => BuiltScalar | undefined;

function expandedIn(field: Built, values: Values): Changed<Built> {
  if (field.kind === 'scalar') return expanded(field, values);
  if (field.kind === 'map') {
    let done = field;
    for (const [key, value] of field.entries) {
      if (value.kind === 'scalar') done = withExpanded(done, key, value, values);
    }
    return done;
  }
  const other = field.items.find((item) => item.kind !== 'scalar' || !isText(item));
  if (other) return { fault: { reason: { kind: 'wrong-type', expected: 'string' }, origin: other.origin } };
  const items = field.items.map((item) => (item.kind === 'scalar' ? expanded(item, values) : item));
  return items.some((item, index) => item !== field.items[index]) ? { ...field, items } : field;
}

function withExpanded(map: BuiltMap, key: string, value: BuiltScalar, values: Values): BuiltMap {
  const done = expanded(value, values);
  return done === value ? map : withEntry(map, key, done);
}

function isText({ value }: BuiltScalar): boolean {
  return typeof value === 'string' || typeof value === 'symbol';
}

/** kustomize sets each text anew, with or without a variable. */
function unfolded(scalar: BuiltScalar): BuiltScalar {
  if (!scalar.folded) return scalar;
  const { folded, ...rest } = scalar;
  return rest;
}

/** A whole reference gets the variable's type; `$$` is a dollar sign. */
function expanded(scalar: BuiltScalar, values: Values): BuiltScalar {
  if (!isText(scalar)) return scalar;
  if (!scalar.text.includes('$')) return unfolded(scalar);
  const whole = /^\$\(([^)]*)\)$/.exec(scalar.text);
  const only = whole && values(whole[1]!);
  if (only) return { ...only, origin: { ...scalar.origin, through: only.origin } };
  let through: Origin | undefined;
  const text = scalar.text.replace(/\$(?:\(([^)]*)\)|(\$)|(\()|([^$(]))/g, (found, name?: string, dollar?: string) => {
    if (dollar) return dollar;
    const value = name === undefined ? undefined : values(name);
    if (!value) return found;
    through ??= value.origin;
    return value.text;
  });
  if (text === scalar.text) return unfolded(scalar);
  return { kind: 'scalar', value: text, text, origin: { ...scalar.origin, ...(through && { through }) } };
}
