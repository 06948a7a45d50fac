// What a terminal needs so that programs in it use a context: the files of KUBECONFIG, and where a program is.
import { delimiter, isAbsolute, join } from 'node:path';

/** A program that reads KUBECONFIG. */
export interface ContextProgram {
  readonly name: string;
  readonly args: readonly string[];
  /** Where it can be had. */
  readonly home: string;
}

/** k9s, which changes nothing where Capstan doesn't. */
export function k9s(readOnly: boolean): ContextProgram {
  return { name: 'k9s', args: readOnly ? ['--readonly'] : [], home: 'https://k9scli.io' };
}

/** A kubeconfig with nothing but a current context. JSON is YAML, so that the name needs no quotes of its own. */
export function currentContextFile(context: string): string {
  return `${JSON.stringify({ apiVersion: 'v1', kind: 'Config', 'current-context': context })}\n`;
}

/** The value of KUBECONFIG: of its files, the first that has a current context decides (client-go tools/clientcmd). */
export function kubeConfigList(first: string, files: readonly string[]): string {
  return [first, ...files].join(delimiter);
}

/** The program's path in the folders of PATH; relative ones are skipped, since they may be in a workspace. */
export function foundOn(path: string, name: string, isExecutable: (file: string) => boolean): string | undefined {
  const names = process.platform === 'win32' ? [`${name}.exe`] : [name];
  return path
    .split(delimiter)
    .filter(isAbsolute)
    .flatMap((folder) => names.map((one) => join(folder, one)))
    .find(isExecutable);
}
