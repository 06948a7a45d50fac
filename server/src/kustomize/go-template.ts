// Go templates (text/template) as ResourceSets use them, with the delimiters `<<` and `>>`: fields, variables, pipelines,
// `if`, `range`, `with`. What isn't supported, or depends on an unknown value, is a hole.
import { unknown, type Value } from '../syntax/tree.ts';
import { isList, isObject, own } from '../syntax/value.ts';
import { isTrue, printed, templateFunctions } from './go-template-functions.ts';
import { type Operand, type Pipeline, parsePipeline } from './go-template-pipeline.ts';

/** A part of the output, and the range of the template that it comes from. */
export interface Rendered {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** The text is the template's own. */
  readonly isVerbatim: boolean;
  /** The value is unknown; the text is the action as written. */
  readonly isHole: boolean;
}

export interface Rendering {
  readonly parts: readonly Rendered[];
  /** Parts are missing: a condition or a list is unknown, or the template is invalid. */
  readonly isIncomplete: boolean;
}

/** `inputs` is the value of the function of that name. Never throws. */
export function renderTemplate(template: string, inputs: Value): Rendering {
  const tokens = tokensIn(template);
  const reader: Reader = { tokens, at: 0, isInvalid: false };
  const nodes = nodesIn(reader);
  const run: Run = { template, parts: [], isIncomplete: reader.isInvalid, steps: 0 };
  execute(nodes, { inputs, dot: null, variables: new Map() }, run);
  return run;
}

interface Token {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly isAction: boolean;
}

/** Texts and actions; `<<-` and `->>` remove the white space beside them. */
function tokensIn(template: string): readonly Token[] {
  const tokens: Token[] = [];
  const action = /<<(?:-(?=\s))?((?:"(?:[^"\\\n]|\\.)*"|`[^`]*`|(?!>>)[\s\S])*?)(?:(?<=\s)-)?>>/g;
  let from = 0;
  let trims = false;
  const addText = (to: number, trimsEnd: boolean) => {
    const raw = template.slice(from, to);
    const start = trims ? from + raw.length - raw.trimStart().length : from;
    const end = trimsEnd ? Math.max(start, from + raw.trimEnd().length) : to;
    if (end > start) tokens.push({ start, end, text: template.slice(start, end), isAction: false });
  };
  for (const found of template.matchAll(action)) {
    const [whole, body = ''] = found;
    addText(found.index, whole.startsWith('<<-'));
    const end = found.index + whole.length;
    tokens.push({ start: found.index, end, text: body.trim(), isAction: true });
    from = end;
    trims = whole.endsWith('->>');
  }
  addText(template.length, false);
  return tokens;
}

type Node =
  | { readonly is: 'text'; readonly token: Token }
  | { readonly is: 'bad'; readonly token: Token }
  | { readonly is: 'action'; readonly token: Token; readonly pipeline: Pipeline }
  | Block;

interface Block {
  readonly is: 'if' | 'with' | 'range';
  readonly pipeline: Pipeline;
  readonly body: readonly Node[];
  readonly otherwise: readonly Node[];
}

interface Reader {
  readonly tokens: readonly Token[];
  at: number;
  isInvalid: boolean;
}

/** Up to `end` or `else`, which is left for the caller. */
function nodesIn(reader: Reader): readonly Node[] {
  const nodes: Node[] = [];
  for (let token = reader.tokens[reader.at]; token; token = reader.tokens[reader.at]) {
    const word = token.isAction ? /^\w+/.exec(token.text)?.[0] : undefined;
    if (word === 'end' || word === 'else') return nodes;
    reader.at += 1;
    if (!token.isAction) nodes.push({ is: 'text', token });
    else if (/^\/\*[\s\S]*\*\/$/.test(token.text)) continue;
    else if (word === 'if' || word === 'with' || word === 'range')
      nodes.push(...block(reader, word, token.text.slice(word.length)));
    else {
      const pipeline = parsePipeline(token.text);
      nodes.push(pipeline ? { is: 'action', token, pipeline } : { is: 'bad', token });
    }
  }
  return nodes;
}

function block(reader: Reader, is: 'if' | 'with' | 'range', condition: string): readonly Node[] {
  const pipeline = parsePipeline(condition);
  const body = nodesIn(reader);
  let otherwise: readonly Node[] = [];
  const next = reader.tokens[reader.at];
  const chained = next && /^else\s+(if|with)\b([\s\S]*)$/.exec(next.text);
  if (chained) {
    reader.at += 1;
    otherwise = block(reader, chained[1] as 'if' | 'with', chained[2]!);
  } else {
    if (next?.text === 'else') {
      reader.at += 1;
      otherwise = nodesIn(reader);
    }
    if (reader.tokens[reader.at]?.text === 'end') reader.at += 1;
    else reader.isInvalid = true;
  }
  if (pipeline) return [{ is, pipeline, body, otherwise }];
  reader.isInvalid = true;
  return [];
}

interface Scope {
  readonly inputs: Value;
  readonly dot: Value;
  readonly variables: Map<string, Value>;
}

interface Run {
  readonly template: string;
  readonly parts: Rendered[];
  isIncomplete: boolean;
  steps: number;
}

/** More than any real template takes. */
const mostSteps = 100_000;

function execute(nodes: readonly Node[], scope: Scope, run: Run): void {
  for (const node of nodes) {
    run.steps += 1;
    if (run.steps > mostSteps) run.isIncomplete = true;
    if (run.steps > mostSteps) return;
    if ('body' in node) branch(node, scope, run);
    else if (node.is === 'text') emit(run, node.token, node.token.text, true, false);
    else if (node.is === 'bad')
      emit(run, node.token, run.template.slice(node.token.start, node.token.end), false, true);
    else {
      const value = evaluate(node.pipeline, scope);
      if (node.pipeline.declares.length > 0) {
        scope.variables.set(node.pipeline.declares[0]!, value);
        continue;
      }
      const text = printed(value);
      const { start, end } = node.token;
      if (text === undefined) emit(run, node.token, run.template.slice(start, end), false, true);
      else emit(run, node.token, text, false, false);
    }
  }
}

function emit(run: Run, { start, end }: Token, text: string, isVerbatim: boolean, isHole: boolean): void {
  if (text !== '') run.parts.push({ text, start, end, isVerbatim, isHole });
}

function branch(node: Block, scope: Scope, run: Run): void {
  const value = evaluate(node.pipeline, scope);
  if (value === unknown) {
    run.isIncomplete = true;
    return;
  }
  const inner = (dot: Value): Scope => ({ ...scope, dot, variables: new Map(scope.variables) });
  if (!isTrue(value)) execute(node.otherwise, inner(scope.dot), run);
  else if (node.is === 'if') execute(node.body, inner(scope.dot), run);
  else if (node.is === 'with') execute(node.body, declared(inner(value), node.pipeline, [value]), run);
  else {
    for (const [key, item] of itemsOf(value)) {
      const names = node.pipeline.declares;
      const values: readonly Value[] = names.length > 1 ? [key, item] : [item];
      execute(node.body, declared(inner(item), node.pipeline, values), run);
    }
  }
}

/** Maps are ranged over in the order of their keys. */
function itemsOf(value: Value): readonly (readonly [Value, Value])[] {
  if (isList(value)) return value.map((item, index): readonly [Value, Value] => [BigInt(index), item]);
  if (!isObject(value)) return [];
  return Object.keys(value)
    .sort()
    .map((key) => [key, value[key]!]);
}

function declared(scope: Scope, { declares }: Pipeline, values: readonly Value[]): Scope {
  for (const [index, name] of declares.entries()) scope.variables.set(name, values[index] ?? null);
  return scope;
}

function evaluate({ commands }: Pipeline, scope: Scope): Value {
  let value: Value | undefined;
  for (const [name, ...args] of commands) {
    const rest = args.map((arg): Value => operand(arg, scope));
    const all: readonly Value[] = value === undefined ? rest : [...rest, value];
    const first = name!;
    value = first.is === 'function' && first.name !== 'inputs' ? call(first.name, all) : operand(first, scope);
  }
  return value ?? unknown;
}

function operand(one: Operand, scope: Scope): Value {
  switch (one.is) {
    case 'literal':
      return one.value;
    case 'pipeline':
      return fields(evaluate(one.pipeline, scope), one.fields);
    case 'dot':
      return fields(scope.dot, one.fields);
    case 'variable':
      return fields(scope.variables.get(one.name) ?? unknown, one.fields);
    case 'function':
      return one.name === 'inputs' ? fields(scope.inputs, one.fields) : call(one.name, []);
  }
}

/** A missing key is an error in a ResourceSet. */
function fields(value: Value, names: readonly string[]): Value {
  let found: Value | undefined = value;
  for (const name of names) found = isObject(found) ? own(found, name) : undefined;
  return found ?? (names.length > 0 && found !== null ? unknown : (found ?? null));
}

function call(name: string, args: readonly Value[]): Value {
  if (args.includes(unknown)) return unknown;
  return templateFunctions.get(name)?.(args) ?? unknown;
}
