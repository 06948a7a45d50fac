// When diagnostics go to the client: on request (pull) if the client supports it, otherwise pushed after every change.
// Both wait until the role of each file in the root is known, so that a patch is never validated as an object first.
// Findings of what is being typed wait for a pause or for an edit elsewhere (features/typing.ts). A cursor that leaves the
// line without an edit needs no notification of its own: the pause is over soon after. What an edit means for other documents
// and for what clusters get follows when the hand rests for a moment (features/latest-findings.ts).
import {
  type Connection,
  type DocumentDiagnosticReport,
  DocumentDiagnosticReportKind,
  LSPErrorCodes,
  ResponseError,
} from 'vscode-languageserver/node';
import type { Related } from '../features/applied-place.ts';
import { findingsAtRest, findingsWhileTyping } from '../features/latest-findings.ts';
import { type Change, WaitingFindings } from '../features/typing.ts';
import { guarded } from '../syntax/guard.ts';
import { LineIndex } from '../syntax/lines.ts';
import { type Client, toDiagnostic } from './convert.ts';
import { preparedFor } from './prepared.ts';
import type { Programs } from './programs.ts';
import { slice, untilAnswered } from './run.ts';
import { type OpenText, rangeAt, type Texts } from './texts.ts';

/**
 * Milliseconds to wait before diagnostics are pushed. Requests sent right after a change arrive within it, and a series
 * of changes is validated once. Too short to be noticed, long enough that completion doesn't wait for the validation of
 * a half-typed word.
 */
const pushDelay = 4;

/** Milliseconds without an edit after which what was typed is taken as finished. */
export const pause = 1000;

/**
 * Milliseconds without an edit after which everything is found again. Where that is fast and in small pieces, it is at once
 * after the findings of the edited text are sent: it is done before the next key, which waits for one piece at most. Where
 * the findings of the edited text take longer, it is when the next edit isn't part of the same action, and where all of it takes
 * long, it is later than between two keys, so that nothing is begun in vain.
 */
const rest = { atOnce: 6, soon: 40, later: 150 };

/** UTF-16 units of a text whose findings, which are one piece, take less than a millisecond. */
const short = 10_000;

/**
 * Milliseconds of processor time in which everything is found where that is fast: about as long as a fast hand takes for a
 * key, which waits for one piece at most.
 */
const fast = 120;

/**
 * Microseconds of processor time. A key waits for this thread only, not for those that collect garbage and compile; Node
 * before 24 counts only all of them.
 */
function processorTime(): number {
  const { user, system } = (process.threadCpuUsage ?? process.cpuUsage).call(process);
  return user + system;
}

export class Diagnostics {
  readonly pulled: boolean;
  readonly #refreshes: boolean;
  readonly #connection: Connection;
  readonly #programs: Programs;
  readonly #texts: Texts;
  readonly #client: Client;
  /** The diagnostics last sent to the client, as JSON. */
  readonly #sent = new Map<string, string>();
  readonly #results = new Map<string, { readonly id: string; readonly json: string }>();
  readonly #waiting = new WaitingFindings();
  /** Told of each document that was opened or edited when everything was found. */
  readonly #restedIn: (uri: string) => void;
  #timer: NodeJS.Timeout | undefined;
  /** Documents that were opened or edited since everything was found. */
  readonly #edited = new Set<string>();
  #resting: NodeJS.Timeout | undefined;
  /** Milliseconds of processor time in which everything was found, the last two times. */
  #last: readonly number[] = [rest.later, rest.later];
  #lastId = 0;
  #pushing = false;

  constructor(
    connection: Connection,
    programs: Programs,
    texts: Texts,
    client: Client,
    can: { readonly pull: boolean; readonly refresh: boolean },
    rested: (uri: string) => void,
  ) {
    this.#connection = connection;
    this.#programs = programs;
    this.#texts = texts;
    this.#client = client;
    this.#restedIn = rested;
    this.pulled = can.pull;
    this.#refreshes = can.refresh;
    if (can.pull) {
      connection.languages.diagnostics.on(async ({ textDocument, previousResultId }, token) => {
        const report = await this.#pull(textDocument.uri, previousResultId);
        return token.isCancellationRequested ? cancelled() : report;
      });
    }
  }

  /** A document was opened. Its first findings are those of its text; to find what clusters get of it may take longer. */
  opened(uri: string): void {
    if (!this.pulled || this.#refreshes) this.#expectRest(uri);
    this.changed(uri);
  }

  #expectRest(uri: string): void {
    this.#edited.add(uri);
    this.#rest();
  }

  #rest(): void {
    clearTimeout(this.#resting);
    const rested = () => {
      this.#resting = undefined;
      void this.#rested();
    };
    this.#resting = setTimeout(rested, this.#wait());
  }

  #wait(): number {
    // One time alone may have been slow because memory was collected or code was compiled.
    if (this.#last.every((taken) => taken >= fast)) return rest.later;
    const texts = [...this.#edited].map((uri) => this.#texts.get(uri)?.lines.text ?? '');
    return texts.every(({ length }) => length <= short) ? rest.atOnce : rest.soon;
  }

  /** The findings of what was edited are sent: the next edit may follow at once. */
  #handled(): void {
    if (this.#resting && this.#wait() === rest.atOnce) this.#rest();
  }

  /** A document was edited; `changes` is undefined if the whole text was replaced. Precedes `changed`. */
  edited(uri: string, changes: readonly Change[] | undefined): void {
    // A client that can't be asked to pull again would never see what waits.
    if (this.pulled && !this.#refreshes) return;
    this.#expectRest(uri);
    clearTimeout(this.#timer);
    const waits = this.#waiting.edited(uri, changes, this.#texts.get(uri)!.lines);
    if (waits) this.#timer = setTimeout(() => this.#paused(), pause);
  }

  /** Documents of a root that is still being read stay as they are until it is. */
  async #rested(): Promise<void> {
    const began = processorTime();
    const uris = [...this.#edited].filter((uri) => this.#programs.placeOf(uri).program.workspace.isWhole);
    const places = this.#texts.all().map(({ uri }) => this.#programs.placeOf(uri));
    for (const one of new Set(uris.map((uri) => this.#programs.placeOf(uri).program))) {
      const paths = places.flatMap(({ program, path }) => (program === one ? path : []));
      if (await preparedFor(one.workspace, paths, one.working)) continue;
      // It changed in the meantime.
      this.#rest();
      return;
    }
    for (const uri of uris) this.#edited.delete(uri);
    this.#last = [this.#last[1]!, (processorTime() - began) / 1000];
    this.#publish();
    for (const uri of uris) this.#restedIn(uri);
  }

  #paused(): void {
    if (this.#waiting.paused()) this.#publish();
  }

  /** A document was opened, edited or closed; others may depend on it. */
  changed(_uri: string): void {
    if (!this.pulled) this.#push(pushDelay);
  }

  closed(uri: string): void {
    this.#results.delete(uri);
    this.#edited.delete(uri);
    if (this.#waiting.closed(uri)) this.#paused();
    if (this.#sent.delete(uri)) void this.#connection.sendDiagnostics({ uri, diagnostics: [] });
    this.changed(uri);
  }

  /** Something outside the open documents changed; what was found stays until everything is found again. */
  refresh(): void {
    if (this.pulled && !this.#refreshes) return;
    const texts = this.#texts.all();
    if (texts.length === 0) this.#publish();
    for (const { uri } of texts) this.#expectRest(uri);
  }

  #publish(): void {
    if (!this.pulled) this.#push(0);
    else if (this.#refreshes) void untilAnswered(() => this.#connection.languages.diagnostics.refresh());
  }

  async #pull(uri: string, previous: string | undefined): Promise<DocumentDiagnosticReport> {
    await this.#programs.placeOf(uri).program.ready;
    const last = this.#results.get(uri);
    // Another document is being edited; what it means for this one follows.
    if (this.#edited.size > 0 && !this.#edited.has(uri) && last && last.id === previous)
      return { kind: DocumentDiagnosticReportKind.Unchanged, resultId: last.id };
    const { program, path } = this.#programs.placeOf(uri);
    const { workspace } = program;
    if (!this.#edited.has(uri) && workspace.isWhole) await preparedFor(workspace, [path], program.working);
    const now = this.#texts.get(uri);
    const items = now ? this.#diagnosticsOf(now) : [];
    if (this.#edited.has(uri)) this.#handled();
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

  /** Changes that arrive together are handled once; requests sent right after a change, such as completion, go first. */
  #push(delay: number): void {
    if (this.#pushing) return;
    this.#pushing = true;
    const push = async () => {
      this.#pushing = false;
      let began = performance.now();
      for (const text of this.#texts.all()) {
        if (this.#edited.size > 0 && !this.#edited.has(text.uri)) continue;
        await this.#send(text);
        if (performance.now() - began < slice) continue;
        await new Promise((resolve) => setImmediate(resolve));
        began = performance.now();
      }
      this.#handled();
    };
    setTimeout(() => void push(), delay);
  }

  async #send({ uri, version }: OpenText): Promise<void> {
    await this.#programs.placeOf(uri).program.ready;
    const text = this.#texts.get(uri);
    if (text?.version !== version) return;
    const diagnostics = this.#diagnosticsOf(text);
    const json = `${version} ${JSON.stringify(diagnostics)}`;
    if (this.#sent.get(uri) === json) return;
    this.#sent.set(uri, json);
    await this.#connection.sendDiagnostics({ uri, version, diagnostics });
  }

  #diagnosticsOf({ uri, lines }: OpenText) {
    const { program, path } = this.#programs.placeOf(uri);
    this.#programs.working(uri);
    const target = { ...this.#client, lines };
    const find = this.#edited.has(uri) ? findingsWhileTyping : findingsAtRest;
    const found = guarded('the check of this file', 0, () => find(program.workspace, path));
    const findings = this.#waiting.shown(uri, lines, found);
    const locate = ({ file, start, end }: Related) => {
      const text = program.workspace.file(file)?.text;
      const range = text === undefined ? undefined : rangeAt(new LineIndex(text), start, end, target.encoding);
      return range && { uri: this.#programs.uriOf({ program, path: file }), range };
    };
    return findings.map((finding) => toDiagnostic(finding, target, locate));
  }
}

function cancelled(): ResponseError<never> {
  return new ResponseError(LSPErrorCodes.ServerCancelled, 'cancelled');
}
