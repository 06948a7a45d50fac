// Compares the findings of two states of a workspace, wherever their lines are.
import { diagnose, type FileFinding } from '../../features/diagnostics.ts';
import { LineIndex } from '../../syntax/lines.ts';
import type { Workspace } from '../../workspace/workspace.ts';
import type { LintFinding } from '../output.ts';
import { lintFinding } from './share.ts';

export interface Found {
  readonly path: string;
  readonly finding: LintFinding;
  /** What the finding is about, wherever it is in the text. */
  readonly key: string;
}

export function foundIn(workspace: Workspace, path: string): readonly Found[] {
  const findings = diagnose(workspace, path);
  if (findings.length === 0) return [];
  const text = workspace.file(path)?.text ?? '';
  const lines = new LineIndex(text);
  return findings.map((one) => ({ path, finding: lintFinding(one, path, lines), key: keyOf(one, text) }));
}

/** Messages may name what is elsewhere, so that they aren't compared. */
function keyOf({ rule, path, object, start, end }: FileFinding, text: string): string {
  const written = text.slice(start, end);
  const { gvk, namespace, name } = object ?? {};
  return JSON.stringify([rule, path, gvk?.group, gvk?.kind, namespace, name, written.includes('\n') ? '' : written]);
}

/** Each old finding accounts for one of the same file, else for one of another file if its own is gone. */
export function brought(
  before: readonly Found[],
  after: readonly Found[],
  isThere: (path: string) => boolean,
): readonly Found[] {
  const inFile = counted(before.map(({ path, key }) => `${path}\n${key}`));
  const rest = after.filter(({ path, key }) => !inFile.take(`${path}\n${key}`));
  const gone = counted(before.flatMap(({ path, key }) => (isThere(path) ? [] : key)));
  return rest.filter(({ key }) => !gone.take(key));
}

function counted(keys: readonly string[]): { take(key: string): boolean } {
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return {
    take(key) {
      const left = counts.get(key) ?? 0;
      if (left > 0) counts.set(key, left - 1);
      return left > 0;
    },
  };
}
