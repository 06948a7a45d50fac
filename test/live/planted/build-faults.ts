// Plants what kustomize may refuse in the files of one kustomization: each fault is a change of the text, with the lines
// that cause the refusal.
import { folderOf, resolvePath } from '../../../server/src/kustomize/paths.ts';
import { parseManifest } from '../../../server/src/syntax/manifest.ts';
import { nodeAt } from '../../../server/src/syntax/navigate.ts';
import { buildChanges } from './build-changes.ts';
import {
  appended,
  type BuildFault,
  hasKey,
  inItems,
  inPatch,
  isPath,
  items,
  type Kustomized,
  knownKeys,
  lineOf,
  misplaced,
  type Plant,
  pickOf,
  replaced,
  scalars,
  withItem,
} from './changed-text.ts';
import { objectFaults } from './object-faults.ts';

/** One fault of each kind that is wanted and that this kustomization has a place for. */
export function buildFaults(at: Kustomized, isWanted: (kind: string) => boolean): readonly BuildFault[] {
  return [...planters, ...objectFaults, ...buildChanges].flatMap(([kind, plant]) => {
    const fault = isWanted(kind) ? plant(at) : undefined;
    return fault && fault.text !== at.read(fault.path) ? [{ kind, ...fault }] : [];
  });
}

const planters: readonly (readonly [kind: string, plant: Plant])[] = [
  ['missing resource', (at) => misplaced(at, items(at, 'resources', 'bases'))],
  ['missing component', (at) => misplaced(at, items(at, 'components'))],
  [
    'missing patch',
    (at) =>
      misplaced(at, [
        ...inItems(at, 'patches', 'path'),
        ...inItems(at, 'patchesJson6902', 'path'),
        ...items(at, 'patchesStrategicMerge'),
      ]),
  ],
  [
    'missing plugin or configuration',
    (at) => misplaced(at, items(at, 'transformers', 'generators', 'configurations', 'crds')),
  ],
  ['missing replacement', (at) => misplaced(at, inItems(at, 'replacements', 'path'))],
  [
    'missing generator file',
    (at) =>
      misplaced(
        at,
        ['configMapGenerator', 'secretGenerator'].flatMap((field) => [
          ...inItems(at, field, 'files').flatMap((list) => (list.type === 'seq' ? list.items : [])),
          ...inItems(at, field, 'envs').flatMap((list) => (list.type === 'seq' ? list.items : [])),
          ...inItems(at, field, 'env'),
        ]),
      ),
  ],
  [
    'unknown field',
    (at) => {
      const key = pickOf(
        at,
        knownKeys(at.root).filter(({ text }) => /^[a-z]/.test(text) && text !== 'kind' && text !== 'apiVersion'),
      );
      return key && replaced(at.path, at.text, key, `${key.text}x`);
    },
  ],
  [
    'wrong type of text',
    (at) => {
      const node = pickOf(
        at,
        ['namespace', 'namePrefix', 'nameSuffix'].flatMap((field) => scalars(nodeAt(at.root, [field]))),
      );
      return node && replaced(at.path, at.text, node, at.random.pick(['[a]', '{ a: b }', '3', 'true']));
    },
  ],
  [
    'number as tag',
    (at) => {
      const node = pickOf(at, inItems(at, 'images', 'newTag'));
      return node && replaced(at.path, at.text, node, '1.10');
    },
  ],
  [
    'text as count',
    (at) => {
      const node = pickOf(at, inItems(at, 'replicas', 'count'));
      return node && replaced(at.path, at.text, node, 'two');
    },
  ],
  [
    'map as entry',
    (at) => {
      const node = pickOf(
        at,
        items(at, 'resources').filter((one) => isPath(at, one)),
      );
      return node && replaced(at.path, at.text, node, `path: ${at.text.slice(node.start, node.end)}`);
    },
  ],
  ['text as list', (at) => (hasKey(at, 'components') ? undefined : appended(at, 'components: ../a\n'))],
  [
    'label that is no text',
    (at) => (hasKey(at, 'commonLabels') ? undefined : appended(at, 'commonLabels:\n  @enabled: true\n')),
  ],
  [
    'header',
    (at) => {
      const node = nodeAt(at.root, [at.random.pick(['apiVersion', 'kind'])]);
      return node && replaced(at.path, at.text, node, `${at.text.slice(node.start, node.end)}x`);
    },
  ],
  ['key twice', (at) => (hasKey(at, 'namespace') ? appended(at, 'namespace: again\n') : undefined)],
  [
    'invalid YAML',
    (at) => appended(at, 'namePrefix: a-\n  @nameSuffix: -b\n', [`${at.path}:${lineOf(at.text, at.text.length)}`]),
  ],
  [
    'cycle',
    (at) => {
      const folder = folderOf(at.path).split('/').at(-1);
      return folder ? withItem(at, 'resources', `../${folder}`) : undefined;
    },
  ],
  [
    'cycle through a base',
    (at) => {
      for (const item of items(at, 'resources')) {
        const folder = item.type === 'scalar' ? resolvePath(folderOf(at.path), item.text) : undefined;
        const path = at.reads.find((one) => folderOf(one) === folder && /\/kustomization\.ya?ml$/.test(one));
        const text = path === undefined ? undefined : at.read(path);
        const root = text === undefined ? undefined : parseManifest(text).root;
        if (!path || !text || !root || folder === folderOf(at.path)) continue;
        const up = '../'.repeat(folderOf(path).split('/').length) + folderOf(at.path);
        return withItem({ ...at, path, text, root }, 'resources', up, [`${at.path}:${lineOf(at.text, item.start)}`]);
      }
      return undefined;
    },
  ],
  [
    'resource twice',
    (at) => {
      const node = pickOf(
        at,
        items(at, 'resources').filter((one) => isPath(at, one)),
      );
      if (!node) return undefined;
      const fault = withItem(at, 'resources', at.text.slice(node.start, node.end));
      return fault && { ...fault, lines: [...fault.lines, `${at.path}:${lineOf(at.text, node.start) + 1}`] };
    },
  ],
  [
    'component as resource',
    (at) => {
      const node = pickOf(
        at,
        items(at, 'components').filter((one) => isPath(at, one)),
      );
      return node && withItem(at, 'resources', at.text.slice(node.start, node.end));
    },
  ],
  [
    'resource as component',
    (at) => {
      const node = pickOf(
        at,
        items(at, 'resources').filter((one) => isPath(at, one)),
      );
      return node && withItem(at, 'components', at.text.slice(node.start, node.end));
    },
  ],
  ['absolute path', (at) => withItem(at, 'resources', '/etc')],
  [
    'file elsewhere',
    (at) => {
      const other = at.reads.find(
        (path) => /\.ya?ml$/.test(path) && !path.startsWith(`${folderOf(at.path)}/`) && !/kustomization/.test(path),
      );
      const up = '../'.repeat(
        folderOf(at.path)
          .split('/')
          .filter((step) => step !== '').length,
      );
      return other && up ? withItem(at, 'resources', `${up}${other}`) : undefined;
    },
  ],
  [
    'pattern of a target',
    (at) =>
      withItem(at, 'patches', 'patch: "- { op: add, path: /metadata/annotations, value: {} }"\ntarget:\n  @name: "("'),
  ],
  [
    'selector of a target',
    (at) =>
      withItem(
        at,
        'patches',
        'patch: "- { op: add, path: /metadata/annotations, value: {} }"\ntarget:\n  @labelSelector: a b',
      ),
  ],
  [
    'patch without a match',
    (at) =>
      inPatch(
        at,
        /^ *metadata: *\n(?: +(?!name)\w+:.*\n)* +name: *([\w.-]+)/m,
        (was) => `${was}-none`,
        ({ hasTarget }) => !hasTarget,
      ),
  ],
  [
    'JSON path',
    (at) => inPatch(at, /op: *(?:replace|remove|test)\s*\n? *path: *["']?(\/[^\s"']+)/, (was) => `${was}-none/of`),
  ],
  ['operation', (at) => inPatch(at, /op: *["']?(replace|add|remove)/, (was) => `${was}x`)],
  ['no path of an operation', (at) => inPatch(at, /^ *(?:- )?(path): *["']?\//m, () => 'pathh', undefined, 1)],
  ['patch that is no YAML', (at) => inPatch(at, /^ *kind: *(\w+) *$/m, () => '[a')],
  [
    'patch without a kind',
    (at) =>
      inPatch(
        at,
        /^ *(kind): *\w+ *$/m,
        () => 'kindd',
        ({ hasTarget }) => !hasTarget,
        3,
      ),
  ],
  ['JSON patch without a target', (at) => withItem(at, 'patches', '@patch: "- { op: add, path: /data/a, value: b }"')],
  ['patch and path', (at) => withItem(at, 'patches', '@path: a.yaml\npatch: "{}"')],
  ['empty patch', (at) => withItem(at, 'patches', '@target:\n  kind: Deployment')],
  [
    'test that fails',
    (at) =>
      withItem(at, 'patches', 'target:\n  kind: .*\npatch: |-\n  - op: test\n    @path: /kind\n    value: Nothing', []),
  ],
  [
    'literal without a value',
    (at) => withItem(at, 'configMapGenerator', 'name: planted\nliterals:\n- a=b\n- @novalue'),
  ],
  ['literal twice', (at) => withItem(at, 'configMapGenerator', 'name: planted\nliterals:\n- a=b\n- @a=c')],
  ['generator without a name', (at) => withItem(at, 'configMapGenerator', '@literals:\n- a=b')],
  ['generator that merges nothing', (at) => withItem(at, 'configMapGenerator', '@name: planted\nbehavior: merge')],
  ['behavior', (at) => withItem(at, 'configMapGenerator', 'name: planted\n@behavior: mergee')],
  ['file source', (at) => withItem(at, 'secretGenerator', 'name: planted\nfiles:\n- @a=b=c')],
  ['replicas of nothing', (at) => withItem(at, 'replicas', '@name: planted-none\ncount: 2')],
  ['order', (at) => (hasKey(at, 'sortOptions') ? undefined : appended(at, 'sortOptions:\n  @order: random\n'))],
  [
    'variable of nothing',
    (at) => withItem(at, 'vars', '@name: PLANTED\nobjref:\n  kind: Service\n  apiVersion: v1\n  name: planted-none'),
  ],
  [
    'replacement of nothing',
    (at) =>
      withItem(
        at,
        'replacements',
        'source:\n  @kind: ConfigMap\n  name: planted-none\ntargets:\n- select:\n    kind: ConfigMap',
      ),
  ],
  ['replacement without targets', (at) => withItem(at, 'replacements', '@sourceValue: a')],
  [
    'replacement of no field',
    (at) =>
      withItem(
        at,
        'replacements',
        'sourceValue: a\ntargets:\n- select:\n    kind: .*\n  fieldPaths:\n  - @planted.none',
      ),
  ],
  [
    'source of a replacement',
    (at) => {
      const node = pickOf(at, inItems(at, 'replacements', 'source', 'fieldPath'));
      return node && replaced(at.path, at.text, node, `${at.text.slice(node.start, node.end)}.none.such`);
    },
  ],
  [
    'plugin that is unknown',
    (at) =>
      withItem(
        at,
        'transformers',
        '|-\n  apiVersion: builtin\n  @kind: PlantedTransformer\n  metadata:\n    name: planted',
      ),
  ],
  ['openapi', (at) => (hasKey(at, 'openapi') ? undefined : appended(at, 'openapi:\n  @path: planted.json\n'))],
];
