// Plants what kustomize may refuse in the objects and patches that a kustomization reads.
import { folderOf, resolvePath } from '../../../server/src/kustomize/paths.ts';
import { parseManifest } from '../../../server/src/syntax/manifest.ts';
import { nodeAt } from '../../../server/src/syntax/navigate.ts';
import { type BuildFault, type Kustomized, lineOf, type Plant, replaced } from './changed-text.ts';

/** A single object in a file of its own that `resources` lists. */
interface Written {
  readonly path: string;
  readonly text: string;
}

function objectsOf(at: Kustomized): readonly Written[] {
  const list = nodeAt(at.root, ['resources']);
  return (list?.type === 'seq' ? list.items : []).flatMap((item) => {
    const path = item.type === 'scalar' ? resolvePath(folderOf(at.path), item.text) : undefined;
    const text = path !== undefined && /\.ya?ml$/.test(path) && at.reads.includes(path) ? at.read(path) : undefined;
    return text === undefined ? [] : [{ path: path!, text }];
  });
}

function inObject(
  at: Kustomized,
  pattern: RegExp,
  by: (was: string) => string,
  below = 0,
): Omit<BuildFault, 'kind'> | undefined {
  const found = objectsOf(at).filter(({ text }) => pattern.test(text));
  if (found.length === 0) return undefined;
  const { path, text } = at.random.pick(found);
  const match = pattern.exec(text)!;
  const was = match.at(-1)!;
  const start = match.index + match[0].lastIndexOf(was);
  const fault = replaced(path, text, { start, end: start + was.length }, by(was));
  // Of an object that lacks something, the whole is at fault.
  const before = text.slice(0, start).lastIndexOf('\n---');
  const first = lineOf(text, before < 0 ? 0 : before + 1);
  const lines = fault.text.split('\n');
  const opens = lines.findIndex((line, index) => index >= first - 1 && /^\w/.test(line)) + 1;
  return { ...fault, lines: [...fault.lines, `${path}:${lineOf(text, start) + below}`, `${path}:${opens}`] };
}

/** A patch of a built object whose `spec` has a list where the patch has a map. */
function patchOfList(at: Kustomized): Omit<BuildFault, 'kind'> | undefined {
  const found = objectsOf(at).filter(({ text }) => /^kind: (?:Deployment|StatefulSet|DaemonSet)$/m.test(text));
  if (found.length === 0) return undefined;
  const { text } = at.random.pick(found);
  const root = parseManifest(
    text.split(/^---$/m).find((part) => /^kind: (?:Deployment|StatefulSet|DaemonSet)$/m.test(part))!,
  ).root;
  const [apiVersion, kind, name, namespace] = [
    ['apiVersion'],
    ['kind'],
    ['metadata', 'name'],
    ['metadata', 'namespace'],
  ].map((path) => {
    const node = nodeAt(root, path);
    return node?.type === 'scalar' ? node.text : undefined;
  });
  const list = nodeAt(at.root, ['patches']);
  if (list || name === undefined) return undefined;
  const added = `patches:\n- patch: |-\n    apiVersion: ${apiVersion}\n    kind: ${kind}\n    metadata:\n      name: ${name}\n${namespace === undefined ? '' : `      namespace: ${namespace}\n`}    spec:\n      template:\n        spec:\n          containers:\n            name: a\n`;
  const before = `${at.text.replace(/\n*$/, '')}\n`;
  const line = lineOf(before, before.length) + (namespace === undefined ? 9 : 10);
  return {
    path: at.path,
    text: before + added,
    lines: [`${at.path}:${line}`, `${at.path}:${line + 1}`],
    what: 'a map for a list of containers',
  };
}

export const objectFaults: readonly (readonly [kind: string, plant: Plant])[] = [
  ['object without a kind', (at) => inObject(at, /^(kind): /m, () => 'kindd')],
  ['object without an API version', (at) => inObject(at, /^(apiVersion): /m, () => 'apiVersionn')],
  ['object without a name', (at) => inObject(at, /^metadata:\n(?: {2}(?!name)\w+:.*\n)* {2}(name): /m, () => 'nname')],
  [
    'object that is no YAML',
    (at) => inObject(at, /^metadata:\n(?: {2}\w+:.*\n)* {2}name: ([\w-]+)$/m, (was) => `"${was}`),
  ],
  ['object that slips', (at) => inObject(at, /^metadata:\n {2}\w+: .*\n( {2})\w+: \S/m, (was) => `${was} `)],
  ['key of an object twice', (at) => inObject(at, /^(kind: \w+)$/m, (was) => `${was}\n${was}`, 1)],
  ['number as name', (at) => inObject(at, /^metadata:\n(?: {2}(?!name)\w+:.*\n)* {2}name: ([\w-]+)$/m, () => '42')],
  ['list as metadata', (at) => inObject(at, /^metadata:\n {2}(name: [\w-]+)$/m, (was) => `- ${was}`, 1)],
  ['tab', (at) => inObject(at, /^metadata:\n( {2})name: /m, () => '\t')],
  ['label that is a number', (at) => inObject(at, /^ {2}labels:\n {4}[\w./-]+: ([\w-]+)$/m, () => '12')],
  ['label that is a map', (at) => inObject(at, /^ {2}labels:\n {4}[\w./-]+: ([\w-]+)$/m, () => '{ a: b }')],
  ['annotation that is a list', (at) => inObject(at, /^ {2}annotations:\n {4}[\w./-]+: ([\w-]+)$/m, () => '[a]')],
  ['name of another', sameName],
  ['anchor that is missing', (at) => inObject(at, /^metadata:\n {2}name: ([\w-]+)$/m, () => '*planted')],
  ['map for a list', patchOfList],
];

/** Gives an object the name of another of its kind. */
function sameName(at: Kustomized): Omit<BuildFault, 'kind'> | undefined {
  const head = /^kind: (\w+)\nmetadata:\n {2}name: ([\w-]+)$/m;
  const found = objectsOf(at).flatMap(({ path, text }) => {
    const match = head.exec(text);
    return match && !text.includes('\n---') ? [{ path, text, kind: match[1]!, name: match[2]!, at: match.index }] : [];
  });
  for (const one of found) {
    const other = found.find(({ kind, path, name }) => kind === one.kind && path !== one.path && name !== one.name);
    if (!other) continue;
    const start = one.text.indexOf(`name: ${one.name}`, one.at) + 'name: '.length;
    const fault = replaced(one.path, one.text, { start, end: start + one.name.length }, other.name);
    const places = [one, other].flatMap(({ path, text, at: head }) =>
      [1, lineOf(text, head) - 1, lineOf(text, head), lineOf(text, head) + 1, lineOf(text, head) + 2].map(
        (line) => `${path}:${line}`,
      ),
    );
    return { ...fault, lines: [...fault.lines, ...places] };
  }
  return undefined;
}
