// What reads hostile inputs, each as its users call it. A target throws if it finds something that must not be.
import { Buffer } from 'node:buffer';
import { compileCel } from '../../server/src/cel/compile.ts';
import { readKubeConfigFile } from '../../server/src/engine/kubeconfig/file.ts';
import { mergeKubeConfigFiles } from '../../server/src/engine/kubeconfig/kubeconfig.ts';
import { redact } from '../../server/src/engine/redact.ts';
import { complete } from '../../server/src/features/completion/completion.ts';
import { cursorAt } from '../../server/src/features/cursor.ts';
import { diagnose } from '../../server/src/features/diagnostics.ts';
import { codeActions } from '../../server/src/features/fixes/code-action.ts';
import { format } from '../../server/src/features/formatting/formatting.ts';
import { hover } from '../../server/src/features/hover.ts';
import { testCatalog } from '../../server/src/fixture.ts';
import { ignoresFile, readIgnore } from '../../server/src/kustomize/source-ignore.ts';
import { Framing } from '../../server/src/stdio/framing.ts';
import { internalRule } from '../../server/src/syntax/guard.ts';
import { ignorePatterns, isIgnoredWithin } from '../../server/src/workspace/ignore.ts';
import { Workspace } from '../../server/src/workspace/workspace.ts';
import { archives, chartFiles } from './charts.ts';
import {
  celPieces,
  ignorePieces,
  kubeconfigPieces,
  kustomizationPieces,
  type Maker,
  manifestPieces,
  schemaPieces,
  yamlPieces,
} from './make.ts';
import { timed } from './pauses.ts';
import { requests, sent } from './requests.ts';

export interface Target {
  readonly name: string;
  /** The input, which is printed if the target fails. */
  readonly make: (maker: Maker) => string;
  readonly read: (input: string, maker: Maker) => void | Promise<void>;
}

export const targets: readonly Target[] = [
  { name: 'bytes', make: bytes, read: (input, maker) => verbs({ 'a.yaml': input }, 'a.yaml', maker) },
  {
    name: 'yaml',
    make: (maker) => maker.text(manifestPieces, 60),
    read: (input, maker) => verbs({ 'a.yaml': input }, 'a.yaml', maker),
  },
  { name: 'edits', make: (maker) => maker.text(manifestPieces, 40), read: edits },
  { name: 'json-rpc', make: messages, read: framing },
  { name: 'requests', make: requests, read: sent },
  { name: 'kubeconfigs', make: (maker) => maker.text(kubeconfigPieces, 40), read: kubeconfig },
  {
    name: 'crds',
    make: (maker) => `${crdHead}${maker.text(schemaPieces, 30)}\n`,
    read: (input, maker) => verbs({ 'crd.yaml': input, 'a.yaml': thing(maker) }, 'a.yaml', maker),
  },
  { name: 'cel', make: (maker) => maker.text(celPieces, 25), read: cel },
  {
    name: 'charts',
    make: (maker) => maker.text(yamlPieces, 20),
    read: (input, maker) => verbs(chartFiles(input, maker), 'clusters/prod/release.yaml', maker),
  },
  { name: 'archives of charts', make: (maker) => maker.text(yamlPieces, 30), read: archives },
  { name: 'ignore files', make: (maker) => maker.text(ignorePieces, 40), read: ignores },
  {
    name: 'kustomizations',
    make: (maker) => maker.text(kustomizationPieces, 40),
    read: (input, maker) =>
      verbs(
        { 'kustomization.yaml': input, 'a.yaml': configMap, 'c/kustomization.yaml': input },
        'kustomization.yaml',
        maker,
      ),
  },
];

const configMap = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n';
const crdHead = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: things.example.com }
spec:
  group: example.com
  scope: Namespaced
  names: { plural: things, kind: Thing }
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema: `;

function thing(maker: Maker): string {
  return `apiVersion: example.com/v1\nkind: Thing\nmetadata: { name: a }\n${maker.text(yamlPieces, 20)}`;
}

function bytes(maker: Maker): string {
  const length = maker.below(400);
  return Buffer.from(Array.from({ length }, () => maker.below(256))).toString(maker.one(['utf8', 'latin1', 'utf16le']));
}

function workspaceOf(files: Readonly<Record<string, string>>): Workspace {
  const workspace = new Workspace(testCatalog);
  workspace.list(Object.keys(files));
  for (const [path, text] of Object.entries(files)) timed(() => workspace.put(path, text));
  return workspace;
}

/** The findings, without errors of our own. */
function findingsIn(workspace: Workspace, path: string) {
  const found = timed(() => diagnose(workspace, path));
  const internal = found.find(({ rule }) => rule === internalRule);
  if (internal) throw new Error(internal.message);
  const length = workspace.file(path)!.text.length;
  const outside = found.find(({ start, end }) => start < 0 || start > end || end > Math.max(1, length));
  if (outside) throw new Error(`${outside.rule} is at ${outside.start} to ${outside.end} of ${length}`);
  return found;
}

function verbs(files: Readonly<Record<string, string>>, path: string, maker: Maker): void {
  const workspace = workspaceOf(files);
  for (const file of Object.keys(files)) findingsIn(workspace, file);
  const { text } = workspace.file(path)!;
  const cursor = cursorAt(workspace, path, maker.below(text.length + 1));
  if (cursor) {
    timed(() => hover(cursor));
    timed(() => complete(cursor));
  }
  if (maker.below(10) === 0) timed(() => codeActions(workspace, path, 0, text.length));
  if (maker.below(4) === 0) timed(() => format(workspace, path, { step: 2 }));
}

/** After each edit, what was found with the tree of the text before is what a new workspace finds. */
function edits(input: string, maker: Maker): void {
  const workspace = workspaceOf({ 'a.yaml': input });
  let text = input;
  for (let edit = 0; edit < 5; edit += 1) {
    const from = maker.below(text.length + 1);
    const until = Math.min(text.length, from + maker.below(6));
    text = text.slice(0, from) + maker.text(manifestPieces, 2) + text.slice(until);
    timed(() => workspace.put('a.yaml', text));
    const [incremental, whole] = [workspace, workspaceOf({ 'a.yaml': text })].map((one) =>
      JSON.stringify(findingsIn(one, 'a.yaml')),
    );
    if (incremental !== whole)
      throw new Error(`after an edit to ${JSON.stringify(text)}: ${incremental} is not ${whole}`);
  }
}

function messages(maker: Maker): string {
  const bodies = ['{}', '[]', '{"jsonrpc":"2.0"', 'null', '{"id":1,"method":"x"}', '\u00e9'];
  const heads = [
    'Content-Length: ',
    'content-length:',
    'Content-Type: x\r\n',
    '\r\n',
    '\n',
    'X',
    ':',
    '1',
    '-',
    '99999999999',
  ];
  const valid = (body: string) => `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
  return maker.text([...heads, ...bodies, ...bodies.map(valid)], 20);
}

/** However the bytes arrive, the verdict is the same. */
function framing(input: string, maker: Maker): void {
  const all = Buffer.from(input);
  const whole = timed(() => new Framing().take(all));
  const parts = new Framing();
  let problem: string | undefined;
  for (let at = 0; at < all.length && problem === undefined; ) {
    const end = at + 1 + maker.below(20);
    problem = parts.take(all.subarray(at, end));
    at = end;
  }
  if (whole !== problem) throw new Error(`in parts ${problem}, as a whole ${whole}`);
}

function kubeconfig(input: string): void {
  const file = timed(() => readKubeConfigFile('/config', Buffer.from(input)));
  timed(() => mergeKubeConfigFiles([file, file]));
  timed(() => redact(input));
}

function cel(input: string, maker: Maker): void {
  timed(() => compileCel(input));
  const rule = JSON.stringify(input);
  const schema = `{ type: object, properties: { spec: { type: ${maker.one(['string', 'object', 'array'])}, x-kubernetes-validations: [{ rule: ${rule} }] } } }`;
  const value = maker.one([`"${'y'.repeat(maker.below(5000))}"`, '{ a: 1 }', '[1, 2, 3]']);
  const files = {
    'crd.yaml': `${crdHead}${schema}\n`,
    'a.yaml': `apiVersion: example.com/v1\nkind: Thing\nmetadata: { name: a }\nspec: ${value}\n`,
  };
  const workspace = workspaceOf(files);
  for (const path of Object.keys(files)) findingsIn(workspace, path);
}

function ignores(input: string, maker: Maker): void {
  const path = maker.text(['a/', 'b.yaml', 'a', '/', '.', 'é'], 40).replace(/^\/+|\/+$/g, '') || 'a';
  timed(() => isIgnoredWithin(ignorePatterns(input.split('\n')), path));
  timed(() => ignoresFile(readIgnore(input, 'a'))(path));
  const workspace = workspaceOf({
    '.capstan.yaml': `ignores:\n${input
      .split('\n')
      .map((line) => `  - ${JSON.stringify(line)}\n`)
      .join('')}`,
    'a.yaml': configMap,
  });
  findingsIn(workspace, 'a.yaml');
}
