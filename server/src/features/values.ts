// The values of a HelmRelease: the schema of its chart, where its kind allows anything.
import type { Chart } from '../charts/chart.ts';
import { valuesSchema } from '../charts/values-schema.ts';
import { groupKindOf } from '../kube/identity.ts';
import { type BuiltMap, textAt } from '../kustomize/built.ts';
import { idOf } from '../kustomize/objects.ts';
import type { KindSchema, Schema, SchemaStore } from '../schema/schema.ts';
import { stringAt } from '../syntax/navigate.ts';
import type { Node, Path } from '../syntax/tree.ts';
import {
  chartAddress,
  chartAt,
  helmRelease,
  inFiles,
  inHome,
  knownText,
  originOf,
  type Texts,
} from '../workspace/charts.ts';
import { type Home, latestHomesOf } from '../workspace/homes.ts';
import type { Workspace } from '../workspace/workspace.ts';
import type { Reading } from './inside/reading.ts';
import { objectAt } from './place.ts';

/** Where something is written. */
interface Writing {
  readonly workspace: Workspace;
  readonly path: string;
  readonly reading?: Reading;
}

/** The schemas with that of the chart's values, if the place is in the values of a release whose chart is known. */
export function withChartValues(cursor: Writing, root: Node | undefined, at: Path, schemas: SchemaStore): SchemaStore {
  const object = objectAt(root, at, cursor.reading?.assumed);
  const { gvk, path } = object;
  const isInValues = at[path.length] === 'spec' && at[path.length + 1] === 'values';
  if (!gvk || !isInValues || groupKindOf(gvk) !== helmRelease) return schemas;
  const chart = chartOfWritten(cursor, root, path);
  return chart ? grafted(schemas, chart) : schemas;
}

/** By what is written and, where that leaves something open, by what its cluster got last. */
function chartOfWritten(cursor: Writing, root: Node | undefined, object: Path): Chart | undefined {
  const { workspace } = cursor;
  const written: Texts = (path) => knownText(stringAt(root, [...object, ...path]));
  const name = written(['metadata', 'name']);
  const [patched] = cursor.reading?.objects() ?? [];
  const applied = patched ? { value: patched, home: undefined } : appliedAs(cursor, name);
  const texts: Texts = (path) => written(path) ?? (applied && knownText(textAt(applied.value, path)));
  const own =
    applied && idOf(applied.value).namespace !== '' ? idOf(applied.value).namespace : texts(['metadata', 'namespace']);
  const find = applied?.home ? inHome(applied.home, own ?? '') : inFiles(workspace, own);
  const address = chartAddress(workspace, texts, find);
  return address && chartAt(workspace, address);
}

function appliedAs(
  { workspace, path }: Writing,
  name: string | undefined,
): { readonly value: BuiltMap; readonly home: Home } | undefined {
  for (const home of latestHomesOf(workspace, path)) {
    const found = home.begunIn(path).find((one) => one.groupKind === helmRelease && one.name === name);
    if (found) return { value: found.value, home };
  }
  return undefined;
}

const stores = new WeakMap<SchemaStore, WeakMap<Chart, SchemaStore>>();

function grafted(store: SchemaStore, chart: Chart): SchemaStore {
  const ofStore = stores.get(store) ?? new WeakMap<Chart, SchemaStore>();
  stores.set(store, ofStore);
  const before = ofStore.get(chart);
  if (before) return before;
  const kinds = new WeakMap<KindSchema, KindSchema>();
  const graft = (kind: KindSchema): KindSchema => {
    if (groupKindOf(kind.gvk) !== helmRelease) return kind;
    const made = kinds.get(kind) ?? { ...kind, schema: withValues(kind.schema, chart) };
    kinds.set(kind, made);
    return made;
  };
  const made: SchemaStore = {
    lookup: (gvk) => {
      const kind = store.lookup(gvk);
      return kind && graft(kind);
    },
    versions: (group, kind) => store.versions(group, kind).map(graft),
    kinds: () => store.kinds(),
    hasGroup: (group) => store.hasGroup(group),
  };
  ofStore.set(chart, made);
  return made;
}

function withValues(schema: Schema, chart: Chart): Schema {
  const spec = schema.properties?.spec;
  if (!spec) return schema;
  const values: Schema = { ...valuesSchema(chart), 'x-capstan-origin': originOf(chart) };
  return {
    ...schema,
    properties: { ...schema.properties, spec: { ...spec, properties: { ...spec.properties, values } } },
  };
}
