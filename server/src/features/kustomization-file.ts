// What kustomize refuses of its own file: it decodes the file strictly (sigs.k8s.io/kustomize/api/types/kustomization.go,
// Unmarshal and EnforceFields), so a field it doesn't know, or a number where text is asked for, ends the build.

import { nearest } from '../schema/nearest.ts';
import type { Schema, SchemaStore } from '../schema/schema.ts';
import type { Finding, RuleId } from '../syntax/finding.ts';
import type { Manifest } from '../syntax/manifest.ts';
import { entryAt, nodeAt } from '../syntax/navigate.ts';
import { isHole } from '../syntax/scalar.ts';
import { type Node, type Path, unknown } from '../syntax/tree.ts';
import { effectiveEntries, resolveAlias } from '../syntax/value.ts';
import { fixesOf } from '../validation/fixes.ts';
import { fieldOf, oneOfWords, type Remedy, truthOf } from '../validation/problem.ts';

const group = 'kustomize.config.k8s.io';
const versions: Readonly<Record<string, string>> = { Kustomization: 'v1beta1', Component: 'v1alpha1' };

/** It doesn't mind a key that stands twice, which the API server refuses. */
export function asKustomizeSays(finding: Finding): Finding {
  if (finding.rule !== 'syntax/duplicate-key') return finding;
  const message = finding.message.replace(
    /, and the API server.*$/,
    '; kustomize goes on with one of them. Remove the other.',
  );
  return { ...finding, severity: 'warning', message };
}

export function kustomizationFindings(manifest: Manifest, schemas: SchemaStore): readonly Finding[] {
  const kind = manifest.kind ?? 'Kustomization';
  const version = versions[kind] ?? 'v1beta1';
  const schema = schemas.lookup({ group, version, kind: versions[kind] ? kind : 'Kustomization' })?.schema;
  if (!manifest.root || !schema) return [];
  const findings: Finding[] = [];
  const tell: Tell = (rule, path, on, message, remedy) => {
    const at = on === 'key' ? entryAt(manifest.root!, path)?.key : nodeAt(manifest.root, path);
    if (!at) return;
    const problem = { rule, path, field: '', on, message, remedies: remedy ? [remedy] : [] };
    const fixes = fixesOf(problem, manifest, path);
    findings.push({ rule, severity: 'error', start: at.start, end: at.end, message, path: fieldOf(path), fixes });
  };
  const wanted = `${group}/${version}`;
  if (!versions[kind]) {
    const meant = nearest(kind, Object.keys(versions)) ?? 'Kustomization';
    const message = `kustomize builds a Kustomization or a Component, not a ${kind}.`;
    tell('kustomize/kind', ['kind'], 'value', message, { kind: 'replace', value: meant });
  } else if (manifest.apiVersion !== undefined && manifest.kind !== undefined && manifest.apiVersion !== wanted) {
    const message = `kustomize builds a ${kind} of ${wanted} only, not of ${manifest.apiVersion}.`;
    tell('kustomize/api-version', ['apiVersion'], 'value', message, { kind: 'replace', value: wanted });
  }
  walk(manifest.root, schema, [], tell);
  return findings;
}

type Tell = (rule: RuleId, path: Path, on: 'key' | 'value', message: string, remedy?: Remedy) => void;

function walk(given: Node, schema: Schema, path: Path, tell: Tell): void {
  const node = resolveAlias(given);
  if (!node || schema['x-kubernetes-preserve-unknown-fields'] === true) return;
  if (node.type === 'map' && schema.type === 'object') {
    for (const [name, { value }] of effectiveEntries(node)) {
      const below = name === undefined || isHole(name) ? undefined : fieldSchema(schema, name);
      if (below) walk(value, below, [...path, name!], tell);
      else if (name !== undefined && !isHole(name)) tellUnknown(schema, [...path, name], tell);
    }
  } else if (node.type === 'seq' && schema.type === 'array') {
    // kustomize's first format listed the files of patches by name; later ones took it a long time.
    const items = fieldOf(path) === 'patches' ? node.items.filter((item) => item.type !== 'scalar') : node.items;
    for (const item of items) walk(item, schema.items ?? {}, [...path, node.items.indexOf(item)], tell);
  } else tellType(node, schema, path, tell);
}

/** Go's decoder takes a field's name in any case. */
function fieldSchema({ properties, additionalProperties }: Schema, name: string): Schema | undefined {
  if (!properties) return typeof additionalProperties === 'object' ? additionalProperties : undefined;
  const known = Object.keys(properties).find((one) => one.toLowerCase() === name.toLowerCase());
  return known === undefined ? undefined : properties[known];
}

function tellUnknown(schema: Schema, path: Path, tell: Tell): void {
  const name = String(path.at(-1));
  const names = Object.keys(schema.properties ?? {});
  const meant = nearest(name, names);
  const where = path.length === 1 ? '' : ` in ${fieldOf(path.slice(0, -1))}`;
  const known = names.length <= 12 ? ` Known are ${oneOfWords(names)}.` : '';
  const advice = meant === undefined ? known : ` Did you mean “${meant}”?`;
  const message = `kustomize knows no field “${name}”${where} and refuses the file.${advice}`;
  tell('kustomize/unknown-field', path, 'key', message, meant ? { kind: 'rename', to: meant } : { kind: 'remove' });
}

const words: Readonly<Record<string, string>> = {
  string: 'text',
  boolean: 'true or false',
  integer: 'a number',
  array: 'a list',
  object: 'a map',
};

function tellType(node: Node, { type }: Schema, path: Path, tell: Tell): void {
  const value = node.type === 'scalar' ? node.value : node.type === 'seq' ? 'a list' : 'a map';
  if (type === undefined || value === null || value === unknown || fits(node, type)) return;
  const remedy = node.type === 'map' && type === 'array' ? ({ kind: 'wrap' } as const) : remedyFor(node, type);
  const what = node.type === 'scalar' ? `${typeof value === 'string' ? 'the text' : 'the value'} ${node.text}` : value;
  const message = `${fieldOf(path)} takes ${words[type]}, not ${String(what)}: kustomize refuses the file.`;
  tell('kustomize/type', path, 'value', message, remedy);
}

function fits(node: Node, type: string): boolean {
  if (node.type !== 'scalar') return (node.type === 'seq' ? 'array' : 'object') === type;
  const { value } = node;
  if (type === 'string') return typeof value === 'string';
  if (type === 'boolean') return typeof value === 'boolean';
  return type === 'integer' && (typeof value === 'bigint' || (typeof value === 'number' && Number.isInteger(value)));
}

function remedyFor(node: Node, type: string): Remedy | undefined {
  if (node.type !== 'scalar') return undefined;
  if (type === 'array') return { kind: 'wrap' };
  if (type === 'string') return { kind: 'quote' };
  const truth = type === 'boolean' ? truthOf(node.text) : undefined;
  if (truth !== undefined) return { kind: 'replace', value: truth };
  return type === 'integer' && /^\d{1,9}$/.test(node.text) ? { kind: 'replace', value: Number(node.text) } : undefined;
}
