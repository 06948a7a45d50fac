// The findings that a change brings: those of the current files that the older ones don't have, wherever their lines are now.
import { problemOf } from '../../disk/files.ts';
import { diagnose, type FileFinding } from '../../features/diagnostics.ts';
import { groupedBy } from '../../kube/grouped.ts';
import { isYamlPath } from '../../kustomize/paths.ts';
import type { LintFinding } from '../../protocol.ts';
import { LineIndex } from '../../syntax/lines.ts';
import type { Workspace } from '../../workspace/workspace.ts';
import { olderFiles } from '../diff/against.ts';
import { currentFiles, statesOf } from '../diff/load.ts';
import type { Io } from '../io.ts';
import { byPlace, type Linted, shownAs, type Target, targetOf } from './check.ts';
import { lintFinding, unreadableFinding } from './share.ts';

export async function lintAgainst(
  paths: readonly string[],
  against: string,
  { cwd, env }: Pick<Io, 'cwd' | 'env'>,
): Promise<Linted> {
  const { isBelow, isFolder, repositoryOf } = await import('../../disk/files.ts');
  const { catalogOnDisk } = await import('../../disk/catalog.ts');
  const targets: Target[] = [];
  const refused: string[] = [];
  for (const path of paths) {
    const target = targetOf(path, cwd, { isBelow, isFolder, repositoryOf });
    if (typeof target === 'string') refused.push(target);
    else targets.push(target);
  }
  const findings: LintFinding[] = [];
  for (const [root, ofRoot] of groupedBy(targets, (target) => target.root)) {
    const current = currentFiles(root);
    const older = await olderFiles(current, against, { cwd, env });
    if ('problem' in older) {
      refused.push(older.problem);
      continue;
    }
    const { workspace, toCurrent } = statesOf(current, older, catalogOnDisk(env));
    const shown = (path: string) => shownAs(path, ofRoot);
    // A file that is moved from elsewhere brings its findings along.
    const before = [...workspace.paths()].flatMap((path) => foundIn(workspace, path));
    toCurrent();
    const after = [...workspace.paths()].flatMap((path) => (shown(path) === undefined ? [] : foundIn(workspace, path)));
    findings.push(
      ...brought(before, after, (path) => current.listed.has(path)).map((one) => ({
        ...one.finding,
        file: shown(one.path)!,
      })),
    );
    for (const path of older.changed) {
      const [file, read] = [shown(path), current.listed.has(path) ? current.source.read(path) : ''];
      if (file !== undefined && typeof read !== 'string' && isYamlPath(path))
        findings.push(unreadableFinding(file, problemOf(read)));
    }
  }
  return { findings: findings.toSorted(byPlace), refused };
}

interface Found {
  readonly path: string;
  readonly finding: LintFinding;
  /** What the finding is about, wherever it is in the text. */
  readonly key: string;
}

function foundIn(workspace: Workspace, path: string): readonly Found[] {
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
function brought(
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
