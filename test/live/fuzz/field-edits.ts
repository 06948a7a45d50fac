// Random but plausible fields that are added to a kustomization, some with files of their own.
import { parseManifest } from '../../../server/src/syntax/manifest.ts';
import { nodeAt } from '../../../server/src/syntax/navigate.ts';
import type { Value } from '../../../server/src/syntax/tree.ts';
import { toValue } from '../../../server/src/syntax/value.ts';
import { type Given, type Json, mergePatch, nameOf, operations, pathIn, plain, selected } from './parts.ts';
import { configuration, fieldSpec, generated, generatorFiles, pairs, plugin, replacement } from './pieces.ts';

export interface Addition {
  readonly field: string;
  /** An item of the field's list, or the field's value. */
  readonly item?: unknown;
  readonly value?: unknown;
  /** Texts of files by their paths in the kustomization's folder. */
  readonly files?: Readonly<Record<string, string>>;
}

type Add = (given: Given) => Addition | undefined;

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
      const inner = fieldsOf(given);
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

function fieldsOf(given: Given): { readonly text: string; readonly files: Readonly<Record<string, string>> } {
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
