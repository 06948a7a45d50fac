// Holds the layer table of ARCHITECTURE.md: a layer imports lower numbers only, layers 0-4 are synchronous and do no
// I/O, adapters don't import each other, and the client sees only protocol.ts and kube/ of the server.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const server = join(root, 'server/src');

const layers: Readonly<Record<string, number>> = {
  kube: 0,
  syntax: 1,
  schema: 2,
  workspace: 3,
  live: 3,
  rules: 4,
  // Of layer 4 too; diagnostics, a feature, runs the rules, and no rule knows a feature.
  features: 4.5,
  // Node's disk, for the adapters.
  disk: 5,
  engine: 5,
  sample: 5,
  language: 6,
  cluster: 6,
  cli: 6,
};

/** Packages a pure layer may use; anything else there is I/O or a protocol. */
const purePackages: Readonly<Record<string, readonly string[]>> = {
  syntax: ['yaml'],
  schema: ['re2js', 'yaml'],
  workspace: ['picomatch', 'ignore', 'rfc6902'],
  live: [],
  rules: [],
  features: [],
  kube: [],
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
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
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
  const rooms = readdirSync(server, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  expect(rooms.map((room) => room.name).filter((room) => layers[room] === undefined)).toEqual([]);
});

test('the table of ARCHITECTURE.md is this one', () => {
  const table = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8').matchAll(/^\| (\d) \| `(\w+)\/` \|/gm);
  const documented = [...table].map(([, layer, room]) => `${layer} ${room}`);
  const built = Object.entries(layers).filter(([room]) => existsSync(join(server, room)));
  expect(documented.sort()).toEqual(built.map(([room, layer]) => `${Math.floor(layer)} ${room}`).sort());
});

test('a layer imports lower layers only', () => {
  const wrong = serverFiles.flatMap(importsOf).filter(({ file, specifier, dynamic, typeOnly }) => {
    if (!specifier.startsWith('.')) return false;
    const from = roomOf(file);
    const target = resolve(dirname(file), specifier);
    const to = roomOf(target);
    if (from === undefined || from === to) return false;
    if (to === undefined) {
      // Its one value, the protocol's version, is for the adapters that speak it.
      return !(target === join(server, 'protocol.ts') && layers[from]! >= (typeOnly ? 3 : 6));
    }
    if (from === 'cli' && dynamic) return false;
    return layers[to]! >= layers[from]!;
  });
  expect(wrong.map(({ file, specifier }) => `${relative(root, file)} imports ${specifier}`)).toEqual([]);
});

test('layers 0 to 4 import no Node module, no protocol library and only their own packages', () => {
  const wrong = serverFiles
    .filter((file) => (layers[roomOf(file) ?? ''] ?? 9) < 5)
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
    .filter((file) => (layers[roomOf(file) ?? ''] ?? 9) < 5)
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

test('no room for leftovers', () => {
  const names = [...sources(server), ...sources(join(root, 'client/src'))].map((file) => relative(root, file));
  expect(names.filter((name) => /(^|\/)(utils?|common|helpers?|shared)(\/|\.ts$)/.test(name))).toEqual([]);
});

function withoutComments(file: string): string {
  return readFileSync(file, 'utf8')
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/^\s*\/\/.*$/gm, '');
}
