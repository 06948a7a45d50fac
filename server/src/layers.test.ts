// Holds the layer table of ARCHITECTURE.md: a room imports rooms below it only, no imports run in circles, layers 0-4 are
// synchronous and do no I/O, adapters don't import each other, and the client sees only protocol.ts and kube/ of the server.
// No code matches the text of our own messages and notes, and no file is longer than 400 lines.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const server = join(root, 'server/src');

/** Each room with its layer, from the ground up: a room imports rooms above it in this list, and none below it. */
const rooms: readonly (readonly [name: string, layer: number])[] = [
  ['kube', 0],
  ['syntax', 1],
  ['schema', 2],
  ['cel', 2],
  ['validation', 2],
  ['kustomize', 2],
  ['charts', 2],
  ['workspace', 3],
  ['change', 3],
  ['live', 3],
  ['rules', 4],
  ['notes', 4],
  ['features', 4],
  ['disk', 5],
  ['stdio', 5],
  ['engine', 5],
  ['explorer', 5],
  ['releases', 5],
  ['registries', 5],
  ['sample', 5],
  ['language', 6],
  ['cluster', 6],
  ['cli', 6],
];

/** The rooms within engine/, likewise; files of engine/ itself (failure, redact) are for all of them. */
const engineRooms = ['kubeconfig', 'credentials', 'transport', 'watch', 'session', 'actions', 'streams'];

const layers = new Map(rooms);
const floors = new Map(rooms.map(([name], floor) => [name, floor]));

/** Packages a pure layer may use; anything else there is I/O or a protocol. */
const purePackages: Readonly<Record<string, readonly string[]>> = {
  syntax: ['yaml'],
  cel: ['re2js'],
  schema: ['yaml'],
};

interface Import {
  readonly file: string;
  readonly specifier: string;
  readonly typeOnly: boolean;
  readonly dynamic: boolean;
}

function sources(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.m?tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
}

function importsOf(file: string): readonly Import[] {
  const text = readFileSync(file, 'utf8');
  const statics = [...text.matchAll(/^(?:import|export)\s+(type\s+)?(?:[^'";]*?\sfrom\s+)?'([^']+)'/gm)];
  const dynamics = [...text.matchAll(/\bimport\(\s*'([^']+)'\s*\)/g)];
  return [
    ...statics.map((match) => ({ file, specifier: match[2]!, typeOnly: match[1] !== undefined, dynamic: false })),
    ...dynamics.map((match) => ({ file, specifier: match[1]!, typeOnly: false, dynamic: true })),
  ];
}

function roomOf(path: string): string | undefined {
  const [room, ...rest] = relative(server, path).split('/');
  return rest.length > 0 ? room : undefined;
}

const isTest = (file: string) => /\.test\.ts$|(^|\/)fixture\.ts$/.test(file);
const serverFiles = sources(server).filter((file) => !isTest(file));
const clientFiles = sources(join(root, 'client/src')).filter((file) => !isTest(file));

test('every room of server/src has a layer', () => {
  const folders = readdirSync(server, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  expect(folders.map(({ name }) => name).filter((name) => !layers.has(name))).toEqual([]);
});

test('the table of ARCHITECTURE.md is this one', () => {
  const table = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8').matchAll(/^\| (\d) \| `(\w+)\/` \|/gm);
  const documented = [...table].map(([, layer, room]) => `${layer} ${room}`);
  const built = rooms.filter(([room]) => existsSync(join(server, room)));
  expect(documented).toEqual(built.map(([room, layer]) => `${layer} ${room}`));
});

test('a room imports rooms of lower floors only', () => {
  const wrong = serverFiles.flatMap(importsOf).filter(({ file, specifier, dynamic, typeOnly }) => {
    if (!specifier.startsWith('.')) return false;
    const from = roomOf(file);
    const target = resolve(dirname(file), specifier);
    const to = roomOf(target);
    if (from === undefined || from === to) return false;
    // The core knows nothing of the protocol, whose types are made of the core's; its values are for the adapters.
    if (to === undefined) return !(target === join(server, 'protocol.ts') && layers.get(from)! >= (typeOnly ? 5 : 6));
    if (from === 'cli' && dynamic) return false;
    return floors.get(to)! >= floors.get(from)! || (layers.get(to) === 6 && layers.get(from) === 6);
  });
  expect(wrong.map(({ file, specifier }) => `${relative(root, file)} imports ${specifier}`)).toEqual([]);
});

test('the rooms of engine/ import lower ones only', () => {
  const engine = join(server, 'engine');
  const floorOf = (file: string) => {
    const [room, ...rest] = relative(engine, file).split('/');
    return rest.length === 0 ? -1 : engineRooms.indexOf(room!);
  };
  const inside = serverFiles.filter((file) => roomOf(file) === 'engine');
  expect(inside.filter((file) => floorOf(file) === -1 && dirname(file) !== engine)).toEqual([]);
  const wrong = inside.flatMap(importsOf).filter(({ file, specifier }) => {
    const target = resolve(dirname(file), specifier);
    return roomOf(target) === 'engine' && floorOf(target) > floorOf(file);
  });
  expect(wrong.map(({ file, specifier }) => `${relative(root, file)} imports ${specifier}`)).toEqual([]);
});

test('no imports run in a circle, types included', () => {
  const edges = new Map(
    [...serverFiles, ...clientFiles].map((file) => [
      file,
      importsOf(file)
        .filter(({ specifier, dynamic }) => specifier.startsWith('.') && !dynamic)
        .map(({ specifier }) => resolve(dirname(file), specifier)),
    ]),
  );
  // What has no import left inside the rest is in no circle; what remains is, or leads to one.
  for (let shrinking = true; shrinking; ) {
    shrinking = false;
    for (const [file, targets] of edges) {
      if (targets.some((target) => edges.has(target))) continue;
      edges.delete(file);
      shrinking = true;
    }
  }
  expect([...edges.keys()].map((file) => relative(root, file))).toEqual([]);
});

test('layers 0 to 4 import no Node module, no protocol library and only their own packages', () => {
  const wrong = serverFiles
    .filter((file) => (layers.get(roomOf(file) ?? '') ?? 9) < 5)
    .flatMap(importsOf)
    .filter(({ file, specifier }) => {
      if (specifier.startsWith('.')) return false;
      const [name] = specifier.split('/');
      return !(purePackages[roomOf(file)!] ?? []).includes(name!);
    });
  expect(wrong.map(({ file, specifier }) => `${relative(root, file)} imports ${specifier}`)).toEqual([]);
});

test('layers 0 to 4 are synchronous', () => {
  const wrong = serverFiles
    .filter((file) => (layers.get(roomOf(file) ?? '') ?? 9) < 5)
    .filter((file) => /\basync\s+(function|\(|\w+\s*=>)|\bawait\s|\bPromise[.<]/.test(withoutComments(file)));
  expect(wrong.map((file) => relative(root, file))).toEqual([]);
});

test('the client imports only protocol.ts and kube/ of the server', () => {
  const wrong = clientFiles.flatMap(importsOf).filter(({ file, specifier }) => {
    if (!specifier.startsWith('.')) return false;
    const target = resolve(dirname(file), specifier);
    if (!target.startsWith(server)) return false;
    return target !== join(server, 'protocol.ts') && roomOf(target) !== 'kube';
  });
  expect(wrong.map(({ file, specifier }) => `${relative(root, file)} imports ${specifier}`)).toEqual([]);
});

test('no file is longer than 400 lines', () => {
  const folders = ['client/src', 'server/src', 'scripts', 'test'].map((folder) => sources(join(root, folder)));
  expect(folders.filter((files) => files.length === 0)).toEqual([]);
  const long = folders
    .flat()
    .map((file) => [relative(root, file), readFileSync(file, 'utf8').trimEnd().split('\n').length] as const)
    .filter(([, lines]) => lines > 400);
  expect(long).toEqual([]);
});

test('the bundled schemas are opened by disk/ and, for tests, by fixture.ts', () => {
  const files = [server, join(root, 'scripts'), join(root, 'test')].flatMap(sources);
  const opening = files.filter((file) => /\bopenCatalog\(/.test(readFileSync(file, 'utf8')));
  expect(opening.map((file) => relative(server, file)).toSorted()).toEqual([
    'disk/catalog.ts',
    'fixture.ts',
    'schema/load.test.ts',
    'schema/load.ts',
    'schema/packed.test.ts',
  ]);
});

test('no room for leftovers', () => {
  const names = [...sources(server), ...sources(join(root, 'client/src'))].map((file) => relative(root, file));
  expect(names.filter((name) => /(^|\/)(utils?|common|helpers?|shared)(\/|\.ts$)/.test(name))).toEqual([]);
});

/** Files that read the words of others, with whose words they are. */
const foreignWords: Readonly<Record<string, string>> = {
  'server/src/cli/misuse.ts': 'errors of Node’s parseArgs',
  'server/src/engine/failure.ts': 'refusals of an API server that is starting',
  'server/src/engine/streams/shell.ts': 'errors of container runtimes',
  'server/src/engine/watch/kinds.ts': 'refusals of an API server whose conversion webhook fails',
  'server/src/live/causes.ts': 'refusals of admission and of image registries',
  'server/src/live/cluster-api-health.ts': 'conditions of controllers',
  'server/src/live/conditions.ts': 'conditions of controllers',
  'server/src/live/flux-causes.ts': 'conditions of controllers',
  'server/src/live/flux-health.ts': 'conditions of controllers',
  'server/src/live/machines.ts': 'conditions of controllers',
  'server/src/live/pod-causes.ts': 'events of the kubelet',
  'server/src/live/rollout.ts': 'messages of kubectl’s rollout',
  'server/src/syntax/compose-scalar.ts': 'errors of the yaml package',
};

test('no code matches the words of our own messages', () => {
  const words = 'message|title|sentence|note';
  const matching = [
    // finding.message.replace(…), title.startsWith(…)
    `\\b(?:${words})\\b[?!]?\\s*\\.(?:replace|replaceAll|startsWith|endsWith|includes|match|matchAll|search|split|slice|substring|indexOf)\\(`,
    // /…/.test(message)
    `\\.(?:test|exec)\\(\\s*(?:[\\w.?!]*\\.)?(?:${words})\\b`,
    // title === 'Make it a list'
    `(?<!typeof [\\w.]*)\\b(?:${words})\\s*[!=]==?\\s*['"\`]\\w`,
  ].map((pattern) => new RegExp(pattern));
  const found = [...serverFiles, ...clientFiles]
    .filter((file) => matching.some((pattern) => pattern.test(withoutComments(file))))
    .map((file) => relative(root, file));
  expect(found.toSorted()).toEqual(Object.keys(foreignWords).toSorted());
});

function withoutComments(file: string): string {
  return readFileSync(file, 'utf8')
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/^\s*\/\/.*$/gm, '');
}
