// Entries of the fields of a kustomization, made of the objects that it builds.
import { fieldPath, type Given, type Json, mergePatch, nameOf, operations, selected } from './parts.ts';

export const pairs = ({ random }: Given): Json =>
  Object.fromEntries([
    ['planted', random.pick(['a', '1', 'true', '', 'x: y', 'null'])],
    ...(random.chance(0.3) ? [['example.com/b', '010']] : []),
  ]);

export function generated(given: Given): Json {
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

export const generatorFiles = ({ random, number }: Given) => ({
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

export const specPaths = [
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

export const fieldSpec = ({ random, objects }: Given) => ({
  path: random.pick(specPaths),
  ...(random.chance(0.6) && { kind: random.pick(objects).kind }),
  ...(random.chance(0.5) && { create: random.chance(0.5) }),
});

export function configuration(given: Given): Json {
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

export function plugin(given: Given): Json {
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

export function replacement(given: Given): Json {
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
