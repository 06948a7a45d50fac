// The URIs of documents of live objects: the path is shown in the tab and the breadcrumb, the query identifies the object.
import * as vscode from 'vscode';
import { kindName, type LiveRef } from '../../../server/src/kube/identity.ts';

export interface Target {
  readonly context: string;
  readonly ref: LiveRef;
}

export function uriAt(scheme: string, { context, ref }: Target, extension: string): vscode.Uri {
  const folders = [context, ref.namespace, kindName(ref.groupKind)]
    .filter((part) => part !== undefined)
    .map((part) => part.replaceAll('/', '∕'));
  return vscode.Uri.from({
    scheme,
    path: `/${[...folders, `${ref.name}.${extension}`].join('/')}`,
    query: JSON.stringify({ context, ref }),
  });
}

/** A URI may come from any source (a restored tab, a link), so it is validated. */
export function targetOf(uri: vscode.Uri): Target | undefined {
  try {
    const { context, ref } = JSON.parse(uri.query) as Target;
    const whole = [context, ref.cluster, ref.groupKind, ref.name, ref.namespace ?? ''].every(
      (part) => typeof part === 'string',
    );
    return whole ? { context, ref } : undefined;
  } catch {
    return undefined;
  }
}
