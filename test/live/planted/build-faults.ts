// Plants what kustomize may refuse in the files of one kustomization: each fault is a change of the text, with the lines
// that cause the refusal.
import { folderOf, resolvePath } from '../../../server/src/kustomize/paths.ts';
import { parseManifest } from '../../../server/src/syntax/manifest.ts';
import { nodeAt } from '../../../server/src/syntax/navigate.ts';
import type { Node, Path, ScalarNode } from '../../../server/src/syntax/tree.ts';
import type { Random } from '../verdict/random.ts';
import { objectFaults } from './object-faults.ts';

export interface BuildFault {
  readonly kind: string;
  readonly path: string;
  readonly text: string;
  /** Lines of any file, from 1, as `path:line`; a finding at one of them is right. */
  readonly lines: readonly string[];
  readonly what: string;
}

export interface Kustomized {
  readonly path: string;
  readonly text: string;
  readonly root: Node;
  /** The text of a file; undefined if there is none. */
  read(path: string): string | undefined;
  /** The files that the build reads. */
  readonly reads: readonly string[];
  readonly random: Random;
}

/** One fault of each kind that this kustomization has a place for. */
export function buildFaults(at: Kustomized): readonly BuildFault[] {
  return [...planters, ...objectFaults].flatMap(([kind, plant]) => {
    const fault = plant(at);
    return fault && fault.text !== at.read(fault.path) ? [{ kind, ...fault }] : [];
  });
}

export type Plant = (at: Kustomized) => Omit<BuildFault, 'kind'> | undefined;

export function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}

/** Replaces a range of a file. */
export function replaced(
  path: string,
  text: string,
  { start, end }: { readonly start: number; readonly end: number },
  by: string,
): Omit<BuildFault, 'kind'> {
  const was = text.slice(start, end);
  return {
    ...{ path, lines: [`${path}:${lineOf(text, start)}`], what: `${shown(was)} is ${shown(by)}` },
    text: text.slice(0, start) + by + text.slice(end),
  };
}

function shown(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}...` : text);
}

/** Adds lines to the end of the kustomization; the fault is on the line that has the mark `@`, or on the first. */
function appended(at: Kustomized, lines: string, more: readonly string[] = []): Omit<BuildFault, 'kind'> {
  const text = `${at.text.replace(/\n*$/, '')}\n`;
  const added = lines.replace('@', '');
  const line = lineOf(text, text.length) + lines.slice(0, Math.max(0, lines.indexOf('@'))).split('\n').length - 1;
  return { path: at.path, text: text + added, lines: [`${at.path}:${line}`, ...more], what: `adds ${shown(added)}` };
}

export function scalars(node: Node | undefined): readonly ScalarNode[] {
  if (!node) return [];
  if (node.type === 'scalar') return [node];
  if (node.type === 'seq') return node.items.flatMap(scalars);
  return node.type === 'map' ? node.entries.flatMap(({ value }) => scalars(value)) : [];
}

function items(at: Kustomized, ...fields: readonly string[]): readonly Node[] {
  return fields.flatMap((field) => {
    const list = nodeAt(at.root, [field]);
    return list?.type === 'seq' ? list.items : [];
  });
}

function inItems(at: Kustomized, field: string, ...path: Path): readonly Node[] {
  return items(at, field).flatMap((item) => {
    const found = nodeAt(item, path);
    return found ? [found] : [];
  });
}

function pickOf<T>(at: Kustomized, from: readonly T[]): T | undefined {
  return from.length === 0 ? undefined : at.random.pick(from);
}

/** A path that isn't there, from one that is. */
function misplaced(at: Kustomized, nodes: readonly Node[]): Omit<BuildFault, 'kind'> | undefined {
  const node = pickOf(
    at,
    nodes.filter((one): one is ScalarNode => isPath(at, one)),
  );
  const stem = node && /[^/]*$/.exec(node.text)![0];
  return node && replaced(at.path, at.text, node, node.text.slice(0, -stem!.length || undefined) + `no-${stem}`);
}

function isPath(at: Kustomized, node: Node): node is ScalarNode {
  return (
    node.type === 'scalar' &&
    node.style === 'plain' &&
    /^[\w./-]*\w$/.test(node.text) &&
    !node.text.includes('://') &&
    at.text.slice(node.start, node.end) === node.text
  );
}

const hasKey = (at: Kustomized, key: string) => nodeAt(at.root, [key]) !== undefined;

/** Adds an entry to a block list, or the list at the end. */
function withItem(
  at: Kustomized,
  field: string,
  item: string,
  more: readonly string[] = [],
): Omit<BuildFault, 'kind'> | undefined {
  const list = nodeAt(at.root, [field]);
  const entry = item.replace('@', '');
  const offset = item.slice(0, Math.max(0, item.indexOf('@'))).split('\n').length - 1;
  if (!list) {
    const lines = `${field}:\n- ${item.includes('@') ? item.replaceAll('\n', '\n  ') : `@${item.replaceAll('\n', '\n  ')}`}\n`;
    return appended(at, lines, more);
  }
  if (list.type !== 'seq' || list.flow || list.items.length === 0) return undefined;
  const first = list.items[0]!;
  const start = at.text.lastIndexOf('\n', first.start) + 1;
  const indent = /^ *(?=-)/.exec(at.text.slice(start))?.[0];
  if (indent === undefined) return undefined;
  const added = `${indent}- ${entry.replaceAll('\n', `\n${indent}  `)}\n`;
  const text = at.text.slice(0, start) + added + at.text.slice(start);
  return {
    path: at.path,
    text,
    lines: [`${at.path}:${lineOf(at.text, start) + offset}`, ...more],
    what: `adds ${shown(added)}`,
  };
}

/** A patch that can be changed: where its text is. */
interface PatchText {
  readonly path: string;
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly hasTarget: boolean;
}

function patches(at: Kustomized): readonly PatchText[] {
  const entries = items(at, 'patches', 'patchesJson6902', 'patchesStrategicMerge');
  return entries.flatMap((entry): readonly PatchText[] => {
    const hasTarget = nodeAt(entry, ['target']) !== undefined;
    const inline =
      nodeAt(entry, ['patch']) ?? (entry.type === 'scalar' && entry.text.includes('\n') ? entry : undefined);
    if (inline?.type === 'scalar' && (inline.style === 'literal' || inline.style === 'plain'))
      return [{ path: at.path, text: at.text, start: inline.start, end: inline.end, hasTarget }];
    const named = entry.type === 'scalar' ? entry : nodeAt(entry, ['path']);
    const path = named?.type === 'scalar' ? resolvePath(folderOf(at.path), named.text) : undefined;
    const text = path === undefined ? undefined : at.read(path);
    return text === undefined ? [] : [{ path: path!, text, start: 0, end: text.length, hasTarget }];
  });
}

/** Changes the first match of a pattern in a patch; its last group is replaced. */
function inPatch(
  at: Kustomized,
  pattern: RegExp,
  by: (was: string) => string,
  filter: (patch: PatchText) => boolean = () => true,
) {
  const found = patches(at).flatMap((patch) => {
    const part = patch.text.slice(patch.start, patch.end);
    const match = filter(patch) ? pattern.exec(part) : null;
    if (!match) return [];
    const was = match.at(-1)!;
    const start = patch.start + match.index + match[0].lastIndexOf(was);
    return [{ patch, was, start }];
  });
  const one = pickOf(at, found);
  return (
    one && replaced(one.patch.path, one.patch.text, { start: one.start, end: one.start + one.was.length }, by(one.was))
  );
}

/** A key of the kustomization that kustomize knows, anywhere outside of free maps. */
function knownKeys(node: Node, free = false): readonly ScalarNode[] {
  if (node.type === 'seq') return node.items.flatMap((item) => knownKeys(item, free));
  if (node.type !== 'map' || free) return [];
  return node.entries.flatMap(({ key, value }) => [
    key,
    ...knownKeys(
      value,
      /^(?:commonLabels|commonAnnotations|labels|annotations|pairs|valuesInline|vars|helmCharts)$/.test(key.text) &&
        value.type === 'map',
    ),
  ]);
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
  ['no path of an operation', (at) => inPatch(at, /^ *(?:- )?(path): *["']?\//m, () => 'pathh')],
  [
    'directive',
    (at) =>
      inPatch(
        at,
        /^( *)spec: *$/m,
        (was) => was,
        () => false,
      ),
  ],
  ['patch that is no YAML', (at) => inPatch(at, /^ *kind: *(\w+) *$/m, () => '[a')],
  [
    'patch without a kind',
    (at) =>
      inPatch(
        at,
        /^ *(kind): *\w+ *$/m,
        () => 'kindd',
        ({ hasTarget }) => !hasTarget,
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
        'source:\n  kind: ConfigMap\n  @name: planted-none\ntargets:\n- select:\n    kind: ConfigMap',
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
        '|-\n  @apiVersion: builtin\n  kind: PlantedTransformer\n  metadata:\n    name: planted',
      ),
  ],
  ['openapi', (at) => (hasKey(at, 'openapi') ? undefined : appended(at, 'openapi:\n  @path: planted.json\n'))],
];
