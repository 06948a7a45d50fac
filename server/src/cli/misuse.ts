// Reports wrong usage of the command line. The messages replace Node's, which describe its API and suggest arguments
// that no verb accepts.
import { type ParseArgsConfig, parseArgs } from 'node:util';
import type { Io } from './io.ts';

type Options = NonNullable<ParseArgsConfig['options']>;

export type Flags<O extends Options> = Pick<
  ReturnType<typeof parseArgs<{ options: O; allowPositionals: true }>>,
  'values' | 'positionals'
>;

interface VerbUsage {
  readonly verb: string;
  readonly usage: string;
}

/** The flags of a verb and its other arguments, or its exit code after wrong usage or `--help`. */
export function flagsIn<O extends Options>(
  { verb, usage }: VerbUsage,
  options: O,
  args: readonly string[],
  io: Io,
): Flags<O> | number {
  const help = { type: 'boolean', short: 'h' } as const;
  try {
    const parsed = parseArgs({ args: [...args], options: { ...options, help }, allowPositionals: true });
    const { help: isAsked } = parsed.values as { readonly help?: boolean };
    if (!isAsked) return parsed as unknown as Flags<O>;
    io.stdout.write(usage);
    return 0;
  } catch (error) {
    return misused(io, verb, misuse(error), usage);
  }
}

/** Prints the problem with a verb's arguments and the verb's usage; returns the exit code. */
export function misused(io: Io, verb: string, problem: string, usage: string): number {
  io.stderr.write(`capstan ${verb}: ${problem}\n\n${usage}`);
  return 2;
}

/** The problem for an error thrown by `parseArgs`. */
export function misuse(error: unknown): string {
  const { code, message } = error as { readonly code?: string; readonly message: string };
  const named = /'([^']*)'/.exec(message)?.[1] ?? '';
  switch (code) {
    case 'ERR_PARSE_ARGS_UNKNOWN_OPTION':
      return `unknown option ${named}`;
    case 'ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL':
      return `unexpected argument "${named}"`;
    case 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE': {
      const option = named.replace(/ <value>$/, '');
      if (message.includes('ambiguous')) {
        const dashed = option.startsWith('--') ? `${option}=-…` : `${option}-…`;
        return `${option} needs a value; one that begins with a dash is written ${dashed}`;
      }
      return message.includes('does not take') ? `${option} takes no value` : `${option} needs a value`;
    }
    default:
      return message;
  }
}
