// The language server: wires the protocol to the workspace and the features.
import { createConnection, TextDocumentSyncKind } from 'vscode-languageserver/node';

/** Serves one client until it says exit. */
export function serve(input: NodeJS.ReadableStream, output: NodeJS.WritableStream): void {
  const connection = createConnection(input, output);
  connection.onInitialize(() => ({
    capabilities: { textDocumentSync: TextDocumentSyncKind.Incremental },
    serverInfo: { name: 'capstan' },
  }));
  connection.listen();
}
