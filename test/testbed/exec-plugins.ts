// Misbehaving credential plugins, each a separate program for a kubeconfig's `exec`. Every run appends a line to `runs`, so
// that a test can count the runs.
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export type PluginBehaviour =
  /** Prints a valid credential with `token` after `takes` ms; it expires `expiresIn` seconds after the run (absent: never). */
  | { readonly kind: 'token'; readonly token: string; readonly expiresIn?: number; readonly takes?: number }
  /** Prints the client certificate and key that are in the files at the time of the run. */
  | { readonly kind: 'certificate'; readonly cert: string; readonly key: string; readonly expiresIn: number }
  /** Sleeps for an hour, and so does its child process: killing only the plugin would leave the child. */
  | { readonly kind: 'hang' }
  | { readonly kind: 'garbage' }
  | { readonly kind: 'huge'; readonly megabytes: number }
  /** Writes `secret` to standard error and fails. */
  | { readonly kind: 'leak'; readonly secret: string }
  /** Prompts on its terminal and waits for input. */
  | { readonly kind: 'prompt' };

export interface FakePlugin {
  readonly command: string;
  runs(): number;
  /** Maximum number of concurrent runs; recorded for plugins that print a token. */
  most(): number;
  /** Process ids of the runs and of their children, to verify that none is left. */
  pids(): readonly number[];
}

export function writePlugin(folder: string, name: string, behaviour: PluginBehaviour): FakePlugin {
  const command = join(folder, name);
  const log = join(folder, `${name}.runs`);
  writeFileSync(command, `#!${process.execPath}\n${program(behaviour, log)}`);
  chmodSync(command, 0o755);
  const lines = () => (existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n').filter(Boolean) : []);
  return {
    command,
    runs: () => lines().filter((line) => line.startsWith('run ')).length,
    most() {
      let [now, most] = [0, 0];
      for (const line of lines()) {
        now += line.startsWith('run ') ? 1 : line.startsWith('end ') ? -1 : 0;
        most = Math.max(most, now);
      }
      return most;
    },
    pids: () => lines().map((line) => Number(line.split(' ')[1])),
  };
}

function program(behaviour: PluginBehaviour, log: string): string {
  const note = `
const { appendFileSync } = require('node:fs');
appendFileSync(${JSON.stringify(log)}, 'run ' + process.pid + '\\n');
`;
  switch (behaviour.kind) {
    case 'token':
      return `${note}
const expires = ${behaviour.expiresIn ?? 'undefined'};
const status = { token: ${JSON.stringify(behaviour.token)} };
if (expires !== undefined) status.expirationTimestamp = new Date(Date.now() + expires * 1000).toISOString();
const { apiVersion } = JSON.parse(process.env.KUBERNETES_EXEC_INFO);
setTimeout(() => {
  appendFileSync(${JSON.stringify(log)}, 'end ' + process.pid + '\\n');
  process.stdout.write(JSON.stringify({ apiVersion, kind: 'ExecCredential', status }));
}, ${behaviour.takes ?? 0});
`;
    case 'certificate':
      return `${note}
const { readFileSync } = require('node:fs');
const status = {
  clientCertificateData: readFileSync(${JSON.stringify(behaviour.cert)}, 'utf8'),
  clientKeyData: readFileSync(${JSON.stringify(behaviour.key)}, 'utf8'),
  expirationTimestamp: new Date(Date.now() + ${behaviour.expiresIn} * 1000).toISOString(),
};
const { apiVersion } = JSON.parse(process.env.KUBERNETES_EXEC_INFO);
process.stdout.write(JSON.stringify({ apiVersion, kind: 'ExecCredential', status }));
`;
    case 'hang':
      return `${note}
const child = require('node:child_process').spawn('sleep', ['3600'], { stdio: 'inherit' });
appendFileSync(${JSON.stringify(log)}, 'child ' + child.pid + '\\n');
process.on('SIGTERM', () => {});
setTimeout(() => {}, 3600_000);
`;
    case 'garbage':
      return `${note}process.stdout.write('<html>please sign in</html>');`;
    case 'huge':
      return `${note}
const piece = 'x'.repeat(1 << 20);
let left = ${behaviour.megabytes};
(function more() { while (left-- > 0) if (!process.stdout.write(piece)) return process.stdout.once('drain', more); })();
`;
    case 'leak':
      return `${note}process.stderr.write('could not refresh: token=' + ${JSON.stringify(behaviour.secret)} + '\\n'); process.exitCode = 1;`;
    case 'prompt':
      return `${note}
process.stderr.write('Password: ');
process.stdin.once('data', () => process.exit(0));
process.stdin.once('end', () => { process.stderr.write('no terminal\\n'); process.exit(3); });
setTimeout(() => {}, 3600_000);
`;
  }
}
