// Values of fields that name a part of their own object (kube/own-names.ts), and the ports of the pods that a Service selects.

import { variableName, variablesInTemplate } from '../../kube/class-variables.ts';
import { type GroupKind, type Gvk, groupKindOf } from '../../kube/identity.ts';
import { ownNameAt } from '../../kube/own-names.ts';
import { type Built, type BuiltMap, builtValue } from '../../kustomize/built.ts';
import { parseManifest } from '../../syntax/manifest.ts';
import { nodeAt } from '../../syntax/navigate.ts';
import type { Node, Path, Value } from '../../syntax/tree.ts';
import { isList, isObject, own, resolveAlias, toValue } from '../../syntax/value.ts';
import type { Cursor } from '../cursor.ts';
import { type Field, rowPath } from '../place.ts';
import type { Candidate } from './item.ts';
import { sharedLength } from './seen.ts';

type Around = Pick<Cursor, 'workspace' | 'path' | 'reading'>;

/** Whether there may be candidates for a field, at its path in the notation of rows. */
export function hasOwnNames(gvk: Gvk, at: string): boolean {
  return isTargetPort(gvk, at) || ownNameAt(gvk, at) !== undefined;
}

function isTargetPort(gvk: Gvk, at: string): boolean {
  return groupKindOf(gvk) === '/Service' && at === 'spec.ports[*].targetPort';
}

export function ownNameCandidates(cursor: Around, root: Node, field: Field): readonly Candidate[] {
  const { kind, path, object } = field;
  const at = rowPath(path);
  if (isTargetPort(kind.gvk, at)) return podPorts(cursor, root, field);
  const row = ownNameAt(kind.gvk, at);
  const node = row && nodeAt(root, object.path);
  if (!row || !node) return [];
  // In a patch, what the object has is there too; the items of its lists have other indexes.
  const others = cursor.reading?.objects().map(wholeValue) ?? [];
  const valuesOf = (from: string) => [
    ...valuesBeside(node, stepsOf(from), path, true),
    ...others.flatMap((other) => valuesAt(other, stepsOf(from))),
  ];
  const found = row.from.flatMap(valuesOf);
  if (row.needed) return candidatesOf(variableNames(found, (row.templates ?? []).flatMap(valuesOf)), row.what);
  return candidatesOf([...found, ...(row.also ?? [])], row.what);
}

/** The names that have to be among those of the list that the field is in; undefined if any name may. */
export function neededNames(cursor: Around, root: Node, field: Field): readonly string[] | undefined {
  const row = ownNameAt(field.kind.gvk, rowPath(field.path));
  return row?.needed ? ownNameCandidates(cursor, root, field).map(({ value }) => String(value)) : undefined;
}

function variableNames(paths: readonly Value[], templates: readonly Value[]): readonly string[] {
  const texts = templates.filter((one) => typeof one === 'string');
  const inTexts = texts.filter((one) => !one.includes('${')).flatMap((one) => variablesInTemplate(one));
  const all = [...paths.filter((one) => typeof one === 'string'), ...inTexts.map(({ path }) => path)];
  return all.map(variableName).filter((name) => /^[A-Za-z]/.test(name) && name !== 'builtin');
}

function candidatesOf(values: readonly Value[], what: string): readonly Candidate[] {
  const named = values.filter((value) => typeof value === 'string' || typeof value === 'bigint');
  return [...new Set(named.map((value) => (typeof value === 'bigint' ? Number(value) : value)))].map((value, rank) => ({
    ...{ value, kind: 'reference', detail: what, rank },
  }));
}

const wholes = new WeakMap<Built, Value>();

function wholeValue(built: BuiltMap): Value {
  const known = wholes.get(built) ?? builtValue(built);
  wholes.set(built, known);
  return known;
}

function stepsOf(path: string): readonly string[] {
  return path.split(/\.|(?=\[\*\])/);
}

/** `within` is the path of the field; while the steps are its own, a list's item is the one that the field is in. */
function valuesBeside(node: Node, steps: readonly string[], within: Path, isShared: boolean): readonly Value[] {
  const [step, ...rest] = steps;
  const [here, ...below] = within;
  if (step === undefined) return [toValue(node)];
  if (step !== '[*]') {
    const next = nodeAt(node, [step]);
    return next ? valuesBeside(next, rest, below, isShared && here === step) : [];
  }
  if (isShared && typeof here === 'number') {
    const item = nodeAt(node, [here]);
    return item ? valuesBeside(item, rest, below, true) : [];
  }
  const list = resolveAlias(node);
  return list?.type === 'seq' ? list.items.flatMap((item) => valuesBeside(item, rest, below, false)) : [];
}

function valuesAt(value: Value | undefined, [step, ...rest]: readonly string[]): readonly Value[] {
  if (value === undefined) return [];
  if (step === undefined) return [value];
  if (step !== '[*]') return isObject(value) ? valuesAt(own(value, step), rest) : [];
  return isList(value) ? value.flatMap((item) => valuesAt(item, rest)) : [];
}

const workloads: readonly GroupKind[] = ['apps/Deployment', 'apps/StatefulSet', 'apps/DaemonSet'];

/** Those of the nearest workloads whose pods have the labels that the Service selects. */
function podPorts({ workspace, path }: Around, root: Node, { object }: Field): readonly Candidate[] {
  const node = nodeAt(root, [...object.path, 'spec', 'selector']);
  const selector = node && toValue(node);
  if (!isObject(selector) || Object.keys(selector).length === 0) return [];
  const near = workloads
    .flatMap((kind) => [...workspace.index.definitionsOf(kind)])
    .toSorted((a, b) => sharedLength(path, b.path) - sharedLength(path, a.path))
    .slice(0, mostWorkloads);
  const found = near.flatMap(({ document, object: one }) => {
    const template = nodeAt(parseManifest(document.text).root, [...one.path, 'spec', 'template']);
    const pod = template && toValue(template);
    const labels = pod && valuesAt(pod, ['metadata', 'labels'])[0];
    const isSelected =
      isObject(labels) && Object.entries(selector).every(([name, value]) => own(labels, name) === value);
    if (!isSelected) return [];
    return ['name', 'containerPort'].flatMap((key) =>
      valuesAt(pod, ['spec', 'containers', '[*]', 'ports', '[*]', key]),
    );
  });
  return candidatesOf(found, 'port');
}

/** Enough to find the pods of a Service near it. */
const mostWorkloads = 30;
