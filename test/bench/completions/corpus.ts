// The documents of repositories that completion is measured on: objects with a known schema and no findings in their
// syntax. One repository is in memory at a time.
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { workspaceAt } from '../../../server/src/cli/lint/root.ts';
import { preparing } from '../../../server/src/features/latest-findings.ts';
import { groupKindOf } from '../../../server/src/kube/identity.ts';
import { parseManifest } from '../../../server/src/syntax/manifest.ts';
import { atOnce } from '../../../server/src/syntax/steps.ts';
import { documentAt } from '../../../server/src/workspace/document.ts';
import type { Workspace } from '../../../server/src/workspace/workspace.ts';

export interface Subject {
  readonly path: string;
  /** Position of the document in its file. */
  readonly start: number;
  readonly text: string;
  /** `group/Kind`. */
  readonly kind: string;
}

/** The folders themselves, or their subfolders if they contain only folders. */
export function repositoriesIn(folders: readonly string[]): readonly string[] {
  return folders.flatMap((given) => {
    const folder = resolve(given);
    if (!existsSync(folder)) return [];
    const inner = readdirSync(folder).map((name) => join(folder, name));
    const isRepository = existsSync(join(folder, '.git')) || !inner.every((path) => statSync(path).isDirectory());
    return isRepository ? [folder] : inner;
  });
}

/** Read whole, as a language server reads it before anyone types. */
export async function openRepository(folder: string): Promise<Workspace> {
  const { workspace } = await workspaceAt(folder, {}, 'whole');
  atOnce(preparing(workspace));
  atOnce(workspace.readRest());
  return workspace;
}

export function subjectsIn(workspace: Workspace): readonly Subject[] {
  return candidatesIn(workspace).filter((one) => isSubject(workspace, one));
}

/** Documents of one object, before it is known whether completion can be measured on them. */
export function candidatesIn(workspace: Workspace): readonly Subject[] {
  return [...workspace.files()].flatMap(({ path, documents }) =>
    documents.flatMap(({ start, document: { text, facts } }): readonly Subject[] => {
      const [object] = facts.objects;
      if (!object || facts.objects.length > 1 || object.path.length > 0) return [];
      return [{ path, start, text, kind: groupKindOf(object.gvk) }];
    }),
  );
}

/** Parses the text: for a sample, ask only about the documents that are chosen. */
export function isSubject(workspace: Workspace, { path, start, text }: Subject): boolean {
  const { document } = documentAt(workspace.file(path)!, start)!;
  const role = workspace.role(path, document);
  if ((role !== 'manifest' && role !== 'kustomization') || text.includes('\t')) return false;
  if (!workspace.schemas.storeFor(path).lookup(document.facts.objects[0]!.gvk)?.served) return false;
  const { findings, sops } = parseManifest(text);
  return !sops && findings.length === 0;
}

/** The file with another text for the document. */
export function replaced(workspace: Workspace, { path, start, text }: Subject, by: string): string {
  const file = workspace.file(path)!.text;
  return file.slice(0, start) + by + file.slice(start + text.length);
}
