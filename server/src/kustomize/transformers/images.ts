// `images`: replaces names, tags and digests of images, in every list named `containers` or `initContainers` and in the
// configured fields (api/filters/imagetag, api/internal/image).
import { compilePattern, type Pattern } from '../../cel/pattern.ts';
import type { Path } from '../../syntax/tree.ts';
import { type Built, type BuiltMap, changedText, isNull, type Origin, textAt, withEntry } from '../built.ts';
import type { FieldSpec } from '../config/field-specs.ts';
import { type Changed, changeAllFields } from '../field-spec.ts';
import { idOf } from '../objects.ts';
import { changeEach, filledText, mapsOf, type Objects, type Step, type Transformer } from './transformer.ts';

export const imageTransformer: Transformer = (objects, step) => {
  let done = objects;
  for (const list of ['images', 'imageTags'])
    for (const [image, field] of mapsOf(step, list))
      done = retagged(done, step, { image, specs: step.config.images, field });
  return done;
};

interface Retagging {
  readonly image: BuiltMap;
  readonly specs: readonly FieldSpec[];
  readonly field: Path;
}

export function retagged(objects: Objects, step: Step, { image, specs, field }: Retagging): Objects {
  const rule = ruleOf(image);
  const change = (value: BuiltMap): Changed<BuiltMap> => {
    if (idOf(value).gvk.kind === 'CustomResourceDefinition') return value;
    const inLists = hasContainers(value) ? inContainers(value, rule, new Set()) : value;
    if ('fault' in inLists || inLists.kind !== 'map') return 'fault' in inLists ? inLists : value;
    return changeAllFields(inLists, specs, { origin: image.origin, to: (written) => retaggedText(written, rule) });
  };
  return changeEach(objects, step, field, change, [image, specs]);
}

interface Rule {
  readonly pattern: Pattern | undefined;
  readonly newName: string;
  readonly newTag: string;
  readonly digest: string;
  readonly tagSuffix: string;
  /** The setting that is the most specific. */
  readonly origin: Origin;
}

/** Tags may contain braces; digests may have any algorithm. A name is part of a pattern, and one that isn't valid matches nothing. */
function ruleOf(image: BuiltMap): Rule {
  const text = (name: string) => textAt(image, [name]) ?? '';
  const settings = ['digest', 'newTag', 'tagSuffix', 'newName'];
  const set = settings.flatMap((name) => filledText(image, [name]) ?? []);
  return {
    pattern: compilePattern(
      `^${text('name')}(:[a-zA-Z0-9_.{}-]*)?(@[a-zA-Z0-9]+([.+_-][a-zA-Z0-9]+)*:[a-zA-Z0-9_.{}-]*)?$`,
    ),
    newName: text('newName'),
    newTag: text('newTag'),
    digest: text('digest'),
    tagSuffix: text('tagSuffix'),
    origin: set[0]?.origin ?? image.origin,
  };
}

const known = new WeakMap<Built, boolean>();

/** Whether a list of containers is in an object, at any depth. Its fields, such as `spec`, are part of many builds. */
function hasContainers({ entries }: BuiltMap): boolean {
  if (entries.has('containers') || entries.has('initContainers')) return true;
  for (const field of entries.values()) {
    if (field.kind === 'scalar') continue;
    const has = known.get(field) ?? isAround(field, new Set());
    known.set(field, has);
    if (has) return true;
  }
  return false;
}

/** Nodes that aliases share are visited once. */
function isAround(at: Built, without: Set<Built>): boolean {
  if (at.kind === 'scalar' || without.has(at)) return false;
  if (at.kind === 'map' && (at.entries.has('containers') || at.entries.has('initContainers'))) return true;
  for (const inner of at.kind === 'list' ? at.items : at.entries.values()) if (isAround(inner, without)) return true;
  without.add(at);
  return false;
}

/** The images of all lists of containers, at any depth. Values without any, which aliases may share, are visited once. */
function inContainers(at: Built, rule: Rule, without: Set<Built>): Changed<Built> {
  if (at.kind === 'scalar' || without.has(at)) return at;
  if (at.kind === 'list') {
    const items = mapItems(at, (item) => inContainers(item, rule, without));
    if (items === at) without.add(at);
    return items;
  }
  let done: BuiltMap = at;
  for (const [key, value] of at.entries) {
    let changed = inContainers(value, rule, without);
    if (!('fault' in changed) && changed.kind === 'list' && (key === 'containers' || key === 'initContainers'))
      changed = mapItems(changed, (item) => inContainer(item, rule));
    if ('fault' in changed) return changed;
    if (changed !== value) done = withEntry(done, key, changed);
  }
  if (done === at) without.add(at);
  return done;
}

function mapItems(list: Extract<Built, { kind: 'list' }>, change: (item: Built) => Changed<Built>): Changed<Built> {
  let items: Built[] | undefined;
  for (const [index, item] of list.items.entries()) {
    const changed = change(item);
    if ('fault' in changed) return changed;
    if (changed !== item) (items ??= [...list.items])[index] = changed;
  }
  return items ? { ...list, items } : list;
}

function inContainer(container: Built, rule: Rule): Changed<Built> {
  if (isNull(container)) return container;
  if (container.kind !== 'map')
    return { fault: { reason: { kind: 'not-a-map', path: 'containers' }, origin: container.origin } };
  const image = container.entries.get('image');
  const changed = image && retaggedText(image, rule);
  if (!changed || changed === image) return container;
  return 'fault' in changed ? changed : withEntry(container, 'image', changed);
}

function retaggedText(written: Built, rule: Rule): Changed<Built> {
  if (written.kind !== 'scalar')
    return { fault: { reason: { kind: 'not-a-scalar', path: 'image' }, origin: written.origin } };
  if (!rule.pattern?.test(written.text)) return written;
  const { name, tag, digest } = newParts(partsOf(written.text), rule);
  const text = `${name}${tag === '' ? '' : `:${tag}`}${digest === '' ? '' : `@${digest}`}`;
  return text === written.text
    ? written
    : { ...changedText(written, text, written.origin), origin: { ...rule.origin, through: written.origin } };
}

interface Parts {
  readonly name: string;
  readonly tag: string;
  readonly digest: string;
}

/** A new tag or digest replaces both. */
function newParts(old: Parts, { newName, newTag, digest, tagSuffix }: Rule): Parts {
  const name = newName || old.name;
  if (newTag !== '' || digest !== '') return { name, tag: newTag, digest };
  return tagSuffix === '' ? { ...old, name } : { name, tag: old.tag + tagSuffix, digest: '' };
}

/** A colon before the first slash belongs to the port of a registry. */
function partsOf(image: string): Parts {
  const slash = Math.max(image.indexOf('/'), 0);
  const at = image.indexOf('@', slash);
  const colon = image.indexOf(':', slash);
  if (at < 0 && colon < 0) return { name: image, tag: '', digest: '' };
  if (at >= 0 && (colon < 0 || at < colon)) return { name: image.slice(0, at), tag: '', digest: image.slice(at + 1) };
  const end = at < 0 ? image.length : at;
  return { name: image.slice(0, colon), tag: image.slice(colon + 1, end), digest: at < 0 ? '' : image.slice(at + 1) };
}
