// What kustomize knows of an object while it builds: its earlier ids, its prefixes and suffixes, what made and changed it. It
// keeps that in annotations, where patches and replacements can read, copy and drop it (api/resource/resource.go).
import { parseManifest } from '../syntax/manifest.ts';
import { linesOf, listedIn, originKey, transformationsKey } from './build-metadata.ts';
import {
  type Built,
  type BuiltMap,
  builtAt,
  builtFrom,
  emptyMap,
  locateIn,
  stringOf,
  textAt,
  withEntry,
} from './built.ts';
import {
  type BuiltObject,
  effectiveNamespace,
  type IsNamespaced,
  idOf,
  type ObjectId,
  type Provenance,
} from './objects.ts';

const internal = 'internal.config.kubernetes.io';

/** Annotations that are never part of what is printed (api/resource/resource.go, BuildAnnotations). */
export const buildAnnotations: ReadonlySet<string> = new Set([
  ...[
    'previousKinds',
    'previousNames',
    'previousNamespaces',
    'prefixes',
    'suffixes',
    'allowNameChange',
    'allowKindChange',
    'refBy',
    'generatorBehavior',
    'needsHashSuffix',
    'path',
    'index',
    'seqindent',
    'id',
    'annotations-migration-resource-id',
    'helm-generated',
  ].map((name) => `${internal}/${name}`),
  'config.kubernetes.io/path',
  'config.kubernetes.io/index',
  'config.k8s.io/id',
]);

/** Those of an object that `BuiltObject` has fields for. */
const managed: ReadonlySet<string> = new Set([
  ...[
    ...['previousKinds', 'previousNames', 'previousNamespaces'],
    ...['prefixes', 'suffixes', 'needsHashSuffix', 'generatorBehavior'],
  ].map((name) => `${internal}/${name}`),
  originKey,
  transformationsKey,
]);

/** The namespace that kustomize keeps of an object that is in none. */
const noNamespace = '_non_namespaceable_';

/** An object that was read, with what its annotations say. */
export function objectOf(value: BuiltMap): BuiltObject {
  const object = known.get(value) ?? readObject(value);
  known.set(value, object);
  return object;
}

const known = new WeakMap<BuiltMap, BuiltObject>();

function readObject(value: BuiltMap): BuiltObject {
  return keptIn(value, { value, previous: [] });
}

/** The value with the annotations of what is known of the object. */
export function withKept(object: BuiltObject, isNamespaced: IsNamespaced): BuiltMap {
  const { value } = object;
  const metadata = value.entries.get('metadata');
  const annotations = builtAt(metadata, ['annotations']);
  const kept = keptOf(object, isNamespaced);
  if (kept.size === 0 || metadata?.kind !== 'map') return value;
  const isOther = annotations && annotations.kind !== 'map' && textAt(annotations, []) !== undefined;
  if (isOther || annotations?.kind === 'list') return value;
  const base = annotations?.kind === 'map' ? annotations : emptyMap(metadata.origin);
  const entries = new Map([...base.entries].filter(([key]) => !managed.has(key)));
  for (const [key, text] of kept) entries.set(key, stringOf(text, value.origin));
  return withEntry(value, 'metadata', withEntry(metadata, 'annotations', { ...base, entries }));
}

/** The object with another value, and what the annotations of that say of it; those of its own aren't part of the value. */
export function withoutKept(object: BuiltObject, value: BuiltMap): BuiltObject {
  const { previous, prefixes, suffixes, hashed, behavior, provenance, transformations, ...rest } = object;
  const read = keptIn(value, { ...rest, previous: [], value });
  const annotations = builtAt(value, ['metadata', 'annotations']);
  const metadata = value.entries.get('metadata');
  if (annotations?.kind !== 'map' || metadata?.kind !== 'map') return read;
  const entries = new Map([...annotations.entries].filter(([key]) => !managed.has(key)));
  if (entries.size === annotations.entries.size) return read;
  return {
    ...read,
    value: withEntry(value, 'metadata', withEntry(metadata, 'annotations', { ...annotations, entries })),
  };
}

/** Whether kustomize keeps something of the object in the annotation. */
export function isKept(key: string): boolean {
  return managed.has(key);
}

/** Whether the key is of an annotation that a JSON patch can't change. */
export function survivesOperations(key: string): boolean {
  return key.startsWith(`${internal}/`) || buildAnnotations.has(key);
}

function keptOf(object: BuiltObject, isNamespaced: IsNamespaced): ReadonlyMap<string, string> {
  const { previous, prefixes = [], suffixes = [], hashed, behavior, provenance, transformations = [] } = object;
  const kept = new Map<string, string>();
  const keep = (name: string, texts: readonly string[]) => {
    if (texts.length > 0) kept.set(`${internal}/${name}`, texts.join(','));
  };
  keep(
    'previousKinds',
    previous.map(({ gvk }) => gvk.kind),
  );
  keep(
    'previousNames',
    previous.map(({ name }) => name),
  );
  keep(
    'previousNamespaces',
    previous.map((id) => effectiveNamespace(id, isNamespaced) ?? noNamespace),
  );
  keep('prefixes', prefixes);
  keep('suffixes', suffixes);
  keep('needsHashSuffix', hashed ? ['enabled'] : []);
  keep('generatorBehavior', behavior === undefined ? [] : [behavior || 'unspecified']);
  if (provenance)
    kept.set(
      originKey,
      linesOf(provenance)
        .map((line) => `${line}\n`)
        .join(''),
    );
  if (transformations.length > 0) kept.set(transformationsKey, transformations.map(listedIn).join(''));
  return kept;
}

function keptIn(value: BuiltMap, object: BuiltObject): BuiltObject {
  const annotations = builtAt(value, ['metadata', 'annotations']);
  if (annotations?.kind !== 'map' || ![...annotations.entries.keys()].some((key) => managed.has(key))) return object;
  const texts = (name: string) => textAt(annotations, [`${internal}/${name}`])?.split(',') ?? [];
  const [prefixes, suffixes] = ['prefixes', 'suffixes'].map(texts);
  const hashed = texts('needsHashSuffix')[0] === 'enabled';
  const behavior = textAt(annotations, [`${internal}/generatorBehavior`]);
  const [provenance] = provenancesIn(textAt(annotations, [originKey]));
  const transformations = provenancesIn(textAt(annotations, [transformationsKey]));
  return {
    ...object,
    previous: previousIn(value, texts),
    ...(prefixes!.length > 0 && { prefixes }),
    ...(suffixes!.length > 0 && { suffixes }),
    ...(hashed && { hashed }),
    ...(behavior !== undefined && { behavior }),
    ...(provenance && { provenance }),
    ...(transformations.length > 0 && { transformations }),
  };
}

function previousIn(value: BuiltMap, texts: (name: string) => readonly string[]): readonly ObjectId[] {
  const [names, namespaces, kinds] = ['previousNames', 'previousNamespaces', 'previousKinds'].map(texts);
  const { gvk } = idOf(value);
  return names!.map((name, index) => ({
    gvk: { ...gvk, kind: kinds![index] ?? gvk.kind },
    name,
    namespace: namespaces![index] ?? '',
  }));
}

/** What was written about one or several steps. */
function provenancesIn(text: string | undefined): readonly Provenance[] {
  const { root } = text === undefined ? {} : parseManifest(text);
  const built = root && builtFrom(root, locateIn({ file: '', start: 0 }), 'configuration');
  const found = built?.kind === 'list' ? built.items : built ? [built] : [];
  return found.flatMap(provenanceIn);
}

function provenanceIn(built: Built): readonly Provenance[] {
  const path = textAt(built, ['path']);
  if (path !== undefined) return [{ path }];
  const configuredIn = textAt(built, ['configuredIn']);
  if (configuredIn === undefined) return [];
  const part = (name: string) => textAt(built, ['configuredBy', name]);
  const [name, namespace] = ['name', 'namespace'].map(part);
  const configuredBy = {
    ...{ apiVersion: part('apiVersion') ?? '', kind: part('kind') ?? '' },
    ...(name !== undefined && { name }),
    ...(namespace !== undefined && { namespace }),
  };
  return [{ configuredIn, configuredBy }];
}

/** Whether the annotations with earlier ids have the same number of entries. */
export function hasConsistentHistory(value: BuiltMap): boolean {
  const counts = ['previousNames', 'previousNamespaces', 'previousKinds'].map(
    (name) => (textAt(value, ['metadata', 'annotations', `${internal}/${name}`]) ?? '').split(',').length,
  );
  return (
    builtAt(value, ['metadata', 'annotations', `${internal}/previousNames`]) === undefined || new Set(counts).size === 1
  );
}

/** Whether Helm made the object, which has its namespace already. */
export function isFromHelm(value: BuiltMap): boolean {
  return builtAt(value, ['metadata', 'annotations', `${internal}/helm-generated`]) !== undefined;
}
