// A live object as a document that can be saved: saving makes a dry run, shows what will change, and writes it once the user
// agrees. A conflict is shown as a comparison with what the object is now; saving that writes the differences.
import * as vscode from 'vscode';
import type { Row } from '../../../server/src/protocol.ts';
import { committed, confirmed } from '../change.ts';
import type { ClusterServer } from '../cluster.ts';
import { plain } from '../plain.ts';
import { targetOf, uriAt } from './objectUri.ts';

export interface Editing extends vscode.Disposable {
  readonly open: (row: Row) => Promise<void>;
}

const schemes = { edit: 'capstan-edit', now: 'capstan-now' } as const;

interface Opened {
  /** The text that the differences of the next save are from. */
  base: string;
  uid: string;
  /** What the file has: `base`, or what was saved. */
  text: string;
  time: number;
}

export function createEditing(cluster: ClusterServer, log: vscode.LogOutputChannel): Editing {
  const changed = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  const nowChanged = new vscode.EventEmitter<vscode.Uri>();
  const opened = new Map<string, Opened>();
  let time = 0;

  async function load(uri: vscode.Uri): Promise<Opened> {
    const target = targetOf(uri);
    if (target === undefined) throw vscode.FileSystemError.FileNotFound(uri);
    const { text, uid } = await cluster.request('editable', target);
    const own: Opened = { base: text, uid, text, time: ++time };
    opened.set(uri.toString(), own);
    return own;
  }

  async function save(uri: vscode.Uri, text: string): Promise<void> {
    const target = targetOf(uri);
    if (target === undefined) throw vscode.FileSystemError.FileNotFound(uri);
    const own = opened.get(uri.toString()) ?? (await load(uri));
    if (text === own.base) return;
    const values = { base: own.base, text, uid: own.uid };
    const prepared = await cluster.request('prepare', { ...target, verb: 'edit', values });
    if (prepared.is === 'asks') return;
    if (prepared.is === 'over') return refuse(uri, prepared.result);
    const { title, subject, preview, changes } = prepared;
    if (!(await confirmed(`${title} to ${subject}?`, [preview, '', ...changes], title)))
      throw vscode.FileSystemError.Unavailable('Nothing was written.');
    const result = await committed({ cluster, log }, prepared);
    if (result.outcome === 'failed') return refuse(uri, result);
    vscode.window.setStatusBarMessage(`$(pass) ${plain(result.message)}`, 8000);
    // As the server has it now, with what admission added.
    await load(uri);
    changed.fire([{ type: vscode.FileChangeType.Changed, uri }]);
  }

  function refuse(
    uri: vscode.Uri,
    { message, isConflict }: { readonly message: string; readonly isConflict?: true },
  ): never {
    if (isConflict) void offerComparison(uri, message);
    throw vscode.FileSystemError.Unavailable(message);
  }

  async function offerComparison(uri: vscode.Uri, message: string): Promise<void> {
    const compare = 'Compare';
    if ((await vscode.window.showWarningMessage(plain(message), compare)) !== compare) return;
    const target = targetOf(uri)!;
    const own = opened.get(uri.toString());
    const { text, uid } = await cluster.request('editable', target);
    // From now on, saving writes what differs from what is compared.
    if (own) Object.assign(own, { base: text, uid });
    const now = uriAt(schemes.now, target, 'yaml');
    nowChanged.fire(now);
    await vscode.commands.executeCommand(
      'vscode.diff',
      now,
      uri,
      `${target.ref.name}: now on ${target.context} ↔ edited`,
    );
  }

  const files: vscode.FileSystemProvider = {
    onDidChangeFile: changed.event,
    watch: () => new vscode.Disposable(() => undefined),
    stat: async (uri) => {
      const own = opened.get(uri.toString()) ?? (await load(uri));
      return { type: vscode.FileType.File, ctime: 0, mtime: own.time, size: Buffer.byteLength(own.text) };
    },
    readFile: async (uri) => Buffer.from((opened.get(uri.toString()) ?? (await load(uri))).text),
    writeFile: (uri, content) => save(uri, Buffer.from(content).toString('utf8')),
    readDirectory: () => [],
    createDirectory: () => undefined,
    delete: (uri) => {
      throw vscode.FileSystemError.NoPermissions(uri);
    },
    rename: (uri) => {
      throw vscode.FileSystemError.NoPermissions(uri);
    },
  };
  const parts = vscode.Disposable.from(
    changed,
    nowChanged,
    vscode.workspace.registerFileSystemProvider(schemes.edit, files, { isCaseSensitive: true }),
    vscode.workspace.registerTextDocumentContentProvider(schemes.now, {
      onDidChange: nowChanged.event,
      provideTextDocumentContent: async (uri) => {
        const target = targetOf(uri);
        return target === undefined ? '' : (await cluster.request('editable', target)).text;
      },
    }),
    vscode.workspace.onDidCloseTextDocument(({ uri }) => opened.delete(uri.toString())),
  );

  return {
    async open({ context, ref }) {
      if (ref === undefined) return;
      const uri = uriAt(schemes.edit, { context, ref }, 'yaml');
      const isOpen = vscode.workspace.textDocuments.some((document) => document.uri.toString() === uri.toString());
      // What is being edited stays as it is.
      if (!isOpen) await load(uri);
      await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), { preview: false });
    },
    dispose: () => parts.dispose(),
  };
}
