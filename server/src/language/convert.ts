// Converts between the features' plain values and the protocol's: offsets to ranges, names to protocol constants.
import {
  type CodeAction,
  CodeActionKind,
  type CompletionItem,
  CompletionItemKind,
  CompletionItemTag,
  type Diagnostic,
  DiagnosticSeverity,
  DiagnosticTag,
  type DocumentSymbol,
  InsertTextFormat,
  InsertTextMode,
  type Location,
  MarkupKind,
  type SnippetTextEdit,
  SymbolKind,
  type TextEdit,
} from 'vscode-languageserver/node';
import type { Related } from '../features/applied-place.ts';
import { expand } from '../features/completion/expand.ts';
import { type Completion, hasStops } from '../features/completion/item.ts';
import type { Layout } from '../features/completion/layout.ts';
import type { FileFinding } from '../features/diagnostics.ts';
import type { CodeAction as Action } from '../features/fixes/code-action.ts';
import type { FixEdit } from '../features/fixes/subject.ts';
import type { DocumentSymbol as Outline } from '../features/symbols.ts';
import type { TextEdit as Edit, Severity } from '../syntax/finding.ts';
import type { LineIndex } from '../syntax/lines.ts';
import { type Encoding, rangeAt } from './texts.ts';

/** The client's capabilities, as reported by its initialize request. */
export interface Client {
  readonly encoding: Encoding;
  readonly snippets: boolean;
  /** The client requests the documentation of a completion item when it shows the item. */
  readonly resolves: boolean;
  /** The client shows `labelDetails`. */
  readonly details: boolean;
  /** See `LanguageOptions` in protocol.ts. */
  readonly selectsFirst: boolean;
  readonly suggestCommand: string | undefined;
  /** Of files that don't show one yet. */
  readonly layout: Layout;
}

/** The client, and the text that offsets refer to. */
export interface Target extends Client {
  readonly lines: LineIndex;
}

const severities: Readonly<Record<Severity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  info: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
};

/** `locate` gives the location of a place in another file; undefined if it isn't known. */
export function toDiagnostic(
  { rule, severity, start, end, message, related = [] }: FileFinding,
  target: Target,
  locate: (place: Related) => Location | undefined = () => undefined,
): Diagnostic {
  const information = related.flatMap((one) => {
    const location = locate(one);
    return location ? [{ location, message: relations[one.is] }] : [];
  });
  return {
    range: rangeAt(target.lines, start, end, target.encoding),
    severity: severities[severity],
    code: rule,
    source: 'capstan',
    message,
    ...(rule.startsWith('deprecated/') && { tags: [DiagnosticTag.Deprecated] }),
    ...(information.length > 0 && { relatedInformation: information }),
  };
}

const relations: Readonly<Record<Related['is'], string>> = {
  object: 'The object begins here.',
  value: 'The value is used here.',
};

const itemKinds: Readonly<Record<Completion['kind'], CompletionItemKind>> = {
  field: CompletionItemKind.Property,
  value: CompletionItemKind.Value,
  enum: CompletionItemKind.EnumMember,
  resource: CompletionItemKind.Class,
  reference: CompletionItemKind.Reference,
  snippet: CompletionItemKind.Snippet,
};

/** The data of an item that resolves its documentation: the number of its response, and its index there. */
export interface ItemData {
  readonly response: number;
  readonly index: number;
}

/** `start` is the document's offset in the file; the item's offsets are relative to it. */
export function toCompletionItem(item: Completion, start: number, target: Target, data: ItemData): CompletionItem {
  const range = rangeAt(target.lines, start + item.start, start + item.end, target.encoding);
  const isSnippet = target.snippets && hasStops(item.insert);
  return {
    label: item.label,
    kind: itemKinds[item.kind],
    sortText: item.sort,
    filterText: item.filter ?? item.label,
    textEdit: { range, newText: isSnippet ? item.insert : expand(item.insert) },
    insertTextFormat: isSnippet ? InsertTextFormat.Snippet : InsertTextFormat.PlainText,
    insertTextMode: InsertTextMode.asIs,
    ...(item.detail && (target.details ? { labelDetails: { description: item.detail } } : { detail: item.detail })),
    ...(target.resolves ? item.documentation && { data } : documented(item)),
    ...(item.again &&
      target.suggestCommand !== undefined && {
        command: { title: 'Suggest', command: target.suggestCommand, arguments: [{ auto: true }] },
      }),
    ...(item.deprecated && { tags: [CompletionItemTag.Deprecated] }),
    ...(item.additional && { additionalTextEdits: item.additional.map((edit) => toEdit(edit, start, target)) }),
  };
}

export function documented(item: Completion): Pick<CompletionItem, 'documentation'> {
  const value = item.documentation?.();
  return value === undefined || value === '' ? {} : { documentation: { kind: MarkupKind.Markdown, value } };
}

export function toCodeAction({ title, edits, finding, preferred }: Action, uri: string, target: Target): CodeAction {
  return {
    title,
    kind: CodeActionKind.QuickFix,
    diagnostics: [toDiagnostic(finding, target)],
    isPreferred: preferred,
    edit: edits.some(({ snippet }) => snippet)
      ? {
          documentChanges: [
            { textDocument: { uri, version: null }, edits: edits.map((edit) => toFixEdit(edit, target)) },
          ],
        }
      : { changes: { [uri]: edits.map((edit) => toEdit(edit, 0, target)) } },
  };
}

function toFixEdit(edit: FixEdit, target: Target): TextEdit | SnippetTextEdit {
  const { range, newText } = toEdit(edit, 0, target);
  return edit.snippet ? { range, snippet: { kind: 'snippet', value: newText } } : { range, newText };
}

const symbolKinds: Readonly<Record<Outline['kind'], SymbolKind>> = {
  object: SymbolKind.Class,
  field: SymbolKind.Field,
  list: SymbolKind.Array,
  value: SymbolKind.Property,
};

export function toSymbol(symbol: Outline, target: Target): DocumentSymbol {
  return {
    name: symbol.name,
    detail: symbol.detail,
    kind: symbolKinds[symbol.kind],
    range: rangeAt(target.lines, symbol.start, symbol.end, target.encoding),
    selectionRange: rangeAt(target.lines, symbol.nameStart, symbol.nameEnd, target.encoding),
    children: symbol.children.map((child) => toSymbol(child, target)),
  };
}

export function toEdit({ start, end, text }: Edit, base: number, { lines, encoding }: Target): TextEdit {
  return { range: rangeAt(lines, base + start, base + end, encoding), newText: text };
}
