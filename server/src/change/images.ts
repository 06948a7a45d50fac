// The images and charts of objects, and those that a change brings, replaces or no longer uses.
import { groupedBy } from '../kube/grouped.ts';
import { type Built, type BuiltMap, textAt } from '../kustomize/built.ts';

export interface ImageVersions {
  /** Without tag and digest. */
  readonly image: string;
  readonly was?: string;
  readonly now?: string;
}

/** Of one object before and after. */
export function imageChanges(was: BuiltMap | undefined, now: BuiltMap | undefined): readonly ImageVersions[] {
  const old = was ? imagesOf(was) : new Map<string, Image>();
  const current = now ? imagesOf(now) : new Map<string, Image>();
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

function imagesOf(object: BuiltMap): ReadonlyMap<string, Image> {
  const found = new Map<string, Image>();
  const add = (name: string | undefined, version: string | undefined) => {
    if (name !== undefined && name !== '') found.set(`${name} ${version}`, { name, version: version ?? '' });
  };
  collect(object, add, new Set());
  const chart = ['spec', 'chart', 'spec'];
  add(textAt(object, [...chart, 'chart']), textAt(object, [...chart, 'version']));
  const source = ['semver', 'tag', 'digest'].map((field) => textAt(object, ['spec', 'ref', field])).filter(Boolean)[0];
  if (textAt(object, ['kind']) === 'OCIRepository') add(textAt(object, ['spec', 'url']), source);
  return found;
}

type Add = (name: string | undefined, version: string | undefined) => void;

function collect(built: Built, add: Add, seen: Set<Built>): void {
  if (built.kind === 'scalar' || seen.has(built)) return;
  seen.add(built);
  if (built.kind === 'list') {
    for (const item of built.items) collect(item, add, seen);
    return;
  }
  // As most charts have it in their values.
  const [repository, tag] = [textAt(built, ['repository']), textAt(built, ['tag'])];
  if (repository !== undefined && tag !== undefined) add(repository, shortened(tag));
  for (const [key, value] of built.entries) {
    if (key === 'image' && value.kind === 'scalar' && typeof value.value === 'string') {
      const { name, version } = imageOf(value.text);
      add(name, version);
    } else collect(value, add, seen);
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
