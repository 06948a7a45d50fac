// The images and charts of objects, and those that a change brings, replaces or no longer uses.
import { groupedBy } from '../kube/grouped.ts';
import { type Built, type BuiltMap, type BuiltScalar, textAt } from '../kustomize/built.ts';
import { withoutCredentials } from '../syntax/credentials.ts';

export interface ImageVersions {
  /** Without tag and digest. */
  readonly image: string;
  readonly was?: string;
  readonly now?: string;
}

/** Of one object before and after. `isHidden` are values that must not be shown. */
export function imageChanges(
  was: BuiltMap | undefined,
  now: BuiltMap | undefined,
  isHidden: IsHidden,
): readonly ImageVersions[] {
  const old = was ? imagesOf(was, isHidden) : new Map<string, Image>();
  const current = now ? imagesOf(now, isHidden) : new Map<string, Image>();
  const gone = groupedBy(
    [...old].flatMap(([key, image]) => (current.has(key) ? [] : image)),
    ({ name }) => name,
  );
  const came = groupedBy(
    [...current].flatMap(([key, image]) => (old.has(key) ? [] : image)),
    ({ name }) => name,
  );
  return [...new Set([...gone.keys(), ...came.keys()])].flatMap((image) => {
    const [before, after] = [gone.get(image) ?? [], came.get(image) ?? []];
    return Array.from({ length: Math.max(before.length, after.length) }, (_, index) => ({
      image,
      ...(before[index] && { was: before[index].version }),
      ...(after[index] && { now: after[index].version }),
    }));
  });
}

interface Image {
  readonly name: string;
  readonly version: string;
}

type IsHidden = (scalar: BuiltScalar) => boolean;

function imagesOf(object: BuiltMap, isHidden: IsHidden): ReadonlyMap<string, Image> {
  const found = new Map<string, Image>();
  if (textAt(object, ['kind']) === 'Secret') return found;
  const add = (name: string | undefined, version: string | undefined) => {
    if (name === undefined || name === '') return;
    found.set(`${name} ${version}`, { name: withoutCredentials(name), version: version ?? '' });
  };
  collect(object, { add, isHidden, seen: new Set() });
  const chart = ['spec', 'chart', 'spec'];
  add(textAt(object, [...chart, 'chart']), textAt(object, [...chart, 'version']));
  const source = ['semver', 'tag', 'digest'].map((field) => textAt(object, ['spec', 'ref', field])).filter(Boolean)[0];
  if (textAt(object, ['kind']) === 'OCIRepository') add(textAt(object, ['spec', 'url']), source);
  return found;
}

interface Collection {
  readonly add: (name: string | undefined, version: string | undefined) => void;
  readonly isHidden: IsHidden;
  readonly seen: Set<Built>;
}

function collect(built: Built, collection: Collection): void {
  const { add, isHidden, seen } = collection;
  if (built.kind === 'scalar' || seen.has(built)) return;
  seen.add(built);
  if (built.kind === 'list') {
    for (const item of built.items) collect(item, collection);
    return;
  }
  const shown = (key: string) => {
    const value = built.entries.get(key);
    return value?.kind === 'scalar' && value.value !== null && !isHidden(value) ? value : undefined;
  };
  // As most charts have it in their values.
  const [repository, tag] = [shown('repository'), shown('tag')];
  if (repository && tag) add(repository.text, shortened(tag.text));
  for (const [key, value] of built.entries) {
    if (key !== 'image' || value.kind !== 'scalar') {
      collect(value, collection);
      continue;
    }
    const image = shown(key);
    if (typeof image?.value !== 'string') continue;
    const { name, version } = imageOf(image.text);
    add(name, version);
  }
}

/** `registry:5000/name:tag@digest` */
function imageOf(text: string): Image {
  const [reference = '', digest] = text.split('@');
  const [, name = '', tag] = /^(.*?)(?::([^/:]*))?$/s.exec(reference) ?? [];
  const version = [tag, digest].filter(Boolean).join('@');
  return { name: /\s/.test(name) ? '' : name, version: shortened(version) };
}

/** With the first 12 characters of a digest, as programs that run containers print it. */
export function shortened(text: string): string {
  return text.replace(/\b(sha256:[0-9a-f]{12})[0-9a-f]{52}\b/g, '$1');
}
