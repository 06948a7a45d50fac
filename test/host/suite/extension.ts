import assert from 'node:assert/strict';
import * as vscode from 'vscode';

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

  test('activation does not change the fetch of other extensions', async () => {
    // VS Code sets its own dispatcher, which must not be replaced.
    const dispatchers = () =>
      [1, 2].map((version) => Reflect.get(globalThis, Symbol.for(`undici.globalDispatcher.${version}`)));
    const before = [...dispatchers(), globalThis.fetch];
    await extension.activate();
    const after = [...dispatchers(), globalThis.fetch];
    assert.ok(before.every((value, at) => value === after[at]));
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
