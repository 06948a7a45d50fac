// Values of releases that are texts: in the data of a ConfigMap or Secret that a HelmRelease reads, and in the files that kustomize
// generates these of. They are read by the schema of the release's chart.
import type { Chart } from '../../charts/chart.ts';
import { valuesSchema } from '../../charts/values-schema.ts';
import type { Gvk } from '../../kube/identity.ts';
import { type BuiltMap, textAt } from '../../kustomize/built.ts';
import { filesIn } from '../../kustomize/built-files.ts';
import { idOf } from '../../kustomize/objects.ts';
import type { SchemaStore } from '../../schema/schema.ts';
import { storeOf } from '../../schema/store.ts';
import { parseManifest } from '../../syntax/manifest.ts';
import { stringAt } from '../../syntax/navigate.ts';
import {
  chartAddress,
  chartAt,
  chartOfApplied,
  helmRelease,
  inFiles,
  knownText,
  originOf,
} from '../../workspace/charts.ts';
import type { Document } from '../../workspace/document.ts';
import type { ObjectFacts } from '../../workspace/facts.ts';
import { fleetOf } from '../../workspace/fleets.ts';
import { homesOf } from '../../workspace/homes.ts';
import type { Workspace } from '../../workspace/workspace.ts';
import type { Reading } from './reading.ts';

/** Ours: a text with the values of a chart has no kind of its own. */
const valuesKind: Gvk = { group: 'values.capstan', version: 'v1', kind: 'Values' };

/** Of a file of which a ConfigMap or Secret is generated, as clusters got it last; undefined if no release reads it. */
export function valuesFileReading(workspace: Workspace, path: string, document: Document): Reading | undefined {
  if (workspace.role(path, document) !== 'data') return undefined;
  for (const applier of fleetOf(workspace).latestAppliersOf(path)) {
    const made = applier.result.objects
      .map(({ value }) => value)
      .filter((value) => isConfig(value) && filesIn(value).has(path));
    if (made.length === 0) continue;
    for (const cluster of fleetOf(workspace).latest()) {
      const home = homesOf(workspace, cluster).find(({ appliers }) => appliers.includes(applier));
      for (const releases of home?.ofKind(helmRelease).values() ?? [])
        for (const { value, namespace } of releases) {
          if (!made.some((config) => isReadBy(config, value, namespace))) continue;
          const found = chartOfApplied(workspace, home!, value, namespace);
          if (found) return readingBy(found.chart);
        }
    }
  }
  return undefined;
}

/** Of a text in an object that releases read by name, by what is written. */
export function valuesTextReading(
  workspace: Workspace,
  { groupKind, name, namespace }: ObjectFacts,
): Reading | undefined {
  for (const { by } of name === undefined ? [] : workspace.index.uses(groupKind, name)) {
    if (by.object.groupKind !== helmRelease) continue;
    const own = by.object.namespace;
    if (own !== undefined && namespace !== undefined && own !== namespace) continue;
    const { root } = parseManifest(by.document.text);
    const texts = (at: readonly (string | number)[]) => knownText(stringAt(root, [...by.object.path, ...at]));
    const address = chartAddress(workspace, texts, inFiles(workspace, own));
    const chart = address && chartAt(workspace, address);
    if (chart) return readingBy(chart);
  }
  return undefined;
}

function isConfig(object: BuiltMap): boolean {
  const { gvk } = idOf(object);
  return gvk.group === '' && (gvk.kind === 'ConfigMap' || gvk.kind === 'Secret');
}

function isReadBy(config: BuiltMap, release: BuiltMap, namespace: string): boolean {
  const { gvk, name, namespace: own } = idOf(config);
  const from = release.entries.get('spec');
  const list = from?.kind === 'map' ? from.entries.get('valuesFrom') : undefined;
  if (own !== namespace || list?.kind !== 'list') return false;
  return list.items.some((one) => textAt(one, ['kind']) === gvk.kind && textAt(one, ['name']) === name);
}

const readings = new WeakMap<Chart, Reading>();

function readingBy(chart: Chart): Reading {
  const known = readings.get(chart);
  if (known) return known;
  const schema = { ...valuesSchema(chart), 'x-capstan-origin': originOf(chart) };
  const store: SchemaStore = storeOf([
    {
      ...{ gvk: valuesKind, plural: 'values', scope: 'Namespaced', served: true, storage: true },
      ...{ origin: originOf(chart), from: 'chart', builtin: false, schema },
    },
  ]);
  const reading: Reading = {
    ...{ role: 'data', assumed: valuesKind, targets: [], whole: store },
    schemas: () => store,
    objects: () => [],
  };
  readings.set(chart, reading);
  return reading;
}
