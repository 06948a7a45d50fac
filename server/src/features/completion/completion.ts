// Completion at a cursor: determines what is being written there (probe.ts) and its schema, and collects the items that
// fit.
import type { Schema, SchemaStore } from '../../schema/schema.ts';
import { entryAt } from '../../syntax/navigate.ts';
import { isHole } from '../../syntax/scalar.ts';
import type { Steps } from '../../syntax/steps.ts';
import { assumedKind, type Cursor, roleOf, schemasAt } from '../cursor.ts';
import { documentationOf } from '../describe.ts';
import { itemsOutside } from '../inside/complete.ts';
import { insideAt } from '../inside/inside.ts';
import { takesPatch } from '../inside/taking.ts';
import { childSchema, type Field, fieldAt, objectAt, rowPath } from '../place.ts';
import { aliasItems } from './aliases.ts';
import { echoesOf } from './echoes.ts';
import { fileCandidates, namesFile } from './files.ts';
import { fittingBehavior } from './generator-behavior.ts';
import { insideCandidates } from './in-target.ts';
import type { Candidate, Completion } from './item.ts';
import { type KeyContext, keyItems, keysBelow } from './keys.ts';
import { apiVersionValues, headItems, type KindContext, kindValues, missingHead } from './kinds.ts';
import { knownValues, siblings } from './known.ts';
import { lacksDecryption, lacksPath } from './kustomization-needs.ts';
import { isLabels, labelsFor, labelsOfPods, labelValues } from './labels.ts';
import { sameForWord } from './latest.ts';
import { type Layout, layoutOf, usualLayout } from './layout.ts';
import { markerItems } from './markers.ts';
import { mergedKeys } from './merged-keys.ts';
import { objectItems, objectSteps } from './object-items.ts';
import { ownNameCandidates } from './own-names.ts';
import { refusedNamespaces } from './owned.ts';
import { pointerCandidates } from './pointers.ts';
import { columnBelow, columnOf, limited, mendedProbesAt, type Probe, probesAt } from './probe.ts';
import {
  fittingTarget,
  fixedParts,
  kindsOfName,
  namesObjectInFiles,
  type Place,
  referenceCandidates,
  writtenParts,
} from './references.ts';
import { habitCandidates, habitsOf, inHabit, namespaceCandidates, seenValues, valueHabitsOf } from './seen.ts';
import { settledPart } from './settled.ts';
import { isObject, writeScalar } from './skeleton.ts';
import { partItems, type Snippet } from './snippets.ts';
import { sourceKeys, sourceValues } from './sources.ts';
import { writtenTogether } from './structure.ts';
import { mostChoices, type Trial, trialOf } from './trial.ts';
import { fits, schemaCandidates, valueItems } from './values.ts';
import { variableItems } from './variables.ts';

/** The same for each request, so that the keys of a word are kept without snippets too. */
export const noSnippets: readonly Snippet[] = [];

/**
 * Items with offsets in the document; empty if nothing is known or nothing is valid there. `snippets` are offered as whole
 * objects and as parts of maps. `usual` is the layout of what the file doesn't have yet.
 */
export function complete(
  cursor: Cursor,
  snippets: readonly Snippet[] = noSnippets,
  usual: Layout = usualLayout,
): readonly Completion[] {
  const { workspace, path, document, manifest, offset } = cursor;
  const role = roleOf(cursor);
  if (role === 'template' || role === 'ignored') return [];
  const variables = variableItems(cursor);
  if (variables) return variables;
  const text = insideAt(cursor);
  if (text) return itemsOutside(complete(text, snippets, usual), text.inside!);
  const markers = markerItems(cursor);
  if (markers.length > 0) return markers;
  const layout = layoutOf(workspace.file(path)?.text ?? document.text, usual);
  let first: readonly Completion[] | undefined;
  let isCertain = false;
  const isTooMuch = limited();
  for (const probe of probesAt(document.text, manifest.root, offset, isTooMuch)) {
    const items = probeItems(cursor, probe, snippets, layout);
    if (items.length > 0 && startsOne(items, document.text.slice(probe.token.start, offset))) return items;
    if (items.length === 0) continue;
    first ??= items;
    isCertain ||= probe.reindent === undefined;
  }
  if (isCertain && manifest.findings.length === 0) return first!;
  for (const probe of mendedProbesAt(document.text, offset, isTooMuch)) {
    const items = probeItems(cursor, probe, snippets, layout);
    if (items.length > 0 && startsOne(items, document.text.slice(probe.token.start, offset))) return items;
  }
  return first ?? [];
}

/**
 * What the first list in an empty document is made of, in steps: it is longer than any other, and there as soon as somebody
 * types. Nothing is prepared where something is written.
 */
export function* preparingObjects(
  cursor: Cursor,
  snippets: readonly Snippet[] = noSnippets,
  usual: Layout = usualLayout,
): Steps<void> {
  const { workspace, path, document, manifest, offset } = cursor;
  if (manifest.root || ['template', 'ignored', 'data'].includes(roleOf(cursor))) return;
  const layout = layoutOf(workspace.file(path)?.text ?? '', usual);
  for (const probe of probesAt(document.text, manifest.root, offset, limited())) {
    const context = kindContext(cursor, probe, snippets, layout);
    for (const word of firstWords) yield* objectSteps({ ...context, word });
  }
}

/** Whether a text may be nothing but comments and marks; it isn't parsed. Dashes may be content. */
export function mayBeEmpty(text: string): boolean {
  return !/^[ \t]*[^\s#-]/m.test(text);
}

/** What is typed first in an empty document: nothing yet, or the beginning of `apiVersion` or `kind`. */
const firstWords = ['', 'a', 'k'];

/** Whether the typed text is a prefix of one of the items; if not, another interpretation of the cursor may fit. */
function startsOne(items: readonly Completion[], typed: string): boolean {
  const word = typed.toLowerCase();
  return items.some(({ label, filter }) => (filter ?? label).toLowerCase().startsWith(word));
}

function probeItems(cursor: Cursor, probe: Probe, snippets: readonly Snippet[], layout: Layout): readonly Completion[] {
  const { text } = cursor.document;
  if (text[probe.token.start] !== '*') return wordItems(cursor, probe, snippets, layout);
  // `*` is also a value, for example in a role's verbs.
  return [
    ...aliasItems(text, probe),
    ...wordItems(cursor, probe, snippets, layout).filter(({ label }) => label.startsWith('*')),
  ];
}

function wordItems(cursor: Cursor, probe: Probe, snippets: readonly Snippet[], layout: Layout): readonly Completion[] {
  const { workspace, path } = cursor;
  const kinds = kindContext(cursor, probe, snippets, layout);
  const { schemas, assumed, object } = kinds;
  const inObject = probe.path.slice(object.path.length);
  const isWhole = roleOf(cursor) !== 'patch';
  const isNothingYet = object.apiVersion === undefined && object.kind === undefined;
  if (inObject.length === 0 && isNothingYet && !object.gvk) {
    return mayBeObject(cursor, probe) ? [...headItems(kinds), ...(isWhole ? objectItems(kinds) : [])] : [];
  }
  if (inObject.length === 1 && probe.as === 'value') {
    if (inObject[0] === 'kind') return kindValues(kinds);
    if (inObject[0] === 'apiVersion') return apiVersionValues(kinds);
  }
  // A file whose name says all has neither apiVersion nor kind.
  const headed = !assumed || schemas.lookup(assumed)?.schema.properties?.apiVersion !== undefined;
  const head = inObject.length > 0 || !headed ? [] : isNothingYet ? headItems(kinds) : missingHead(kinds);
  const field = fieldAt(probe.root, probe.path, schemas, assumed);
  if (!field) return head;
  const scalar = probe.as === 'value' && !isObject(field.schema) && field.schema.type !== 'array';
  if (scalar) return valueItems(withNeeds(cursor, probe, field, layout, schemas), probe, layout.eol);
  const inHead = new Set(head.map(({ label }) => label));
  const isEmpty = assumed !== undefined && inObject.length === 0 && isNothingYet && probe.present.size === 0;
  const below = sameForWord(cursor, probe, field, layout, snippets, () => [
    ...structure(cursor, probe, field, layout, schemas),
    ...partItems(snippets, field, probe, layout, trialOf(cursor, probe, field, schemas), (lines) =>
      settledPart(lines, { workspace, path, schemas, edited: kinds.edited }, probe.root, field),
    ),
  ]);
  // After the keys: such a file needs neither apiVersion nor kind.
  const whole =
    isEmpty && headed && isWhole ? objectItems(kinds).map((item) => ({ ...item, sort: `2${item.sort}` })) : [];
  return [...head, ...whole, ...below.filter(({ label }) => !inHead.has(label))];
}

function kindContext(cursor: Cursor, probe: Probe, snippets: readonly Snippet[], layout: Layout): KindContext {
  const { workspace, path, document, offset, inside } = cursor;
  const assumed = assumedKind(cursor);
  return {
    ...{ workspace, path, probe, snippets, layout, assumed },
    edited: inside?.outer.document ?? document,
    schemas: schemasAt(cursor, probe.root, probe.path),
    object: objectAt(probe.root, probe.path, assumed),
    original: originalOffset(cursor, probe),
    word: document.text.slice(probe.token.start, offset),
    isLast: document.text.slice(probe.token.lineEnd).trim() === '',
  };
}

function structure(
  cursor: Cursor,
  probe: Probe,
  field: Field,
  layout: Layout,
  schemas: SchemaStore,
): readonly Completion[] {
  return keyItems(keyContext(cursor, probe, field, layout, schemas, trialOf(cursor, probe, field, schemas)));
}

function keyContext(
  cursor: Cursor,
  probe: Probe,
  field: Field,
  layout: Layout,
  schemas: SchemaStore,
  trial: Trial | undefined,
): KeyContext {
  const labels = isLabels(field) ? labelsFor(cursor, probe.root, field) : undefined;
  return {
    field,
    probe,
    trial,
    layout,
    habits: habitsOf(cursor, probe.root, field),
    sources: sourceKeys(cursor.workspace, cursor.path, field),
    typed: typedAt(cursor, probe),
    labels,
    isSelector: labelsOfPods(probe.root, field) !== undefined,
    values: (path, schema) => {
      const inField = path.slice(field.path.length, -1);
      const parent = inField.reduce<Schema | undefined>((at, step) => at && childSchema(at, step), field.schema);
      const part: Field = { ...field, path, schema, ...(parent && { parent }) };
      const place = { workspace: cursor.workspace, path: cursor.path, schemas, root: probe.root, field: part };
      const fixed = fixedParts(place).map(writeScalar);
      if (fixed.length > 0 || typeof path.at(-1) === 'number') return fixed;
      if (trial && path.length === field.path.length + 1) {
        const choices = trial.choices(String(path.at(-1)));
        if (choices.length > 0) return choices.map(writeScalar);
      }
      const values = path.length === field.path.length + 1 ? labels?.get(String(path.at(-1))) : undefined;
      if (values && values.size <= mostChoices) return [...values].map(writeScalar);
      const isFitting = fittingBehavior(place);
      const known = knownValues(probe.root, part, schemas)
        .filter(({ value }) => isFitting?.(String(value)) !== false)
        .map(({ value }) => writeScalar(value));
      return known.length <= mostChoices ? known : [];
    },
    written: (path) => [
      ...writtenParts(field.kind.gvk, path),
      ...(roleOf(cursor) === 'patch' ? [] : writtenTogether(field.kind, path)),
    ],
    describe: (name, schema) =>
      documentationOf(cursor, { ...field, path: [...field.path, name], schema, parent: field.schema }),
  };
}

/** Candidates with the fields that they need beside them. */
function withNeeds(
  cursor: Cursor,
  probe: Probe,
  field: Field,
  layout: Layout,
  schemas: SchemaStore,
): readonly Candidate[] {
  const trial = trialOf(cursor, probe, field, schemas);
  const { parent, path } = field;
  const found = withFields(cursor, probe, field, layout, candidates(cursor, probe, field, schemas, trial));
  if (!trial || !parent || !takesNeeds(cursor, probe) || typeof path.at(-1) !== 'string') return found;
  const map: Field = { ...field, path: path.slice(0, -1), schema: parent };
  return found.map((candidate) => {
    const needs = candidate.kind === 'reference' ? [] : trial.needs(candidate.value);
    if (needs.length === 0) return candidate;
    const context = keyContext(cursor, probe, map, layout, schemas, undefined);
    const below = keysBelow(context, needs, (contents) => trial.lacking(candidate.value, contents));
    return { ...candidate, below };
  });
}

/** Candidates for a source or a path with what the Kustomization needs then, below the entry that names it. */
function withFields(
  cursor: Cursor,
  probe: Probe,
  field: Field,
  { eol, step }: Layout,
  found: readonly Candidate[],
): readonly Candidate[] {
  const { workspace, path, document } = cursor;
  const place = { workspace, path, root: probe.root, field };
  const isInMap = field.path.at(-1) === 'name';
  const entry = entryAt(probe.root, [...field.object.path, ...field.path.slice(0, isInMap ? -1 : undefined)]);
  if (!entry || !isAlone(cursor, probe)) return found;
  const column = columnOf(document.text, originalOffset(cursor, probe)(entry.key.start));
  // What is below would be part of what is inserted.
  if ((columnBelow(document.text, probe.token.lineEnd) ?? 0) > column) return found;
  const [isWithoutPath, isWithoutDecryption] = [lacksPath(place), lacksDecryption(place)];
  const line = `${eol}${' '.repeat(column)}`;
  return found.map((candidate) => {
    if (isWithoutPath(candidate)) return { ...candidate, below: `${line}path: $1` };
    if (!isWithoutDecryption(candidate)) return candidate;
    return { ...candidate, below: `${line}decryption:${line}${' '.repeat(step)}provider: sops` };
  });
}

function candidates(
  cursor: Cursor,
  probe: Probe,
  field: Field,
  schemas: SchemaStore,
  trial: Trial | undefined,
): readonly Candidate[] {
  const { workspace, path } = cursor;
  const { root } = probe;
  const parent = field.parent && { ...field, path: field.path.slice(0, -1), schema: field.parent };
  // A value that exists only because it is being typed here must not be suggested.
  const typed = typedAt(cursor, probe);
  const habits = valueHabitsOf(cursor, root, field);
  const habitual =
    namesObjectInFiles(field) || namesFile(field.kind.gvk, rowPath(field.path)) ? [] : habitCandidates(field, habits);
  const seen = [
    ...namespaceCandidates(cursor, root, field),
    ...(parent && isLabels(parent) ? labelValues(field.path, labelsFor(cursor, root, parent)) : []),
    ...seenValues(workspace, field),
    ...habitual,
  ].filter(({ value }) => value !== typed);
  const owned = ownNameCandidates(cursor, root, field);
  const listed = siblings(root, field);
  const dotted = [typed, ...listed].some((one) => one.startsWith('./'));
  const known = knownValues(root, field, schemas);
  const place = { workspace, path, schemas, root, field };
  const found = [
    ...writable(cursor, probe, referenceCandidates(place)),
    ...insideCandidates(place),
    ...pointerCandidates(cursor, root, field, schemas, typed),
    ...mergedKeys(cursor, field),
    ...owned,
    ...fileCandidates(place, dotted),
    ...sourceValues(workspace, path, field),
    // The parts of other objects are none of this one.
    ...(owned.length > 0 ? [] : seen),
    ...schemaCandidates(field),
    ...known,
  ];
  const kinds = kindsOfName(place);
  const isFitting = [place, ...echoesAt(place)].map(fittingAt);
  const named = found.filter(
    ({ value }) => kinds?.has(String(value)) !== false && isFitting.every((fitsAt) => fitsAt(String(value))),
  );
  const fitting = inHabit(named, habits).filter(
    ({ value }) => fits(field.schema, value) && (typeof value !== 'string' || (!isHole(value) && !listed.has(value))),
  );
  if (!trial) return fitting;
  // Not all of a long list are tried. These come first: they have a meaning of their own, or are whatever somebody wrote.
  for (const { value } of [...known.slice(0, mostChoices), ...habitual]) trial.accepts(value);
  return fitting.filter(({ value }) => trial.accepts(value));
}

/** Whether a value of the field does what it is for, for the clusters that get the object. */
function fittingAt(place: Place): (value: string) => boolean {
  const isFitting = fittingTarget(place) ?? fittingBehavior(place) ?? takesPatch(place);
  const isRefused = refusedNamespaces(place);
  return (value) => isFitting?.(value) !== false && !isRefused(value);
}

/** The fields that have the value of this one through an alias. */
function echoesAt(place: Place): readonly Place[] {
  const { root, field, schemas } = place;
  return echoesOf(root, [...field.object.path, ...field.path]).flatMap((path) => {
    const echo = fieldAt(root, path, schemas);
    return echo ? [{ ...place, field: echo }] : [];
  });
}

/** Nothing else is on the line, so that keys can be written below. */
function isAlone({ document: { text } }: Cursor, { token, flow }: Probe): boolean {
  return !flow && token.afterKey && text.slice(token.end, token.lineEnd).trim() === '';
}

/** Keys can be written after the value: below it or, in a flow map, beside it. */
function takesNeeds(cursor: Cursor, probe: Probe): boolean {
  if (!probe.flow) return isAlone(cursor, probe);
  return /^\s*(?:[,}]|$)/.test(cursor.document.text.slice(probe.token.end, probe.token.lineEnd));
}

/** Without objects whose namespace can't be written below their name. */
function writable(cursor: Cursor, probe: Probe, found: readonly Candidate[]): readonly Candidate[] {
  return isAlone(cursor, probe) ? found : found.filter(({ namespace }) => namespace === undefined);
}

/** The word at the cursor, without quotes. */
function typedAt({ document }: Cursor, { token }: Probe): string {
  return document.text.slice(token.start, token.end).replace(/^["']|["']$/g, '');
}

/** An empty document, a `List` item, or a map that starts like an object; not a workflow or a values file. */
function mayBeObject(cursor: Cursor, probe: Probe): boolean {
  if (probe.path.length === 0 && probe.as !== 'key') return false;
  const role = roleOf(cursor);
  if (role === 'data') return false;
  return [...probe.present].every((name) => ['metadata', 'spec', 'data', 'stringData'].includes(name));
}

/** The probe's text differs from the document's at the word and, above it, by characters that the document lacks. */
function originalOffset({ document }: Cursor, { token, inserted = [], length }: Probe): (offset: number) => number {
  const moved = length - document.text.length;
  return (offset) => {
    const above = inserted.filter((at) => at < offset).length;
    return offset - above <= token.start ? offset - above : offset - moved;
  };
}
