// For tests: several files in one text, each after a line `# file: path`, with the cursor at `$0`.
import { noCharts } from '../charts/files.ts';
import { plainRenders } from '../charts/fixture.ts';
import { testCatalog, yaml } from '../fixture.ts';
import { noFiles } from '../kustomize/file-source.ts';
import type { TextEdit } from '../syntax/finding.ts';
import { Workspace } from '../workspace/workspace.ts';
import { complete } from './completion/completion.ts';
import { expand } from './completion/expand.ts';
import type { Completion } from './completion/item.ts';
import type { Snippet } from './completion/snippets.ts';
import { type Cursor, cursorAt } from './cursor.ts';
import type { Site } from './definition.ts';
import { diagnose } from './diagnostics.ts';

export interface Fixture {
  readonly workspace: Workspace;
  readonly path: string;
  /** Of the file with the cursor, without `$0`. */
  readonly text: string;
  readonly offset: number;
}

/** A text without `# file:` is one file named `a.yaml`. */
export function fixture(source: string): Fixture {
  const workspace = new Workspace(testCatalog, noFiles, noCharts, plainRenders);
  let found: Fixture | undefined;
  for (const [path, marked] of filesOf(source)) {
    const offset = marked.indexOf('$0');
    const text = marked.replace('$0', '');
    workspace.put(path, text);
    if (offset !== -1 || !found) found = { workspace, path, text, offset: Math.max(offset, 0) };
  }
  return found!;
}

/** `line severity rule` of each finding in the file with the cursor, otherwise in the first file. */
export function findingsIn(source: string): readonly string[] {
  const { workspace, path, text } = fixture(source);
  return diagnose(workspace, path).map(
    ({ start, rule, severity }) => `${text.slice(0, start).split('\n').length} ${severity} ${rule}`,
  );
}

/** `path:line` of each site; lines start at 1. */
export function places({ workspace }: Fixture, sites: readonly Site[]): readonly string[] {
  return sites.map(({ path, start }) => `${path}:${workspace.file(path)!.text.slice(0, start).split('\n').length}`);
}

export function cursorOf({ workspace, path, offset }: Fixture): Cursor {
  const cursor = cursorAt(workspace, path, offset);
  if (!cursor) throw new Error(`${path} has no document at ${offset}`);
  return cursor;
}

/** Labels in display order. */
export function labelsAt(source: string): readonly string[] {
  return sorted(complete(cursorOf(fixture(source)))).map(({ label }) => label);
}

/** The file after the item with this label is accepted: placeholders have their defaults, other tab stops are empty. */
export function applied(source: string, label: string, detail?: string, snippets: readonly Snippet[] = []): string {
  const at = fixture(source);
  const cursor = cursorOf(at);
  const items = sorted(complete(cursor, snippets));
  const item = items.find((one) => one.label === label && (detail === undefined || one.detail === detail));
  if (!item) throw new Error(`no item ${label}; there are ${items.map((one) => one.label).join(', ')}`);
  const edits = [{ start: item.start, end: item.end, text: expand(item.insert) }, ...(item.additional ?? [])];
  return edited(
    at.text,
    edits.map((edit) => ({ ...edit, start: edit.start + cursor.start, end: edit.end + cursor.start })),
  );
}

export function edited(text: string, edits: readonly TextEdit[]): string {
  return edits
    .toSorted((a, b) => b.start - a.start)
    .reduce((result, edit) => result.slice(0, edit.start) + edit.text + result.slice(edit.end), text);
}

function sorted(items: readonly Completion[]): readonly Completion[] {
  return items.toSorted((a, b) => (a.sort < b.sort ? -1 : a.sort > b.sort ? 1 : 0));
}

function filesOf(source: string): readonly (readonly [string, string])[] {
  const parts = source.split(/^# file: (.+)\n/m);
  if (parts.length === 1) return [['a.yaml', source]];
  const files: [string, string][] = [];
  for (let at = 1; at < parts.length; at += 2) files.push([parts[at]!.trim(), parts[at + 1]!]);
  return files;
}

/** The beginning of a HelmRelease, without a spec. */
export const release = yaml`
  apiVersion: helm.toolkit.fluxcd.io/v2
  kind: HelmRelease
  metadata:
    name: a
`;

/** The beginning of a Deployment, without a spec. */
export const deployment = yaml`
  apiVersion: apps/v1
  kind: Deployment
  metadata:
    name: a
`;

export const configMap = (name: string, namespace?: string) => `apiVersion: v1
kind: ConfigMap
metadata:
  name: ${name}
${namespace === undefined ? '' : `  namespace: ${namespace}\n`}`;

/** A pod that takes its environment from a ConfigMap; `mark` follows the name. */
export const podUsing = (name: string, namespace?: string, mark = '') => `apiVersion: v1
kind: Pod
metadata:
  name: user
${namespace === undefined ? '' : `  namespace: ${namespace}\n`}spec:
  containers:
    - name: a
      image: a
      envFrom:
        - configMapRef:
            name: ${name}${mark}
`;

/** `path:line text severity rule` of the findings in the whole workspace whose rules match. */
export function foundBy(rules: RegExp, source: string): readonly string[] {
  const { workspace } = fixture(source);
  return [...workspace.files()].flatMap(({ path, text }) =>
    diagnose(workspace, path).flatMap(({ start, end, rule, severity }) => {
      if (!rules.test(rule)) return [];
      const line = text.slice(0, start).split('\n').length;
      return [`${path}:${line} ${text.slice(start, end).split('\n')[0]} ${severity} ${rule}`];
    }),
  );
}

export const kustomization = (name: string, path: string, rest = '') => yaml`
  apiVersion: kustomize.toolkit.fluxcd.io/v1
  kind: Kustomization
  metadata: { name: ${name}, namespace: flux-system }
  spec:
    interval: 1h
    path: ${path}
    prune: true
    sourceRef: { kind: GitRepository, name: flux-system }
  ${rest}`;

/** A cluster that applies itself and the given Kustomizations. */
export const cluster = (kustomizations: string, name = 'prod') =>
  `# file: clusters/${name}/flux-system/sync.yaml
${kustomization('flux-system', `./clusters/${name}`)}# file: clusters/${name}/apps.yaml
${kustomizations}`;

/** With data, in a namespace that tests of clusters use. */
export const shopConfig = (name: string) => yaml`
  apiVersion: v1
  kind: ConfigMap
  metadata:
    name: ${name}
    namespace: shop
  data: { color: red }
`;

/** A definition of a kind of example.com/v1 with a namespace; `schema` is what its schema has, a key on each line. */
export const definition = (kind: string, schema: string) => `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: ${kind.toLowerCase()}s.example.com }
spec:
  group: example.com
  scope: Namespaced
  names: { kind: ${kind}, plural: ${kind.toLowerCase()}s }
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          type: object
${schema.replace(/^(?=.)/gm, ' '.repeat(10))}`;
