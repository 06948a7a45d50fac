// The variables of Flux in a file: `${NAME}` under the cursor, its value in each cluster that gets the file, where that is
// set, and where else it is used.
import type { Origin } from '../kustomize/built.ts';
import { expand, hole, isBad, parseTemplate } from '../kustomize/substitute.ts';
import type { Variable, Variables } from '../kustomize/substitute-object.ts';
import { isSecretName, withoutCredentials } from '../syntax/credentials.ts';
import { placeAt } from '../syntax/navigate.ts';
import { codeInMarkdown, nameInMarkdown } from '../syntax/shown.ts';
import { variablesIn } from '../syntax/variables.ts';
import { fleetOf } from '../workspace/fleets.ts';
import type { Workspace } from '../workspace/workspace.ts';
import type { Cursor } from './cursor.ts';
import type { Hover } from './describe.ts';

/** An expression in a text; offsets are relative to the text. */
export interface Expression {
  readonly name: string;
  /** From the dollar sign to the closing brace. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

export function expressionsOf(text: string): readonly Expression[] {
  return variablesIn(text).map(({ name, start, end }) => {
    const [from, to] = [text.lastIndexOf('${', start), closingBrace(text, end)];
    return { name, text: text.slice(from, to), start: from, end: to };
  });
}

/** Longer expressions aren't followed to their end, so that many that aren't closed take no time. */
const longest = 400;

/** The end of an expression, whose default may have others in it; that of the name if it isn't closed on its line. */
function closingBrace(text: string, from: number): number {
  let open = 1;
  for (let at = from; at < Math.min(text.length, from + longest) && text[at] !== '\n'; at += 1) {
    if (text[at] === '{') open += 1;
    else if (text[at] === '}') open -= 1;
    if (open === 0) return at + 1;
  }
  return from;
}

/** What a variable is in one cluster. */
export interface VariableValue {
  readonly cluster: string;
  /** Undefined if it isn't set, or can't be known. */
  readonly value: string | undefined;
  /** Where it is set; undefined if it isn't. */
  readonly origin: Origin | undefined;
  /** The value comes from a Secret, or is a secret by the name of the variable, and isn't shown. */
  readonly isSecret: boolean;
  /**
   * What an expression with an operator, such as `${NAME:=default}`, becomes; undefined for one without, and if that can't be
   * known or contains a value of a Secret.
   */
  readonly result?: string;
}

/** The value of the expression's variable for each cluster that substitutes it in the file. */
export function valuesOf(workspace: Workspace, path: string, { name, text }: Expression): readonly VariableValue[] {
  const found = new Map<string, VariableValue>();
  for (const { cluster, appliers } of fleetOf(workspace).chainsOf(path)) {
    const variables = appliers.at(-1)?.result.variables;
    if (!variables) continue;
    const value = valueIn(workspace, cluster, name, variables.byName.get(name));
    const result = resultOf(workspace, text, variables);
    const one = { ...value, ...(result !== undefined && { result }) };
    const { origin } = one;
    found.set(JSON.stringify([cluster, one.value, one.result, origin?.source, origin?.start]), one);
  }
  return [...found.values()];
}

function resultOf(workspace: Workspace, text: string, { byName, isOpen }: Variables): string | undefined {
  const parts = parseTemplate(text);
  const [part, ...others] = isBad(parts) ? [] : parts;
  if (part === undefined || typeof part === 'string' || part.operator === '' || others.length > 0) return undefined;
  const {
    text: result,
    isHole,
    used,
  } = expand([part], text, {
    valueOf: (name) => byName.get(name)?.value ?? (isOpen ? hole : undefined),
    strict: false,
  });
  const isHidden = (name: string) => isSecretName(name) || isInSecret(workspace, byName.get(name)!.origin);
  return isHole || used.some(isHidden) ? undefined : withoutCredentials(result);
}

function valueIn(workspace: Workspace, cluster: string, name: string, variable: Variable | undefined): VariableValue {
  const isSecret = variable !== undefined && (isSecretName(name) || isInSecret(workspace, variable.origin));
  const value = variable && variable.value !== hole ? withoutCredentials(variable.value) : undefined;
  return { cluster, value, origin: variable?.origin, isSecret };
}

/** All variables that are set where a file is substituted, as they were found last, with their value for each cluster. */
export function variablesFor(workspace: Workspace, path: string): ReadonlyMap<string, readonly VariableValue[]> {
  const found = new Map<string, VariableValue[]>();
  for (const { cluster, result } of fleetOf(workspace).latestAppliersOf(path)) {
    for (const [name, variable] of result.variables?.byName ?? []) {
      const one = valueIn(workspace, cluster, name, variable);
      const known = found.get(name);
      if (known) known.push(one);
      else found.set(name, [one]);
    }
  }
  return found;
}

export function expressionAt({ document: { text }, offset }: Cursor): Expression | undefined {
  const from = text.lastIndexOf('\n', offset - 1) + 1;
  const end = text.indexOf('\n', offset);
  const line = text.slice(from, end === -1 ? text.length : end);
  const found = expressionsOf(line).findLast((one) => from + one.start <= offset && offset <= from + one.end);
  return found && { ...found, start: from + found.start, end: from + found.end };
}

/** Longer lists of clusters are cut. */
const mostLines = 8;

/** Undefined if nothing substitutes variables in the file. */
export function variableHover(cursor: Cursor): Hover | undefined {
  const at = expressionAt(cursor);
  const values = at ? valuesOf(cursor.workspace, cursor.path, at) : [];
  if (!at || values.length === 0) return undefined;
  const lines = new Set(
    values.map(
      (one) =>
        `- **${nameInMarkdown(one.cluster)}**: ${valueText(one)}${placeText(cursor.workspace, one)}${resultText(one)}`,
    ),
  );
  const shown = [...lines].slice(0, mostLines);
  const rest = lines.size > mostLines ? [`- … and ${lines.size - mostLines} more`] : [];
  const text = [`**${at.name}**, a variable of Flux`, '', ...shown, ...rest].join('\n');
  return { text, start: at.start, end: at.end };
}

/** The places where the variable under the cursor is set. */
export function variableOrigins(cursor: Cursor): readonly Origin[] {
  const at = expressionAt(cursor);
  if (!at) return [];
  const origins = valuesOf(cursor.workspace, cursor.path, at).flatMap(({ origin }) => (origin ? [origin] : []));
  return [...new Map(origins.map((one) => [placeOf(one), one])).values()];
}

function placeOf({ source, start }: Origin): string {
  return `${source.file} ${source.start + start}`;
}

/** The expressions in all files whose variable has its value from one of the places; offsets are those of the file. */
export function variableUses(workspace: Workspace, name: string, isMeant: (origin: Origin) => boolean) {
  const mark = new RegExp(`\\$\\{ *#?${name}\\b`);
  return [...workspace.files()].flatMap(({ path, text }) =>
    (text.includes(name) && mark.test(text) ? expressionsOf(text) : [])
      .filter((one) => one.name === name)
      .filter((one) => valuesOf(workspace, path, one).some(({ origin }) => origin !== undefined && isMeant(origin)))
      .map(({ start, end }) => ({ path, start, end })),
  );
}

/**
 * The variable under the cursor, which can be on an expression or on the entry that sets it, and the places where it is set.
 * Undefined if there is none that is set.
 */
export function variableAt(
  cursor: Cursor,
): { readonly name: string; readonly isSetAt: (origin: Origin) => boolean } | undefined {
  const at = expressionAt(cursor);
  if (at) {
    const places = new Set(variableOrigins(cursor).map(placeOf));
    return places.size === 0 ? undefined : { name: at.name, isSetAt: (origin) => places.has(placeOf(origin)) };
  }
  const entry = placeAt(cursor.manifest.root, cursor.offset)?.entry;
  if (entry?.value.type !== 'scalar' || !/^[A-Za-z_]\w*$/.test(entry.key.text)) return undefined;
  const { key, value } = entry;
  return {
    name: key.text,
    isSetAt: ({ source, start }) =>
      source.file === cursor.path && source.start === cursor.start && key.start <= start && start <= value.end,
  };
}

function valueText({ value, origin, isSecret }: VariableValue): string {
  if (origin === undefined) return 'not set';
  if (isSecret) return 'a secret, which isn’t shown';
  return value === undefined ? 'unknown' : codeInMarkdown(value);
}

function resultText({ value, result }: VariableValue): string {
  return result === undefined || result === value ? '' : `; here ${codeInMarkdown(result)}`;
}

function placeText(workspace: Workspace, { origin }: VariableValue): string {
  if (!origin) return '';
  const { source, start } = origin;
  const text = workspace.file(source.file)?.text ?? '';
  const line = text.slice(0, source.start + start).split('\n').length;
  return `, from ${nameInMarkdown(source.file)}:${line}`;
}

function isInSecret(workspace: Workspace, { source }: Origin): boolean {
  const placed = workspace.file(source.file)?.documents.find(({ start }) => start === source.start);
  return placed?.document.facts.objects.some(({ groupKind }) => groupKind === '/Secret') ?? true;
}
