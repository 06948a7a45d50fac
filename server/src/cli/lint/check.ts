// The findings of files and folders: each PATH's root is read whole, since what else is there counts, and what lies at or
// below PATH is reported.
import { statSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { diagnose, type FileFinding } from '../../features/diagnostics.ts';
import { apiVersionOf } from '../../kube/identity.ts';
import type { LintFinding } from '../../protocol.ts';
import { LineIndex } from '../../syntax/lines.ts';
import { largestFile } from '../../workspace/document.ts';
import { configName } from '../../workspace/roots.ts';
import { Workspace } from '../../workspace/workspace.ts';

type Env = Readonly<Record<string, string | undefined>>;

export interface Linted {
  /** By file, then by place. */
  readonly findings: readonly LintFinding[];
  /** PATHs that aren't there. */
  readonly missing: readonly string[];
}

export async function lintPaths(paths: readonly string[], cwd: string, env: Env): Promise<Linted> {
  const { repositoryOf, readText, walk } = await import('../../language/files.ts');
  const { catalogOnDisk } = await import('../../language/catalog.ts');
  const missing: string[] = [];
  const targets = paths.flatMap((path) => {
    const target = targetOf(path, cwd, repositoryOf);
    if (!target) missing.push(path);
    return target ?? [];
  });
  const catalog = catalogOnDisk(env);
  const findings: LintFinding[] = [];
  for (const root of new Set(targets.map((target) => target.root))) {
    const ofRoot = targets.filter((target) => target.root === root);
    const files = new Set([configName, ...walk(root)]);
    // A file that is named is checked whatever .gitignore says.
    for (const target of ofRoot) if (!target.folder) files.add(target.path);
    const workspace = new Workspace(catalog);
    workspace.list(files);
    const unreadable: LintFinding[] = [];
    for (const path of files) {
      const text = readText(join(root, path), largestFile.bytes);
      if (typeof text === 'string') workspace.put(path, text);
      else if (path !== configName) unreadable.push(...unreadableFinding(shownAs(path, ofRoot), text.problem));
    }
    findings.push(...unreadable);
    for (const path of files) {
      const shown = shownAs(path, ofRoot);
      if (shown === undefined) continue;
      const lines = new LineIndex(workspace.file(path)?.text ?? '');
      findings.push(...diagnose(workspace, path).map((finding) => lintFinding(finding, shown, lines)));
    }
  }
  return { findings: findings.toSorted(byPlace), missing };
}

interface Target {
  readonly root: string;
  /** Relative to the root; empty for the root itself. */
  readonly path: string;
  readonly folder: boolean;
  /** As given on the command line. */
  readonly given: string;
}

function targetOf(
  given: string,
  cwd: string,
  repositoryOf: (folder: string, fallback: string) => string,
): Target | undefined {
  const absolute = resolve(cwd, given);
  const stats = statSync(absolute, { throwIfNoEntry: false });
  if (!stats) return undefined;
  const folder = stats.isDirectory();
  const own = folder ? absolute : dirname(absolute);
  const root = repositoryOf(own, own);
  return { root, path: relative(root, absolute).split(sep).join('/'), folder, given };
}

/** The file's name beginning with PATH as it was given; undefined where no PATH holds the file. */
function shownAs(path: string, targets: readonly Target[]): string | undefined {
  for (const target of targets) {
    if (path === target.path) return target.given;
    if (!target.folder || !(target.path === '' || path.startsWith(`${target.path}/`))) continue;
    const below = target.path === '' ? path : path.slice(target.path.length + 1);
    const shown = join(target.given, below);
    return isAbsolute(shown) ? shown : shown.split(sep).join('/');
  }
  return undefined;
}

const nowhere = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };

function unreadableFinding(file: string | undefined, message: string): LintFinding[] {
  return file === undefined ? [] : [{ file, range: nowhere, severity: 'warning', rule: 'info/unreadable', message }];
}

function lintFinding(
  { rule, severity, start, end, message, object }: FileFinding,
  file: string,
  lines: LineIndex,
): LintFinding {
  const head = { file, range: lines.rangeAt(start, end), severity, rule, message };
  if (!object) return head;
  const { gvk, namespace, name } = object;
  return {
    ...head,
    resource: {
      apiVersion: apiVersionOf(gvk),
      kind: gvk.kind,
      ...(namespace !== undefined && { namespace }),
      ...(name !== undefined && { name }),
    },
  };
}

function byPlace(a: LintFinding, b: LintFinding): number {
  return (
    compare(a.file, b.file) ||
    a.range.start.line - b.range.start.line ||
    a.range.start.character - b.range.start.character ||
    compare(a.rule, b.rule)
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
