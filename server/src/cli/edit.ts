// `capstan edit`: opens an object in the user's editor, as `kubectl edit` does, and writes the fields that were changed and no others:
// tried on the server first, with a conflict where somebody else changed the same fields.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { replaceFile } from '../disk/durable.ts';
import { readText } from '../disk/reader.ts';
import { presentable } from '../engine/redact.ts';
import { findResource } from '../engine/watch/discovery.ts';
import { readObject } from '../engine/watch/objects.ts';
import { editableOf, editValues } from '../explorer/editing.ts';
import { edit } from '../live/actions/edit.ts';
import { actOn, parseAct } from './act.ts';
import { connect } from './clusters/connect.ts';
import { reportProblem } from './clusters/flags.ts';
import type { Io } from './io.ts';
import { misused } from './misuse.ts';

const usage = `Usage: capstan edit KIND/NAME [-n NAMESPACE] --context NAME [--kubeconfig FILE] [--dry-run] [--wait] [--timeout 1m]
       [--format text|json]

Opens an object as YAML in the editor of VISUAL or EDITOR (vi without them). What was changed when the editor ends is tried on the
server and then written, and nothing else; if somebody else changed the same field in the meantime, nothing is. Secrets are
hidden in the text and stay as they are.

  --context NAME      the context to change; required, never defaults to the current one
  --dry-run           show what would change without changing anything

Exit: 0 written, or nothing was changed, 1 refused or failed: the text is kept and its file is named, 2 wrong usage.
`;

const connectTimeout = 30_000;
const largest = 8 << 20;

export async function run(args: readonly string[], io: Io): Promise<number> {
  const wanted = parseAct({ ...edit, parameters: [] }, args);
  if (wanted === 'help') {
    io.stdout.write(usage);
    return 0;
  }
  if (typeof wanted === 'string') return misused(io, 'edit', wanted, usage);
  const connection = await connect('edit', wanted, io, AbortSignal.timeout(connectTimeout));
  if (!connection) return 1;
  const { context, transport, discovery, namespace } = connection;
  const refuse = (message: string, remedy = ''): number => {
    reportProblem(io, 'edit', { message, remedy });
    return 1;
  };
  const folder = mkdtempSync(join(tmpdir(), 'capstan-edit-'));
  let isKept = false;
  const keep = (message: string): number => {
    isKept = true;
    return refuse(message, `What you wrote is in ${file}.`);
  };
  const file = join(folder, `${wanted.kind}-${wanted.name}.yaml`.replace(/[^\w.-]/g, '_'));
  try {
    const resource = findResource(discovery, wanted.kind);
    if (!resource) return refuse(`context "${context}": the server has no kind "${wanted.kind}"`);
    const read = await readObject(transport, resource, { namespace, name: wanted.name });
    if (!read.ok) return refuse(read.failure.message);
    const { text: base, uid } = editableOf(read.value);
    replaceFile(file, base, 0o600);
    const ended = await edited(file, io);
    if (ended !== undefined) return refuse(ended);
    const text = readText(file, { largest });
    if (typeof text !== 'string') return keep('the text could not be read');
    if (text === base) {
      io.stdout.write('Nothing was changed.\n');
      return 0;
    }
    const values = editValues({ base, text, uid });
    if (!values.ok) return keep(presentable(values.failure.message));
    const code = await actOn(connection, edit, { ...wanted, values: values.value }, io);
    return code === 0 ? 0 : keep('the change was not made');
  } finally {
    transport.close();
    if (!isKept) rmSync(folder, { recursive: true, force: true });
  }
}

/** Undefined once the editor has ended well. Without a shell: a file name is never a command. */
function edited(file: string, { env }: Io): Promise<string | undefined> {
  const [program = '', ...options] = (env.VISUAL || env.EDITOR || 'vi').split(' ').filter((word) => word !== '');
  return new Promise((done) => {
    const editor = spawn(program, [...options, file], { stdio: 'inherit', env: env as NodeJS.ProcessEnv });
    editor.once('error', ({ message }) => done(`the editor "${program}" can't be started: ${message}`));
    editor.once('exit', (code) =>
      done(code === 0 ? undefined : `the editor "${program}" ended with exit code ${code ?? 'of a signal'}`),
    );
  });
}
