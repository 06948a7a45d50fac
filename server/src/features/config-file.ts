// Completion and hover in `.capstan.yaml`, whose fields workspace/config.ts reads.

import { folderOf } from '../kustomize/paths.ts';
import type { KindSchema, Schema } from '../schema/schema.ts';
import { placeAt } from '../syntax/navigate.ts';
import type { Path } from '../syntax/tree.ts';
import { families, severityWords } from '../workspace/config.ts';
import type { Workspace } from '../workspace/workspace.ts';
import type { Candidate, Completion } from './completion/item.ts';
import { keyItems } from './completion/keys.ts';
import { type Probe, probesAt } from './completion/probe.ts';
import { isObject, type Layout } from './completion/skeleton.ts';
import { valueItems } from './completion/values.ts';
import type { Cursor } from './cursor.ts';
import type { Hover } from './describe.ts';
import { childSchema, type Field, rowPath, typeName } from './place.ts';

const text: Schema = { type: 'string' };
const texts: Schema = { type: 'array', items: text };

const schema: Schema = {
  type: 'object',
  properties: {
    severities: { type: 'object', additionalProperties: { type: 'string', enum: [...severityWords] } },
    ignores: texts,
    folders: {
      type: 'object',
      additionalProperties: { type: 'object', properties: { schemas: texts, context: text } },
    },
    targets: { type: 'object', properties: { flux: text, 'cluster-api': text } },
  },
};

/** By path, a name that is free to choose as `*`. */
const notes: Readonly<Record<string, string>> = {
  severities:
    'How findings count: a rule (`schema/unknown-field`), a family (`info/*`) or `*`, with error, warning, info, hint or off. The most specific one counts.',
  ignores: 'Files and folders to leave alone: patterns as in `.gitignore`, from this folder.',
  folders: 'What differs below a folder, by its path from here. The deepest folder above a file counts.',
  'folders.*.schemas':
    'Releases whose schemas answer here, such as `flux@2.8`. Import one with `capstan schemas add NAME@VERSION`.',
  'folders.*.context': 'The kubeconfig context whose CRDs answer here while it is open.',
  targets: 'The versions that the fleet runs.',
};

export function completeConfig(cursor: Cursor, layout: Layout): readonly Completion[] {
  const { document, manifest, offset, workspace } = cursor;
  for (const probe of probesAt(document.text, manifest.root, offset)) {
    const items = itemsOf(workspace, probe, layout, document.text.slice(probe.token.start, probe.token.end));
    if (items.length > 0) return items;
  }
  return [];
}

function itemsOf(workspace: Workspace, probe: Probe, layout: Layout, typed: string): readonly Completion[] {
  const field = fieldOf(probe.path);
  if (!field) return [];
  if (probe.as === 'value' && !isObject(field.schema) && field.schema.type !== 'array') {
    return valueItems(valuesOf(workspace, field), probe);
  }
  const names = namesIn(workspace, probe.path);
  return keyItems({
    ...{ field, probe, layout, typed, labels: undefined, usage: new Map(names.map((name) => [name, 1])) },
    describe: (name) => notes[keyOf([...probe.path, name])],
    values: () => [],
    written: () => [],
  });
}

export function hoverConfig({ manifest, offset }: Cursor): Hover | undefined {
  const place = placeAt(manifest.root, offset);
  const field = place?.onKey ? fieldOf(place.path) : undefined;
  if (!place || !field) return undefined;
  const { start, end } = place.node;
  const parts = [`**${place.path.at(-1)}** *${typeName(field.schema)}*`, notes[keyOf(place.path)]];
  return { text: parts.filter((part) => part !== undefined).join('\n\n'), start, end };
}

function fieldOf(path: Path): Field | undefined {
  const found = path.reduce<Schema | undefined>((at, step) => at && childSchema(at, step), schema);
  const gvk = { group: '', version: '', kind: '.capstan.yaml' };
  const kind: KindSchema = {
    ...{ gvk, plural: '', scope: 'Cluster', served: true, storage: true, origin: '', from: 'bundled', builtin: false },
    schema,
  };
  return found && { object: { path: [], apiVersion: undefined, kind: undefined, gvk }, kind, path, schema: found };
}

function keyOf(path: Path): string {
  return rowPath(path.map((step, index) => (index === 1 && path[0] === 'folders' ? '*' : step)));
}

/** Names for a map that takes any. */
function namesIn(workspace: Workspace, path: Path): readonly string[] {
  if (path.length !== 1) return [];
  if (path[0] === 'severities') return [...families.map((family) => `${family}/*`), '*'];
  if (path[0] !== 'folders') return [];
  const folders = [...workspace.files()].map((file) => folderOf(file.path)).filter((folder) => folder !== '');
  return [...new Set(folders)].sort().map((folder) => `${folder}/`);
}

function valuesOf(workspace: Workspace, { path, schema: { enum: allowed } }: Field): readonly Candidate[] {
  const releases = rowPath(path).endsWith('schemas[*]') ? workspace.schemas.releases() : [];
  return [...(allowed ?? []), ...releases].map((value, rank) => ({ value, kind: 'enum', rank }));
}
