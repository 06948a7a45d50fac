// Charts in folders of public repositories, and mutated values of them.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { type Chart, readChart } from '../../server/src/charts/chart.ts';
import type { ChartFiles } from '../../server/src/charts/files.ts';
import { unpack } from '../../server/src/disk/charts.ts';
import type { Value } from '../../server/src/syntax/tree.ts';
import { isObject, type ObjectValue } from '../../server/src/syntax/value.ts';

export function chartsBelow(folder: string): readonly string[] {
  const found: string[] = [];
  const walk = (at: string) => {
    const entries = readdirSync(at, { withFileTypes: true });
    if (entries.some(({ name }) => name === 'Chart.yaml')) {
      found.push(at);
      return;
    }
    for (const entry of entries)
      if (entry.isDirectory() && !['.git', 'node_modules', 'testdata'].includes(entry.name)) walk(join(at, entry.name));
  };
  walk(folder);
  return found.sort();
}

export function chartFrom(folder: string): Chart | undefined {
  return readChart(filesFrom(folder));
}

export function filesFrom(folder: string): ChartFiles {
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort();
  const text = (path: string) => {
    const file = join(folder, path);
    return paths.includes(path) && statSync(file).size < 5_000_000 ? readFileSync(file, 'utf8') : undefined;
  };
  const bytes = (path: string) => (paths.includes(path) ? readFileSync(join(folder, path)) : undefined);
  return { paths, text, bytes, archive: (path) => unpack(readFileSync(join(folder, path))) };
}

export interface Mutation {
  readonly is: 'renamed' | 'retyped';
  readonly path: readonly string[];
  readonly values: ObjectValue;
}

/** Each changes one key of the defaults, or the type of one value. `next` is a source of random numbers below 1. */
export function mutations(defaults: ObjectValue, count: number, next: () => number): readonly Mutation[] {
  const all = [...pathsIn(defaults, [])];
  if (all.length === 0) return [];
  return Array.from({ length: count }, (_, index): Mutation => {
    const path = all[Math.floor(next() * all.length)]!;
    const key = path.at(-1)!;
    const is = index % 2 === 0 ? 'renamed' : 'retyped';
    if (is === 'retyped') {
      const was = at(defaults, path);
      return { is, path, values: nested(path, isObject(was) ? 'text' : typeof was === 'string' ? { a: 1n } : 'text') };
    }
    const cut = Math.floor(next() * key.length);
    const renamed = [...path.slice(0, -1), `${key.slice(0, cut)}z${key.slice(cut)}`];
    return { is, path: renamed, values: nested(renamed, at(defaults, path) ?? 'a') };
  });
}

function* pathsIn(value: ObjectValue, path: readonly string[]): Iterable<readonly string[]> {
  for (const [key, one] of Object.entries(value)) {
    yield [...path, key];
    if (isObject(one)) yield* pathsIn(one, [...path, key]);
  }
}

function nested([key, ...rest]: readonly string[], value: Value): ObjectValue {
  return { [key!]: rest.length === 0 ? value : nested(rest, value) };
}

function at(value: Value | undefined, path: readonly string[]): Value | undefined {
  return path.reduce<Value | undefined>(
    (one, key) => (isObject(one) && Object.hasOwn(one, key) ? one[key] : undefined),
    value,
  );
}
