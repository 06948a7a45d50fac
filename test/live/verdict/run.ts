// The comparison itself: collects the cases and runs both sides on each.
import { readFileSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { testCatalog } from '../../../server/src/fixture.ts';
import { apiVersionOf, gvkOf } from '../../../server/src/kube/identity.ts';
import { yamlFiles } from '../../../server/src/releases/crds.ts';
import type { SchemaStore } from '../../../server/src/schema/schema.ts';
import { layeredStore } from '../../../server/src/schema/store.ts';
import { parseManifest } from '../../../server/src/syntax/manifest.ts';
import { splitDocuments } from '../../../server/src/syntax/split.ts';
import type { Value } from '../../../server/src/syntax/tree.ts';
import { toValue } from '../../../server/src/syntax/value.ts';
import { changed } from '../../../server/src/validation/kubernetes/cases/case.ts';
import { corners } from '../../../server/src/validation/kubernetes/cases/corners.ts';
import { gated } from '../../../server/src/validation/kubernetes/cases/gated.ts';
import { machinery } from '../../../server/src/validation/kubernetes/cases/machinery.ts';
import { network } from '../../../server/src/validation/kubernetes/cases/network.ts';
import { platform } from '../../../server/src/validation/kubernetes/cases/platform.ts';
import { pods } from '../../../server/src/validation/kubernetes/cases/pods.ts';
import { workloads } from '../../../server/src/validation/kubernetes/cases/workloads.ts';
import { type Case, type JsonObject, toYaml } from './cases.ts';
import { ask, type Compared, compare } from './compare.ts';
import { installCrds } from './crds.ts';
import { mutate } from './mutate.ts';
import { randomOf } from './random.ts';
import { repair } from './repair.ts';
import { generate } from './seeds.ts';
import { type ApiServer, startApiServer } from './server.ts';

export interface VerdictOptions {
  readonly mutations: number;
  readonly seed: number;
  /** Additional manifests: folders of YAML files. */
  readonly from?: readonly string[];
  /** Only kinds of groups that contain this text. */
  readonly only?: string;
  /** The versions of releases that are compared, instead of the newest. */
  readonly targets?: Readonly<Record<string, string>>;
}

const root = resolve(import.meta.dirname, '../../..');

export async function runVerdict(options: VerdictOptions): Promise<readonly Compared[]> {
  const { targets = {} } = options;
  const store = layeredStore([testCatalog.at(targets)]);
  const server = await startApiServer();
  try {
    const installed = await installCrds(server, store, undefined, ({ name, version, alternate }) =>
      Object.hasOwn(targets, name) ? version === targets[name] : !alternate,
    );
    console.log(`CRDs: ${installed.fromModules} from modules, ${installed.rebuilt} rebuilt from the bundled facts.`);
    for (const problem of installed.problems) console.log(`  rejected: ${problem}`);
    return await run(server, store, options);
  } finally {
    await server.stop();
  }
}

async function run(
  server: ApiServer,
  store: SchemaStore,
  { mutations: count, seed, from = [], only = '' }: VerdictOptions,
): Promise<readonly Compared[]> {
  const random = randomOf(seed);
  const wanted = (one: Case): boolean => one.apiVersion.includes(only);
  const files = ['examples', 'server/src/validation/fixtures', ...from].map((path) => resolve(root, path));
  const real = [...files.flatMap((path) => casesOf(yamlFiles([path]), store)), ...tableCases()].filter(wanted);
  const seeds = await seedCases(server, store, wanted);
  const judged = await compareAll([...real, ...seeds], server, store);
  const accepted = judged.filter((one) => one.server.accepted).map((one) => one.case);
  console.log(`${real.length} documents, ${seeds.length} seeds, ${accepted.length} of them accepted.`);
  if (accepted.length === 0) return judged;
  // Built-in kinds are a tenth of all kinds: they get half of the cases, so that they have the same weight.
  const [builtin, custom] = [true, false].map((is) => accepted.filter((one) => isBuiltin(one, store) === is));
  const bases = [builtin!, custom!].filter(({ length }) => length > 0);
  const mutations = Array.from({ length: count }, () => {
    const base = random.pick(random.pick(bases));
    return mutate(base, store.lookup(gvkOf(base.apiVersion, base.kind)!)!.schema, random);
  });
  return [...judged, ...(await compareAll(mutations, server, store))];
}

function isBuiltin({ apiVersion, kind }: Case, store: SchemaStore): boolean {
  return store.lookup(gvkOf(apiVersion, kind)!)?.builtin === true;
}

function casesOf(files: readonly string[], store: SchemaStore): readonly Case[] {
  return files.flatMap((file) =>
    splitDocuments(readFileSync(file, 'utf8')).flatMap(({ text }) => {
      const { apiVersion, kind, root: node } = parseManifest(text);
      if (
        !apiVersion ||
        !kind ||
        !node ||
        !store.kinds().some(({ gvk }) => apiVersionOf(gvk) === apiVersion && gvk.kind === kind)
      )
        return [];
      const object = plain(toValue(node));
      return [
        {
          origin: relative(root, file),
          construct: 'none',
          apiVersion,
          kind,
          text,
          ...(object && { object, raw: true }),
        },
      ];
    }),
  );
}

/** The unit tests' tables of built-in kinds. */
function tableCases(): readonly Case[] {
  return [...workloads, ...pods, ...corners, ...network, ...platform, ...machinery, ...gated].flatMap(
    ({ good, bad }) => {
      const { apiVersion, kind } = good as { readonly apiVersion: string; readonly kind: string };
      const objects = [good, ...bad.map(([path, value]) => changed(good, path, value))];
      return objects.map((made): Case => {
        const object = made as JsonObject;
        return { origin: 'table', construct: 'none', apiVersion, kind, object, text: toYaml(object).trimStart() };
      });
    },
  );
}

/** The document as JSON; undefined if substitutions would change it, or numbers would lose precision. */
function plain(value: Value): JsonObject | undefined {
  let exact = true;
  const json = JSON.stringify(value, (_key, inner: unknown) => {
    exact &&= typeof inner !== 'symbol' && !(typeof inner === 'bigint' && !Number.isSafeInteger(Number(inner)));
    return typeof inner === 'bigint' ? Number(inner) : inner;
  });
  const object: unknown = exact ? JSON.parse(json) : undefined;
  return typeof object === 'object' && object !== null ? (object as JsonObject) : undefined;
}

/** Up to three accepted objects for each served version of each kind: small, medium and full. */
async function seedCases(
  server: ApiServer,
  store: SchemaStore,
  wanted: (one: Case) => boolean,
): Promise<readonly Case[]> {
  const kinds = store.kinds().filter(({ served }) => served);
  const cases = kinds.flatMap(({ gvk }, index) =>
    [0, 0.35, 0.8].map((fullness, round): { one: Case; make: () => JsonObject | undefined } => {
      const random = randomOf(index * 31 + round);
      const one: Case = { origin: 'seed', construct: 'none', apiVersion: apiVersionOf(gvk), kind: gvk.kind, text: '' };
      return {
        one,
        make: () => {
          const kind = store.lookup(gvk);
          return kind && generate(kind, fullness, random);
        },
      };
    }),
  );
  const made = await inParallel(
    cases.filter(({ one }) => wanted(one)),
    async ({ one, make }) => {
      const object = make();
      const repaired = object && (await repair(object, one, server, store));
      return repaired ? { ...one, object: repaired, text: toYaml(repaired).trimStart() } : undefined;
    },
  );
  return made.flatMap((one) => one ?? []);
}

async function compareAll(cases: readonly Case[], server: ApiServer, store: SchemaStore): Promise<readonly Compared[]> {
  const answers = await inParallel(cases, (one) => ask(one, server, store));
  return cases.flatMap((one, index) => {
    const answer = answers[index];
    return answer ? [compare(one, answer, store)] : [];
  });
}

async function inParallel<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<readonly R[]> {
  const results: R[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let at = next++; at < items.length; at = next++) results[at] = await work(items[at]!);
  };
  await Promise.all(Array.from({ length: 8 }, worker));
  return results;
}
