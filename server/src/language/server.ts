// The language server: its capabilities and routes. It does no analysis; each route converts positions to offsets, calls
// one feature and converts the result back.
import {
  CodeLensRefreshRequest,
  type Connection,
  createConnection,
  DidChangeWatchedFilesNotification,
  FileChangeType,
  type FileEvent,
  type InitializeParams,
  type InitializeResult,
  type Location,
  PositionEncodingKind,
  RequestType,
  TextDocumentSyncKind,
} from 'vscode-languageserver/node';
import { catalogOnDisk } from '../disk/catalog.ts';
import { chartsOnDisk } from '../disk/charts.ts';
import { snippetTexts } from '../disk/snippets.ts';
import { indentedBy, usualLayout } from '../features/completion/layout.ts';
import { readSnippets, type Snippet } from '../features/completion/snippets.ts';
import { definition, references, type Site } from '../features/definition.ts';
import { folds } from '../features/folding.ts';
import { hover } from '../features/hover.ts';
import { schemaStatus } from '../features/status.ts';
import { documentSymbols, workspaceSymbols } from '../features/symbols.ts';
import type { LanguageOptions, LanguageRequests } from '../protocol.ts';
import { type End, endpoint, logged, watchParent } from '../stdio/endpoint.ts';
import { LineIndex } from '../syntax/lines.ts';
import { AtWork } from './at-work.ts';
import { routeCharts } from './chart-routes.ts';
import { routeCompletion, triggers } from './completion.ts';
import { type Client, toSymbol } from './convert.ts';
import { Diagnostics } from './diagnostics.ts';
import { routeDifferences } from './difference-routes.ts';
import { editingCapabilities, routeEditing } from './editing-routes.ts';
import { emptyDocumentsPrepared } from './empty-documents.ts';
import { fixCapabilities, fixClientOf, routeFixes } from './fix-routes.ts';
import { inlayCapabilities, routeInlayHints } from './inlay-routes.ts';
import { routeJoined } from './joined-routes.ts';
import { routeManifests } from './manifest-routes.ts';
import { memoryAtRest } from './memory.ts';
import { joined } from './output.ts';
import { previewCapabilities, routePreview } from './preview-routes.ts';
import { Programs } from './programs.ts';
import { readingCapabilities, routeReading } from './reading-routes.ts';
import { rendersFor } from './renders.ts';
import { answer, inSlices, take, untilAnswered } from './run.ts';
import { fleetKnown, locate, type Session, targetOf } from './session.ts';
import { chosenEncoding, rangeAt, Texts } from './texts.ts';
import { warmUp } from './warm-up.ts';

/** Serves one client until its exit notification, or until the client is gone or can't be understood. */
export function serve(input: NodeJS.ReadableStream, output: NodeJS.WritableStream, end: End = endProcess): void {
  const { reader, writer } = endpoint(input, joined(output), end);
  const connection = createConnection(reader, writer);
  connection.onInitialize((params) => {
    if (params.processId !== null) watchParent(params.processId, end);
    return start(connection, params);
  });
  connection.listen();
}

function endProcess(why: string, code: number): void {
  logged('language server', why);
  process.exit(code);
}

function start(connection: Connection, params: InitializeParams): InitializeResult {
  const { general, textDocument, workspace } = params.capabilities;
  const log = (message: string) => connection.console.error(message);
  const encoding = chosenEncoding(general?.positionEncodings);
  const { snippetSupport, resolveSupport, labelDetailsSupport } = textDocument?.completion?.completionItem ?? {};
  const options = (params.initializationOptions ?? {}) as LanguageOptions;
  const client: Client = {
    encoding,
    snippets: snippetSupport === true,
    resolves: resolveSupport?.properties.includes('documentation') === true,
    details: labelDetailsSupport === true,
    selectsFirst: options.selectsFirst === true,
    suggestCommand: options.suggestCommand,
    layout: indentedBy([2, 4, 8].find((spaces) => spaces === options.indentation) ?? usualLayout.step),
  };
  const catalog = catalogOnDisk(process.env);
  const texts = new Texts(encoding);
  const atWork = new AtWork(options.atWork);
  const renders = rendersFor(options, log, () => {
    programs.rendered();
    diagnostics.refresh();
  });
  const programs: Programs = new Programs(
    catalog,
    log,
    {
      ...{ atWork, setAside: options.setAside ?? [], charts: chartsOnDisk(process.env), renders },
      usesCrds: options.trusted !== false,
    },
    () => {
      diagnostics.refresh();
      // Whether names resolve is known now.
      if (workspace?.semanticTokens?.refreshSupport)
        void untilAnswered(() => connection.languages.semanticTokens.refresh());
      if (workspace?.inlayHint?.refreshSupport) void untilAnswered(() => connection.languages.inlayHint.refresh());
      if (workspace?.codeLens?.refreshSupport)
        void untilAnswered(() => connection.sendRequest(CodeLensRefreshRequest.type));
    },
  );
  const can = {
    pull: textDocument?.diagnostic !== undefined,
    refresh: workspace?.diagnostics?.refreshSupport === true,
  };
  const diagnostics = new Diagnostics(connection, programs, texts, client, can, (uri) => {
    void emptyDocumentsPrepared(session, uri).catch((error: Error) => log(error.message));
  });
  programs.openFolders(params.workspaceFolders?.map(({ uri }) => uri) ?? (params.rootUri ? [params.rootUri] : []));
  const versioned = workspace?.workspaceEdit?.documentChanges === true;
  let read: readonly Snippet[] | undefined;
  const snippets = () => {
    read ??= readSnippets(snippetTexts());
    return read;
  };
  const session: Session = { connection, programs, texts, diagnostics, log, client, versioned, snippets };
  routeTexts(session);
  routeCompletion(session);
  routeFeatures(session);
  routeManifests(session);
  routeCharts(session);
  routeNavigation(session);
  routeEditing(session);
  const fixes = fixClientOf(params.capabilities);
  routeFixes(session, fixes);
  routeReading(session);
  routePreview(session, options);
  routeJoined(session);
  routeDifferences(session, catalog);
  routeInlayHints(session, options.inlayHints !== false);
  connection.onRequest(aliveRequest, () => null);
  const watches = workspace?.didChangeWatchedFiles?.dynamicRegistration === true;
  // The connection keeps one handler.
  connection.onInitialized(() => {
    if (watches) watchFiles(connection);
    for (const problem of catalog.problems) log(problem);
  });
  return {
    serverInfo: { name: 'capstan' },
    capabilities: {
      positionEncoding: encoding === 'utf-8' ? PositionEncodingKind.UTF8 : PositionEncodingKind.UTF16,
      textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental },
      completionProvider: {
        triggerCharacters: triggers(options),
        resolveProvider: client.resolves,
      },
      hoverProvider: true,
      definitionProvider: true,
      referencesProvider: true,
      documentSymbolProvider: true,
      workspaceSymbolProvider: true,
      foldingRangeProvider: true,
      ...editingCapabilities,
      ...fixCapabilities(fixes),
      ...readingCapabilities,
      ...inlayCapabilities,
      ...previewCapabilities(options),
      ...(diagnostics.pulled && {
        diagnosticProvider: { interFileDependencies: true, workspaceDiagnostics: false },
      }),
    },
  };
}

const aliveRequest = new RequestType<null, null, void>('capstan/alive' satisfies keyof LanguageRequests);

type StatusRequest = LanguageRequests['capstan/schemaStatus'];

const schemaStatusRequest = new RequestType<StatusRequest['params'], StatusRequest['result'], void>(
  'capstan/schemaStatus',
);

function routeTexts(session: Session): void {
  const { connection, programs, texts, diagnostics, log } = session;
  const warm = warmUp(session);
  const memory = memoryAtRest(() => programs.isReading);
  const update = (uri: string) => {
    const text = texts.get(uri)?.lines.text;
    if (text !== undefined) programs.put(uri, text);
  };
  connection.onDidOpenTextDocument(
    take('didOpen', log, ({ textDocument: { uri, version, text } }) => {
      texts.set({ uri, version, lines: new LineIndex(text) });
      update(uri);
      diagnostics.opened(uri);
      warm(uri);
      memory.opened();
    }),
  );
  connection.onDidChangeTextDocument(
    take('didChange', log, ({ textDocument: { uri, version }, contentChanges }) => {
      const changes = texts.change(uri, version, contentChanges);
      diagnostics.edited(uri, changes);
      update(uri);
      diagnostics.changed(uri);
      memory.edited();
    }),
  );
  connection.onDidCloseTextDocument(
    take('didClose', log, ({ textDocument: { uri } }) => {
      texts.delete(uri);
      programs.close(uri);
      diagnostics.closed(uri);
    }),
  );
  // A checkout changes thousands of files at once.
  let reading: Promise<void> = Promise.resolve();
  const read = async (changes: readonly FileEvent[]) => {
    let changed = false;
    await inSlices(
      (function* () {
        for (const { uri, type } of changes) {
          if (type === FileChangeType.Deleted) changed = (yield* programs.deleted(uri)) || changed;
          else if (type === FileChangeType.Created) changed = (yield* programs.created(uri)) || changed;
          else changed = (yield* programs.compared(uri)) || programs.changedOnDisk(uri) || changed;
          yield;
        }
      })(),
    );
    if (changed) diagnostics.refresh();
  };
  connection.onDidChangeWatchedFiles(({ changes }) => {
    reading = reading
      .then(() => read(changes))
      .catch((error: unknown) => log(`didChangeWatchedFiles: ${String(error)}`));
  });
}

function routeFeatures(session: Session): void {
  const { connection, log, client } = session;
  connection.onHover(
    answer('hover', log, null, async ({ textDocument, position }) => {
      await fleetKnown(session, textDocument.uri);
      const at = locate(session, textDocument.uri, position);
      const found = at && hover(at.cursor);
      if (!found) return null;
      const { start } = at.cursor;
      const range = rangeAt(at.target.lines, start + found.start, start + found.end, client.encoding);
      return { contents: { kind: 'markdown', value: found.text }, range };
    }),
  );
  connection.onRequest(
    schemaStatusRequest,
    answer('schemaStatus', log, null, ({ uri, position }) => {
      const at = locate(session, uri, position);
      return (at && schemaStatus(at.cursor)) ?? null;
    }),
  );
}

function routeNavigation(session: Session): void {
  const { connection, log, programs, client } = session;
  const locations = (uri: string, sites: readonly Site[]): Location[] => {
    const { program } = programs.placeOf(uri);
    return sites.map(({ path, start, end }) => {
      // A file that isn't YAML has no text here; its beginning is meant.
      const range = rangeAt(new LineIndex(program.workspace.file(path)?.text ?? ''), start, end, client.encoding);
      return { uri: programs.uriOf({ program, path }), range };
    });
  };
  connection.onDefinition(
    answer('definition', log, null, ({ textDocument: { uri }, position }) => {
      const at = locate(session, uri, position);
      return at ? locations(uri, definition(at.cursor)) : null;
    }),
  );
  connection.onReferences(
    answer('references', log, null, async ({ textDocument: { uri }, position, context }) => {
      await fleetKnown(session, uri);
      const at = locate(session, uri, position);
      return at ? locations(uri, references(at.cursor, context.includeDeclaration)) : null;
    }),
  );
  connection.onDocumentSymbol(
    answer('documentSymbol', log, null, ({ textDocument: { uri } }) => {
      const target = targetOf(session, uri);
      const { program, path } = programs.placeOf(uri);
      const file = program.workspace.file(path);
      return file && target ? documentSymbols(file).map((symbol) => toSymbol(symbol, target)) : null;
    }),
  );
  connection.onWorkspaceSymbol(
    answer('workspaceSymbol', log, null, ({ query }) =>
      [...programs.all()].flatMap((program) =>
        workspaceSymbols(program.workspace, query).map(({ name, detail, path, start, end }) => {
          const lines = new LineIndex(program.workspace.file(path)?.text ?? '');
          const location = {
            uri: programs.uriOf({ program, path }),
            range: rangeAt(lines, start, end, client.encoding),
          };
          return { name, containerName: detail, kind: 5, location };
        }),
      ),
    ),
  );
  connection.onFoldingRanges(
    answer('foldingRange', log, null, ({ textDocument: { uri } }) => {
      const target = targetOf(session, uri);
      const { program, path } = programs.placeOf(uri);
      const file = program.workspace.file(path);
      return file && target
        ? folds(file, target.lines).map(({ start, end, kind }) => ({
            startLine: start,
            endLine: end,
            ...(kind && { kind }),
          }))
        : null;
    }),
  );
}

/** Registers for notifications of files that change outside the editor: of all, since generators of kustomizations read any. */
function watchFiles(connection: Connection): void {
  const watchers = [{ globPattern: '**/*' }];
  void untilAnswered(() => connection.client.register(DidChangeWatchedFilesNotification.type, { watchers }));
}
