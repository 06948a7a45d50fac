// The path of a person on call over three clusters: what is wrong, why, the pods and their log, the file that made it, the fix,
// until it is ready; then what else one does in a night.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import * as vscode from 'vscode';
import type { Inside } from '../../../client/src/extension.ts';
import type { Row, ViewId } from '../../../server/src/protocol.ts';
import { eventually } from './eventually.ts';
import { answering, choosing } from './palette.ts';

const kubectlPath = process.env.CAPSTAN_KUBECTL;
const contexts = ['aws-master', 'dc-master', 'shop-eu'];

const manifest = (image: string) => `# The checkout of the shop.
apiVersion: apps/v1
kind: Deployment
metadata:
  name: checkout
  namespace: shop
spec:
  replicas: 2
  selector:
    matchLabels:
      app: checkout
  template:
    metadata:
      labels:
        app: checkout
    spec:
      nodeName: node-1
      containers:
        - name: checkout
          image: ${image}
`;

suite('On call', () => {
  let inside: Inside;
  const file = () => vscode.Uri.joinPath(vscode.workspace.workspaceFolders![0]!.uri, 'shop', 'checkout.yaml');

  suiteSetup(async function () {
    if (kubectlPath === undefined) this.skip();
    inside = await vscode.extensions.getExtension<Inside>('capstan.capstan')!.activate();
    await write('registry.example/checkout:bad');
    kubectl(['apply', '-f', file().fsPath]);
  });
  suiteTeardown(async () => {
    for (const name of await opened())
      await choosing(name, () => vscode.commands.executeCommand('capstan.closeContext'));
  });

  test('three clusters are opened, and the problems are those of all', async () => {
    await vscode.commands.executeCommand('capstan.clusters.focus');
    const already = await opened();
    for (const name of contexts.filter((one) => !already.includes(one)))
      await choosing(name, () => vscode.commands.executeCommand('capstan.openContext'));
    await vscode.commands.executeCommand('capstan.problems.focus');
    const rows = await eventually(async () => {
      const found = await inside.rows(undefined, 'problems');
      return found.some(({ label }) => label === 'Deployment checkout') ? found : undefined;
    }, 'the problem');
    const states = rows.map(({ label, context }) => `${label} ${context}`);
    assert.ok(states.includes('Deployment payments aws-master'), states.join(', '));
    assert.ok(
      states.some((one) => one.startsWith('dc-master')),
      states.join(', '),
    );
    const why = rows.find(({ label }) => label === 'Deployment checkout')!;
    assert.equal(why.context, 'shop-eu');
    assert.match(why.description, /crash|exit/i);
  });

  test('its pods are below it, and their log tells why', async () => {
    const pod = await eventually(() => podOf('checkout'), 'a pod');
    assert.equal(pod.state, 'failed');
    await vscode.commands.executeCommand('capstan.showLogs', { row: pod });
    await eventually(() => shown().includes('FATAL: key databaseUrl is missing') || undefined, 'the log');
  });

  test('the pod leads to the file and line that made it', async () => {
    const pod = await eventually(() => podOf('checkout'), 'a pod');
    await vscode.commands.executeCommand('capstan.openFile', { row: pod });
    const editor = await eventually(() => {
      const active = vscode.window.activeTextEditor;
      return active?.document.uri.toString() === file().toString() ? active : undefined;
    }, 'the file');
    assert.equal(editor.selection.active.line, 1);
  });

  test('so does the document of its live object', async () => {
    const row = await eventually(() => rowIn('workloads', 'checkout'), 'the Deployment');
    await vscode.commands.executeCommand('capstan.showObject', { row });
    const { uri } = vscode.window.activeTextEditor!.document;
    assert.equal(uri.scheme, 'capstan-object');
    await vscode.commands.executeCommand('capstan.openFile', uri);
    await eventually(() => vscode.window.activeTextEditor?.document.uri.path === file().path || undefined, 'the file');
  });

  test('above the object the file says where it lives, and in which state', async () => {
    const title = await eventually(async () => {
      const found = await lenses();
      return found.find((one) => one.includes('failed on shop-eu'));
    }, 'the lens');
    // As the view of problems says it.
    assert.match(title, /crash|exit/i);
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
      'vscode.executeHoverProvider',
      file(),
      new vscode.Position(2, 8),
    );
    const texts = hovers.flatMap(({ contents }) => contents.map((one) => (typeof one === 'string' ? one : one.value)));
    assert.ok(
      texts.some((text) => text.includes('shop-eu')),
      texts.join(', '),
    );
  });

  test('the file leads to the live object', async () => {
    await vscode.window.showTextDocument(file());
    await vscode.commands.executeCommand('capstan.showLive', { uri: file().toString(), position: { line: 1 } });
    const selected = await eventually(async () => inside.selected('workloads'), 'the row');
    assert.equal(selected.ref?.name, 'checkout');
  });

  test('once the fix is applied it is followed until it is ready', async () => {
    await write('registry.example/checkout:good');
    kubectl(['apply', '-f', file().fsPath]);
    await eventually(
      async () => {
        const rows = await inside.rows(undefined, 'problems');
        return rows.every(({ label }) => label !== 'Deployment checkout') || undefined;
      },
      'no problem',
      60,
    );
    const title = await eventually(async () => (await lenses()).find((one) => one.includes('ready')), 'ready');
    assert.equal(title, 'ready on shop-eu');
    const row = (await rowIn('workloads', 'checkout'))!;
    await vscode.commands.executeCommand('capstan.showRollout', { row });
    const expected = kubectl(['rollout', 'status', 'deployment/checkout', '-n', 'shop', '--watch=false']);
    await eventually(() => shown().startsWith(expected.trim()) || undefined, 'the rollout');
  });

  test('what was changed in the cluster is compared with the files', async () => {
    const row = await eventually(() => rowIn('workloads', 'checkout'), 'the Deployment');
    const compare = () => vscode.commands.executeCommand('capstan.compareWithFiles', { row });
    assert.deepEqual(await answering({}, compare), ['shop-eu has Deployment shop/checkout as the files say.']);
    kubectl(['scale', 'deployment/checkout', '-n', 'shop', '--replicas=1']);
    await compare();
    const tab = vscode.window.tabGroups.activeTabGroup.activeTab!;
    assert.equal(tab.label, 'Deployment shop/checkout: files ↔ shop-eu');
    const { original, modified } = tab.input as vscode.TabInputTextDiff;
    const [files, live] = await Promise.all([original, modified].map((uri) => vscode.workspace.openTextDocument(uri)));
    assert.match(files!.getText(), /^ {2}replicas: 2$/m);
    assert.equal(live!.getText(), files!.getText().replace('replicas: 2', 'replicas: 1'));
    kubectl(['scale', 'deployment/checkout', '-n', 'shop', '--replicas=2']);
  });

  test('a suspension has its reason', async () => {
    const row = (await eventually(() => rowIn('delivery', 'charts', 'aws-master'), 'the repository'))!;
    const answers = { button: 'accept', input: 'until the outage is over' } as const;
    await answering(answers, () => vscode.commands.executeCommand('capstan.suspend', { row }));
    const suspended = await eventually(async () => {
      const found = await rowIn('delivery', 'charts', 'aws-master');
      return found?.state === 'suspended' ? found : undefined;
    }, 'suspended');
    assert.match(suspended.description, /until the outage is over/);
    await answering({ button: 'accept' }, () => vscode.commands.executeCommand('capstan.resume', { row: suspended }));
  });

  test('a pool of machines is scaled', async () => {
    const pool = await eventually(() => rowIn('clusters', 'workers'), 'the pool');
    const answers = { button: 'accept', input: '3' } as const;
    const asked = await answering(answers, () => vscode.commands.executeCommand('capstan.scale', { row: pool }));
    assert.match(asked.join(), /MachineDeployment shop\/workers on shop-eu/);
    assert.equal(
      kubectl(['get', 'machinedeployment', 'workers', '-n', 'shop', '-o', 'jsonpath={.spec.replicas}']),
      '3',
    );
  });

  test('a custom resource that another client changed is not overwritten, and the difference is shown', async () => {
    const database = await eventually(() => instance('SampleDB', 'example-database'), 'the database');
    await vscode.commands.executeCommand('capstan.edit', { row: database });
    const { document } = vscode.window.activeTextEditor!;
    assert.equal(document.uri.scheme, 'capstan-edit');
    await replace(document, 'size: 1', 'size: 3');
    patchDatabase({ size: 2 });
    const asked = await answering({ button: 'Compare' }, () => document.save());
    assert.match(asked.join(), /spec\.size/);
    assert.equal(databaseField('size'), '2');
    await eventually(
      () => vscode.window.tabGroups.activeTabGroup.activeTab?.label.includes('now on') || undefined,
      'diff',
    );
    // Now it is known what is there, and is written over.
    await answering({ button: 'accept' }, () => document.save());
    assert.equal(databaseField('size'), '3');
    assert.equal(databaseField('tier'), 'small');
  });

  async function opened(): Promise<readonly string[]> {
    const rows = await inside.rows();
    return rows.flatMap(({ label, actions }) => (actions.includes('closeContext') ? [label] : []));
  }

  async function write(image: string): Promise<void> {
    await vscode.workspace.fs.writeFile(file(), new TextEncoder().encode(manifest(image)));
  }

  async function lenses(): Promise<readonly string[]> {
    const found = await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', file());
    return found.flatMap(({ command }) => command?.title ?? []);
  }

  /** The row of an object of a cluster, wherever it is in a view. */
  async function rowIn(view: ViewId, name: string, context = 'shop-eu', id?: string): Promise<Row | undefined> {
    for (const row of await inside.rows(id, view)) {
      if (row.context !== context) continue;
      if (row.ref?.name === name) return row;
      const found = row.branch && row.ref === undefined ? await rowIn(view, name, context, row.id) : undefined;
      if (found !== undefined) return found;
    }
    return undefined;
  }

  async function podOf(name: string): Promise<Row | undefined> {
    const deployment = await rowIn('workloads', name);
    const sets = deployment ? await inside.rows(deployment.id, 'workloads') : [];
    for (const set of sets) {
      const pods = await inside.rows(set.id, 'workloads');
      if (pods[0]?.ref?.groupKind === '/Pod') return pods[0];
    }
    return undefined;
  }

  async function instance(kind: string, name: string): Promise<Row | undefined> {
    const context = (await inside.rows(undefined, 'operators')).find(({ label }) => label === 'shop-eu');
    const controllers = context ? await inside.rows(context.id, 'operators') : [];
    for (const controller of controllers) {
      const kinds = await inside.rows(controller.id, 'operators');
      const own = kinds.find(({ label }) => label === kind);
      const found = own && (await inside.rows(own.id, 'operators')).find(({ ref }) => ref?.name === name);
      if (found) return found;
    }
    return undefined;
  }
});

function shown(): string {
  return vscode.window.activeTextEditor?.document.getText() ?? '';
}

async function replace(document: vscode.TextDocument, old: string, now: string): Promise<void> {
  const start = document.positionAt(document.getText().indexOf(old));
  const edit = new vscode.WorkspaceEdit();
  edit.replace(document.uri, new vscode.Range(start, start.translate(0, old.length)), now);
  await vscode.workspace.applyEdit(edit);
}

function patchDatabase(spec: object): void {
  kubectl(['patch', 'sampledb', 'example-database', '-n', 'shop', '--type=merge', '-p', JSON.stringify({ spec })]);
}

function databaseField(field: string): string {
  return kubectl(['get', 'sampledb', 'example-database', '-n', 'shop', '-o', `jsonpath={.spec.${field}}`]);
}

function kubectl(args: readonly string[]): string {
  return execFileSync(kubectlPath!, ['--context', 'shop-eu', ...args], { encoding: 'utf8' });
}
