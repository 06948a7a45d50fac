// Texts inside documents: finds the fields of an object that hold a document of their own (kube/texts.ts), and makes a cursor
// in such a text, with which every verb works as in a file.
import type { Gvk } from '../../kube/identity.ts';
import { type TextField, textFieldsOf } from '../../kube/texts.ts';
import { blockText, type InnerText, innerText } from '../../syntax/inner-text.ts';
import { type Manifest, parseManifest } from '../../syntax/manifest.ts';
import { nodeAt, placeAt } from '../../syntax/navigate.ts';
import { splitDocuments } from '../../syntax/split.ts';
import { type Node, type Path, type ScalarNode, unknown } from '../../syntax/tree.ts';
import type { Document } from '../../workspace/document.ts';
import { factsOf } from '../../workspace/facts.ts';
import { kindByFile } from '../../workspace/file-kinds.ts';
import type { Role } from '../../workspace/roles.ts';
import type { Workspace } from '../../workspace/workspace.ts';
import { blockHeader } from '../completion/block-text.ts';
import { type Cursor, roleOf } from '../cursor.ts';
import { objectsPatched } from './patched.ts';
import { knownIn, type Reading, readingOf } from './reading.ts';
import { type UsedField, usedFieldsOf } from './used.ts';
import { valuesTextReading } from './values-text.ts';

/** A text in a document. */
export interface TextPlace {
  readonly field: TextField;
  /** From the document's root to the text. */
  readonly path: Path;
  readonly scalar: ScalarNode;
}

/** An object of a document, which may hold texts. */
export interface Holder {
  readonly gvk: Gvk;
  readonly path: Path;
  /** Texts that it holds because of other objects. */
  readonly used?: readonly UsedField[];
}

/** `role` is that of the document. */
export function holdersIn(
  workspace: Workspace,
  role: Role,
  manifest: Manifest,
  { facts }: Document,
): readonly Holder[] {
  const assumed = kindByFile(role, manifest);
  if (assumed) return [{ gvk: assumed, path: [] }];
  return facts.objects.map((object) => {
    const used = usedFieldsOf(workspace, object);
    return used.length === 0 ? object : { ...object, used };
  });
}

/** The texts of objects, in the order of the fields' rows. */
export function textsIn(root: Node | undefined, holders: readonly Holder[]): readonly TextPlace[] {
  return holders.flatMap((holder) =>
    fieldsOf(holder).flatMap(({ field, steps }) => {
      const object = nodeAt(root, holder.path);
      if (!object || field.holds === 'text') return [];
      return scalarsAt(object, steps, holder.path).map((found) => ({ field, ...found }));
    }),
  );
}

function fieldsOf({ gvk, used = [] }: Holder): readonly UsedField[] {
  const own = textFieldsOf(gvk).map((field) => ({ field, steps: field.at.split(/\.|(?=\[\*\])/) }));
  return [...own, ...used];
}

function scalarsAt(node: Node, steps: readonly string[], path: Path): readonly Pick<TextPlace, 'path' | 'scalar'>[] {
  const [step, ...rest] = steps;
  if (step === undefined) return node.type === 'scalar' && isText(node) ? [{ path, scalar: node }] : [];
  if (step === '[*]')
    return node.type === 'seq' ? node.items.flatMap((item, index) => scalarsAt(item, rest, [...path, index])) : [];
  if (step === '*') {
    const entries = node.type === 'map' ? node.entries : [];
    return entries.flatMap(({ key, value }) => scalarsAt(value, rest, [...path, key.text]));
  }
  const child = node.type === 'map' ? nodeAt(node, [step]) : undefined;
  return child ? scalarsAt(child, rest, [...path, step]) : [];
}

/** A text of several lines with a variable in it is a hole as a whole, but not what is around the variable. */
function isText({ value, text }: ScalarNode): boolean {
  return typeof value === 'string' || (value === unknown && text.includes('\n'));
}

/** The cursor in the text that a cursor of a document is in; undefined if it is in none that is understood. */
export function insideAt(cursor: Cursor): Cursor | undefined {
  if (cursor.inside) return undefined;
  const { workspace } = cursor;
  const holders = holdersIn(workspace, roleOf(cursor), cursor.manifest, cursor.document);
  if (!holders.some((holder) => fieldsOf(holder).length > 0)) return undefined;
  const { document, manifest, offset } = cursor;
  const header = blockHeader(document.text, offset);
  const place = placeAt(manifest.root, header ?? offset);
  if (place?.node.type !== 'scalar' || place.onKey) return undefined;
  const scalar = place.node;
  const isLiteral = scalar.style === 'literal';
  if ((header !== undefined) !== (isLiteral || scalar.style === 'folded') || scalar.style === 'absent')
    return undefined;
  const field = fieldAt(place.path, holders);
  if (!field) return undefined;
  const text = isLiteral ? blockText(scalar, document.text, offset) : innerText(scalar, document.text);
  return text && cursorIn(cursor, { field, path: place.path, scalar }, text);
}

function fieldAt(path: Path, holders: readonly Holder[]): TextField | undefined {
  const holder = holders.find((one) => one.path.every((step, depth) => step === path[depth]));
  const inObject = holder ? path.slice(holder.path.length) : [];
  return holder && fieldsOf(holder).find(({ field, steps }) => isRead(field) && matches(steps, inObject))?.field;
}

function isRead({ holds }: TextField): boolean {
  return holds !== 'text';
}

function matches(steps: readonly string[], path: Path): boolean {
  const fits = (step: string, index: number) =>
    step === '[*]' ? typeof path[index] === 'number' : step === '*' || step === path[index];
  return steps.length === path.length && steps.every(fits);
}

function cursorIn(outer: Cursor, place: TextPlace, text: InnerText): Cursor | undefined {
  const offset = text.inner(outer.offset);
  const segments = splitDocuments(text.text);
  const segment = segments.findLast(({ start }) => start <= offset) ?? segments[0]!;
  const manifest = parseManifest(segment.text);
  const { workspace, path } = outer;
  const reading = readingAt(outer, place, manifest);
  if (!reading) return undefined;
  return {
    ...{ workspace, path, manifest, offset: offset - segment.start },
    document: { text: segment.text, facts: factsOf(segment.text) },
    start: outer.start + text.outer(segment.start),
    reading,
    inside: { outer, place: (at) => text.outer(segment.start + at), column: text.column },
  };
}

/** Undefined for the values of a chart that isn't known. */
function readingAt(outer: Cursor, place: TextPlace, manifest: Manifest): Reading | undefined {
  const { workspace, path } = outer;
  if (place.field.holds === 'values') {
    const isAround = (step: string | number, depth: number) => step === place.path[depth];
    const holder = outer.document.facts.objects.find((one) => one.path.every(isAround));
    return holder && valuesTextReading(workspace, holder);
  }
  return readingOf(place, outer.manifest.root, manifest, {
    ...knownIn(workspace, path),
    objects: () => objectsPatched(workspace, path, outer.start).objects,
  });
}
