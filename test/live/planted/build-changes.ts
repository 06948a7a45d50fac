// Changes of a kustomization that kustomize accepts, made of what it builds: fields of every transformer, and patches of
// random parts of the objects. What both make of them is compared.
import { builtValue } from '../../../server/src/kustomize/built.ts';
import type { BuiltObject } from '../../../server/src/kustomize/objects.ts';
import type { Value } from '../../../server/src/syntax/tree.ts';
import { isObject } from '../../../server/src/syntax/value.ts';
import type { Random } from '../verdict/random.ts';
import { appended, hasKey, type Kustomized, type Plant, withItem } from './changed-text.ts';

type Json = { readonly [key: string]: unknown };

/** The objects as values, without what YAML can't hold in JSON. Each change asks for those of one build. */
function valuesOf({ objects }: Kustomized): readonly Json[] {
  let values = known.get(objects);
  if (!values) known.set(objects, (values = readValues(objects)));
  return values;
}

const known = new WeakMap<Kustomized['objects'], readonly Json[]>();

function readValues(objects: Kustomized['objects']): readonly Json[] {
  return objects
    .map(({ value }: BuiltObject) => plain(builtValue(value)) as Json)
    .filter((one) => isText(one.kind) && isText((one.metadata as Json | undefined)?.name));
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function plain(value: Value): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (typeof value === 'symbol') return 'unknown';
  if (Array.isArray(value)) return value.map(plain);
  if (isObject(value)) return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, plain(one)]));
  return value;
}

const nameOf = (object: Json) => String((object.metadata as Json).name);

/** A field that is not there yet, in flow style. */
function field(name: string, value: (at: Kustomized, object: Json) => unknown): readonly [string, Plant] {
  return [
    `change: ${name}`,
    (at) => {
      const objects = valuesOf(at);
      if (objects.length === 0 || hasKey(at, name)) return undefined;
      const made = value(at, at.random.pick(objects));
      return made === undefined ? undefined : appended(at, `${name}: ${JSON.stringify(made)}\n`);
    },
  ];
}

/** Part of an object, with a random value changed, removed, replaced or deleted. */
function part(value: unknown, random: Random, depth = 0): unknown {
  if (Array.isArray(value)) {
    const [first] = value as unknown[];
    if (value.length === 0) return ['planted'];
    if (typeof first !== 'object' || first === null) return random.chance(0.5) ? ['planted'] : [...value, 'planted'];
    const item = random.pick(value as Json[]);
    const keys = ['name', 'mountPath', 'containerPort', 'port', 'ip', 'topologyKey', 'uid', 'key', 'type'];
    const kept = Object.fromEntries(Object.entries(item).filter(([key]) => keys.includes(key)));
    if (random.chance(0.15)) return [{ $patch: 'replace' }, item];
    if (random.chance(0.15)) return [{ ...kept, $patch: 'delete' }];
    if (random.chance(0.1)) return [{ ...kept, name: 'planted' }];
    return [{ ...(part(item, random, depth + 1) as Json), ...(random.chance(0.85) && kept) }];
  }
  if (typeof value === 'object' && value !== null) {
    const keys = Object.keys(value);
    if (keys.length === 0) return { planted: 'a' };
    const key = random.pick(keys);
    if (random.chance(0.05)) return { planted: 1 };
    if (random.chance(0.05)) return { [key]: null };
    if (depth > 0 && random.chance(0.05)) return { $patch: random.pick(['replace', 'delete', 'merge']), planted: 'a' };
    return { [key]: part((value as Json)[key], random, depth + 1) };
  }
  return random.pick([value, null, 'planted', 7, true, '7', '', 1.5, 'yes', [], {}]);
}

function patchOf(at: Kustomized, object: Json): Json {
  const { apiVersion, kind, metadata, ...rest } = object;
  const { name, namespace, ...others } = metadata as Json;
  const changed = at.random.chance(0.15)
    ? { metadata: part(others, at.random, 1) as Json }
    : (part(rest, at.random) as Json);
  const written = (changed.metadata ?? {}) as Json;
  return { ...changed, apiVersion, kind, metadata: { ...written, name, ...(isText(namespace) && { namespace }) } };
}

/** A JSON pointer to something in an object. */
function pointerIn(value: unknown, random: Random, path = ''): string {
  const isMap = typeof value === 'object' && value !== null && !Array.isArray(value);
  const steps = Array.isArray(value) ? [...value.keys(), '-'].map(String) : isMap ? Object.keys(value) : [];
  if (steps.length === 0 || (path !== '' && random.chance(0.15))) return path;
  const step = random.pick(steps);
  const inner = (value as Json)[step];
  return pointerIn(inner, random, `${path}/${step.replaceAll('~', '~0').replaceAll('/', '~1')}`);
}

function dottedIn(object: Json, random: Random): string {
  const pointer = pointerIn(object, random).slice(1);
  return pointer
    .split('/')
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~').replaceAll('.', '\\.'))
    .map((step) => (step === '-' ? '*' : step))
    .join('.');
}

const selectOf = (object: Json) => ({ kind: object.kind, name: nameOf(object) });

export const buildChanges: readonly (readonly [kind: string, plant: Plant])[] = [
  field('namespace', () => 'planted'),
  field('namePrefix', () => 'planted-'),
  field('nameSuffix', () => '-planted'),
  field('commonLabels', () => ({ planted: 'a', 'example.com/b': '1' })),
  field('commonAnnotations', () => ({ planted: 'a' })),
  field('labels', ({ random }) => [
    {
      pairs: { planted: 'a' },
      includeSelectors: random.chance(0.5),
      includeTemplates: random.chance(0.5),
      ...(random.chance(0.3) && { fields: [{ path: 'spec/planted/labels', create: random.chance(0.5) }] }),
    },
  ]),
  field('replicas', (_at, object) => (object.kind === 'Deployment' ? [{ name: nameOf(object), count: 3 }] : undefined)),
  field('buildMetadata', ({ random }) =>
    ['originAnnotations', 'transformerAnnotations', 'managedByLabel'].filter(() => random.chance(0.6)),
  ),
  field('sortOptions', ({ random }, { kind }) => ({
    order: 'legacy',
    ...(random.chance(0.5) && { legacySortOptions: { orderFirst: [kind], orderLast: ['Namespace'] } }),
  })),
  field('images', (_at, object) => {
    const image = /"image":"([^"@:]+)/.exec(JSON.stringify(object))?.[1];
    return image === undefined ? undefined : [{ name: image, newName: 'planted.example.com/a', newTag: '2' }];
  }),
  field('generatorOptions', ({ random }) => ({
    disableNameSuffixHash: random.chance(0.5),
    labels: { planted: 'a' },
    annotations: { planted: 'b' },
    immutable: random.chance(0.5),
  })),
  ...[1, 2, 3, 4].map((count): readonly [string, Plant] => [
    `change: merge patch ${count}`,
    (at) => {
      const objects = valuesOf(at);
      if (objects.length === 0) return undefined;
      const patch = patchOf(at, at.random.pick(objects));
      return withItem(at, 'patches', `patch: ${JSON.stringify(JSON.stringify(patch))}`);
    },
  ]),
  ...[1, 2, 3].map((count): readonly [string, Plant] => [
    `change: JSON patch ${count}`,
    (at) => {
      const objects = valuesOf(at);
      if (objects.length === 0) return undefined;
      const object = at.random.pick(objects);
      const op = at.random.pick(['add', 'replace', 'remove', 'copy', 'move', 'test']);
      const path = pointerIn(object, at.random);
      const value = at.random.pick(['planted', 7, null, { a: 'b' }, ['a'], true]);
      const operations = [{ op, path, from: pointerIn(object, at.random), value }];
      return withItem(
        at,
        'patches',
        `target: ${JSON.stringify(selectOf(object))}\npatch: ${JSON.stringify(JSON.stringify(operations))}`,
      );
    },
  ]),
  ...[1, 2, 3].map((count): readonly [string, Plant] => [
    `change: replacement ${count}`,
    (at) => {
      const objects = valuesOf(at);
      if (objects.length === 0) return undefined;
      const [source, target] = [at.random.pick(objects), at.random.pick(objects)];
      const options = {
        ...(at.random.chance(0.4) && { create: true }),
        ...(at.random.chance(0.2) && { delimiter: at.random.pick(['-', '/', ':']), index: at.random.below(3) - 1 }),
      };
      const select = { ...selectOf(target), ...(at.random.chance(0.2) && { name: '.*' }) };
      const from = { ...selectOf(source), fieldPath: dottedIn(source, at.random) };
      const fieldPaths = [dottedIn(target, at.random)];
      const entry = { source: from, targets: [{ select, fieldPaths, options }] };
      return withItem(
        at,
        'replacements',
        `source: ${JSON.stringify(entry.source)}\ntargets: ${JSON.stringify(entry.targets)}`,
      );
    },
  ]),
];
