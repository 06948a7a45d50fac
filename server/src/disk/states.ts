// The older and the current files of a root in one workspace, one state after the other, so that what they have in common is
// read and built once.
import { setFiles } from '../change/revert.ts';
import type { Side } from '../change/side.ts';
import { bothSidesInSteps, type States } from '../change/spared.ts';
import { type ChartSource, noCharts } from '../charts/files.ts';
import { noRenders, type Renders } from '../charts/render.ts';
import type { FileSource } from '../kustomize/file-source.ts';
import { isYamlPath } from '../kustomize/paths.ts';
import type { Catalog, Targets } from '../schema/load.ts';
import { atOnce, type Steps } from '../syntax/steps.ts';
import type { SourceFile } from '../workspace/document.ts';
import { Workspace } from '../workspace/workspace.ts';
import type { CurrentFiles, OlderFiles } from './older.ts';

export interface Known {
  readonly catalog: Catalog;
  readonly charts?: ChartSource;
  /** What renders releases, if the user agreed. */
  readonly renders?: Renders | undefined;
  /** Versions that all clusters are taken to run. */
  readonly targets?: Targets;
  /** See `Workspace`. */
  readonly usesCrds?: boolean;
  /** A current file that was read already. */
  readonly file?: (path: string) => SourceFile | undefined;
}

export function statesOf(current: CurrentFiles, older: OlderFiles, known: Known): States {
  return atOnce(statesInSteps(current, older, known));
}

function* statesInSteps(
  { source, listed }: CurrentFiles,
  older: OlderFiles,
  { catalog, charts = noCharts, renders = noRenders, targets = {}, usesCrds, file }: Known,
): Steps<States> {
  let isOlder = true;
  const at = () => (isOlder ? older.source : source);
  const both: FileSource = {
    read: (path) => at().read(path),
    bytes: (path) => at().bytes?.(path),
    kindOf: (path) => at().kindOf(path),
    realPath: (path) => at().realPath?.(path) ?? path,
    ...(source.below && { below: (folder: string) => at().below?.(folder) ?? [] }),
    isLink: (path) => at().isLink?.(path),
  };
  const text = (path: string) => {
    const read = both.read(path);
    return typeof read === 'string' ? read : undefined;
  };
  const workspace = new Workspace(catalog, both, charts, renders, usesCrds);
  if (Object.keys(targets).length > 0) workspace.ask(targets);
  const paths = new Set(listed);
  const changed = new Set(older.changed);
  for (const path of changed) {
    if (older.content(path)) paths.add(path);
    else paths.delete(path);
  }
  workspace.list(paths);
  for (const path of paths) {
    const known = changed.has(path) ? undefined : file?.(path);
    const content = known || !isYamlPath(path) ? undefined : text(path);
    if (known) workspace.adopt(known);
    else if (content !== undefined) workspace.put(path, content);
    yield;
  }
  const to = (state: 'older' | 'current') => {
    isOlder = state === 'older';
    const exists = (path: string) => (isOlder ? older.content(path) !== undefined : listed.has(path));
    setFiles(workspace, older.changed, exists, text);
  };
  return { workspace, toCurrent: () => to('current'), toOlder: () => to('older') };
}

export interface Sides {
  /** In its current state. */
  readonly workspace: Workspace;
  readonly old: Side;
  readonly now: Side;
}

export function sidesOf(current: CurrentFiles, older: OlderFiles, known: Known): Sides {
  return atOnce(sidesInSteps(current, older, known));
}

/** The current files must stay as they are until the last step. */
export function* sidesInSteps(current: CurrentFiles, older: OlderFiles, known: Known): Steps<Sides> {
  const states = yield* statesInSteps(current, older, known);
  return { workspace: states.workspace, ...(yield* bothSidesInSteps(states, older.changed)) };
}
