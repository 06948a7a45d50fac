// Finds the map that an unknown field belongs in: one around or next to it has a field of that name, so the indentation is
// wrong or a level is missing. Likewise the field that a value belongs in which only the field beside it refuses.
import { groupKindOf, gvkOf } from '../kube/identity.ts';
import { movedFields } from '../kube/moved.ts';
import { stepInto } from '../schema/field-names.ts';
import type { Schema } from '../schema/schema.ts';
import { printPath } from '../syntax/navigate.ts';
import type { Path, Value } from '../syntax/tree.ts';
import { isObject, type ObjectValue, own, valueAt } from '../syntax/value.ts';
import type { Problem, Remedy } from './problem.ts';

/** Adds to an unknown field's problem the map that the field belongs in, if one is found. `schema` is that of the object. */
export function withHome(problem: Problem, object: ObjectValue, schema: Schema): Problem {
  const { facts, remedies = [] } = problem;
  if (facts.is !== 'unknown-field') return problem;
  const home = homeOf(problem.path, object, schema);
  if (!home) return problem;
  const move: Remedy = { kind: 'move', into: home };
  // After the renaming to a similar name, before the removal.
  const first = facts.nearest === undefined ? 0 : 1;
  return { ...problem, facts: { ...facts, home }, remedies: remedies.toSpliced(first, 0, move) };
}

/**
 * A value that isn't one of those of its field, in a map that kube/moved.ts moves to another field which accepts the value:
 * it is right, and a similar one isn't meant.
 */
export function withOtherField(problem: Problem, object: ObjectValue, schema: Schema): Problem {
  const { facts, path } = problem;
  if (facts.is !== 'enum') return problem;
  const gvk = gvkOf(textOf(own(object, 'apiVersion')), textOf(own(object, 'kind')));
  const map = printPath(path.slice(0, -1));
  for (const { from, to } of gvk ? movedFields(groupKindOf(gvk)) : []) {
    if (from !== map || to === undefined) continue;
    const home = to.split('.');
    const accepted = stepInto(schemasAlong(home, schema).at(-1), path.at(-1)!)?.enum;
    if (accepted?.includes(facts.found) !== true || valueAt(object, home) !== undefined) continue;
    const { remedies: _remedies, ...kept } = problem;
    return { ...kept, facts: { ...facts, nearest: undefined, home } };
  }
  return problem;
}

function textOf(value: Value | undefined): string {
  return typeof value === 'string' ? value : '';
}

/**
 * The nearest map around the field whose schema has the name, if the name isn't set there; otherwise the only such map
 * beside the field, or the only one of them that exists.
 */
function homeOf(path: Path, object: ObjectValue, schema: Schema): Path | undefined {
  const name = String(path.at(-1));
  const parent = path.slice(0, -1);
  const schemas = schemasAlong(parent, schema);
  for (let length = parent.length - 1; length >= 0; length -= 1) {
    // An embedded object is separate.
    if (schemas[length + 1]?.['x-kubernetes-embedded-resource']) break;
    const at = parent.slice(0, length);
    // A value that isn't a map has a wrong type, which is reported instead.
    if (!knows(schemas[length], name) || !isObject(valueAt(object, at))) continue;
    if (!has(object, at, name)) return at;
    break;
  }
  const here = schemas[parent.length];
  const beside = here ? homesBeside(here, name).map((home) => [...parent, ...home]) : [];
  const existing = beside.filter((at) => isObject(valueAt(object, at)));
  const [home, ...others] = existing.length === 1 ? existing : beside;
  return home === undefined || others.length > 0 || has(object, home, name) ? undefined : home;
}

/** The schema of an object and of each step of a path in it; undefined for steps without a schema. */
function schemasAlong(path: Path, schema: Schema): readonly (Schema | undefined)[] {
  const schemas: (Schema | undefined)[] = [schema];
  for (const step of path) schemas.push(stepInto(schemas.at(-1), step));
  return schemas;
}

function has(object: ObjectValue, at: Path, name: string): boolean {
  const map: Value | undefined = valueAt(object, at);
  return isObject(map) && own(map, name) !== undefined;
}

function knows(schema: Schema | undefined, name: string): boolean {
  return schema?.properties !== undefined && Object.hasOwn(schema.properties, name);
}

/**
 * Maps one level down whose schemas have the name; if there are none, those two levels down. Excludes `status`, which
 * controllers write.
 */
export function homesBeside(schema: Schema, name: string): readonly Path[] {
  const children = Object.entries(schema.properties ?? {}).filter(([key]) => key !== 'status');
  const near = children.filter(([, child]) => knows(child, name)).map(([key]) => [key]);
  if (near.length > 0) return near;
  return children.flatMap(([key, child]) =>
    Object.entries(child.properties ?? {})
      .filter(([, inner]) => knows(inner, name))
      .map(([inner]) => [key, inner]),
  );
}
