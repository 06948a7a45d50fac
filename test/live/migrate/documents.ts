// Documents of Flux in an older version, with seeded comments, anchors and aliases, and what must hold once they are migrated.
import { LineCounter, Parser, parse } from 'yaml';
import { type Destination, migrated } from '../../../server/src/features/migrate.ts';
import { groupKindOf, gvkOf } from '../../../server/src/kube/identity.ts';
import { movedFields } from '../../../server/src/kube/moved.ts';
import { splitDocuments } from '../../../server/src/syntax/split.ts';
import type { Workspace } from '../../../server/src/workspace/workspace.ts';
import type { Random } from '../verdict/random.ts';

const apiVersion = /^apiVersion: +([\w.-]+\.fluxcd\.io)\/(\w+)[ \t]*$/m;
const kind = /^kind: +(\w+)[ \t]*$/m;

/** Versions that Flux served before. */
const versions: Readonly<Record<string, readonly string[]>> = {
  'kustomize.toolkit.fluxcd.io': ['v1beta1', 'v1beta2'],
  'source.toolkit.fluxcd.io': ['v1beta1', 'v1beta2'],
  'helm.toolkit.fluxcd.io': ['v2beta1', 'v2beta2'],
  'notification.toolkit.fluxcd.io': ['v1beta1', 'v1beta2'],
  'image.toolkit.fluxcd.io': ['v1beta1', 'v1beta2'],
};

/** The documents of a text whose kind has an older version, in that version. */
export function olderDocuments(text: string, to: Destination, random: Random): readonly string[] {
  return splitDocuments(text).flatMap((segment): readonly string[] => {
    const [line, group, version] = apiVersion.exec(segment.text) ?? [];
    const [, name] = kind.exec(segment.text) ?? [];
    if (line === undefined || name === undefined || !isPlain(segment.text)) return [];
    const stored = to.store.versions(group!, name).find(({ storage, line: other }) => storage && !other)?.gvk.version;
    const older = versions[group!];
    if (stored === undefined || !older) return [];
    const from = version === stored ? random.pick(older) : version!;
    return [segment.text.replace(line, `apiVersion: ${group}/${from}`)];
  });
}

const quiet = { merge: true, logLevel: 'error' } as const;

function isPlain(text: string): boolean {
  try {
    return typeof parse(text, quiet) === 'object';
  } catch {
    return false;
  }
}

/** Whether one of its keys is the name of a field that another version has elsewhere. */
export function mayMove(text: string): boolean {
  const object = { apiVersion: `${apiVersion.exec(text)?.[1]}/v1`, kind: kind.exec(text)?.[1] };
  return movedPaths(object).some((path) => text.includes(` ${path.split('.').at(-1)}:`));
}

export function movesFields(workspace: Workspace, text: string, to: Destination): boolean {
  workspace.put('document.yaml', text);
  return migrated(workspace, 'document.yaml', to)?.moves.some(({ fields }) => fields) ?? false;
}

/** Adds comments, and anchors to values whose aliases are labels. */
export function seeded(text: string, random: Random): string {
  const lines = text.split('\n');
  let anchors = 0;
  const labels: string[] = [];
  let isBlock = false;
  const changed = lines.flatMap((line, at): readonly string[] => {
    const field = /^([ -]*)([\w.-]+):(?: +([\w./:-]+))?$/.exec(line);
    if (/[|>][+-]?\d?[ \t]*$/.test(line)) isBlock = true;
    else if (/^\S/.test(line)) isBlock = false;
    if (!field || isBlock || at === 0) return [line];
    const [, indent = '', key, value] = field;
    const marks: string[] = [];
    if (random.chance(0.15)) marks.push(`${indent.replaceAll('-', ' ')}# above ${at}`);
    const isName =
      value !== undefined && /^[a-z][a-z-]*[a-z]$/.test(value) && !['true', 'false', 'null'].includes(value);
    if (isName && !['apiVersion', 'kind'].includes(key!) && random.chance(0.2)) {
      anchors += 1;
      labels.push(`a${anchors}`);
      return [...marks, `${indent}${key}: &a${anchors} ${value}${random.chance(0.5) ? ` # behind ${at}` : ''}`];
    }
    return [...marks, value !== undefined && random.chance(0.15) ? `${line} # behind ${at}` : line];
  });
  const spec = changed.lastIndexOf('spec:');
  const aliases = labels.map((name) => `  seeded-${name}: *${name}`);
  // An alias must follow its anchor.
  if (aliases.length === 0 || spec === -1) return changed.join('\n');
  return `${changed.join('\n').trimEnd()}\nseeded:\n${aliases.join('\n')}\n`;
}

/** What is wrong with how a document was migrated. */
export function* faultsOf(workspace: Workspace, path: string, text: string, to: Destination): Iterable<string> {
  if (!isPlain(text)) return;
  workspace.put(path, text);
  const result = migrated(workspace, path, to);
  if (!result) {
    yield 'nothing is migrated';
    return;
  }
  const now = result.text;
  if (!isPlain(now)) {
    yield `the result isn't valid: ${firstDifference(text, now)}`;
    return;
  }
  workspace.put(path, now);
  const again = migrated(workspace, path, to);
  if (again && again.text !== now) yield `a second run changes it: ${firstDifference(now, again.text)}`;
  for (const type of ['comment', 'anchor', 'alias']) {
    const [was, is] = [tokens(text, type), tokens(now, type)].map((all) => all.map(withoutVersions)) as [
      string[],
      string[],
    ];
    // A patch that becomes text keeps its comments there.
    const gone = was.filter((one) => !is.includes(one) && !(type === 'comment' && withoutVersions(now).includes(one)));
    if (gone.length > 0) yield `${type} lost: ${gone.join(', ')}`;
    const added = is.filter((one) => !was.includes(one));
    if (added.length > 0) yield `${type} added: ${added.join(', ')}`;
  }
  const [was, is] = [parse(text, quiet), parse(now, quiet)];
  const moved = movedPaths(is);
  const [left, right] = [leavesOf(was, moved), leavesOf(is, moved)];
  // The conversion of the API server changes the version only.
  const lines = (leaves: typeof left) => leaves.map(([at, value]) => `${at} ${withoutVersions(value)}`);
  const [before, after] = [lines(left), lines(right)];
  const at = before.findIndex((one, index) => one !== after[index]);
  if (at !== -1 || before.length !== after.length)
    yield `a field differs: ${before[at === -1 ? after.length : at]} became ${after[at === -1 ? before.length : at]}`;
}

/** References and manifests in comments get the new version too. */
export function withoutVersions(text: string): string {
  return text.replaceAll(/(fluxcd\.io\/)v\d\w*/g, '$1*');
}

/** The fields that one of the versions has elsewhere. */
function movedPaths(object: { readonly apiVersion?: unknown; readonly kind?: unknown }): readonly string[] {
  const gvk = gvkOf(String(object.apiVersion), String(object.kind));
  const rows = gvk ? movedFields(groupKindOf(gvk)) : [];
  return rows.flatMap(({ from, to, drops }) => [from, to ?? [], drops ?? []].flat());
}

/** In the order of the text. */
function leavesOf(
  value: unknown,
  moved: readonly string[],
  path = '',
): readonly (readonly [path: string, value: string])[] {
  if (moved.includes(path)) return [];
  if (Array.isArray(value)) return value.flatMap((one) => leavesOf(one, moved, `${path}[*]`));
  if (typeof value === 'object' && value !== null)
    return Object.entries(value).flatMap(([key, one]) => leavesOf(one, moved, path === '' ? key : `${path}.${key}`));
  return [[path, JSON.stringify(value)]];
}

/** The sources of all tokens of a type, in order. */
function tokens(text: string, type: string): readonly string[] {
  const found: string[] = [];
  const visit = (token: unknown): void => {
    if (Array.isArray(token)) for (const one of token) visit(one);
    else if (typeof token === 'object' && token !== null) {
      const { type: is, source } = token as { readonly type?: string; readonly source?: string };
      if (is === type && source !== undefined) found.push(source.trim());
      for (const one of Object.values(token)) visit(one);
    }
  };
  for (const token of new Parser(new LineCounter().addNewLine).parse(text)) visit(token);
  return found;
}

function firstDifference(a: string, b: string): string {
  const [left, right] = [a.split('\n'), b.split('\n')];
  const at = left.findIndex((line, index) => line !== right[index]);
  return `${left[at]} became ${right[at]}`;
}
