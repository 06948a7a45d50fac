// `.capstan.yaml` at the root, read by the editor and the command line alike. What is wrong in it is said in that file,
// and the rest of it still counts.
import type { Finding, Severity } from '../syntax/finding.ts';
import { parseManifest } from '../syntax/manifest.ts';
import { entryOf } from '../syntax/navigate.ts';
import type { Entry, MapNode, Node } from '../syntax/tree.ts';
import { keyName, resolveAlias } from '../syntax/value.ts';

export const configName = '.capstan.yaml';

export interface Config {
  /** Rule id, `family/*` or `*` to severity; the most specific counts. */
  readonly severities: ReadonlyMap<string, Severity | 'off'>;
  /** Patterns as in `.gitignore`, relative to the root. */
  readonly ignores: readonly string[];
  readonly folders: readonly FolderConfig[];
  /** The versions the fleet runs, for rules that depend on them. */
  readonly targets: { readonly flux?: string; readonly 'cluster-api'?: string };
}

export interface FolderConfig {
  /** Relative to the root; the deepest folder above a file counts. */
  readonly folder: string;
  /** Releases whose schemas answer first: `cluster-api-provider-aws@2.9.0`, `flux@2.8`. */
  readonly schemas: readonly string[];
  /** The kubeconfig context whose CRDs answer here while it is open. */
  readonly context?: string;
}

export const noConfig: Config = { severities: new Map(), ignores: [], folders: [], targets: {} };

/** Never throws; an empty file is an empty configuration. */
export function readConfig(text: string): { readonly config: Config; readonly findings: readonly Finding[] } {
  const { root, findings } = parseManifest(text);
  const reader = new ConfigReader();
  if (findings.length > 0 || !root) return { config: noConfig, findings };
  return { config: reader.config(root), findings: reader.findings };
}

/** Findings on pins that name no known release. */
export function missingPins(text: string, missing: readonly string[]): readonly Finding[] {
  const { root } = parseManifest(text);
  const reader = new ConfigReader();
  if (!root || missing.length === 0) return [];
  reader.pins(root, (pin, node) => {
    if (!missing.includes(pin)) return;
    reader.report(
      node,
      `No release “${pin}” is known. Run “capstan schemas” for the list, or “capstan schemas add ${pin}” to import it.`,
    );
  });
  return reader.findings;
}

export const severityWords: readonly (Severity | 'off')[] = ['error', 'warning', 'info', 'hint', 'off'];
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

class ConfigReader {
  readonly findings: Finding[] = [];

  config(root: Node): Config {
    const severities = new Map<string, Severity | 'off'>();
    const folders: FolderConfig[] = [];
    const targets: Record<string, string> = {};
    let ignores: readonly string[] = [];
    this.#fields(root, 'the configuration', {
      severities: (node) =>
        this.#entries(node, 'severities', (rule, value, entry) => this.#severity(severities, rule, value, entry)),
      ignores: (node) => {
        ignores = this.#texts(node, 'ignores').map(({ text }) => text);
      },
      folders: (node) =>
        this.#entries(node, 'folders', (folder, value) => {
          folders.push(this.#folder(folder, value));
        }),
      targets: (node) =>
        this.#entries(node, 'targets', (name, value, entry) => {
          if (name !== 'flux' && name !== 'cluster-api') this.#unknown(entry, 'targets', ['flux', 'cluster-api']);
          else targets[name] = this.#text(value, `targets.${name}`) ?? '';
        }),
    });
    return { severities, ignores, folders, targets };
  }

  /** Visits every pin of the folders. */
  pins(root: Node, visit: (pin: string, node: Node) => void): void {
    const folders = root.type === 'map' ? entryOf(root, 'folders')?.value : undefined;
    if (folders?.type !== 'map') return;
    for (const { value } of folders.entries) {
      const schemas = value.type === 'map' ? entryOf(value, 'schemas')?.value : undefined;
      if (schemas?.type !== 'seq') continue;
      for (const item of schemas.items) if (item.type === 'scalar') visit(item.text, item);
    }
  }

  report(node: Node, message: string): void {
    const end = Math.max(node.end, node.start + 1);
    this.findings.push({ rule: 'config/invalid', severity: 'error', start: node.start, end, message });
  }

  #severity(into: Map<string, Severity | 'off'>, rule: string, value: Node, entry: Entry): void {
    const word = this.#text(value, `severities.${rule}`) as Severity | 'off' | undefined;
    const family = rule.split('/')[0]!;
    if (rule !== '*' && !(rule.includes('/') && families.includes(family))) {
      this.report(entry.key, `“${rule}” is no rule. Name a rule (schema/unknown-field), a family (schema/*) or “*”.`);
    } else if (word !== undefined && !severityWords.includes(word)) {
      this.report(value, `“${word}” is no severity. Use one of ${severityWords.join(', ')}.`);
    } else if (word !== undefined) into.set(rule, word);
  }

  #folder(folder: string, value: Node): FolderConfig {
    let schemas: readonly string[] = [];
    let context: string | undefined;
    this.#fields(value, `folders.${folder}`, {
      schemas: (node) => {
        schemas = this.#texts(node, 'schemas').map(({ text }) => text);
      },
      context: (node) => {
        context = this.#text(node, 'context');
      },
    });
    const path = folder.replace(/^\.?\/+|\/+$/g, '');
    return { folder: path === '.' ? '' : path, schemas, ...(context && { context }) };
  }

  #fields(node: Node, where: string, fields: Readonly<Record<string, (node: Node) => void>>): void {
    this.#entries(node, where, (name, value, entry) => {
      if (Object.hasOwn(fields, name)) fields[name]!(value);
      else this.#unknown(entry, where, Object.keys(fields));
    });
  }

  #entries(node: Node, where: string, visit: (name: string, value: Node, entry: Entry) => void): void {
    const map = this.#map(node, where);
    for (const entry of map?.entries ?? []) {
      const name = keyName(entry.key);
      if (name !== undefined) visit(name, entry.value, entry);
    }
  }

  #map(node: Node, where: string): MapNode | undefined {
    const target = resolveAlias(node);
    if (target?.type === 'map') return target;
    if (!isNothing(target)) this.report(node, `A map of names to values is expected for ${where}.`);
    return undefined;
  }

  #texts(node: Node, where: string): readonly { readonly text: string; readonly node: Node }[] {
    const target = resolveAlias(node);
    if (target?.type !== 'seq') {
      if (!isNothing(target)) this.report(node, `A list is expected for ${where}, one “- ” for each item.`);
      return [];
    }
    return target.items.flatMap((item) => {
      const text = this.#text(item, `an item of ${where}`);
      return text === undefined ? [] : [{ text, node: item }];
    });
  }

  /** Numbers and booleans count as written: `flux: 2.9` is meant as a version. */
  #text(node: Node, where: string): string | undefined {
    const target = resolveAlias(node);
    if (target?.type === 'scalar' && target.style !== 'absent') return target.text;
    this.report(node, `A text is expected for ${where}.`);
    return undefined;
  }

  #unknown({ key }: Entry, where: string, known: readonly string[]): void {
    this.report(key, `“${key.text}” is unknown in ${where}. Known are ${known.join(', ')}.`);
  }
}

function isNothing(node: Node | undefined): boolean {
  return node?.type === 'scalar' && node.value === null;
}
