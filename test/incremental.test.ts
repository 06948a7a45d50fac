// After any changes of files the findings are those of a fresh start, whatever was asked, begun or given up in between.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { diagnose } from '../server/src/features/diagnostics.ts';
import { findingsAtRest, findingsWhileTyping, preparing } from '../server/src/features/latest-findings.ts';
import { testCatalog } from '../server/src/fixture.ts';
import { inWalkOrder, isYamlPath } from '../server/src/kustomize/paths.ts';
import { fleetOf } from '../server/src/workspace/fleets.ts';
import { Workspace } from '../server/src/workspace/workspace.ts';
import { generatedFleet } from './bench/fleets.ts';
import { fleet as exampleFolder, fleetFiles } from './fleet/repositories.ts';

const generated = generatedFleet({ clusters: 3, apps: 2, overlays: 2, appsPerCluster: 2, controllers: 2 });
const example = new Map(
  fleetFiles()
    .filter(isYamlPath)
    .map((path) => [path, readFileSync(join(exampleFolder, path), 'utf8')] as const),
);

type Files = Map<string, string>;
type Random = (below: number) => number;

/** Numbers that are the same for the same seed (a linear congruential generator). */
function randomOf(seed: number): Random {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

function started(files: Files): Workspace {
  const workspace = new Workspace(testCatalog);
  const paths = [...files.keys()].sort(inWalkOrder);
  workspace.list(paths);
  for (const path of paths) workspace.put(path, files.get(path)!);
  return workspace;
}

/** An edit of a line: its value is that of another line, it is gone, or it is there twice. */
function edited(text: string, random: Random): string {
  const lines = text.split('\n');
  const at = random(lines.length);
  const line = lines[at]!;
  const value = /: (.+)$/.exec(lines[random(lines.length)]!)?.[1] ?? 'other';
  const others = [[], [line, line], [line.replace(/: .+$/, `: ${value}`)], [line.replace(/\w(?=\w*$)/, 'x')]];
  return lines.toSpliced(at, 1, ...others[random(others.length)]!).join('\n');
}

/** Changes a file, and the workspace alike. */
function change(files: Files, workspace: Workspace, random: Random): string {
  const paths = [...files.keys()];
  const path = paths[random(paths.length)]!;
  const text = files.get(path)!;
  const write = (to: string, what: string) => {
    files.set(to, what);
    workspace.put(to, what);
  };
  const remove = () => {
    files.delete(path);
    workspace.remove(path);
  };
  const other = path.replace(/([^/]+)$/, 'other-$1');
  switch (random(6)) {
    case 0:
      remove();
      return `remove ${path}`;
    case 1:
      remove();
      write(other, text);
      return `rename ${path}`;
    case 2:
      write(other, text.replace(/^ {2}name: .*$/m, '  name: added'));
      return `add ${other}`;
    default:
      write(path, edited(text, random));
      return `edit ${path}`;
  }
}

/** What an editor may ask or begin before it asks for all findings. */
function disturb(files: Files, workspace: Workspace, random: Random): void {
  const paths = [...files.keys()];
  const path = paths[random(paths.length)]!;
  const ask = random(4);
  if (ask === 0) findingsWhileTyping(workspace, path);
  else if (ask === 1) fleetOf(workspace).chainsOf(path);
  else if (ask === 2) {
    const steps = preparing(workspace);
    for (let count = random(40); count > 0; count -= 1) steps.next();
  }
}

const findingsOf = (files: Files, find: (path: string) => unknown) =>
  Object.fromEntries([...files.keys()].sort().map((path) => [path, find(path)]));

describe.each([
  ['a generated fleet', generated.files, 12, 14],
  ['the example fleet', example, 3, 10],
] as const)('%s', (_name, original, seeds, changes) => {
  test.each(Array.from({ length: seeds }, (_, seed) => seed + 1))('seed %i', (seed) => {
    const random = randomOf(seed);
    const files: Files = new Map(original);
    const workspace = started(files);
    const done: string[] = [];
    for (let round = 0; round < changes; round += 1) {
      done.push(change(files, workspace, random));
      disturb(files, workspace, random);
      if (random(3) > 0) continue;
      const fresh = started(files);
      const found = findingsOf(files, (path) => findingsAtRest(workspace, path));
      expect(found, done.join('\n')).toEqual(findingsOf(files, (path) => diagnose(fresh, path)));
    }
  });
});

test('the changes bring findings, of clusters too', () => {
  const rules = new Set<string>();
  for (let seed = 1; seed <= 4; seed += 1) {
    const files: Files = new Map(generated.files);
    const workspace = started(files);
    const random = randomOf(seed);
    for (let round = 0; round < 14; round += 1) change(files, workspace, random);
    for (const path of files.keys()) for (const { rule } of diagnose(workspace, path)) rules.add(rule.split('/')[0]!);
  }
  expect([...rules]).toEqual(expect.arrayContaining(['schema', 'kustomize', 'flux', 'info']));
});

test('while the files are being read, nothing is said of clusters', () => {
  const files: Files = new Map(generated.files);
  const release = 'infrastructure/base/controller-0/release.yaml';
  files.set(release, files.get(release)!.replace('name: charts-0', 'name: none'));
  const workspace = started(files);
  const rulesNow = () => [...files.keys()].flatMap((path) => diagnose(workspace, path).map(({ rule }) => rule));
  workspace.isWhole = false;
  expect(rulesNow()).not.toContain('reference/missing');
  workspace.isWhole = true;
  expect(rulesNow()).toContain('reference/missing');
});
