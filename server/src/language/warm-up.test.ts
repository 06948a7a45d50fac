// What is typed before anyone types: each kind of the opened documents once, a bounded number of letters, nothing changed.
import { beforeEach, expect, test, vi } from 'vitest';
import { complete } from '../features/completion/completion.ts';
import { usualLayout } from '../features/completion/layout.ts';
import { testCatalog } from '../fixture.ts';
import { Workspace } from '../workspace/workspace.ts';
import type { Session } from './session.ts';
import { warmUp } from './warm-up.ts';

vi.mock(import('../features/completion/completion.ts'), { spy: true });

beforeEach(() => {
  vi.useFakeTimers();
  vi.mocked(complete).mockClear();
});

const release = (name: string) => `apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: ${name}
spec:
  interval: 10m
  chartRef:
    kind: OCIRepository
    name: ${name}
`;

const many = Array.from(
  { length: 50 },
  (_, index) => `---\napiVersion: v1\nkind: Kind${index}\ndata:\n  a: b\n  c: d\n`,
);

function open(
  texts: Readonly<Record<string, string>>,
  read = Promise.resolve(),
): { workspace: Workspace; warm: (uri: string) => void } {
  const ready = Promise.resolve();
  const workspace = new Workspace(testCatalog);
  for (const [path, text] of Object.entries(texts)) workspace.put(path, text);
  const session = {
    programs: { placeOf: (uri: string) => ({ program: { ready, read, working() {}, workspace }, path: uri }) },
    log: (message: string) => {
      throw new Error(message);
    },
    client: {
      encoding: 'utf-16',
      snippets: true,
      resolves: true,
      details: true,
      selectsFirst: false,
      layout: usualLayout,
    },
    snippets: () => [],
  } as unknown as Session;
  return { workspace, warm: warmUp(session) };
}

/** The kinds in whose documents something was typed. */
const typedIn = () => vi.mocked(complete).mock.calls.map(([{ document }]) => /^kind: (\w+)$/m.exec(document.text)?.[1]);

test('each kind is typed in once, in whichever file it is opened first', async () => {
  const { workspace, warm } = open({ 'a.yaml': `${release('a')}---\n${release('b')}`, 'b.yaml': release('c') });
  const before = workspace.edition;
  warm('a.yaml');
  await vi.runAllTimersAsync();
  const first = typedIn().length;
  expect(first).toBeGreaterThan(6);
  expect(new Set(typedIn())).toEqual(new Set(['HelmRelease']));
  warm('b.yaml');
  await vi.runAllTimersAsync();
  expect(typedIn().length).toBe(first);
  expect(workspace.edition).toBe(before);
});

test('keys are typed where the schema of the kind has them, not only in metadata', async () => {
  const { warm } = open({ 'a.yaml': release('a') });
  warm('a.yaml');
  await vi.runAllTimersAsync();
  const labels = vi
    .mocked(complete)
    .mock.results.flatMap(({ value }) => value.map(({ label }: { label: string }) => label));
  expect(labels).toEqual(expect.arrayContaining(['suspend', 'driftDetection', 'OCIRepository']));
});

test('however much is opened, the letters are bounded', async () => {
  const texts = Object.fromEntries(
    Array.from({ length: 20 }, (_, file) => [`${file}.yaml`, many.join('').replaceAll('Kind', `Kind${file}x`)]),
  );
  const { warm } = open(texts);
  for (const path of Object.keys(texts)) warm(path);
  await vi.runAllTimersAsync();
  expect(typedIn().length).toBe(60);
});

test.each([
  ['a list', '- a\n- b\n'],
  ['invalid', 'kind: ['],
  ['long', `${release('a')}  values:\n${'    # more\n'.repeat(2_000)}`],
])('a text in which nothing is typed: %s', async (_name, text) => {
  const { warm } = open({ 'a.yaml': text });
  warm('a.yaml');
  await vi.runAllTimersAsync();
  expect(typedIn()).toEqual([]);
});

test.each(['', '\n'])('in an empty file, an object is begun: %j', async (text) => {
  const { warm } = open({ 'a.yaml': text });
  warm('a.yaml');
  await vi.runAllTimersAsync();
  expect(vi.mocked(complete).mock.results.map(({ value }) => value.length > 20)).toEqual([true]);
});

test('it ends when someone types', async () => {
  const { workspace, warm } = open({ 'a.yaml': release('a') });
  warm('a.yaml');
  vi.mocked(complete).mockImplementationOnce(() => {
    workspace.put('a.yaml', release('b'));
    return [];
  });
  await vi.runAllTimersAsync();
  expect(typedIn()).toEqual(['HelmRelease']);
});

test('nothing is typed while the files of the root are being read', async () => {
  let resolve = () => {};
  const read = new Promise<void>((done) => {
    resolve = done;
  });
  const { warm } = open({ 'a.yaml': release('a') }, read);
  warm('a.yaml');
  await vi.runAllTimersAsync();
  expect(typedIn()).toEqual([]);
  resolve();
  await vi.runAllTimersAsync();
  expect(typedIn().length).toBeGreaterThan(0);
});
