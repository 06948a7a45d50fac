// Fixes for a value of the wrong shape: a map where a list is expected, a name where a reference is expected, a list of one
// item where the item is expected. The schema of the field decides what each shape may become.
import { printBase64 } from '../../kube/values/base64.ts';
import type { Schema } from '../../schema/schema.ts';
import { entryAt, nodeAt } from '../../syntax/navigate.ts';
import type { Node, Path, ScalarNode } from '../../syntax/tree.ts';
import { keyName, resolveAlias } from '../../syntax/value.ts';
import { beginsLine, breakOf, columnOf } from '../../validation/moves.ts';
import { writeScalar } from '../completion/skeleton.ts';
import { afterColon, inFlow, linesOf, type Printed, source, sourceOf } from './print.ts';
import { type Candidate, type FixEdit, fieldOf, type Subject } from './subject.ts';

/** The value at `path` in other shapes that `schema` may accept, the likeliest first. */
export function reshaped(subject: Subject, path: Path, schema: Schema): readonly Candidate[] {
  const { text } = subject.document;
  const node = nodeAt(subject.manifest.root, path);
  if (!node || node.type === 'alias') return [];
  const shapes = [...textOf(subject, path, node), ...shapesOf(text, node, schema)].flatMap(
    ({ title, value, loses }): readonly Candidate[] => {
      const edits = replaced(subject, path, value);
      const isCertain = loses !== true && !hasComments(text, node);
      return edits ? [{ title, kind: 'replace', edits, ...(isCertain && { certain: true }) }] : [];
    },
  );
  return [...withColon(node, schema), ...lifted(subject, path, node), ...shapes];
}

/** Whether there are comments between the entries, which a new list or map doesn't have. */
function hasComments(text: string, node: Node): boolean {
  if (node.type !== 'map' || node.flow) return false;
  return node.entries.some(({ value }, index) => {
    const next = node.entries[index + 1];
    return next !== undefined && text.slice(value.end, next.key.start).includes('#');
  });
}

/** `name web` where a map with `name` is expected. */
function withColon(node: Node, { properties, items }: Schema): readonly Candidate[] {
  if (node.type !== 'scalar' || node.style !== 'plain') return [];
  const word = /^[\w./-]+(?=[ \t])/.exec(node.text)?.[0];
  if (word === undefined || !Object.hasOwn(properties ?? items?.properties ?? {}, word)) return [];
  const at = node.start + word.length;
  return [
    { title: `Add a colon after ${word}`, kind: 'space', edits: [{ start: at, end: at, text: ':' }], certain: true },
  ];
}

interface Shape {
  readonly title: string;
  readonly value: Printed;
  /** A name that the author wrote is lost, or the author may have meant another value. */
  readonly loses?: true;
}

function shapesOf(text: string, node: Node, schema: Schema): readonly Shape[] {
  const { items, properties, additionalProperties, type } = schema;
  if (type === 'array' && items) return listsOf(text, node, items);
  if (type === 'object' || properties) {
    if (node.type === 'scalar' && properties) return referencesOf(text, node, schema);
    if (node.type === 'seq') return [...mapsOf(text, node, additionalProperties), ...onlyItem(text, node)];
    return [];
  }
  return [...onlyItem(text, node), ...onlyValue(text, node)];
}

function listsOf(text: string, node: Node, items: Schema): readonly Shape[] {
  const title = 'Make it a list';
  if (node.type === 'scalar') {
    const parts = node.style === 'plain' && items.type === 'string' ? node.text.split(/\s*,\s*/) : [];
    const split =
      parts.length > 1
        ? [
            list(
              title,
              parts.map((part) => source(writeScalar(part))),
            ),
          ]
        : [];
    const whole = items.properties ? referencesOf(text, node, items).map(({ value }) => list(title, [value])) : [];
    const words = items.type === 'string' ? node.text.split(/\s+/).filter((word) => word !== '') : [];
    if (words.length < 2 || split.length > 0) return [...split, ...whole, list(title, [sourceOf(text, node)])];
    const byWord = list(
      'Make it a list of its words',
      words.map((word) => source(writeScalar(word))),
    );
    return [
      { ...list(title, [sourceOf(text, node)]), loses: true },
      { ...byWord, loses: true },
    ];
  }
  if (node.type !== 'map') return [];
  const { properties } = items;
  const key = properties && keyField(items);
  const shapes: Shape[] = [];
  if (key !== undefined) {
    const value = valueField(items, key);
    const entries = node.entries.map(({ key: name, value: inner }) => ({ name: keyName(name) ?? name.text, inner }));
    const itemsOf = entries.map(({ name, inner }): Printed | undefined => {
      const target = resolveAlias(inner);
      if (target?.type === 'map') {
        const rest = target.entries.map(
          (one) => [keyName(one.key) ?? one.key.text, sourceOf(text, one.value)] as const,
        );
        return { is: 'map', entries: [[key, source(writeScalar(name))], ...rest] };
      }
      if (value === undefined) return undefined;
      const written = asType(text, inner, properties![value]!);
      return {
        is: 'map',
        entries: [
          [key, source(writeScalar(name))],
          [value, written],
        ],
      };
    });
    const known = itemsOf.filter((item) => item !== undefined);
    if (known.length === entries.length) shapes.push(list(`Make it a list with ${key}`, known));
  }
  shapes.push(list(title, [sourceOf(text, node)]));
  return shapes;
}

/** `- A: b` where an item has a name and a value. */
export function pairOf(text: string, item: Node, items: Schema): Shape | undefined {
  const key = keyField(items);
  if (key === undefined || item.type !== 'map' || item.entries.length !== 1) return undefined;
  const [first] = listsOf(text, item, items);
  const value = first?.value.is === 'list' ? first.value.items[0] : undefined;
  return value?.is === 'map' ? { title: `Make it an item with ${key}`, value } : undefined;
}

function list(title: string, items: readonly Printed[]): Shape {
  return { title, value: { is: 'list', items } };
}

/** The field that identifies an item: by the schema, else by its name. */
export function keyField({ properties = {}, required = [], ...schema }: Schema): string | undefined {
  const [declared, ...others] = schema['x-kubernetes-list-map-keys'] ?? [];
  if (declared !== undefined && others.length === 0) return declared;
  return ['name', 'key'].find((name) => Object.hasOwn(properties, name)) ?? required[0];
}

function valueField({ properties = {}, required = [] }: Schema, key: string): string | undefined {
  if (Object.hasOwn(properties, 'value')) return 'value';
  const needed = required.filter((name) => name !== key);
  if (needed.length === 1) return needed[0];
  const others = Object.keys(properties).filter((name) => name !== key);
  return others.length === 1 ? others[0] : undefined;
}

/** The scalar of a node as the schema's type: a number becomes a quoted string. */
function asType(text: string, node: Node, { type }: Schema): Printed {
  const isText = node.type === 'scalar' && node.style === 'plain' && typeof node.value !== 'string';
  return type === 'string' && isText && typeof node.value !== 'symbol'
    ? source(JSON.stringify(node.text))
    : sourceOf(text, node);
}

/** A name in place of a map whose field it is: `secretRef: a`, `image: nginx`. */
function referencesOf(text: string, node: ScalarNode, schema: Schema): readonly Shape[] {
  const { properties = {}, required = [] } = schema;
  if (node.value === null) return [];
  const key = keyField(schema);
  const value = key === undefined ? undefined : valueField(schema, key);
  const pair = key === undefined || value === undefined ? undefined : assignment(node, key, value);
  if (pair) return [pair];
  const fields = [...new Set([...(required.length === 1 ? required : []), 'name', 'key', 'value'])];
  return fields
    .filter((name) => Object.hasOwn(properties, name))
    .map((name) => ({
      title: `Move the value to ${name}`,
      value: { is: 'map', entries: [[name, asType(text, node, properties[name]!)]] },
    }));
}

/** `A=b`, as programs take variables. */
function assignment({ text }: ScalarNode, key: string, value: string): Shape | undefined {
  const [, name, written] = /^([\w.-]+)=(.*)$/.exec(text) ?? [];
  if (name === undefined || written === undefined) return undefined;
  const entries = [
    [key, source(writeScalar(name))],
    [value, source(writeScalar(written))],
  ] as const;
  return { title: `Make it an item with ${key}`, value: { is: 'map', entries } };
}

/** A list of single-key maps, of names and values, or of `a=b`, as one map. */
function mapsOf(text: string, node: Node, values: Schema['additionalProperties']): readonly Shape[] {
  if (node.type !== 'seq' || values === undefined || values === false || node.items.length === 0) return [];
  const entries = node.items.map((item): readonly [string, Printed] | undefined => {
    const map = resolveAlias(item);
    if (map?.type === 'scalar') {
      const [, name, written] = /^([\w./-]+)=(.*)$/.exec(map.text) ?? [];
      return name === undefined ? undefined : [name, source(writeScalar(written ?? ''))];
    }
    if (map?.type !== 'map') return undefined;
    const fields = new Map(map.entries.map((entry) => [keyName(entry.key), entry.value]));
    const name = fields.get('name') ?? fields.get('key');
    const value = fields.get('value');
    if (map.entries.length === 2 && name?.type === 'scalar' && value) return [name.text, sourceOf(text, value)];
    const [only, ...others] = map.entries;
    return only && others.length === 0 ? [keyName(only.key) ?? only.key.text, sourceOf(text, only.value)] : undefined;
  });
  const known = entries.filter((entry) => entry !== undefined);
  return known.length === entries.length ? [{ title: 'Make it a map', value: { is: 'map', entries: known } }] : [];
}

function onlyItem(text: string, node: Node): readonly Shape[] {
  if (node.type !== 'seq' || node.items.length !== 1) return [];
  return [{ title: 'Remove the list around it', value: sourceOf(text, node.items[0]!) }];
}

/** A map of one field, as in `image: {name: nginx}`. */
function onlyValue(text: string, node: Node): readonly Shape[] {
  if (node.type !== 'map' || node.entries.length !== 1) return [];
  return [{ title: 'Remove the map around it', value: sourceOf(text, node.entries[0]!.value), loses: true }];
}

/** A map or list where a value of the author's own, as in a ConfigMap, is text. */
function textOf(subject: Subject, path: Path, node: Node): readonly Shape[] {
  const field = fieldOf(subject, path);
  if (node.type === 'scalar' || field?.schema.type !== 'string' || !isFree(field.parent)) return [];
  if (/^(?:labels|annotations)$/.test(String(path.at(-2)))) return [];
  const { text } = subject.document;
  const value = source(['|', ...linesOf(sourceOf(text, node))].join('\n'));
  return [{ title: 'Write it as text', value, loses: true }];
}

/** `selector: {matchLabels: {a: b}}` where the selector itself has the labels. */
function lifted(subject: Subject, path: Path, node: Node): readonly Candidate[] {
  const { root } = subject.manifest;
  const around = path.slice(0, -1);
  const map = nodeAt(root, around);
  if (node.type !== 'map' || map?.type !== 'map' || map.entries.length !== 1) return [];
  // The names of files and of variables are the author's, those of fields are not.
  if (!isFree(fieldOf(subject, path)?.parent) || !/^[a-z][A-Za-z]*$/.test(String(path.at(-1)))) return [];
  const edits = replaced(subject, around, sourceOf(subject.document.text, node));
  return edits ? [{ title: `Remove ${path.at(-1)} around it`, kind: 'replace', edits, certain: true }] : [];
}

/** Whether the keys are the author's own. */
function isFree(schema: Schema | undefined): boolean {
  return typeof schema?.additionalProperties === 'object';
}

/** Replaces the value at a path, in block style where possible. */
export function replaced(subject: Subject, path: Path, value: Printed): readonly FixEdit[] | undefined {
  const { text } = subject.document;
  const { root } = subject.manifest;
  const entry = entryAt(root, path);
  const parent = nodeAt(root, path.slice(0, -1));
  const node = nodeAt(root, path);
  if (!node || node.type === 'alias') return undefined;
  if (parent?.type === 'map' && entry && parent.entries.includes(entry)) {
    const start = text.indexOf(':', entry.key.end) + 1;
    const end = Math.max(start, node.end);
    const column = columnOf(text, entry.key.start);
    const put = parent.flow ? flowAfterColon(value) : lineBreaks(text, afterColon(value, column));
    return put === undefined ? undefined : [{ start, end, text: put }];
  }
  if (parent?.type !== 'seq') return undefined;
  const flow = parent.flow || !isAfterDash(text, node.start);
  const lines = linesOf(value);
  const column = columnOf(text, node.start);
  const block = lines.map((line, index) => (index === 0 || line === '' ? line : ' '.repeat(column) + line)).join('\n');
  const put = flow ? inFlow(value) : lineBreaks(text, block);
  return put === undefined ? undefined : [{ start: node.start, end: node.end, text: put }];
}

function flowAfterColon(value: Printed): string | undefined {
  const text = inFlow(value);
  return text === undefined ? undefined : ` ${text}`;
}

function isAfterDash(text: string, offset: number): boolean {
  return beginsLine(text, offset) || /^ *(?:- +)+$/.test(text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset));
}

/** The text with the line breaks of the document. */
export function lineBreaks(text: string, put: string): string {
  return put.replaceAll('\n', breakOf(text));
}

/** Plain text in place of base64, as in the `data` of a Secret. */
export function encoded(text: string): string {
  return printBase64(new TextEncoder().encode(text));
}
