// The server as a process, over real standard input and output, with files on a real disk.

import { rmSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type {
  ClientCapabilities,
  CodeAction,
  CompletionItem,
  Diagnostic,
  DocumentSymbol,
  Hover,
  Position,
} from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { yaml } from '../fixture.ts';
import type { SchemaStatus } from '../protocol.ts';
import { buildProgram, program, Session } from './fixture.ts';

beforeAll(buildProgram);
afterAll(() => rmSync(program, { force: true }));

const release = `apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: web
spec:
  interval: 10m
  chartRef: { kind: OCIRepository, name: web }
`;

interface Report {
  readonly kind: string;
  readonly resultId: string;
  readonly items?: readonly Diagnostic[];
}

let session: Session;
afterEach(() => {
  session.connection.dispose();
  session.child.kill();
  rmSync(session.folder, { recursive: true, force: true });
});

const at = (line: number, character: number): Position => ({ line, character });

describe('diagnostics', () => {
  test('are pushed after opening and after every change, for the current version', async () => {
    session = new Session();
    await session.start();
    await session.open('a.yaml', release.replace('interval', 'intervall'));
    await session.publishes('a.yaml', ['schema/unknown-field']);
    await session.change('a.yaml', 2, at(5, 10), at(5, 11), '');
    await session.publishes('a.yaml', []);
    expect(session.published.at(-1)!.version).toBe(2);
    expect(await session.stop()).toBe(0);
    expect(session.logged).toEqual([]);
  });

  test('are pulled if the client supports it, and reported as unchanged if they are', async () => {
    session = new Session();
    const { capabilities } = await session.start({ textDocument: { diagnostic: {} } });
    expect(capabilities.diagnosticProvider?.interFileDependencies).toBe(true);
    await session.open('a.yaml', release.replace('10m', '10 minutes'));
    const first = await session.ask<Report>('textDocument/diagnostic', 'a.yaml');
    expect(first.items!.map(({ code }) => code)).toEqual(['schema/pattern']);
    const second = await session.ask<Report>('textDocument/diagnostic', 'a.yaml', { previousResultId: first.resultId });
    expect(second.kind).toBe('unchanged');
    expect(session.published).toEqual([]);
  });

  test('respect what other files define about a file from the first response on, and when those files change', async () => {
    session = new Session();
    const kustomization = yaml`
      resources: []
      patches:
        - path: p.yaml
    `;
    await session.start({}, { 'base/kustomization.yaml': kustomization });
    await session.open('base/p.yaml', release.replace('  interval: 10m\n', ''));
    await session.publishes('base/p.yaml', []);
    expect(session.published).toHaveLength(1);
    session.write('base/kustomization.yaml', 'resources: [p.yaml]\n');
    await session.connection.sendNotification('workspace/didChangeWatchedFiles', {
      changes: [{ uri: session.uri('base/kustomization.yaml'), type: 2 }],
    });
    await session.publishes('base/p.yaml', ['schema/required']);
  });

  test('of a file outside of any root depend on the files beside it, not on those below', async () => {
    session = new Session();
    const patches = (...paths: readonly string[]) =>
      `patches: [${paths.map((path) => `{ path: ${path} }`).join(', ')}]\n`;
    const files = { 'kustomization.yaml': patches('p.yaml'), 'below/kustomization.yaml': patches('../q.yaml') };
    await session.start({}, files, false);
    await session.open('p.yaml', release.replace('  interval: 10m\n', ''));
    await session.open('q.yaml', release.replace('  interval: 10m\n', ''));
    await session.publishes('q.yaml', ['schema/required']);
    // It is a patch, for which the kustomization has no object.
    await session.publishes('p.yaml', ['kustomize/build']);
  });

  test('use a CRD on disk once it is written, and again when it changes', async () => {
    session = new Session();
    const crd = (field: string) => ({
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: 'ships.example.com' },
      spec: {
        group: 'example.com',
        names: { kind: 'Ship', plural: 'ships', singular: 'ship', listKind: 'ShipList' },
        scope: 'Namespaced',
        versions: [
          {
            name: 'v1',
            served: true,
            storage: true,
            schema: { openAPIV3Schema: { type: 'object', properties: { [field]: { type: 'string' } } } },
          },
        ],
      },
    });
    await session.start();
    await session.open(
      'a.yaml',
      yaml`
        apiVersion: example.com/v1
        kind: Ship
        metadata:
          name: a
        mast: oak
      `,
    );
    await session.publishes('a.yaml', []);
    const writeCrd = (field: string, type: 1 | 2) => {
      session.write('crd.yaml', JSON.stringify(crd(field)));
      return session.connection.sendNotification('workspace/didChangeWatchedFiles', {
        changes: [{ uri: session.uri('crd.yaml'), type }],
      });
    };
    await writeCrd('keel', 1);
    await session.publishes('a.yaml', ['schema/unknown-field']);
    const status = await session.connection.sendRequest<SchemaStatus>('capstan/schemaStatus', {
      uri: session.uri('a.yaml'),
      position: at(0, 0),
    });
    expect(status.origin).toBe('crd.yaml');
    await writeCrd('mast', 2);
    await session.publishes('a.yaml', []);
  });

  test('are cleared when the file is closed', async () => {
    session = new Session();
    await session.start();
    await session.open('a.yaml', release.replace('10m', '10 minutes'));
    await session.publishes('a.yaml', ['schema/pattern']);
    await session.ask('textDocument/hover', 'a.yaml', { position: at(0, 0) });
    await session.connection.sendNotification('textDocument/didClose', {
      textDocument: { uri: session.uri('a.yaml') },
    });
    await session.publishes('a.yaml', []);
  });
});

describe('features', () => {
  const snippets: ClientCapabilities = { textDocument: { completion: { completionItem: { snippetSupport: true } } } };

  test('completion, with and without snippets', async () => {
    session = new Session();
    await session.start(snippets);
    await session.open('a.yaml', `${release}  driftDetection: \n`);
    const { items } = await session.ask<{ items: CompletionItem[] }>('textDocument/completion', 'a.yaml', {
      position: at(7, 18),
    });
    expect(items.find(({ label }) => label === 'mode')?.textEdit?.newText).toContain('|');
    session.connection.dispose();
    session.child.kill();
    session = new Session();
    await session.start();
    await session.open('a.yaml', `${release}  driftDetection: \n`);
    const plain = await session.ask<{ items: CompletionItem[] }>('textDocument/completion', 'a.yaml', {
      position: at(7, 18),
    });
    expect(plain.items.find(({ label }) => label === 'mode')?.textEdit?.newText).not.toContain('|');
  });

  test('the documentation of a completion item is sent on request, or immediately', async () => {
    const resolves: ClientCapabilities = {
      textDocument: { completion: { completionItem: { resolveSupport: { properties: ['documentation'] } } } },
    };
    for (const lazy of [true, false]) {
      session = new Session();
      await session.start(lazy ? resolves : undefined);
      await session.open('a.yaml', `${release}  \n`);
      const { items } = await session.ask<{ items: CompletionItem[] }>('textDocument/completion', 'a.yaml', {
        position: at(7, 2),
      });
      const timeout = items.find(({ label }) => label === 'timeout')!;
      expect(timeout.documentation === undefined).toBe(lazy);
      const whole = lazy
        ? await session.connection.sendRequest<CompletionItem>('completionItem/resolve', timeout)
        : timeout;
      expect((whole.documentation as { value: string }).value).toMatch(/Helm/);
      // An item of another response stays without documentation instead of getting the wrong one.
      if (lazy) {
        const past = { ...timeout, data: { response: 99, index: 0 } };
        expect(await session.connection.sendRequest('completionItem/resolve', past)).toEqual(past);
      }
      session.connection.dispose();
      session.child.kill();
    }
  });

  test.each(['utf-16', 'utf-8'])('positions in %s', async (encoding) => {
    session = new Session();
    const { capabilities } = await session.start({ general: { positionEncodings: [encoding] } });
    expect(capabilities.positionEncoding).toBe(encoding);
    const line = '  suspend: "🚀é" # x';
    await session.open('a.yaml', `${release}${line}\n`);
    await session.publishes('a.yaml', ['schema/type']);
    const length = (text: string) => (encoding === 'utf-8' ? Buffer.byteLength(text) : text.length);
    const [{ range }] = session.published.at(-1)!.diagnostics as [Diagnostic];
    expect([range.start.character, range.end.character]).toEqual([length('  suspend: '), length('  suspend: "🚀é"')]);
    await session.change('a.yaml', 2, at(7, range.start.character), at(7, range.end.character), 'true');
    await session.publishes('a.yaml', []);
  });

  test('hover shows what a field is and which schema defines it', async () => {
    session = new Session();
    await session.start();
    await session.open('a.yaml', release);
    const hover = await session.ask<Hover>('textDocument/hover', 'a.yaml', { position: at(5, 4) });
    const { value } = hover.contents as { value: string };
    expect(value).toContain('interval');
    expect(value).toContain('required');
    expect(value).toMatch(/Schema: flux [\d.]+/);
    expect(hover.range).toEqual({ start: at(5, 2), end: at(5, 10) });
  });

  test('a quick fix fixes its problem', async () => {
    session = new Session();
    await session.start();
    const text = release.replace('interval', 'intervall');
    await session.open('a.yaml', text);
    await session.publishes('a.yaml', ['schema/unknown-field']);
    const range = { start: at(5, 3), end: at(5, 3) };
    const actions = await session.ask<CodeAction[]>('textDocument/codeAction', 'a.yaml', {
      range,
      context: { diagnostics: [] },
    });
    const fix = actions.find(
      ({ isPreferred, diagnostics }) => isPreferred && diagnostics?.[0]?.code === 'schema/unknown-field',
    )!;
    const document = TextDocument.create('', 'yaml', 1, text);
    await session.open('b.yaml', TextDocument.applyEdits(document, fix.edit!.changes![session.uri('a.yaml')]!));
    await session.publishes('b.yaml', []);
  });

  test('a fix with a value to fill in is a snippet for a client that supports it', async () => {
    const text = release.replace('  interval: 10m\n', '');
    for (const supported of [true, false]) {
      session = new Session();
      const workspaceEdit = { documentChanges: true, snippetEditSupport: supported };
      await session.start({ workspace: { workspaceEdit } });
      await session.open('a.yaml', text);
      const context = { diagnostics: [] };
      const actions = await session.ask<CodeAction[]>('textDocument/codeAction', 'a.yaml', {
        range: { start: at(0, 0), end: at(9, 0) },
        context,
      });
      const { edit } = actions.find(({ title }) => title === 'Add interval')!;
      const [change] = (edit?.documentChanges ?? []) as { edits: unknown[] }[];
      const value = expect.stringContaining('  interval: ${1|30s,') as unknown;
      if (supported) expect(change?.edits).toEqual([expect.objectContaining({ snippet: { kind: 'snippet', value } })]);
      else
        expect(Object.values(edit?.changes ?? {})).toEqual([
          [expect.objectContaining({ newText: '  interval: 30s\n' })],
        ]);
      await session.stop();
    }
  });

  test('all findings of a rule, or all that are certain, are fixed when the client resolves the action', async () => {
    session = new Session();
    const codeAction = { resolveSupport: { properties: ['edit'] } };
    const wrong = release.replace('interval: 10m', 'intervall: 10m');
    await session.start({ textDocument: { codeAction } }, { 'b.yaml': wrong });
    const text = `${wrong}---\n${wrong}`;
    await session.open('a.yaml', text);
    const ask = (only?: string[]) =>
      session.ask<CodeAction[]>('textDocument/codeAction', 'a.yaml', {
        range: { start: at(5, 3), end: at(5, 3) },
        context: { diagnostics: [], ...(only && { only }) },
      });
    const resolved = (action: CodeAction) => session.connection.sendRequest<CodeAction>('codeAction/resolve', action);
    const document = TextDocument.create('', 'yaml', 1, text);
    const right = text.replaceAll('intervall', 'interval');

    const [fixAll, ...others] = await ask(['source.fixAll']);
    expect(others).toEqual([]);
    const all = (await resolved(fixAll!)).edit!.changes!;
    expect(TextDocument.applyEdits(document, all[session.uri('a.yaml')]!)).toBe(right);

    const actions = await ask();
    const inFile = actions.find(({ title }) => title === 'Fix all schema/unknown-field in this file')!;
    expect(Object.keys((await resolved(inFile)).edit!.changes!)).toEqual([session.uri('a.yaml')]);
    const everywhere = actions.find(({ title }) => title === 'Fix all schema/unknown-field in the workspace')!;
    const changes = (await resolved(everywhere)).edit!.changes!;
    expect(Object.keys(changes).sort()).toEqual([session.uri('a.yaml'), session.uri('b.yaml')]);
  });

  test('outline, folding ranges, and objects of the whole root', async () => {
    session = new Session();
    await session.start(
      {},
      {
        'other/ns.yaml': yaml`
          apiVersion: v1
          kind: Namespace
          metadata:
            name: shop
        `,
      },
    );
    await session.open('a.yaml', `${release}---\n${release}`);
    await session.publishes('a.yaml', []);
    const symbols = await session.ask<DocumentSymbol[]>('textDocument/documentSymbol', 'a.yaml');
    expect(symbols.map(({ name, detail }) => `${detail} ${name}`)).toEqual(['HelmRelease web', 'HelmRelease web']);
    const folds = await session.ask<{ startLine: number; endLine: number }[]>('textDocument/foldingRange', 'a.yaml');
    expect(folds).toContainEqual({ startLine: 4, endLine: 6 });
    const found = await session.connection.sendRequest<{ name: string }[]>('workspace/symbol', { query: 'shop' });
    expect(found.map(({ name }) => name)).toEqual(['shop']);
  });
});

test('invalid requests get an empty response, and nothing breaks', async () => {
  session = new Session();
  await session.start();
  const position = at(99, 99);
  for (const method of ['completion', 'hover', 'definition', 'documentSymbol', 'foldingRange']) {
    const answer = await session.ask(`textDocument/${method}`, 'absent.yaml', { position });
    expect(answer === null || (Array.isArray(answer) && answer.length === 0)).toBe(true);
  }
  await session.change('absent.yaml', 7, at(3, 3), at(1, 1), 'kind: [');
  await session.open('b.yaml', '\0\0\0');
  await session.publishes('b.yaml', ['syntax/not-text']);
  await session.open('c.yaml', '- '.repeat(20_000));
  for (const character of [0, 1, 39_999]) {
    await session.ask('textDocument/completion', 'c.yaml', { position: at(0, character) });
    await session.ask('textDocument/hover', 'c.yaml', { position: at(0, character) });
  }
  await session.open('d.yaml', release);
  await session.publishes('d.yaml', []);
  expect(session.logged).toEqual([]);
});

test('many edits and cancelled requests end in the same state as a fresh server', async () => {
  session = new Session();
  await session.start();
  await session.open('a.yaml', release);
  for (let version = 2; version < 200; version += 1) {
    const text = version % 2 === 0 ? 'x' : '';
    void session.change('a.yaml', version, at(5, 2), at(5, version % 2 === 0 ? 2 : 3), text);
    void session.ask('textDocument/completion', 'a.yaml', { position: at(5, 2) }).catch(() => undefined);
  }
  void session.change('a.yaml', 200, at(5, 12), at(5, 15), '10 minutes');
  await session.publishes('a.yaml', ['schema/pattern']);
  expect(session.published.at(-1)!.version).toBe(200);
  expect(session.logged).toEqual([]);
});

test('a client that can watch files is asked to', async () => {
  session = new Session();
  const asked = new Promise<readonly string[]>((resolve) => {
    session.connection.onRequest(
      'client/registerCapability',
      ({ registrations }: { readonly registrations: readonly { readonly method: string }[] }) => {
        resolve(registrations.map(({ method }) => method));
        return null;
      },
    );
  });
  await session.start({ workspace: { didChangeWatchedFiles: { dynamicRegistration: true } } });
  expect(await asked).toEqual(['workspace/didChangeWatchedFiles']);
});
