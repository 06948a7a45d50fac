// Whatever completion offers in the example fleet and in the objects of our snippets brings no finding when it is accepted.
// `npm run completions -- accepting` does the same on public repositories.
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { snippetTexts } from '../server/src/disk/snippets.ts';
import { expand } from '../server/src/features/completion/expand.ts';
import { readSnippets } from '../server/src/features/completion/snippets.ts';
import { testCatalog } from '../server/src/fixture.ts';
import { Workspace } from '../server/src/workspace/workspace.ts';
import { accepting } from './bench/completions/accepting.ts';
import { openRepository, subjectsIn } from './bench/completions/corpus.ts';
import { randomOf } from './live/verdict/random.ts';

const sampling = { random: randomOf(1), places: 1, items: 4, snippets: readSnippets(snippetTexts()) };

/** Documents of one workspace: each edit of the fleet changes what several clusters get. */
const most = 20;

function brought(workspace: Workspace): { readonly accepted: number; readonly findings: readonly string[] } {
  const subjects = subjectsIn(workspace);
  const step = Math.max(1, Math.ceil(subjects.length / most));
  const outcomes = subjects
    .filter((_, index) => index % step === 0)
    .flatMap((subject) => accepting(workspace, subject, sampling));
  return {
    accepted: outcomes.length,
    findings: outcomes.flatMap(({ subject, label, inside, elsewhere }) =>
      [...inside, ...elsewhere].map((finding) => `${subject.path} ${label}: ${finding}`),
    ),
  };
}

test('in the example fleet', { timeout: 60_000 }, async () => {
  const { accepted, findings } = brought(
    await openRepository(fileURLToPath(new URL('../examples/fleet', import.meta.url))),
  );
  expect(findings).toEqual([]);
  expect(accepted).toBeGreaterThan(40);
});

test('in our snippets of objects', { timeout: 60_000 }, () => {
  const objects = sampling.snippets.filter(({ object }) => object?.groupKind.includes('/') === true);
  const results = objects.map(({ body }) => {
    const workspace = new Workspace(testCatalog);
    workspace.put('a.yaml', `${expand(body.join('\n'))}\n`);
    return brought(workspace);
  });
  expect(results.flatMap(({ findings }) => findings)).toEqual([]);
  expect(results.reduce((sum, { accepted }) => sum + accepted, 0)).toBeGreaterThan(100);
});
