// Holds what `capstan diff` finds without building what a change doesn't reach against both sides built in full.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compareSides, surroundingsOf } from '../../../server/src/change/comparison.ts';
import { reportOf } from '../../../server/src/change/report.ts';
import { setFiles } from '../../../server/src/change/revert.ts';
import { type Side, sideOf } from '../../../server/src/change/side.ts';
import { bothSides } from '../../../server/src/change/spared.ts';
import { asJson } from '../../../server/src/cli/diff/json.ts';
import { Fleet } from '../../../server/src/workspace/fleet.ts';
import { buildsOf } from '../../../server/src/workspace/fleets.ts';
import type { Workspace } from '../../../server/src/workspace/workspace.ts';
import type { Random } from '../verdict/random.ts';
import { type Edit, editOf } from './edits.ts';

export interface Spared {
  readonly compared: number;
  /** The Kustomizations of Flux, and how many of them were built, over all changes. */
  readonly appliers: number;
  readonly built: number;
  readonly wrong: readonly string[];
}

/** Makes `wanted` changes in the workspace one after the other; the files on disk stay as they are. */
export function compareSpared(root: string, workspace: Workspace, wanted: number, random: Random): Spared {
  const candidates = [...workspace.paths()].filter((path) => path !== '.capstan.yaml').sort();
  const wrong: string[] = [];
  let [compared, appliers, built] = [0, 0, 0];
  for (let tries = 0; compared < wanted && tries < 10 * wanted && candidates.length > 0; tries += 1) {
    const path = random.pick(candidates);
    const textOf = (other: string) => (existsSync(join(root, other)) ? readFileSync(join(root, other), 'utf8') : '');
    const edit = editOf(path, textOf(path), random, textOf);
    if (!edit || ![...edit.files.keys()].every((one) => /\.ya?ml$/.test(one))) continue;
    const changed = [...edit.files.keys()];
    const toOlder = () =>
      set(workspace, new Map(changed.map((one) => [one, existsSync(join(root, one)) ? textOf(one) : undefined])));
    const toCurrent = () => set(workspace, edit.files);
    const spared = bothSides({ workspace, toOlder, toCurrent }, changed);
    const ours = printed(workspace, spared);
    for (const { appliers: all } of spared.now.targets)
      for (const { flux, base } of all)
        if (flux) {
          appliers += 1;
          if (base.reads.length > 0) built += 1;
        }
    toOlder();
    const fleet = new Fleet(workspace, buildsOf(workspace));
    const old = sideOf(workspace, changed, fleet);
    toCurrent();
    const full = printed(workspace, { old, now: sideOf(workspace, changed, fleet) });
    toOlder();
    compared += 1;
    if (ours !== full) wrong.push(`${edit.is} in ${path}: ${firstDifference(ours, full)}`);
  }
  return { compared, appliers, built, wrong };
}

function printed(workspace: Workspace, { old, now }: { readonly old: Side; readonly now: Side }): string {
  const surroundings = surroundingsOf(workspace);
  const report = reportOf(compareSides(old, now, surroundings), surroundings);
  return asJson(report, 'before', ({ source: { file, start }, start: at }) => ({ file, line: start + at }));
}

function firstDifference(ours: string, full: string): string {
  const [left, right] = [ours.split('\n'), full.split('\n')];
  const at = right.findIndex((line, index) => line !== left[index]);
  return `spared ${left[at]?.trim()}, in full ${right[at]?.trim()} (${left.length} and ${right.length} lines)`;
}

function set(workspace: Workspace, files: Edit['files']): void {
  setFiles(
    workspace,
    [...files.keys()],
    (path) => files.get(path) !== undefined,
    (path) => files.get(path),
  );
}
