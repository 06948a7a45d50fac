// Entry of dist/cluster.js: serves the engine through JSON-RPC on standard input and output. Exits when its input closes;
// internal errors are logged, redacted, and do not end it.
import process from 'node:process';
import { createMessageConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-languageserver/node';
import { serve } from './server.ts';

const connection = createMessageConnection(
  new StreamMessageReader(process.stdin),
  new StreamMessageWriter(process.stdout),
);
const server = serve(connection, process.env);

for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
  process.on(event, (error: unknown) =>
    server.log('error', `internal: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`),
  );
}
// A write error means that the client is gone.
process.stdout.on('error', () => process.exit(0));
process.stdin.once('close', () => void server.dispose().finally(() => process.exit(0)));
connection.onClose(() => void server.dispose().finally(() => process.exit(0)));
connection.listen();
