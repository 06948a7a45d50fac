// What a terminal needs so that programs in it use a context: the files of KUBECONFIG, and the program.
import { delimiter } from 'node:path';
import type { ClusterRequests } from '../../server/src/protocol.ts';

/** A program that reads KUBECONFIG. */
export interface ContextProgram {
  readonly name: string;
  readonly path: string;
  readonly args: readonly string[];
}

/** k9s, which changes nothing where Capstan doesn't. Throws if it isn't there. */
export function k9s({ k9s: path, readOnly }: ClusterRequests['terminal']['result']): ContextProgram {
  if (path === undefined)
    throw new Error('k9s isn’t on the PATH. Install it (https://k9scli.io), and start VS Code again.');
  return { name: 'k9s', path, args: readOnly ? ['--readonly'] : [] };
}

/** A kubeconfig with nothing but a current context. JSON is YAML, so that the name needs no quotes of its own. */
export function currentContextFile(context: string): string {
  return `${JSON.stringify({ apiVersion: 'v1', kind: 'Config', 'current-context': context })}\n`;
}

/** The value of KUBECONFIG: of its files, the first that has a current context decides (client-go tools/clientcmd). */
export function kubeConfigList(first: string, files: readonly string[]): string {
  return [first, ...files].join(delimiter);
}
