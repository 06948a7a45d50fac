// The tree of a real API server with Flux's source-controller running.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter } from 'node:path';
import * as vscode from 'vscode';
import type { Inside } from '../../../client/src/extension.ts';
import type { Row, ViewId } from '../../../server/src/protocol.ts';
import { eventually } from './eventually.ts';
import { act, choosing } from './palette.ts';

const kubectlPath = process.env.CAPSTAN_KUBECTL;

suite('Clusters', () => {
  let inside: Inside;

  suiteSetup(async function () {
    if (kubectlPath === undefined) this.skip();
    inside = await vscode.extensions.getExtension<Inside>('capstan.capstan')!.activate();
    await vscode.commands.executeCommand('capstan.clusters.focus');
  });

  test('the contexts of the kubeconfig are listed, and none is open', async () => {
    const rows = await eventually(async () => nonEmpty(await inside.rows()), 'contexts');
    assert.deepEqual(rows.map(({ label }) => label).sort(), ['aws-master', 'dc-master', 'shop-eu']);
    assert.ok(rows.every(({ state, branch }) => state === 'none' && !branch));
  });

  test('opening a context shows its objects', async () => {
    await openContext('aws-master');
    const deployment = await eventually(() => rowOf('Deployment', 'checkout'), 'the Deployment');
    assert.equal(deployment.state, 'progressing');
    const source = await eventually(() => rowOf('HelmRepository', 'charts'), 'the HelmRepository');
    assert.equal(source.state, 'ready');
  });

  test('an unreachable context shows the failure on its row and delays nothing', async () => {
    await openContext('dc-master');
    const row = await eventually(async () => {
      const found = (await inside.rows()).find(({ label }) => label === 'dc-master');
      return found?.state === 'unknown' ? found : undefined;
    }, 'the unreachable context');
    assert.ok(row.actions.includes('retryContext'));
    assert.notEqual(row.description, '');
    assert.equal((await rowOf('HelmRepository', 'charts'))?.state, 'ready');
  });

  test('problems are listed over all open contexts, with what to do', async () => {
    await vscode.commands.executeCommand('capstan.problems.focus');
    const rows = await eventually(async () => {
      const found = await inside.rows(undefined, 'problems');
      return found.length === 2 ? found : undefined;
    }, 'the problems');
    assert.deepEqual(
      rows.map(({ label, state }) => [label, state]),
      [
        ['Deployment payments', 'failed'],
        ['dc-master', 'unknown'],
      ],
    );
    assert.ok(rows[1]!.actions.includes('retryContext'));
  });

  test('the instances of a kind are below it', async () => {
    await vscode.commands.executeCommand('capstan.operators.focus');
    const [context] = await eventually(async () => nonEmpty(await inside.rows(undefined, 'operators')), 'the context');
    const [unknown] = await eventually(async () => nonEmpty(await inside.rows(context!.id, 'operators')), 'the kinds');
    const kinds = await inside.rows(unknown!.id, 'operators');
    const repositories = kinds.find(({ label }) => label === 'HelmRepository')!;
    const [charts] = await inside.rows(repositories.id, 'operators');
    assert.equal(charts?.label, 'charts');
    assert.equal(charts?.state, 'ready');
  });

  test('a change by kubectl appears without a refresh', async () => {
    const status = { observedGeneration: 1, replicas: 3, updatedReplicas: 3, readyReplicas: 2, availableReplicas: 2 };
    patchStatus({ ...status, unavailableReplicas: 1 });
    await eventually(
      async () => (await rowOf('Deployment', 'checkout'))?.description.includes('2/3') || undefined,
      '2/3',
    );
    patchStatus({ ...status, readyReplicas: 3, availableReplicas: 3, unavailableReplicas: null });
    await eventually(async () => (await rowOf('Deployment', 'checkout'))?.state === 'ready' || undefined, 'ready');
  });

  test('reconcile is done when the controller has handled the request', async () => {
    const before = repository().status.lastHandledReconcileAt;
    await act('reconcile', 'charts');
    const { metadata, status } = repository();
    const requested = metadata.annotations['reconcile.fluxcd.io/requestedAt'];
    assert.notEqual(requested, before);
    assert.equal(status.lastHandledReconcileAt, requested);
  });

  test('suspend and resume change the object', async () => {
    await act('suspend', 'charts');
    assert.equal(repository().spec.suspend, true);
    await eventually(
      async () => (await rowOf('HelmRepository', 'charts'))?.state === 'suspended' || undefined,
      'suspended',
    );
    await act('resume', 'charts');
    assert.notEqual(repository().spec.suspend, true);
    await eventually(async () => (await rowOf('HelmRepository', 'charts'))?.state === 'ready' || undefined, 'ready');
  });

  test('without consent nothing is written', async () => {
    const { resourceVersion } = repository().metadata;
    await act('suspend', 'charts', false);
    assert.equal(repository().metadata.resourceVersion, resourceVersion);
  });

  test('the live object is shown as read-only YAML', async () => {
    await choosing('checkout', () => vscode.commands.executeCommand('capstan.showObject'));
    const document = vscode.window.activeTextEditor!.document;
    assert.equal(document.uri.scheme, 'capstan-object');
    assert.equal(document.languageId, 'yaml');
    assert.match(document.getText(), /^kind: Deployment$/m);
    assert.doesNotMatch(document.getText(), /managedFields/);
  });

  test('the rollout status matches kubectl', async () => {
    await choosing('checkout', () => vscode.commands.executeCommand('capstan.showRollout'));
    const expected = kubectl(['rollout', 'status', 'deployment/checkout', '-n', 'apps', '--watch=false']);
    assert.ok(vscode.window.activeTextEditor!.document.getText().startsWith(expected.trim()));
  });

  test('a terminal uses an open context, until it is closed', async () => {
    await choosing('aws-master', () => vscode.commands.executeCommand('capstan.openTerminal'));
    const terminal = await eventually(
      async () => vscode.window.terminals.find(({ name }) => name === 'aws-master'),
      'open',
    );
    const { env } = terminal.creationOptions as vscode.TerminalOptions;
    const [own, ...files] = env!.KUBECONFIG!.split(delimiter);
    assert.equal(JSON.parse(readFileSync(own!, 'utf8'))['current-context'], 'aws-master');
    assert.ok(files.length > 0);
    terminal.dispose();
    await eventually(async () => !existsSync(own!) || undefined, 'removed');
  });

  test('a closed context is closed', async () => {
    await choosing('aws-master', () => vscode.commands.executeCommand('capstan.closeContext'));
    await eventually(async () => {
      const row = (await inside.rows()).find(({ label }) => label === 'aws-master');
      return row?.state === 'none' && !row.branch ? row : undefined;
    }, 'closed');
  });

  async function openContext(name: string): Promise<void> {
    await choosing(name, () => vscode.commands.executeCommand('capstan.openContext'));
  }

  async function rowOf(kind: string, name: string): Promise<Row | undefined> {
    const below = async (id: string | undefined, view: ViewId): Promise<Row | undefined> => {
      for (const row of await inside.rows(id, view)) {
        if (row.ref?.name === name && row.ref.groupKind.endsWith(`/${kind}`)) return row;
        const found = row.branch && row.ref === undefined ? await below(row.id, view) : undefined;
        if (found !== undefined) return found;
      }
      return undefined;
    };
    return (await below(undefined, 'delivery')) ?? (await below(undefined, 'workloads'));
  }
});

interface Repository {
  readonly metadata: { readonly annotations: Record<string, string>; readonly resourceVersion: string };
  readonly spec: { readonly suspend?: boolean };
  readonly status: { readonly lastHandledReconcileAt?: string };
}

function repository(): Repository {
  return JSON.parse(kubectl(['get', 'helmrepository', 'charts', '-n', 'apps', '-o', 'json']));
}

function patchStatus(status: Readonly<Record<string, number | null>>): void {
  kubectl([
    ...['patch', 'deployment', 'checkout', '-n', 'apps', '--subresource=status', '--type=merge'],
    ...['-p', JSON.stringify({ status })],
  ]);
}

function kubectl(args: readonly string[]): string {
  return execFileSync(kubectlPath!, args, { encoding: 'utf8' });
}

function nonEmpty<T>(list: readonly T[]): readonly T[] | undefined {
  return list.length > 0 ? list : undefined;
}
