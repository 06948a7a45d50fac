// The variables of Flux in a file: `${NAME}` under the cursor, its value in each cluster that gets the file, and where that is
// set.
import type { Origin } from '../kustomize/built.ts';
import { hole } from '../kustomize/substitute.ts';
import type { Variable } from '../kustomize/substitute-object.ts';
import { codeInMarkdown, nameInMarkdown } from '../syntax/shown.ts';
import { variablesIn } from '../syntax/variables.ts';
import { fleetOf } from '../workspace/fleets.ts';
import type { Workspace } from '../workspace/workspace.ts';
import type { Cursor } from './cursor.ts';
import type { Hover } from './describe.ts';

/** An expression in a text; offsets are relative to the text. */
export interface Expression {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

export function expressionsOf(text: string): readonly Expression[] {
  return variablesIn(text).map(({ name, start, end }) => {
    return { name, start: text.lastIndexOf('${', start), end: closingBrace(text, end) };
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
  /** The value comes from a Secret. */
  readonly isSecret: boolean;
}

/** The value of a variable for each cluster that substitutes it in the file. */
export function valuesOf(workspace: Workspace, path: string, name: string): readonly VariableValue[] {
  const found = new Map<string, VariableValue>();
  for (const { cluster, appliers } of fleetOf(workspace).chainsOf(path)) {
    const variables = appliers.at(-1)?.result.variables;
    if (!variables) continue;
    const one = valueIn(workspace, cluster, variables.byName.get(name));
    const { origin } = one;
    found.set(JSON.stringify([cluster, one.value, origin?.source, origin?.start]), one);
  }
  return [...found.values()];
}

function valueIn(workspace: Workspace, cluster: string, variable: Variable | undefined): VariableValue {
  const isSecret = variable !== undefined && isInSecret(workspace, variable.origin);
  const value = variable && variable.value !== hole ? variable.value : undefined;
  return { cluster, value, origin: variable?.origin, isSecret };
}

/** All variables that are set where a file is substituted, as they were found last, with their value for each cluster. */
export function variablesFor(workspace: Workspace, path: string): ReadonlyMap<string, readonly VariableValue[]> {
  const found = new Map<string, VariableValue[]>();
  for (const { cluster, result } of fleetOf(workspace).latestAppliersOf(path)) {
    for (const [name, variable] of result.variables?.byName ?? []) {
      const one = valueIn(workspace, cluster, variable);
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
  const values = at ? valuesOf(cursor.workspace, cursor.path, at.name) : [];
  if (!at || values.length === 0) return undefined;
  const lines = new Set(
    values.map((one) => `- **${nameInMarkdown(one.cluster)}**: ${valueText(one)}${placeText(cursor.workspace, one)}`),
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
  const origins = valuesOf(cursor.workspace, cursor.path, at.name).flatMap(({ origin }) => (origin ? [origin] : []));
  return [...new Map(origins.map((one) => [`${one.source.file} ${one.source.start + one.start}`, one])).values()];
}

function valueText({ value, origin, isSecret }: VariableValue): string {
  if (origin === undefined) return 'not set';
  if (isSecret) return 'a value of a Secret';
  return value === undefined ? 'unknown' : codeInMarkdown(value);
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
