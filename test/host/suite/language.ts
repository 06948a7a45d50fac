import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { eventually } from './eventually.ts';

const release = `apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: podinfo
  namespace: apps
spec:
  interval: 10m
  chart:
    spec:
      chart: podinfo
      sourceRef:
        kind: HelmRepository
        name: podinfo
`;

const template = `apiVersion: infrastructure.cluster.x-k8s.io/v1beta2
kind: AWSMachineTemplate
metadata:
  name: workers
spec:
  template:
    spec:
      instanceType: m6i.large
      iamInstanceProfile: nodes.cluster-api-provider-aws.sigs.k8s.io
`;

suite('Flux HelmRelease', () => {
  test('completion offers the missing keys', async () => {
    const labels = await completions(`${release}  install:\n    $0\n`);
    assert.ok(labels.includes('remediation') && labels.includes('crds'), labels.join(', '));
    const spec = await completions(`${release}  $0\n`);
    assert.ok(spec.includes('values') && !spec.includes('interval'), spec.join(', '));
  });

  test('hover shows type and meaning', async () => {
    const text = await hover(release.replace('interval', 'inte$0rval'));
    assert.match(text, /interval/);
    assert.match(text, /string/);
  });

  test('an unknown field is a problem that suggests the nearest field', async () => {
    const problem = await problemIn(`${release}  suspendd: true\n`, 'suspendd');
    assert.match(problem.message, /suspendd/);
    assert.match(problem.message, /suspend\b/);
    assert.equal(problem.severity, vscode.DiagnosticSeverity.Error);
  });
});

suite('Cluster API Provider AWS AWSMachineTemplate', () => {
  test('completion offers the missing keys', async () => {
    const labels = await completions(`${template}      $0\n`);
    assert.ok(labels.includes('rootVolume') && labels.includes('sshKeyName'), labels.join(', '));
    assert.ok(!labels.includes('instanceType'), labels.join(', '));
  });

  test('hover shows type and meaning', async () => {
    const text = await hover(template.replace('instanceType', 'instance$0Type'));
    assert.match(text, /instanceType/);
    assert.match(text, /string/);
  });

  test('a value of the wrong type is a problem at the value', async () => {
    const problem = await problemIn(`${template}      rootVolume:\n        size: large\n`, 'large');
    assert.match(problem.message, /integer/);
    assert.match(String(code(problem)), /^schema\//);
  });

  test('a fix that needs a value leaves a tab stop there', async () => {
    const { document } = await open(template.replace('      instanceType: m6i.large\n', ''));
    const whole = new vscode.Range(0, 0, document.lineCount, 0);
    const action = await eventually(async () => {
      const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
        'vscode.executeCodeActionProvider',
        document.uri,
        whole,
      );
      return actions.find(({ title }) => title === 'Add instanceType');
    }, 'a quick fix');
    await vscode.workspace.applyEdit(action.edit!);
    assert.match(document.getText(), /^ {6}instanceType: /m);
    assert.doesNotMatch(document.getText(), /\$/);
  });

  test('a valid manifest has no problems', async () => {
    const { document } = await open(`${template}      rootVolume:\n        size: 80\n`);
    const clean = () => vscode.languages.getDiagnostics(document.uri).length === 0;
    // Wrong first, then fixed: otherwise no problem could mean that the document hasn't been checked yet.
    const edit = async (from: string, to: string) => {
      const change = new vscode.WorkspaceEdit();
      const at = document.getText().indexOf(from);
      change.replace(
        document.uri,
        new vscode.Range(document.positionAt(at), document.positionAt(at + from.length)),
        to,
      );
      await vscode.workspace.applyEdit(change);
    };
    await edit('80', 'huge');
    await eventually(() => !clean() || undefined, 'the problem');
    await edit('huge', '80');
    await eventually(() => clean() || undefined, 'the problem gone');
  });
});

suite('Preview as Applied', () => {
  const kustomization = (name: string, path: string, rest = '') => `apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: ${name}, namespace: flux-system }
spec: { interval: 1m, prune: true, path: ${path}, sourceRef: { kind: GitRepository, name: fleet }${rest} }
`;
  const config = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: web\ndata:\n  color: ${COLOR}\n';

  test('shows beside a file what a cluster gets of it, and is computed again after an edit', async () => {
    const folder = vscode.workspace.workspaceFolders![0]!.uri;
    const at = (path: string) => vscode.Uri.joinPath(folder, path);
    const write = (path: string, text: string) =>
      vscode.workspace.fs.writeFile(at(path), new TextEncoder().encode(text));
    const apps = kustomization('apps', './preview/apps', ', postBuild: { substitute: { COLOR: red } }');
    await write('preview/prod/sync.yaml', `${kustomization('flux-system', './preview/prod')}---\n${apps}`);
    await write('preview/apps/web.yaml', config);
    const document = await vscode.workspace.openTextDocument(at('preview/apps/web.yaml'));
    const editor = await vscode.window.showTextDocument(document);
    const shown = () =>
      vscode.window.visibleTextEditors.find(({ document: { uri } }) => uri.scheme === 'capstan-applied')?.document;
    await eventually(async () => {
      await vscode.commands.executeCommand('capstan.previewApplied');
      return shown()?.getText().includes('color: red') || undefined;
    }, 'the preview');
    assert.equal(shown()!.languageId, 'yaml');
    const end = document.lineAt(document.lineCount - 2).range.end;
    await editor.edit((edit) => edit.insert(end, '\n  size: small'));
    await eventually(() => shown()?.getText().includes('size: small') || undefined, 'the preview after an edit');
  });

  test('two clusters are compared in the editor of VS Code', async () => {
    const folder = vscode.workspace.workspaceFolders![0]!.uri;
    const at = (path: string) => vscode.Uri.joinPath(folder, path);
    const write = (path: string, text: string) =>
      vscode.workspace.fs.writeFile(at(path), new TextEncoder().encode(text));
    for (const color of ['blue', 'red']) {
      const apps = kustomization('apps', './differing/apps', `, postBuild: { substitute: { COLOR: ${color} } }`);
      const sync = kustomization('flux-system', `./differing/${color}-cluster`);
      await write(`differing/${color}-cluster/sync.yaml`, `${sync}---\n${apps}`);
    }
    await write('differing/apps/web.yaml', config);
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(at('differing/apps/web.yaml')));
    const compared = await eventually(async () => {
      let isOver = false;
      void vscode.commands.executeCommand('capstan.diffCluster').then(() => (isOver = true));
      // The first of the clusters, then the other.
      while (!isOver) {
        await new Promise((done) => setTimeout(done, 200));
        await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
      }
      const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
      return input instanceof vscode.TabInputTextDiff ? input : undefined;
    }, 'the comparison');
    const texts = await Promise.all(
      [compared.original, compared.modified].map(async (uri) =>
        (await vscode.workspace.openTextDocument(uri)).getText(),
      ),
    );
    assert.match(texts[0]!, /color: blue/);
    assert.match(texts[1]!, /color: red/);
  });
});

let files = 0;

/** Opens a file with the text in the workspace; `$0` marks the cursor and isn't part of the text. */
async function open(marked: string): Promise<{ document: vscode.TextDocument; cursor: vscode.Position }> {
  const folder = vscode.workspace.workspaceFolders![0]!.uri;
  const uri = vscode.Uri.joinPath(folder, `manifest-${++files}.yaml`);
  const at = marked.indexOf('$0');
  await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(marked.replace('$0', '')));
  const document = await vscode.workspace.openTextDocument(uri);
  await vscode.window.showTextDocument(document);
  return { document, cursor: document.positionAt(Math.max(at, 0)) };
}

async function completions(marked: string): Promise<readonly string[]> {
  const { document, cursor } = await open(marked);
  return eventually(async () => {
    const list = await vscode.commands.executeCommand<vscode.CompletionList>(
      'vscode.executeCompletionItemProvider',
      document.uri,
      cursor,
    );
    // The editor offers words of the file and snippets itself, even before the language server is ready.
    const { Text, Snippet } = vscode.CompletionItemKind;
    const items = list.items.filter(({ kind }) => kind !== Text && kind !== Snippet);
    return items.length === 0 ? undefined : items.map(({ label }) => (typeof label === 'string' ? label : label.label));
  }, 'completions');
}

async function hover(marked: string): Promise<string> {
  const { document, cursor } = await open(marked);
  return eventually(async () => {
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
      'vscode.executeHoverProvider',
      document.uri,
      cursor,
    );
    const text = hovers.flatMap(({ contents }) =>
      contents.map((part) => (typeof part === 'string' ? part : part.value)),
    );
    return text.length === 0 ? undefined : text.join('\n');
  }, 'a hover');
}

/** The only problem of a file; its range must be exactly `text`. */
async function problemIn(content: string, text: string): Promise<vscode.Diagnostic> {
  const { document } = await open(content);
  const problems = await eventually(() => {
    const found = vscode.languages.getDiagnostics(document.uri);
    return found.length === 0 ? undefined : found;
  }, 'a problem');
  assert.deepEqual(
    problems.map(({ range }) => document.getText(range)),
    [text],
  );
  return problems[0]!;
}

function code({ code: given }: vscode.Diagnostic): unknown {
  return typeof given === 'object' ? given.value : given;
}
