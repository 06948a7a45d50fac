// The objects of a ResourceSet of the Flux Operator: its templates, rendered with every set of its inputs. Each resource is
// printed, rendered and read again, so that a value may become a number or a list. Only inputs in files are known.
import { parseManifest } from '../syntax/manifest.ts';
import { nodeAt } from '../syntax/navigate.ts';
import { splitDocuments } from '../syntax/split.ts';
import { unknown, type Value } from '../syntax/tree.ts';
import {
  type Built,
  type BuiltMap,
  type BuiltScalar,
  builtAt,
  builtFrom,
  builtValue,
  type Locate,
  originWithin,
  scalarOf,
  textAt,
  withEntry,
  withValueAt,
} from './built.ts';
import { emitted } from './emit-scalar.ts';
import { entriesAt } from './flux-kustomization.ts';
import { type Rendering, renderTemplate } from './go-template.ts';
import { type BuiltObject, gvkIn, idOf, readObjects } from './objects.ts';

export interface ResourceSet {
  readonly objects: readonly BuiltObject[];
  /** Inputs are unknown, or a template can't be rendered completely. */
  readonly isIncomplete: boolean;
}

/** The input providers of a namespace. */
export type FindProvider = (namespace: string, name: string) => BuiltMap | undefined;

export function isResourceSet(object: BuiltMap): boolean {
  const { group, kind } = gvkIn(object);
  return group === 'fluxcd.controlplane.io' && kind === 'ResourceSet';
}

/** Whether the Flux Operator copies the data of the object, which a ResourceSet makes, from another in the cluster. */
export function isCopied(object: BuiltMap): boolean {
  return builtAt(object, ['metadata', 'annotations', 'fluxcd.controlplane.io/copyFrom']) !== undefined;
}

export function renderResourceSet(object: BuiltMap, find: FindProvider): ResourceSet {
  const spec = object.entries.get('spec');
  const inputs = inputsOf(object, find);
  if (!inputs || spec?.kind !== 'map') return { objects: [], isIncomplete: !inputs };
  const found = new Map<string, BuiltMap>();
  let isIncomplete = false;
  const add = (value: BuiltMap) => {
    if (textAt(value, ['metadata', 'annotations', 'fluxcd.controlplane.io/reconcile']) === 'disabled') return;
    const { gvk, namespace, name } = idOf(value);
    const key = JSON.stringify([gvk.group, gvk.kind, namespace, name]);
    if (!found.has(key)) found.set(key, value);
  };
  const steps = [spec, ...itemsAt(spec, 'steps')];
  for (const step of steps) {
    for (const resource of itemsAt(step, 'resources'))
      for (const input of inputs) {
        const rendered = inTree(resource, input);
        if (rendered.kind === 'map') add(rendered);
      }
    const template = builtAt(step, ['resourcesTemplate']);
    for (const input of template?.kind === 'scalar' ? inputs : []) {
      const rendered = fromText(template as BuiltScalar, input);
      isIncomplete ||= rendered.isIncomplete;
      for (const value of rendered.objects) add(value);
    }
  }
  const objects = [...found.values()].map((value) => ({ value: withOwner(value, object, spec), previous: [] }));
  return { objects, isIncomplete };
}

/** Undefined if some are unknown: providers ask services for them. */
function inputsOf(object: BuiltMap, find: FindProvider): readonly Value[] | undefined {
  const strategy = textAt(object, ['spec', 'inputStrategy', 'name']) ?? 'Flatten';
  const own = itemsAt(builtAt(object, ['spec']), 'inputs').map((input) => withProvider(input, object));
  const providers = itemsAt(builtAt(object, ['spec']), 'inputsFrom').map((reference) => {
    const name = textAt(reference, ['name']);
    return name === undefined ? undefined : find(idOf(object).namespace, name);
  });
  const all = [...own];
  for (const provider of providers.toSorted((a, b) =>
    ((a && idOf(a).name) ?? '') < ((b && idOf(b).name) ?? '') ? -1 : 1,
  )) {
    if (!provider || textAt(provider, ['spec', 'type']) !== 'Static') return undefined;
    const values = builtAt(provider, ['spec', 'defaultValues']);
    all.push(withProvider(values, provider, { id: unknown }));
  }
  if (strategy !== 'Flatten') return undefined;
  return own.length + providers.length === 0 ? [{}] : all;
}

function withProvider(input: Built | undefined, provider: BuiltMap, more: Readonly<Record<string, Value>> = {}): Value {
  const values = input?.kind === 'map' ? (builtValue(input) as Readonly<Record<string, Value>>) : {};
  const { namespace, name } = idOf(provider);
  const kind = textAt(provider, ['kind']) ?? '';
  return {
    ...values,
    ...more,
    provider: { apiVersion: textAt(provider, ['apiVersion']) ?? '', kind, name, namespace },
  };
}

function itemsAt(value: Built | undefined, field: string): readonly Built[] {
  const list = builtAt(value, [field]);
  return list?.kind === 'list' ? list.items : [];
}

/** Renders the scalars of a resource, each as it is printed. */
function inTree(built: Built, inputs: Value): Built {
  if (built.kind === 'list') return { ...built, items: built.items.map((item) => inItem(item, inputs)) };
  if (built.kind === 'scalar') return inScalar(built, 'x: ', ['x'], inputs);
  const entries = new Map<string, Built>();
  const holes = new Set<string>();
  for (const [key, value] of built.entries) {
    const name = key.includes('<<') ? inScalar(scalarOf(key, built.origin), '- ', [0], inputs) : undefined;
    const isHole = name && (name.kind !== 'scalar' || name.value === unknown);
    if (isHole) holes.add(key);
    entries.set(name && !isHole && name.kind === 'scalar' ? name.text : key, inTree(value, inputs));
  }
  const { holes: _before, ...rest } = built;
  return { ...rest, entries, ...(holes.size > 0 && { holes }) };
}

function inItem(item: Built, inputs: Value): Built {
  return item.kind === 'scalar' ? inScalar(item, '- ', [0], inputs) : inTree(item, inputs);
}

function inScalar(scalar: BuiltScalar, prefix: string, path: readonly [string | number], inputs: Value): Built {
  if (!scalar.text.includes('<<')) return scalar;
  const rendering = renderTemplate(emitted(scalar.text, 'value'), inputs);
  const hole: BuiltScalar = { ...scalar, value: unknown };
  if (rendering.isIncomplete || rendering.parts.some(({ isHole }) => isHole)) return hole;
  const { root, findings } = parseManifest(`${prefix}${rendering.parts.map(({ text }) => text).join('')}\n`);
  const node = findings.some(({ severity }) => severity === 'error') ? undefined : nodeAt(root, path);
  return node ? builtFrom(node, () => scalar.origin, 'configuration') : hole;
}

/** Renders a text of documents; what the template has verbatim keeps its place. */
function fromText(
  template: BuiltScalar,
  inputs: Value,
): { readonly objects: readonly BuiltMap[]; readonly isIncomplete: boolean } {
  const rendering = renderTemplate(template.text, inputs);
  const text = rendering.parts.map((part) => part.text).join('');
  const locate = locateIn(rendering, template);
  const documents = splitDocuments(text).map((segment) => ({
    manifest: parseManifest(segment.text),
    locate: (start: number, end: number) => locate(segment.start + start, segment.start + end),
  }));
  const { objects, faults } = readObjects(documents);
  return { objects, isIncomplete: rendering.isIncomplete || faults.length > 0 };
}

/** Maps ranges of the rendered text to the template's. */
function locateIn({ parts }: Rendering, template: BuiltScalar): Locate {
  const starts: number[] = [];
  let length = 0;
  for (const { text } of parts) {
    starts.push(length);
    length += text.length;
  }
  const place = (offset: number, edge: 'start' | 'end'): number => {
    let [low, high] = [0, parts.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (starts[middle]! <= offset - (edge === 'end' ? 1 : 0)) low = middle;
      else high = middle - 1;
    }
    const part = parts[low];
    if (!part) return 0;
    return part.isVerbatim ? Math.min(part.start + offset - starts[low]!, part.end) : part[edge];
  };
  return (start, end) =>
    originWithin(template, place(start, 'start'), Math.max(place(end, 'end'), place(start, 'start')));
}

const owner = 'resourceset.fluxcd.controlplane.io';

function withOwner(value: BuiltMap, set: BuiltMap, spec: BuiltMap): BuiltMap {
  const { origin } = set;
  const { namespace, name } = idOf(set);
  const labels = new Map<string, Built>([
    [`${owner}/name`, scalarOf(name, origin)],
    [`${owner}/namespace`, scalarOf(namespace, origin)],
    ...entriesAt(spec, ['commonMetadata', 'labels']),
  ]);
  const labelled = withAll(value, 'labels', labels);
  return withAll(labelled, 'annotations', entriesAt(spec, ['commonMetadata', 'annotations']));
}

function withAll(object: BuiltMap, field: 'labels' | 'annotations', values: ReadonlyMap<string, Built>): BuiltMap {
  if (values.size === 0) return object;
  const known = builtAt(object, ['metadata', field]);
  let map: BuiltMap = known?.kind === 'map' ? known : { kind: 'map', entries: new Map(), origin: object.origin };
  for (const [key, one] of values) map = withEntry(map, key, one);
  return withValueAt(object, ['metadata', field], map) ?? object;
}
