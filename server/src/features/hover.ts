// Hover: the type, allowed values and schema of the field under the cursor; on apiVersion and kind, the object's kind and
// its versions; on kind and name, the clusters that get it.
import { apiVersionOf } from '../kube/identity.ts';
import type { KindSchema, SchemaStore } from '../schema/schema.ts';
import { anchorsIn } from '../syntax/anchors.ts';
import { withoutCredentials } from '../syntax/credentials.ts';
import { nodeAt, type Place, placeAt, stringAt } from '../syntax/navigate.ts';
import { blockInMarkdown, codeInMarkdown, nameInMarkdown } from '../syntax/shown.ts';
import type { Path } from '../syntax/tree.ts';
import { homesOf } from '../validation/kind.ts';
import { chainsText } from './chains.ts';
import { assumedKind, type Cursor, type Inside, roleOf, schemasAt } from './cursor.ts';
import {
  documentationOf,
  type Hover,
  noteFor,
  originSentence,
  titleOf,
  upstreamText,
  versionStatus,
} from './describe.ts';
import { insideAt } from './inside/inside.ts';
import { isIndex, operationsKind, schemaAtSteps, stepsOf } from './inside/operations.ts';
import { type Field, fieldAt, objectAt } from './place.ts';
import { variableHover } from './variables.ts';

/** Without credentials, wherever its text is from. */
export function hover(cursor: Cursor): Hover | undefined {
  const found = hoverAt(cursor);
  return found && { ...found, text: withoutCredentials(found.text) };
}

function hoverAt(cursor: Cursor): Hover | undefined {
  const { manifest, offset } = cursor;
  const place = placeAt(manifest.root, offset);
  if (!manifest.root || !place || roleOf(cursor) === 'template') return undefined;
  const text = insideAt(cursor);
  if (text) return hoverOutside(hover(text), text.inside!);
  const variable = variableHover(cursor);
  if (variable) return variable;
  const aliased = aliasText(cursor);
  if (aliased) return aliased;
  const { start, end } = place.onKey || place.node.type === 'scalar' ? place.node : (place.entry?.key ?? place.node);
  if (start > offset || offset > end) return undefined;
  const schemas = schemasAt(cursor, manifest.root, place.path);
  const assumed = assumedKind(cursor);
  const object = objectAt(manifest.root, place.path, assumed);
  const inObject = place.path.slice(object.path.length);
  if (!object.gvk) return undefined;
  if (inObject.length === 1 && (inObject[0] === 'apiVersion' || inObject[0] === 'kind')) {
    const parts = [kindText(schemas, object.gvk), appliedText(cursor, object.path)];
    return { text: parts.filter((part) => part !== undefined).join('\n\n'), start, end };
  }
  const field = pointedAt(cursor, place) ?? fieldAt(manifest.root, place.path, schemas, assumed);
  if (!field)
    return schemas.lookup(object.gvk) ? undefined : { text: nameInMarkdown(noSchema(schemas, object.gvk)), start, end };
  const isName = inObject.length === 2 && inObject[0] === 'metadata' && inObject[1] === 'name';
  const chains = isName ? appliedText(cursor, object.path) : undefined;
  const parts = [titleOf(field), documentationOf(cursor, field), chains, originSentence(field.kind)];
  return { text: parts.filter((part) => part !== undefined).join('\n\n'), start, end };
}

/** On a pointer of a JSON patch: the field of the target that it leads to. */
function pointedAt({ reading }: Cursor, { path, node, onKey }: Place): Field | undefined {
  const isPointer = path.length === 2 && (path[1] === 'path' || path[1] === 'from') && !onKey;
  if (reading?.assumed !== operationsKind || !isPointer || node.type !== 'scalar') return undefined;
  const steps = stepsOf(node.text);
  for (const gvk of steps ? reading.targets : []) {
    const kind = reading.whole.lookup(gvk);
    const [schema, parent] = [steps!, steps!.slice(0, -1)].map((to) => schemaAtSteps(reading.whole, [gvk], to));
    if (!kind || !schema) continue;
    const to = steps!.map((step) => (isIndex(step) ? Number(step) || 0 : step));
    return {
      object: { path: [], apiVersion: undefined, kind: undefined, gvk },
      kind,
      path: to,
      schema,
      ...(parent && { parent }),
    };
  }
  return undefined;
}

function hoverOutside(found: Hover | undefined, { place }: Inside): Hover | undefined {
  return found && { ...found, start: place(found.start), end: place(found.end) };
}

function appliedText(cursor: Cursor, object: Path): string | undefined {
  const { workspace, path, manifest, start, inside } = cursor;
  const { root } = manifest;
  const node = nodeAt(root, object);
  if (!node || inside) return undefined;
  const [name, namespace] = ['name', 'namespace'].map((field) => stringAt(root, [...object, 'metadata', field]));
  return chainsText(workspace, path, start + node.start, { name, namespace });
}

/** Longer texts of an anchor are cut in the hover of its aliases. */
const mostLines = 20;

/** What an alias stands for, as written at its anchor. */
function aliasText({ manifest: { text, root }, manifest, offset }: Cursor): Hover | undefined {
  if (!root || !text.includes('*')) return undefined;
  for (const anchor of anchorsIn(manifest)) {
    const alias = anchor.aliases.find(({ start, end }) => start <= offset && offset <= end);
    const node = alias && placeAt(root, alias.start)?.node;
    if (!alias || !node) continue;
    const target = node.type === 'alias' ? node.target : node;
    if (!target) return undefined;
    const lines = text.slice(anchor.start, Math.max(anchor.end, target.end)).split('\n');
    const shown = lines.length > mostLines ? [...lines.slice(0, mostLines), '…'] : lines;
    return { text: blockInMarkdown(shown.join('\n'), 'yaml'), start: alias.start, end: alias.end };
  }
  return undefined;
}

function kindText(schemas: SchemaStore, gvk: KindSchema['gvk']): string {
  const kind = schemas.lookup(gvk);
  if (!kind) return nameInMarkdown(noSchema(schemas, gvk));
  const versions = schemas.versions(gvk.group, gvk.kind);
  const parts = [
    `**${nameInMarkdown(gvk.kind)}** ${nameInMarkdown(apiVersionOf(gvk))}`,
    `${kind.scope === 'Cluster' ? 'Cluster-scoped' : 'Namespaced'}, ${codeInMarkdown(kind.plural)}`,
    noteFor(kind, []),
    upstreamText(kind.schema),
    versionStatus(kind, versions),
    versions.length > 1 ? `Versions: ${versions.map(versionLabel).map(nameInMarkdown).join(', ')}` : undefined,
    originSentence(kind),
  ];
  return parts.filter((part) => part !== undefined).join('\n\n');
}

function versionLabel({ gvk, served, storage, deprecated }: KindSchema): string {
  const words = [storage ? 'stored' : '', served ? '' : 'not served', deprecated === undefined ? '' : 'deprecated'];
  const status = words.filter((word) => word !== '').join(', ');
  return status === '' ? gvk.version : `${gvk.version} (${status})`;
}

/** Why an object has no schema, and how to provide one; plain text. */
export function noSchema(schemas: SchemaStore, gvk: KindSchema['gvk']): string {
  const none = `No schema for ${gvk.kind} in ${apiVersionOf(gvk)}`;
  const versions = schemas.versions(gvk.group, gvk.kind);
  if (versions.length > 0) {
    const known = versions.map((one) => apiVersionOf(one.gvk)).join(', ');
    return `${none}: ${versions[0]!.origin} has ${known}.`;
  }
  const homes = gvk.group.includes('.') ? [] : homesOf(gvk, schemas);
  if (homes.length > 0) return `${none}: ${gvk.kind} is in ${homes.join(', ')}.`;
  return `${none}: the object isn’t checked. Open a context whose cluster has the kind, or add its CRD to the workspace.`;
}
