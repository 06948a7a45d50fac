// Whatever completion offers in the example fleet, in our fixtures, in the examples of rules and in the objects of our
// snippets brings no finding when it is accepted. `npm run completions -- accepting` does the same on public repositories.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { snippetTexts } from '../server/src/disk/snippets.ts';
import { expand } from '../server/src/features/completion/expand.ts';
import { readSnippets } from '../server/src/features/completion/snippets.ts';
import { fixture } from '../server/src/features/fixture.ts';
import { testCatalog } from '../server/src/fixture.ts';
import { clusterRules, rules } from '../server/src/rules/rules.ts';
import { Workspace } from '../server/src/workspace/workspace.ts';
import { acceptingInMany } from './bench/completions/accepting.ts';
import { openRepository, subjectsIn } from './bench/completions/corpus.ts';
import { randomOf } from './live/verdict/random.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const snippets = readSnippets(snippetTexts());

interface Brought {
  readonly accepted: number;
  readonly findings: readonly string[];
}

/** Every `step`th document of each workspace. */
function brought(workspaces: readonly Workspace[], places: number, step = 1): Brought {
  const sampling = { random: randomOf(1), places, items: 4, snippets };
  const outcomes = workspaces.flatMap((workspace) => {
    const subjects = subjectsIn(workspace).filter((_, index) => index % step === 0);
    return acceptingInMany(workspace, subjects, sampling);
  });
  return {
    accepted: outcomes.length,
    findings: outcomes.flatMap(({ subject, state, label, inside, elsewhere }) =>
      [...inside, ...elsewhere].map((finding) => `${subject.path}, ${state}, ${label}: ${finding}`),
    ),
  };
}

/** Each file as a workspace of its own: our fixtures define the same names. */
function filesIn(folder: string): readonly Workspace[] {
  return readdirSync(join(root, folder))
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => {
      const workspace = new Workspace(testCatalog);
      workspace.put(name, readFileSync(join(root, folder, name), 'utf8'));
      return workspace;
    });
}

const timeout = 180_000;

test('in the example fleet', { timeout }, async () => {
  const { accepted, findings } = brought([await openRepository(join(root, 'examples/fleet'))], 1, 2);
  expect(findings).toEqual([]);
  expect(accepted).toBeGreaterThan(200);
});

test.each([
  ['server/src/validation/fixtures', 50],
  ['test/host/typing/manifests', 100],
] as const)('in %s', { timeout }, (folder, least) => {
  const { accepted, findings } = brought(filesIn(folder), 2);
  expect(findings).toEqual([]);
  expect(accepted).toBeGreaterThan(least);
});

test('in the examples of rules', { timeout }, () => {
  const examples = [...rules, ...clusterRules].map(({ docs }) => fixture(docs.good).workspace);
  const { accepted, findings } = brought(examples, 1);
  expect(findings).toEqual([]);
  expect(accepted).toBeGreaterThan(50);
});

test('in our snippets of objects', { timeout }, () => {
  const objects = snippets.filter(({ object }) => object?.groupKind.includes('/') === true);
  const written = objects.map(({ body }) => {
    const workspace = new Workspace(testCatalog);
    workspace.put('a.yaml', `${expand(body.join('\n'))}\n`);
    return workspace;
  });
  const { accepted, findings } = brought(written, 2);
  expect(findings).toEqual([]);
  expect(accepted).toBeGreaterThan(200);
});
