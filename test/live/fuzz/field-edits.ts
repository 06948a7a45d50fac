// Random but plausible fields that are added to a kustomization, made of the objects that it builds, some with files of
// their own.
import { builtValue } from '../../../server/src/kustomize/built.ts';
import type { BuiltObject } from '../../../server/src/kustomize/objects.ts';
import { parseManifest } from '../../../server/src/syntax/manifest.ts';
import { nodeAt } from '../../../server/src/syntax/navigate.ts';
import type { Value } from '../../../server/src/syntax/tree.ts';
import { toValue } from '../../../server/src/syntax/value.ts';
import type { Random } from '../verdict/random.ts';

export type Json = { readonly [key: string]: unknown };

export interface Given {
  readonly objects: readonly Json[];
  readonly random: Random;
  /** A name for a file that is in no folder yet. */
  readonly number: number;
}

export interface Addition {
  readonly field: string;
  /** An item of the field's list, or the field's value. */
  readonly item?: unknown;
  readonly value?: unknown;
  /** Texts of files by their paths in the kustomization's folder. */
  readonly files?: Readonly<Record<string, string>>;
}

type Add = (given: Given) => Addition | undefined;

/** The objects as values that can be written in JSON. */
export function valuesOf(objects: readonly BuiltObject[]): readonly Json[] {
  return objects
    .map(({ value }) => plain(builtValue(value)) as Json)
    .filter((one) => typeof one.kind === 'string' && typeof (one.metadata as Json | undefined)?.name === 'string');
}

function plain(value: Value): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (typeof value === 'symbol') return 'unknown';
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(
      Object.entries(value as { readonly [key: string]: Value }).map(([key, one]) => [key, plain(one)]),
    );
  return value;
}

const nameOf = (object: Json) => String((object.metadata as Json).name);

/** A path to something in an object, and the value there. */
function pathIn(value: unknown, random: Random, path: readonly string[] = []): readonly string[] {
  const isMap = typeof value === 'object' && value !== null;
  const steps = Array.isArray(value) ? [...value.keys()].map(String) : isMap ? Object.keys(value) : [];
  if (steps.length === 0 || (path.length > 0 && random.chance(0.15))) return path;
  const step = random.pick(steps);
  return pathIn((value as Json)[step], random, [...path, step]);
}

function valueAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((at, step) => (at as Json | undefined)?.[step], value);
}

function pointer(object: Json, { random }: Given): string {
  const steps = pathIn(object, random).map((step) =>
    random.chance(0.05)
      ? random.pick(['-', '-1', '99', '~2', 'a~b', '', '01'])
      : step.replaceAll('~', '~0').replaceAll('/', '~1'),
  );
  const more = random.chance(0.1) ? [random.pick(['planted', '-', '0', 'a~1b'])] : [];
  return random.chance(0.03)
    ? random.pick(['', '/', 'metadata/name', '/metadata//name'])
    : `/${[...steps, ...more].join('/')}`;
}

/** A path of fields as replacements have it: with selectors of items, wildcards and indices. */
function fieldPath(object: Json, { random }: Given): string {
  const path = pathIn(object, random);
  const steps = path.map((step, index) => {
    const list = valueAt(object, path.slice(0, index));
    if (!Array.isArray(list)) return random.chance(0.03) ? '*' : step.replaceAll('.', '\\.');
    const item = list[Number(step)] as unknown;
    if (random.chance(0.3)) return '*';
    if (random.chance(0.2)) return step;
    if (random.chance(0.1)) return '-';
    if (typeof item !== 'object' || item === null) return random.chance(0.5) ? `[=${String(item)}]` : step;
    const [key = 'name', one = 'x'] = Object.entries(item).find(([, inner]) => typeof inner !== 'object') ?? [];
    return `[${key}=${random.chance(0.15) ? 'planted' : String(one)}]`;
  });
  const more = random.chance(0.15) ? random.pick(['.planted', '.0', '.*', '.planted.more', '.[name=planted]']) : '';
  return `${steps.join('.')}${more}`;
}

function selected(object: Json, { random }: Given): Json {
  const { namespace } = object.metadata as Json;
  const [group, version] = String(object.apiVersion).includes('/')
    ? String(object.apiVersion).split('/')
    : ['', String(object.apiVersion)];
  return {
    ...(random.chance(0.8) && { kind: random.chance(0.1) ? '.*' : object.kind }),
    ...(random.chance(0.7) && {
      name: random.chance(0.2) ? random.pick(['.*', '^a', `${nameOf(object).slice(0, 2)}.*`, '']) : nameOf(object),
    }),
    ...(random.chance(0.1) && { namespace: random.pick([namespace ?? 'default', 'default', '.*', 'x']) }),
    ...(random.chance(0.1) && { group }),
    ...(random.chance(0.1) && { version }),
  };
}

const words: readonly unknown[] = [
  'planted',
  7,
  null,
  true,
  '7',
  '',
  1.5,
  'yes',
  '1e3',
  [],
  {},
  { a: 'b' },
  ['a'],
  'a/b:c',
  '010',
  [{ name: 'a' }],
  '2020-01-01',
  -1,
  'true',
  '0x10',
  '~',
];

/** Part of an object with random values changed. */
function part(value: unknown, random: Random, depth = 0): unknown {
  if (Array.isArray(value)) {
    if (value.length === 0 || random.chance(0.1))
      return random.pick([
        ['planted'],
        [],
        [null],
        [{ name: 'planted' }],
        null,
        [{ $patch: 'replace' }],
        [{ $patch: 'delete' }],
        [{ $patch: 'merge' }],
      ]);
    const items = value
      .filter(() => random.chance(0.6))
      .map((item) => {
        if (typeof item !== 'object' || item === null) return random.chance(0.7) ? item : random.pick(words);
        const keys = Object.entries(item as Json).filter(
          ([, inner]) => typeof inner !== 'object' && random.chance(0.8),
        );
        const kept = Object.fromEntries(keys);
        if (random.chance(0.1)) return { ...kept, $patch: random.pick(['delete', 'replace', 'merge']) };
        if (random.chance(0.1)) return { ...kept, name: random.pick(['planted', null, '', 1]) };
        return { ...kept, ...(part(item, random, depth + 1) as Json) };
      });
    if (random.chance(0.08)) items.unshift({ $patch: random.pick(['delete', 'replace', 'merge']) });
    return items;
  }
  if (typeof value === 'object' && value !== null) {
    const keys = Object.keys(value);
    if (keys.length === 0) return { planted: 'a' };
    const made: Record<string, unknown> = {};
    for (const key of keys)
      if (random.chance(1.5 / keys.length)) made[key] = part((value as Json)[key], random, depth + 1);
    if (random.chance(0.08)) made.planted = random.pick(words);
    if (random.chance(0.05)) made.$patch = random.pick(['delete', 'replace', 'merge']);
    if (random.chance(0.04)) return random.pick(words);
    return made;
  }
  return random.chance(0.3) ? value : random.pick(words);
}

function mergePatch(given: Given): Json {
  const object = given.random.pick(given.objects);
  const { random } = given;
  const { apiVersion, kind, metadata, ...rest } = object;
  const { name, namespace, ...others } = metadata as Json;
  return {
    apiVersion: random.chance(0.03) ? 'v9' : apiVersion,
    kind,
    metadata: {
      ...(random.chance(0.3) && (part(others, random, 1) as Json)),
      name,
      ...(namespace !== undefined && { namespace }),
    },
    ...(part(rest, random) as Json),
  };
}

function operations(object: Json, given: Given): readonly Json[] {
  const { random } = given;
  return Array.from({ length: 1 + random.below(3) }, () => {
    const op = random.pick(['add', 'replace', 'remove', 'copy', 'move', 'test', 'add', 'replace']);
    const path = random.chance(0.15)
      ? random.pick([
          '/metadata/annotations',
          '/metadata/labels',
          '/metadata/name',
          '/metadata/namespace',
          '/metadata',
          '/kind',
          '/metadata/annotations/planted~1a',
        ])
      : pointer(object, given);
    const steps = path.slice(1).split('/');
    const value = random.chance(0.4)
      ? valueAt(
          object,
          steps.map((step) => step.replaceAll('~1', '/')),
        )
      : random.pick(words);
    return {
      op,
      path,
      ...((op === 'copy' || op === 'move') && { from: pointer(object, given) }),
      ...(op !== 'remove' && { value }),
    };
  });
}

const pairs = ({ random }: Given): Json =>
  Object.fromEntries([
    ['planted', random.pick(['a', '1', 'true', '', 'x: y', 'null'])],
    ...(random.chance(0.3) ? [['example.com/b', '010']] : []),
  ]);

function generated(given: Given): Json {
  const { random, objects, number } = given;
  const known = objects.filter(({ kind }) => kind === 'ConfigMap' || kind === 'Secret');
  const isKnown = known.length > 0 && random.chance(0.5);
  const base = isKnown ? nameOf(random.pick(known)).replace(/-[a-z0-9]{10}$/, '') : 'planted';
  const literals = [
    'a=b',
    'a=b=c',
    "b='x'",
    'c="x y"',
    'd=',
    'e=1',
    'f=true',
    'g=a,b',
    'h=\nx',
    'i= x ',
    'j=$(X)',
    'novalue',
    '=a',
    'k=é',
    'l="x',
    '1=2',
    'a/b=c',
    'true=x',
  ];
  return {
    name: base,
    ...(random.chance(0.7) && {
      literals: Array.from({ length: 1 + random.below(3) }, () =>
        random.chance(0.75) ? random.pick(literals.slice(0, 11)) : random.pick(literals),
      ),
    }),
    ...(random.chance(0.3) && {
      files: [
        random.pick([`planted-${number}.txt`, `k=planted-${number}.txt`, `a b=planted-${number}.txt`, 'none.txt']),
      ],
    }),
    ...(random.chance(0.3) && { envs: [`planted-${number}.env`] }),
    ...(random.chance(0.4) && { behavior: random.pick(['create', 'merge', 'replace']) }),
    ...(random.chance(0.2) && { namespace: random.pick(['planted', 'default']) }),
    ...(random.chance(0.3) && {
      options: {
        ...(random.chance(0.5) && { disableNameSuffixHash: true }),
        ...(random.chance(0.3) && { immutable: true }),
        ...(random.chance(0.3) && { labels: pairs(given) }),
        ...(random.chance(0.3) && { annotations: pairs(given) }),
      },
    }),
  };
}

const generatorFiles = ({ random, number }: Given) => ({
  [`planted-${number}.txt`]: random.pick([
    'text\n',
    'a\r\nb\r\n',
    '\tx',
    '',
    'é😀\n',
    ' lead',
    'a: b\nc: [d]\n',
    'x \n\n',
    '\uFEFFa',
  ]),
  [`planted-${number}.env`]: random.pick([
    'A=b\n',
    '# a\n\nA=b\nB=c=d\n',
    'A="x"\n',
    'A=\r\nB=x\r\n',
    '\uFEFFA=b\n',
    ' A = b\n',
    'PLANTED_NONE\n',
    'export A=b\n',
    '1A=b\n',
    'A=é\n',
  ]),
});

const specPaths = [
  'metadata/name',
  'spec/planted',
  'spec/template/metadata/labels',
  'metadata/labels',
  'spec/selector',
  'spec/template/spec/containers/image',
  'data/a',
  'spec/replicas',
  'metadata/annotations',
  'spec/containers[]/name',
];

const fieldSpec = ({ random, objects }: Given) => ({
  path: random.pick(specPaths),
  ...(random.chance(0.6) && { kind: random.pick(objects).kind }),
  ...(random.chance(0.5) && { create: random.chance(0.5) }),
});

function configuration(given: Given): Json {
  const { random, objects } = given;
  const specs = () => [fieldSpec(given)];
  const all: Record<string, unknown> = {
    namePrefix: specs(),
    nameSuffix: specs(),
    namespace: specs(),
    commonLabels: specs(),
    commonAnnotations: specs(),
    images: specs(),
    replicas: specs(),
    varReference: specs(),
    nameReference: [
      {
        kind: random.pick(objects).kind,
        fieldSpecs: [
          {
            path: random.pick(['spec/planted', 'data/a', 'metadata/annotations/planted', 'spec/ref/name']),
            kind: random.pick(objects).kind,
          },
        ],
      },
    ],
  };
  return Object.fromEntries(Object.entries(all).filter(() => random.chance(0.3)));
}

function plugin(given: Given): Json {
  const { random } = given;
  const head = { apiVersion: 'builtin', metadata: { name: 'planted' } };
  const object = random.pick(given.objects);
  return random.pick<Json>([
    {
      ...head,
      kind: 'NamespaceTransformer',
      metadata: { name: 'planted', namespace: 'planted' },
      ...(random.chance(0.5) && { unsetOnly: true }),
      ...(random.chance(0.5) && { setRoleBindingSubjects: random.pick(['none', 'allServiceAccounts', 'defaultOnly']) }),
      ...(random.chance(0.5) && { fieldSpecs: [{ path: 'metadata/namespace', create: true }, fieldSpec(given)] }),
    },
    { ...head, kind: 'PrefixTransformer', prefix: 'p-', fieldSpecs: [{ path: 'metadata/name' }, fieldSpec(given)] },
    { ...head, kind: 'SuffixTransformer', suffix: '-s', fieldSpecs: [fieldSpec(given)] },
    {
      ...head,
      kind: 'LabelTransformer',
      labels: pairs(given),
      fieldSpecs: [{ path: 'metadata/labels', create: true }, fieldSpec(given)],
    },
    {
      ...head,
      kind: 'AnnotationsTransformer',
      annotations: pairs(given),
      fieldSpecs: [{ path: 'metadata/annotations', create: true }],
    },
    {
      ...head,
      kind: 'PatchTransformer',
      patch: JSON.stringify(mergePatch(given)),
      ...(random.chance(0.3) && { target: selected(object, given) }),
    },
    {
      ...head,
      kind: 'PatchTransformer',
      patch: JSON.stringify(operations(object, given)),
      target: selected(object, given),
    },
    { ...head, kind: 'PatchStrategicMergeTransformer', patches: JSON.stringify(mergePatch(given)) },
    {
      ...head,
      kind: 'PatchJson6902Transformer',
      target: { kind: object.kind, name: nameOf(object) },
      jsonOp: JSON.stringify(operations(object, given)),
    },
    {
      ...head,
      kind: 'ReplicaCountTransformer',
      replica: { name: nameOf(object), count: 3 },
      fieldSpecs: [{ path: 'spec/replicas', create: true, kind: object.kind }],
    },
    {
      ...head,
      kind: 'ValueAddTransformer',
      value: 'planted',
      targets: [
        { fieldPath: random.pick(['metadata/labels/x', 'spec/planted', 'data/a']), selector: { kind: object.kind } },
      ],
    },
    {
      ...head,
      kind: 'ImageTagTransformer',
      imageTag: { name: 'nginx', newTag: 'p' },
      fieldSpecs: [{ path: 'spec/template/spec/containers/image' }],
    },
  ]);
}

function replacement(given: Given): Json {
  const { random, objects } = given;
  const [source, target] = [random.pick(objects), random.pick(objects)];
  const options = () => ({
    ...(random.chance(0.3) && { create: true }),
    ...(random.chance(0.3) && {
      delimiter: random.pick(['-', '/', ':', '.', '']),
      ...(random.chance(0.8) && { index: random.below(4) - 1 }),
    }),
  });
  const isGiven = random.chance(0.15);
  return {
    ...(isGiven
      ? { sourceValue: random.pick(['planted', '7', 'true', '1.5', '', 'null']) }
      : {
          source: {
            kind: source.kind,
            name: nameOf(source),
            ...(random.chance(0.85) && { fieldPath: fieldPath(source, given) }),
            ...(random.chance(0.3) && { options: options() }),
          },
        }),
    targets: Array.from({ length: 1 + random.below(2) }, () => ({
      select: selected(target, given),
      ...(random.chance(0.2) && { reject: [selected(random.pick(objects), given)] }),
      ...(random.chance(0.9) && {
        fieldPaths: Array.from({ length: 1 + random.below(2) }, () => fieldPath(target, given)),
      }),
      ...(random.chance(0.6) && { options: options() }),
    })),
  };
}

export const additions: readonly (readonly [name: string, add: Add])[] = [
  ...['merge patch', 'merge patch again', 'merge patch once more'].map((name): readonly [string, Add] => [
    name,
    (given) => {
      const { random } = given;
      const patch = mergePatch(given);
      const target = random.chance(0.2) ? { target: selected(random.pick(given.objects), given) } : {};
      const options = random.chance(0.15)
        ? { options: { allowNameChange: random.chance(0.6), allowKindChange: random.chance(0.4) } }
        : {};
      const renamed =
        random.chance(0.5) && 'options' in options
          ? { ...patch, metadata: { ...(patch.metadata as Json), name: 'planted-renamed' } }
          : patch;
      return {
        field: 'patches',
        item: { patch: JSON.stringify('target' in target ? renamed : patch, null, 1), ...target, ...options },
      };
    },
  ]),
  [
    'JSON patch',
    (given) => {
      const object = given.random.pick(given.objects);
      return {
        field: 'patches',
        item: {
          patch: JSON.stringify(operations(object, given)),
          target: { kind: object.kind, name: nameOf(object), ...(given.random.chance(0.2) && selected(object, given)) },
        },
      };
    },
  ],
  [
    'JSON patch of a file',
    (given) => {
      const object = given.random.pick(given.objects);
      const file = `planted-${given.number}.yaml`;
      return {
        field: 'patches',
        item: { path: file, target: { kind: object.kind, name: nameOf(object) } },
        files: {
          [file]: operations(object, given)
            .map((one) => `- ${JSON.stringify(one)}\n`)
            .join(''),
        },
      };
    },
  ],
  [
    'patchesStrategicMerge',
    (given) => ({
      field: 'patchesStrategicMerge',
      item:
        JSON.stringify(mergePatch(given), null, given.random.below(2)) + (given.random.chance(0.2) ? '\n---\n' : ''),
    }),
  ],
  [
    'patchesJson6902',
    (given) => {
      const object = given.random.pick(given.objects);
      const [group, version] = String(object.apiVersion).includes('/')
        ? String(object.apiVersion).split('/')
        : ['', String(object.apiVersion)];
      return {
        field: 'patchesJson6902',
        item: {
          target: { group, version, kind: object.kind, name: nameOf(object) },
          patch: JSON.stringify(operations(object, given)),
        },
      };
    },
  ],
  [
    'selector of marks',
    (given) => ({
      field: 'patches',
      item: {
        patch: JSON.stringify([{ op: 'add', path: '/metadata/annotations', value: { planted: 'b' } }]),
        target: {
          [given.random.pick(['labelSelector', 'annotationSelector'])]: given.random.pick([
            'a',
            '!a',
            'app',
            'app in (a, b)',
            'app=web',
            'a notin (b)',
            'app==a,!b',
            'a b',
            '',
            'app!=x',
            'a>1',
            '=a',
          ]),
        },
      },
    }),
  ],
  ['replacement', (given) => ({ field: 'replacements', item: replacement(given) })],
  ['replacement again', (given) => ({ field: 'replacements', item: replacement(given) })],
  [
    'replacement of a file',
    (given) => {
      const file = `planted-${given.number}.yaml`;
      const one = replacement(given);
      return {
        field: 'replacements',
        item: { path: file },
        files: { [file]: JSON.stringify(given.random.chance(0.4) ? [one] : one) },
      };
    },
  ],
  [
    'configMapGenerator',
    (given) => ({ field: 'configMapGenerator', item: generated(given), files: generatorFiles(given) }),
  ],
  [
    'secretGenerator',
    (given) => ({
      field: 'secretGenerator',
      item: { ...generated(given), ...(given.random.chance(0.2) && { type: 'kubernetes.io/tls' }) },
      files: generatorFiles(given),
    }),
  ],
  [
    'generatorOptions',
    (given) => ({
      field: 'generatorOptions',
      value: {
        disableNameSuffixHash: given.random.chance(0.4),
        ...(given.random.chance(0.5) && { labels: pairs(given) }),
        ...(given.random.chance(0.5) && { annotations: pairs(given) }),
        ...(given.random.chance(0.3) && { immutable: true }),
      },
    }),
  ],
  ['namespace', ({ random }) => ({ field: 'namespace', value: random.pick(['planted', 'default', '', '7']) })],
  ['namePrefix', ({ random }) => ({ field: 'namePrefix', value: random.pick(['planted-', '', 'a.b-', '1']) })],
  ['nameSuffix', ({ random }) => ({ field: 'nameSuffix', value: random.pick(['-planted', '-1']) })],
  ['commonLabels', (given) => ({ field: 'commonLabels', value: pairs(given) })],
  ['commonAnnotations', (given) => ({ field: 'commonAnnotations', value: pairs(given) })],
  [
    'labels',
    (given) => ({
      field: 'labels',
      item: {
        pairs: pairs(given),
        includeSelectors: given.random.chance(0.4),
        includeTemplates: given.random.chance(0.4),
        ...(given.random.chance(0.4) && { fields: [fieldSpec(given)] }),
      },
    }),
  ],
  [
    'images',
    ({ objects, random }) => {
      const image = /"image":"([^"]+)/.exec(JSON.stringify(random.pick(objects)))?.[1] ?? 'nginx';
      return {
        field: 'images',
        item: {
          name: random.pick([image.replace(/[:@].*/, ''), image, '.*', 'nginx']),
          ...(random.chance(0.5) && { newName: 'planted.example.com:5000/a' }),
          ...(random.chance(0.5) && { newTag: random.pick(['2', '1.10', 'v1', '']) }),
          ...(random.chance(0.2) && { digest: 'sha256:aaaa' }),
          ...(random.chance(0.2) && { tagSuffix: '-p' }),
        },
      };
    },
  ],
  [
    'replicas',
    ({ objects, random }) => ({
      field: 'replicas',
      item: {
        name: nameOf(
          random.pick(
            objects
              .filter(({ kind }) => ['Deployment', 'StatefulSet', 'ReplicaSet'].includes(String(kind)))
              .concat(random.pick(objects)),
          ),
        ),
        count: random.pick([0, 3]),
      },
    }),
  ],
  [
    'buildMetadata',
    ({ random }) => ({
      field: 'buildMetadata',
      value: ['originAnnotations', 'transformerAnnotations', 'managedByLabel'].filter(() => random.chance(0.6)),
    }),
  ],
  [
    'sortOptions',
    ({ objects, random }) => ({
      field: 'sortOptions',
      value: random.pick([
        { order: 'fifo' },
        { order: 'legacy' },
        { order: 'legacy', legacySortOptions: { orderFirst: [random.pick(objects).kind], orderLast: ['Namespace'] } },
      ]),
    }),
  ],
  [
    'vars',
    ({ objects, random }) => {
      const object = random.pick(objects);
      const path = pathIn(object, random).join('.');
      return {
        field: 'vars',
        item: {
          name: random.pick(['PLANTED', 'VAR']),
          objref: { kind: object.kind, apiVersion: object.apiVersion, name: nameOf(object) },
          ...(random.chance(0.7) && { fieldref: { fieldpath: random.chance(0.5) ? 'metadata.name' : path } }),
        },
      };
    },
  ],
  [
    'configurations',
    (given) => {
      const file = `planted-${given.number}.yaml`;
      return { field: 'configurations', item: file, files: { [file]: JSON.stringify(configuration(given)) } };
    },
  ],
  ['transformers', (given) => ({ field: 'transformers', item: JSON.stringify(plugin(given)) })],
  [
    'transformers of a file',
    (given) => {
      const file = `planted-${given.number}.yaml`;
      return {
        field: 'transformers',
        item: file,
        files: { [file]: `${JSON.stringify(plugin(given))}\n---\n${JSON.stringify(plugin(given))}\n` },
      };
    },
  ],
  [
    'generators',
    (given) => ({
      field: 'generators',
      item: JSON.stringify({
        apiVersion: 'builtin',
        kind: given.random.pick(['ConfigMapGenerator', 'SecretGenerator']),
        metadata: { name: 'planted' },
        ...generated(given),
      }),
      files: generatorFiles(given),
    }),
  ],
  [
    'crds',
    (given) => {
      const file = `planted-${given.number}.json`;
      const kind = String(given.random.pick(given.objects).kind);
      const definitions = {
        [`example.com/v1.${kind}`]: {
          Schema: {
            properties: {
              apiVersion: { type: 'string' },
              kind: { type: 'string' },
              metadata: { $ref: 'k8s.io/apimachinery/pkg/apis/meta/v1.ObjectMeta' },
              spec: {
                properties: {
                  planted: {
                    type: 'object',
                    'x-kubernetes-object-ref-api-version': 'v1',
                    'x-kubernetes-object-ref-kind': 'Secret',
                  },
                },
              },
            },
          },
        },
      };
      return { field: 'crds', item: file, files: { [file]: JSON.stringify(definitions) } };
    },
  ],
  [
    'openapi',
    ({ random, number }) => {
      if (random.chance(0.3)) return { field: 'openapi', value: { version: random.pick(['v1.21.2', 'v1.20.4']) } };
      const file = `planted-${number}.json`;
      const schema = {
        definitions: {
          'v1.Ship': {
            properties: {
              spec: {
                properties: {
                  masts: {
                    type: 'array',
                    items: { properties: { name: { type: 'string' } } },
                    'x-kubernetes-patch-merge-key': 'name',
                    'x-kubernetes-patch-strategy': 'merge',
                  },
                },
              },
            },
            'x-kubernetes-group-version-kind': [{ group: 'example.com', kind: 'Ship', version: 'v1' }],
          },
        },
      };
      return {
        field: 'openapi',
        value: { path: file },
        files: { [file]: random.chance(0.9) ? JSON.stringify(schema) : '{' },
      };
    },
  ],
  [
    'component',
    (given) => {
      const folder = `planted-${given.number}`;
      const inner = random2(given);
      return {
        field: 'components',
        item: folder,
        files: {
          ...Object.fromEntries(Object.entries(inner.files).map(([path, text]) => [`${folder}/${path}`, text])),
          [`${folder}/kustomization.yaml`]: `apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n${inner.text}`,
        },
      };
    },
  ],
  [
    'resource',
    (given) => {
      const file = `planted-${given.number}.yaml`;
      const object = given.random.pick(given.objects);
      const name = given.random.chance(0.6) ? `${nameOf(object)}-planted` : nameOf(object);
      return {
        field: 'resources',
        item: file,
        files: {
          [file]: JSON.stringify({
            ...object,
            metadata: {
              ...(object.metadata as Json),
              name,
              ...(given.random.chance(0.4) && { namespace: given.random.pick(['planted', 'default', '']) }),
            },
          }),
        },
      };
    },
  ],
];

function random2(given: Given): { readonly text: string; readonly files: Readonly<Record<string, string>> } {
  const usable = additions.filter(([name]) => name !== 'component' && name !== 'openapi');
  let text = '';
  const files: Record<string, string> = {};
  for (let count = 1 + given.random.below(2); count > 0; count -= 1) {
    const [, add] = given.random.pick(usable);
    const made = add({ ...given, number: given.number * 10 + count });
    const next = made && withAddition(text, made);
    if (next === undefined) continue;
    text = next;
    Object.assign(files, made!.files);
  }
  return { text, files };
}

/** The kustomization with the field; undefined if it has the field in a form that nothing can be added to. */
export function withAddition(text: string, { field, item, value }: Addition): string | undefined {
  const root = text.trim() === '' ? undefined : parseManifest(text).root;
  const list = root && nodeAt(root, [field]);
  const ended = `${text.replace(/\n*$/, '')}\n`.replace(/^\n/, '');
  if (!list) return `${ended}${field}: ${JSON.stringify(value ?? [item])}\n`;
  if (item === undefined || list.type !== 'seq') return undefined;
  const items = (toValue(list) as readonly Value[]).map(plain);
  return `${text.slice(0, list.start)}${JSON.stringify([...items, item])}${text.slice(list.end)}`;
}
