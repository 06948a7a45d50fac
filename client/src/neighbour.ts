// Avoids duplicate completions and problems next to Red Hat's YAML extension. The user is asked once; with consent, Capstan
// registers an empty schema for Kubernetes documents through that extension's schema API. No setting is changed, and
// other YAML is unaffected.
import * as vscode from 'vscode';
import { isManifestText, silentContent, silentSchema } from './silentSchema.ts';

/** The interface the YAML extension's activate() returns (its README, "Adding custom schema provider"). */
interface YamlExtension {
  readonly registerContributor: (
    schema: string,
    requestSchema: (resource: string) => string | undefined,
    requestSchemaContent: (uri: string) => string,
  ) => boolean;
}

const neighbour = 'redhat.vscode-yaml';
const memory = 'capstan.neighbour';

export function settleWithNeighbour(context: vscode.ExtensionContext, log: vscode.LogOutputChannel): vscode.Disposable {
  const settle = async () => {
    const extension = vscode.extensions.getExtension<YamlExtension>(neighbour);
    if (extension === undefined || !vscode.workspace.textDocuments.some(isManifest)) return;
    stop.dispose();
    if ((await decision(context)) !== 'alone') return;
    const api = await extension.activate();
    const taken = api.registerContributor?.('capstan', schemaFor, () => silentContent) ?? false;
    log.info(
      taken
        ? `${neighbour} leaves Kubernetes documents to Capstan.`
        : `${neighbour} did not accept the schema provider.`,
    );
  };
  const run = () => settle().catch((error: Error) => log.warn(`${neighbour}: ${error.message}`));
  const stop = vscode.Disposable.from(
    vscode.workspace.onDidOpenTextDocument((document) => document.languageId === 'yaml' && run()),
    vscode.extensions.onDidChange(run),
  );
  void run();
  return stop;
}

async function decision(context: vscode.ExtensionContext): Promise<'alone' | 'both' | undefined> {
  const known = context.globalState.get<'alone' | 'both'>(memory);
  if (known !== undefined) return known;
  const alone = 'Capstan Alone';
  const both = 'Keep Both';
  const choice = await vscode.window.showInformationMessage(
    'The YAML extension by Red Hat also handles Kubernetes manifests, so completions and problems appear twice. Which extension should handle them? Other YAML is unaffected.',
    alone,
    both,
  );
  if (choice === undefined) return undefined;
  const decided = choice === alone ? 'alone' : 'both';
  await context.globalState.update(memory, decided);
  return decided;
}

function schemaFor(resource: string): string | undefined {
  const document = vscode.workspace.textDocuments.find(({ uri }) => uri.toString() === resource);
  return document !== undefined && isManifest(document) ? silentSchema : undefined;
}

function isManifest(document: vscode.TextDocument): boolean {
  return document.languageId === 'yaml' && isManifestText(document.getText(), document.uri.path);
}
