// `npm run values -- --from DIR`: takes the charts of real repositories, and compares what is found in values of them with what a
// JSON Schema validator finds, and completion with the keys of their defaults and schemas.
//
//   --from DIR      a repository; may be repeated
//   --mutations N   mutated values of each chart (100)
//   --charts N      charts of each repository at most (200)
//   --helm PROGRAM  also compares with `helm template`: what the schema refuses, and that keys of which nothing reads
//                   change nothing
//   --renders N     mutated values of each chart that Helm renders (6)
//   --verbose       prints every difference
import { basename, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { Ajv } from 'ajv';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { Chart } from '../../server/src/charts/chart.ts';
import { coalesced, defaultValues } from '../../server/src/charts/coalesce.ts';
import { problemsOfValues } from '../../server/src/charts/judge.ts';
import { usesOf } from '../../server/src/charts/uses.ts';
import { valuesSchema } from '../../server/src/charts/values-schema.ts';
import { violationsOf } from '../../server/src/charts/verdict.ts';
import type { Schema } from '../../server/src/schema/schema.ts';
import type { Value } from '../../server/src/syntax/tree.ts';
import { isObject, type ObjectValue } from '../../server/src/syntax/value.ts';
import { chartFrom, chartsBelow, mutations } from './charts.ts';
import { rendered } from './helm.ts';

const { values: options } = parseArgs({
  options: {
    from: { type: 'string', multiple: true, default: [] },
    mutations: { type: 'string', default: '100' },
    charts: { type: 'string', default: '200' },
    helm: { type: 'string' },
    renders: { type: 'string', default: '6' },
    verbose: { type: 'boolean', default: false },
  },
});

interface Tally {
  charts: number;
  schemas: number;
  /** Findings in the defaults themselves. */
  ofDefaults: number;
  compared: number;
  /** By both. */
  refused: number;
  missed: number;
  invented: number;
  renamed: number;
  /** Renamed keys that are found, among charts without a schema whose templates tell what they read. */
  found: number;
  maps: number;
  incomplete: number;
  /** Mutated values that Helm rendered or refused. */
  rendered: number;
  /** Of these, refused by the schema according to both. */
  refusedByHelm: number;
  /** Of these, keys that are said to be read by nothing, and change nothing. */
  unread: number;
  differing: number;
}

const total: Tally = {
  charts: 0,
  schemas: 0,
  ofDefaults: 0,
  compared: 0,
  refused: 0,
  missed: 0,
  invented: 0,
  renamed: 0,
  found: 0,
  maps: 0,
  incomplete: 0,
  rendered: 0,
  refusedByHelm: 0,
  unread: 0,
  differing: 0,
};

for (const folder of options.from) {
  const before = { ...total };
  for (const path of chartsBelow(resolve(folder)).slice(0, Number(options.charts))) {
    const chart = chartFrom(path);
    if (!chart) continue;
    const name = `${basename(folder)} ${relative(resolve(folder), path)}`;
    check(chart, name);
    if (options.helm !== undefined) compareWithHelm(options.helm, path, chart, name);
  }
  const own = Object.entries(total).map(([name, count]) => `${name} ${count - before[name as keyof Tally]}`);
  console.log(`${basename(folder).padEnd(40)} ${own.join(', ')}`);
}
console.log(
  `In all: ${Object.entries(total)
    .map(([name, count]) => `${name} ${count}`)
    .join(', ')}`,
);
process.exitCode =
  total.charts === 0
    ? 2
    : total.ofDefaults + total.invented + total.missed + total.incomplete + total.differing > 0
      ? 1
      : 0;

function check(chart: Chart, name: string): void {
  total.charts += 1;
  const defaults = defaultValues(chart);
  const validate = validatorOf(chart);
  if (validate) total.schemas += 1;
  const isFine = validate?.(withoutHoles(coalesced(chart, {}))) !== false;
  const own = foundIn(chart, defaults);
  if (own.length > 0 && isFine) {
    total.ofDefaults += own.length;
    for (const one of own.slice(0, 5)) say(`${name}: the defaults have ${one}`);
  }
  completes(chart, defaults, name);
  const isTold = chart.jsonSchema === undefined && !usesOf(chart).readsWhole([]);
  for (const { is, path, values } of mutations(defaults, Number(options.mutations), random(name))) {
    if (validate && isFine) {
      total.compared += 1;
      const merged = withoutHoles(coalesced(chart, values));
      const isRefused = violationsOf(merged, chart.jsonSchema).length > 0;
      const isValid = validate(merged);
      if (isRefused && !isValid) total.refused += 1;
      else if (isRefused && isValid) {
        total.invented += 1;
        say(
          `${name}: ${is} ${path.join('.')} is refused by us only: ${JSON.stringify(violationsOf(merged, chart.jsonSchema)[0])}`,
        );
      } else if (!isRefused && !isValid) {
        total.missed += 1;
        say(`${name}: ${is} ${path.join('.')} is accepted by us only`);
      }
    } else if (isTold && is === 'renamed') {
      total.renamed += 1;
      if (foundIn(chart, values).length > 0) total.found += 1;
    }
  }
}

/** Only of charts that have all their subcharts and that Helm renders without values. */
function compareWithHelm(helm: string, folder: string, chart: Chart, name: string): void {
  if (chart.isLibrary || chart.dependencies.some((one) => !one.chart)) return;
  const plain = rendered(helm, folder, {}).output;
  if (plain === undefined || rendered(helm, folder, {}).output !== plain) return;
  for (const { path, values } of mutations(defaultValues(chart), Number(options.renders), random(`${name} in Helm`))) {
    const theirs = rendered(helm, folder, values);
    const problems = foundIn(chart, values);
    const isRefused = problems.some((one) => !/\((?:unread|alike)\)$/.test(one));
    const isUnread = problems.some((one) => one.endsWith('(unread)'));
    total.rendered += 1;
    if (isRefused !== theirs.isRefused) {
      total.differing += 1;
      say(`${name}: ${path.join('.')} is refused by ${isRefused ? 'us' : 'Helm'} only (${problems.join(', ')})`);
    } else if (isRefused) total.refusedByHelm += 1;
    else if (isUnread && theirs.output !== plain) {
      total.differing += 1;
      say(`${name}: ${path.join('.')} changes what is rendered (${problems.join(', ')})`);
    } else if (isUnread) total.unread += 1;
  }
}

function foundIn(chart: Chart, values: ObjectValue): readonly string[] {
  const place = { origin: { source: { file: '', start: 0 }, start: 0, end: 0 } };
  const layer = { value: values, place: () => place };
  const given = {
    chart,
    values: { layers: [layer], merged: values },
    whole: place,
    valuesFiles: undefined,
    isUnchecked: false,
  };
  return problemsOfValues(given).map(({ path, facts }) => `${path.join('.')} (${facts.is})`);
}

/** Every key of the defaults may be written where it is, unless a closed schema leaves it out. */
function completes(chart: Chart, defaults: ObjectValue, name: string): void {
  const walk = (value: ObjectValue, schema: Schema | undefined, path: string) => {
    total.maps += 1;
    const known = new Set(Object.keys(schema?.properties ?? {}));
    const missing = Object.keys(value).filter((key) => !known.has(key));
    const isOpen = typeof schema?.additionalProperties === 'object' || schema?.additionalProperties === false;
    if (missing.length > 0 && !isOpen) {
      total.incomplete += 1;
      say(`${name}: completion lacks ${missing.slice(0, 5).join(', ')} at ${path}`);
    }
    for (const [key, one] of Object.entries(value))
      if (isObject(one) && known.has(key)) walk(one, schema!.properties![key], `${path}.${key}`);
  };
  walk(defaults, valuesSchema(chart), '');
}

/** Undefined if the validator can't use the schema: another draft, a reference out of it. */
function validatorOf({ jsonSchema }: Chart): ((value: Value) => boolean) | undefined {
  if (typeof jsonSchema !== 'object' || jsonSchema === null) return undefined;
  const { $schema } = jsonSchema as { readonly $schema?: unknown };
  const draft = String($schema ?? '');
  if (draft.includes('draft-04') || draft.includes('draft-06')) return undefined;
  const settings = { strict: false, validateFormats: false, logger: false, unicodeRegExp: false } as const;
  try {
    const ajv = draft.includes('2020')
      ? new Ajv2020(settings)
      : draft.includes('2019')
        ? new Ajv2019(settings)
        : new Ajv(settings);
    const validate = ajv.compile(jsonSchema);
    return (value) => {
      const json = JSON.stringify(value, (_, one: unknown) => (typeof one === 'bigint' ? Number(one) : one));
      return validate(JSON.parse(json)) as boolean;
    };
  } catch {
    return undefined;
  }
}

/** Defaults that are null are unknown to us, and as good as missing to a validator. */
function withoutHoles(value: Value): Value {
  if (Array.isArray(value)) return value.filter((one) => typeof one !== 'symbol').map(withoutHoles);
  if (!isObject(value)) return value;
  const known = Object.entries(value).filter(([, one]) => typeof one !== 'symbol');
  return Object.fromEntries(known.map(([key, one]) => [key, withoutHoles(one)]));
}

function say(text: string): void {
  if (options.verbose) console.log(`  ${text}`);
}

/** The same for each chart in every run. */
function random(seed: string): () => number {
  let state = [...seed].reduce((sum, letter) => (Math.imul(sum, 31) + letter.codePointAt(0)!) >>> 0, 7);
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
