// Reads `.capstan.yaml` at the root, for the editor and the command line: its schema, its settings and its findings. Valid
// settings apply even if others are invalid.
import { nearest } from '../schema/nearest.ts';
import type { KindSchema, Schema } from '../schema/schema.ts';
import type { Finding, Severity } from '../syntax/finding.ts';
import { type Manifest, parseManifest } from '../syntax/manifest.ts';
import type { Node, Path, Value } from '../syntax/tree.ts';
import { effectiveEntries, isList, isObject, own, resolveAlias } from '../syntax/value.ts';
import { checkDecoding } from '../validation/decode.ts';
import { explained } from '../validation/judge.ts';
import { checkFailed, errorAt, type Problem } from '../validation/problem.ts';
import { findingOf } from '../validation/report.ts';
import { ignorePatterns, largestGlobs } from './ignore.ts';
import { type VersionedProject, versionedProjects } from './versioned.ts';

export const configName = '.capstan.yaml';

export interface Config {
  /** Severities by rule id, `family/*` or `*`; the most specific takes precedence. */
  readonly severities: ReadonlyMap<string, Severity | 'off'>;
  /** Patterns as in `.gitignore`, relative to the root. */
  readonly ignores: readonly string[];
  readonly folders: readonly FolderConfig[];
  /** The versions the fleet runs, for rules that depend on them. */
  readonly targets: Readonly<Partial<Record<VersionedProject, string>>>;
}

export interface FolderConfig {
  /** Relative to the root; the deepest folder above a file takes precedence. */
  readonly folder: string;
  /** Releases whose schemas take precedence: `cluster-api-provider-aws@2.9.0`, `flux@2.8`. */
  readonly schemas: readonly string[];
}

export const noConfig: Config = { severities: new Map(), ignores: [], folders: [], targets: {} };

const severityWords: readonly (Severity | 'off')[] = ['error', 'warning', 'info', 'hint', 'off'];
export const families: readonly string[] = [
  'syntax',
  'schema',
  'admission',
  'reference',
  'capi',
  'flux',
  'kustomize',
  'security',
  'deprecated',
  'info',
  'config',
];

const text: Schema = { type: 'string' };
const texts: Schema = { type: 'array', items: text };

/** The schema of the file, as that of a kind; its name replaces apiVersion and kind. */
export const configKind: KindSchema = {
  gvk: { group: '', version: '', kind: configName },
  plural: '',
  scope: 'Cluster',
  served: true,
  storage: true,
  origin: 'Capstan',
  from: 'own',
  builtin: false,
  schema: {
    type: 'object',
    properties: {
      severities: { type: 'object', additionalProperties: { type: 'string', enum: [...severityWords] } },
      ignores: texts,
      folders: {
        type: 'object',
        additionalProperties: { type: 'object', properties: { schemas: texts } },
      },
      targets: {
        type: 'object',
        properties: Object.fromEntries(versionedProjects.map((name) => [name, text])),
      },
    },
  },
};

/** Never throws; an empty file and invalid YAML are an empty configuration. */
export function readConfig(text: string): { readonly config: Config; readonly findings: readonly Finding[] } {
  const manifest = parseManifest(text);
  const { root, findings } = manifest;
  if (findings.length > 0 || !root) return { config: noConfig, findings };
  return { config: configOf(asWritten(root)), findings: configFindings(manifest, []) };
}

/** `missing` are the pins without a known release. */
export function configFindings(manifest: Manifest, missing: readonly string[]): readonly Finding[] {
  const { root, findings } = manifest;
  if (findings.length > 0 || !root) return findings;
  return judgeConfig(asWritten(root), missing).map((problem) => findingOf(problem, manifest, []));
}

/** The tree with the source text of every scalar: `flux: 2.9` is a version, and `off` a string. */
function asWritten(node: Node): Value {
  const target = resolveAlias(node);
  if (target?.type === 'seq') return target.items.map(asWritten);
  if (target?.type === 'scalar') return target.value === null ? null : target.text;
  if (target?.type !== 'map') return null;
  const entries = [...effectiveEntries(target)].flatMap(([name, { value }]) =>
    name === undefined ? [] : [[name, asWritten(value)] as const],
  );
  return Object.fromEntries(entries);
}

function configOf(value: Value): Config {
  const targets = mapAt(value, 'targets');
  const known = Object.entries(targets).filter(([name]) => (versionedProjects as readonly string[]).includes(name));
  return {
    severities: new Map(
      Object.entries(mapAt(value, 'severities')).flatMap(([rule, word]) =>
        isRule(rule) && isSeverity(word) ? [[rule, word] as const] : [],
      ),
    ),
    ignores: textsAt(value, 'ignores'),
    folders: Object.entries(mapAt(value, 'folders')).map(([folder, settings]) => folderOf(folder, settings)),
    targets: Object.fromEntries(known.filter(([, version]) => typeof version === 'string')),
  };
}

function folderOf(folder: string, settings: Value): FolderConfig {
  const path = folder.replace(/^\.?\/+|\/+$/g, '');
  return { folder: path === '.' ? '' : path, schemas: textsAt(settings, 'schemas') };
}

/** A command to paste only for what reads as a release: the file may come from anyone, and a shell would run the rest. */
function importOf(pin: string): string {
  return /^[\w.][\w.-]*@[\w.][\w.-]*$/.test(pin) ? `, or “capstan schemas add ${pin}” to import it` : '';
}

function mapAt(value: Value, name: string): { readonly [key: string]: Value } {
  const map = isObject(value) ? own(value, name) : undefined;
  return isObject(map) ? map : {};
}

function textsAt(value: Value, name: string): readonly string[] {
  const list = isObject(value) ? own(value, name) : undefined;
  return isList(list) ? list.filter((item) => typeof item === 'string') : [];
}

function isSeverity(word: Value): word is Severity | 'off' {
  return severityWords.includes(word as Severity);
}

function isRule(rule: string): boolean {
  const family = rule.slice(0, rule.indexOf('/'));
  return rule === '*' || (rule.includes('/') && families.includes(family));
}

/** All problems have the same rule, since the file is small. */
function judgeConfig(value: Value, missing: readonly string[]): readonly Problem[] {
  if (!isObject(value)) return value === null ? [] : [typeProblem(value)];
  const decoded: Problem[] = [];
  checkDecoding(value, configKind.schema, [], (problem) => decoded.push(problem));
  const problems = [
    ...explained(decoded, value, configKind.schema),
    ...severityProblems(value),
    ...ignoreProblems(value),
  ];
  return [...problems, ...pinProblems(value, missing)].map(
    (problem) => ({ ...problem, rule: 'config/invalid' }) as const,
  );
}

function typeProblem(found: Value): Problem {
  return errorAt('config/invalid', [], { is: 'type', expected: ['object'], found });
}

function severityProblems(value: Value): readonly Problem[] {
  return Object.entries(mapAt(value, 'severities')).flatMap(([rule, found]): readonly Problem[] => {
    const path: Path = ['severities', rule];
    if (!isRule(rule)) {
      const sentence = `The rule “${rule}” is unknown. Use a rule (schema/unknown-field), a family (schema/*) or “*”.`;
      return [{ ...checkFailed('config/invalid', path, sentence), on: 'key' }];
    }
    if (isSeverity(found) || isList(found) || isObject(found)) return [];
    const meant = typeof found === 'string' ? nearest(found, severityWords) : undefined;
    return [errorAt('config/invalid', path, { is: 'enum', found, allowed: severityWords, nearest: meant })];
  });
}

function ignoreProblems(value: Value): readonly Problem[] {
  const { dropped } = ignorePatterns(textsAt(value, 'ignores'));
  if (dropped === 0) return [];
  const sentence = `The patterns with wildcards have more than ${largestGlobs} characters in all; the last ${dropped} are not applied. Remove some.`;
  return [{ ...checkFailed('config/invalid', ['ignores'], sentence), on: 'key' }];
}

function pinProblems(value: Value, missing: readonly string[]): readonly Problem[] {
  if (missing.length === 0) return [];
  return Object.entries(mapAt(value, 'folders')).flatMap(([folder, settings]) =>
    textsAt(settings, 'schemas').flatMap((pin, index) => {
      if (!missing.includes(pin)) return [];
      const sentence = `The release “${pin}” is unknown. Run “capstan schemas” for the list${importOf(pin)}.`;
      return [checkFailed('config/invalid', ['folders', folder, 'schemas', index], sentence)];
    }),
  );
}
