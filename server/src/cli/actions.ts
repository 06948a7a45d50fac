// `capstan actions`: what was done to clusters from this machine, by the editor and the command line, the latest first.
import { parseArgs } from 'node:util';
import { auditFile, readAudit } from '../engine/actions/audit.ts';
import { changeWords } from '../engine/actions/write.ts';
import { presentable, redactValue } from '../engine/redact.ts';
import type { Io } from './io.ts';
import { misuse, misused } from './misuse.ts';
import { type Piece, type Tone, tableOfLines, writeLines } from './terminal.ts';

const usage = `Usage: capstan actions [--context NAME]... [--format text|json]

Shows what was changed in clusters from this machine, by the editor and by the command line, the latest first: when, where, which
action, what it changed, and what came of it. Contacts no cluster. Only the latest actions are kept, secrets hidden.

Exit: 0 shown, 2 wrong usage.
`;

export async function run(args: readonly string[], io: Io): Promise<number> {
  const options = {
    context: { type: 'string', multiple: true },
    format: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  } as const;
  let wanted: { readonly contexts: readonly string[]; readonly format: string };
  try {
    const { values } = parseArgs({ args: [...args], options });
    if (values.help) {
      io.stdout.write(usage);
      return 0;
    }
    wanted = { contexts: values.context ?? [], format: values.format ?? 'text' };
  } catch (error) {
    return misused(io, 'actions', misuse(error), usage);
  }
  const { contexts, format } = wanted;
  if (format !== 'text' && format !== 'json')
    return misused(io, 'actions', `--format must be text or json, not "${format}"`, usage);
  const entries = readAudit(io.env)
    .filter(({ context }) => contexts.length === 0 || contexts.includes(context))
    .toReversed();
  if (format === 'json') {
    io.stdout.write(`${JSON.stringify(redactValue(entries), null, 2)}\n`);
    return 0;
  }
  if (entries.length === 0) {
    io.stderr.write(`No actions are recorded in ${auditFile(io.env)}.\n`);
    return 0;
  }
  const head = ['TIME', 'CONTEXT', 'ACTION', 'OBJECT', 'OUTCOME', 'CHANGES', 'MESSAGE'];
  const rows = entries.map((entry): readonly Piece[] => {
    const { time, context, verb, kind, namespace, name, outcome, changes = [], message } = entry;
    const object = `${kind} ${[namespace, name].filter(Boolean).join('/')}`;
    const cells = [time.replace(/\.\d+/, ''), context, verb, object].map((text) => ({ text: presentable(text, 300) }));
    const shown = changes.map(changeWords).join(', ');
    return [
      ...cells,
      { text: outcome, tone: tones[outcome] },
      { text: presentable(shown, 120) },
      { text: presentable(message, 500) },
    ];
  });
  writeLines(io.stdout, tableOfLines([head.map((text) => ({ text, tone: 'faint' as const })), ...rows], 0));
  return 0;
}

const tones: Readonly<Record<string, Tone>> = { handled: 'good', failed: 'bad', requested: 'busy', sent: 'held' };
