// Entry of dist/cluster.js: serves the engine through JSON-RPC on standard input and output. Exits when its client is gone or
// can't be understood; internal errors are logged, redacted, and do not end it.
import process from 'node:process';
import { createMessageConnection } from 'vscode-languageserver/node';
import { endpoint, logged, watchParent } from '../stdio/endpoint.ts';
import { serve } from './server.ts';

const { reader, writer } = endpoint(process.stdin, process.stdout, end);
const connection = createMessageConnection(reader, writer);
const server = serve(connection, process.env);

for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
  process.on(event, (error: unknown) =>
    server.log('error', `internal: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`),
  );
}
// The client names its process: when it dies early, the parent is another one by now.
watchParent(Number(process.argv[2]) || process.ppid, end);
connection.listen();

/** Milliseconds in which connections and plugins end. */
const patience = 5000;

/** The client ends the process by closing its input, which is no failure. */
function end(why: string, code: number): void {
  logged('cluster server', why);
  const isClosed = process.stdin.readableEnded;
  const exit = () => process.exit(isClosed ? 0 : code);
  setTimeout(exit, patience);
  void server.dispose().finally(exit);
}
