// When diagnostics go to the client: asked for (pull) where it can, else told (push) after every change. Both wait only
// until it is known what each file of the root is, so that a patch is never judged as an object first.
import {
  type Connection,
  type DocumentDiagnosticReport,
  DocumentDiagnosticReportKind,
  LSPErrorCodes,
  ResponseError,
} from 'vscode-languageserver/node';
import { diagnose } from '../features/diagnostics.ts';
import { type Client, toDiagnostic } from './convert.ts';
import type { Programs } from './programs.ts';
import type { OpenText, Texts } from './texts.ts';

/**
 * Milliseconds in which what was sent behind a change arrives, and changes that come in a row are judged once: too short
 * to be seen, long enough that completion while one types doesn't wait for verdicts on half a word.
 */
const moment = 4;

export class Diagnostics {
  readonly pulled: boolean;
  readonly #refreshes: boolean;
  readonly #connection: Connection;
  readonly #programs: Programs;
  readonly #texts: Texts;
  readonly #client: Client;
  /** What the client was last told, as JSON. */
  readonly #told = new Map<string, string>();
  readonly #results = new Map<string, { readonly id: string; readonly json: string }>();
  #lastId = 0;
  #pushing = false;

  constructor(
    connection: Connection,
    programs: Programs,
    texts: Texts,
    client: Client,
    can: { readonly pull: boolean; readonly refresh: boolean },
  ) {
    this.#connection = connection;
    this.#programs = programs;
    this.#texts = texts;
    this.#client = client;
    this.pulled = can.pull;
    this.#refreshes = can.refresh;
    if (can.pull) {
      connection.languages.diagnostics.on(async ({ textDocument, previousResultId }, token) => {
        const report = await this.#pull(textDocument.uri, previousResultId);
        return token.isCancellationRequested ? cancelled() : report;
      });
    }
  }

  /** A document was opened or edited; others may depend on it. */
  changed(_uri: string): void {
    if (!this.pulled) this.#push();
  }

  closed(uri: string): void {
    this.#results.delete(uri);
    if (this.#told.delete(uri)) void this.#connection.sendDiagnostics({ uri, diagnostics: [] });
    this.changed(uri);
  }

  /** Something outside the open documents changed. */
  refresh(): void {
    if (!this.pulled) this.#push();
    else if (this.#refreshes) void this.#connection.languages.diagnostics.refresh();
  }

  async #pull(uri: string, previous: string | undefined): Promise<DocumentDiagnosticReport> {
    await this.#programs.placeOf(uri).program.ready;
    const text = this.#texts.get(uri);
    const items = text ? this.#diagnosticsOf(text) : [];
    const json = JSON.stringify(items);
    const known = this.#results.get(uri);
    if (known && known.json === json && known.id === previous) {
      return { kind: DocumentDiagnosticReportKind.Unchanged, resultId: known.id };
    }
    this.#lastId += 1;
    const result = { id: String(this.#lastId), json };
    this.#results.set(uri, result);
    return { kind: DocumentDiagnosticReportKind.Full, resultId: result.id, items };
  }

  /** Changes that arrived together are answered once; what was asked behind a change, as completion is, goes first. */
  #push(): void {
    if (this.#pushing) return;
    this.#pushing = true;
    const push = () => {
      this.#pushing = false;
      for (const text of this.#texts.all()) void this.#tell(text);
    };
    setTimeout(push, moment);
  }

  async #tell({ uri, version }: OpenText): Promise<void> {
    await this.#programs.placeOf(uri).program.ready;
    const text = this.#texts.get(uri);
    if (text?.version !== version) return;
    const diagnostics = this.#diagnosticsOf(text);
    const json = `${version} ${JSON.stringify(diagnostics)}`;
    if (this.#told.get(uri) === json) return;
    this.#told.set(uri, json);
    await this.#connection.sendDiagnostics({ uri, version, diagnostics });
  }

  #diagnosticsOf({ uri, lines }: OpenText) {
    const { program, path } = this.#programs.placeOf(uri);
    const target = { ...this.#client, lines };
    return diagnose(program.workspace, path).map((finding) => toDiagnostic(finding, target));
  }
}

function cancelled(): ResponseError<never> {
  return new ResponseError(LSPErrorCodes.ServerCancelled, 'cancelled');
}
