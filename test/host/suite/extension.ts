import assert from 'node:assert/strict';
import { Socket } from 'node:net';
import * as vscode from 'vscode';
import { eventually } from './eventually.ts';

const extension = vscode.extensions.getExtension('capstan.capstan')!;

suite('Extension', () => {
  test('the extension host has Node 22.19 or newer, which the servers require', () => {
    const [major, minor] = process.versions.node.split('.').map(Number);
    assert.ok(major! > 22 || (major === 22 && minor! >= 19), `Node ${process.versions.node}`);
  });

  test('it is not active before YAML is opened or its view is shown', () => {
    assert.equal(extension.isActive, false);
    assert.deepEqual(extension.packageJSON.activationEvents, ['onLanguage:yaml']);
  });

  test('activation contacts nothing, and does not change the fetch of other extensions', async () => {
    // VS Code sets its own dispatcher, which must not be replaced.
    const dispatchers = () =>
      [1, 2].map((version) => Reflect.get(globalThis, Symbol.for(`undici.globalDispatcher.${version}`)));
    const before = [...dispatchers(), globalThis.fetch];
    // The whole extension host connects by this; ours is what has our folder among its callers.
    const { connect } = Socket.prototype;
    const ours: string[] = [];
    const noted = function (this: Socket, ...args: readonly unknown[]): unknown {
      const { stack = '' } = new Error();
      if (stack.includes(extension.extensionPath)) ours.push(stack);
      return Reflect.apply(connect, this, args);
    };
    Socket.prototype.connect = noted as typeof connect;
    try {
      await extension.activate();
      // The language server starts meanwhile.
      await new Promise((done) => setTimeout(done, 1000));
    } finally {
      Socket.prototype.connect = connect;
    }
    assert.deepEqual(ours, []);
    const after = [...dispatchers(), globalThis.fetch];
    assert.ok(before.every((value, at) => value === after[at]));
  });

  test('VS Code reports how long the activation took', async () => {
    await vscode.commands.executeCommand('perfview.show');
    const row = await eventually(
      () =>
        vscode.workspace.textDocuments
          .filter(({ uri }) => uri.scheme === 'perf')
          .flatMap((document) => document.getText().split('\n'))
          .find((line) => line.includes('capstan.capstan')),
      'the figures of the extension',
    );
    const [, , load, call, finish] = row
      .split('|')
      .map((cell) => cell.trim())
      .filter((cell) => cell !== '');
    assert.ok(
      [load, call, finish].every((figure) => Number.isFinite(Number(figure))),
      row,
    );
    console.log(
      `${process.env.CAPSTAN_HOST_MARK ?? ''}Activation in ms: ${load} to load, ${call} to call, ${finish} to finish`,
    );
  });

  test('every command is registered and has a title', async () => {
    const registered = new Set(await vscode.commands.getCommands(true));
    const { commands } = extension.packageJSON.contributes as {
      readonly commands: readonly { readonly command: string; readonly title: string }[];
    };
    assert.ok(commands.length >= 10);
    assert.deepEqual(
      commands.filter(({ command, title }) => !registered.has(command) || title === ''),
      [],
    );
  });
});
