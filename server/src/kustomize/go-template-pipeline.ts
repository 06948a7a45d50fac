// Reads the pipelines of Go templates: `inputs.name | default "x" | quote`, `$key := .name`, `(eq .a 1)`.
import type { Value } from '../syntax/tree.ts';

export interface Pipeline {
  /** The names of the variables that it declares or assigns, with the dollar sign. */
  readonly declares: readonly string[];
  /** Each is a function with arguments, or one operand. */
  readonly commands: readonly (readonly Operand[])[];
}

export type Operand =
  | { readonly is: 'literal'; readonly value: Value }
  | { readonly is: 'dot'; readonly fields: readonly string[] }
  | { readonly is: 'variable' | 'function'; readonly name: string; readonly fields: readonly string[] }
  | { readonly is: 'pipeline'; readonly pipeline: Pipeline; readonly fields: readonly string[] };

/** Undefined if it is invalid. */
export function parsePipeline(text: string): Pipeline | undefined {
  const words = wordsIn(text);
  const reader: Reader = { words: words ?? [], at: 0 };
  const pipeline = words && read(reader, 0);
  return pipeline && reader.at === reader.words.length ? pipeline : undefined;
}

interface Reader {
  readonly words: readonly string[];
  at: number;
}

const word =
  /\s+|"(?:[^"\\\n]|\\.)*"|`[^`]*`|:=|[=,|()]|-?\d+(?:\.\d+)?(?![\w.])|\$?[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*|\$(?![A-Za-z_])|\.(?:[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)?/y;

function wordsIn(text: string): readonly string[] | undefined {
  const words: string[] = [];
  word.lastIndex = 0;
  for (let at = 0; at < text.length; at = word.lastIndex) {
    word.lastIndex = at;
    const found = word.exec(text)?.[0];
    if (found === undefined) return undefined;
    if (found.trim() !== '') words.push(found);
  }
  return words;
}

/** Deeper than any real pipeline. */
const deepest = 50;

function read(reader: Reader, depth: number): Pipeline | undefined {
  const declares = declarations(reader);
  const commands: Operand[][] = [[]];
  for (let next = reader.words[reader.at]; next !== undefined && next !== ')'; next = reader.words[reader.at]) {
    reader.at += 1;
    if (next === '|') commands.push([]);
    else {
      const one = next === '(' ? nested(reader, depth) : operandOf(next);
      if (!one) return undefined;
      commands.at(-1)!.push(one);
    }
  }
  return commands.every((command) => command.length > 0) ? { declares, commands } : undefined;
}

/** `$name :=`, `$name =` or `$key, $value :=`. */
function declarations(reader: Reader): readonly string[] {
  const { words, at } = reader;
  const isName = (one: string | undefined) => one !== undefined && /^\$\w+$/.test(one);
  const isAssignment = (one: string | undefined) => one === ':=' || one === '=';
  if (isName(words[at]) && isAssignment(words[at + 1])) {
    reader.at += 2;
    return [words[at]!];
  }
  if (!isName(words[at]) || words[at + 1] !== ',' || !isName(words[at + 2]) || !isAssignment(words[at + 3])) return [];
  reader.at += 4;
  return [words[at]!, words[at + 2]!];
}

function nested(reader: Reader, depth: number): Operand | undefined {
  const pipeline = depth < deepest ? read(reader, depth + 1) : undefined;
  if (!pipeline || reader.words[reader.at] !== ')') return undefined;
  reader.at += 1;
  return { is: 'pipeline', pipeline, fields: [] };
}

function operandOf(text: string): Operand | undefined {
  const first = text[0]!;
  if (first === '"') {
    try {
      return { is: 'literal', value: JSON.parse(text) as string };
    } catch {
      return undefined;
    }
  }
  if (first === '`') return { is: 'literal', value: text.slice(1, -1) };
  if (/[-\d]/.test(first)) return { is: 'literal', value: text.includes('.') ? Number(text) : BigInt(text) };
  if (text === 'true' || text === 'false') return { is: 'literal', value: text === 'true' };
  if (text === 'nil') return { is: 'literal', value: null };
  if (first === '.') return { is: 'dot', fields: text === '.' ? [] : text.slice(1).split('.') };
  const [name = '', ...fields] = text.split('.');
  if (first === '$') return { is: 'variable', name, fields };
  return /^[A-Za-z_]/.test(first) ? { is: 'function', name, fields } : undefined;
}
