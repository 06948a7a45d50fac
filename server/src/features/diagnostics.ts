// All findings of a file, the same for the editor and the command line: syntax, the API server's verdict and our rules,
// without those that comments or the configuration suppress.

import { includesKind, maySupply, type OverlayChanges } from '../kustomize/completions.ts';
import { kustomizationFindings } from '../kustomize/judge.ts';
import { findingsOf } from '../rules/rule.ts';
import { rules } from '../rules/rules.ts';
import type { Finding, Fix, Severity } from '../syntax/finding.ts';
import { type Manifest, parseFilledIn, parseManifest } from '../syntax/manifest.ts';
import { nodeAt, printPath } from '../syntax/navigate.ts';
import { withoutSecrets } from '../validation/secrets.ts';
import { type ValidateOptions, validateDocument } from '../validation/validate.ts';
import { type Config, configFindings } from '../workspace/config.ts';
import type { Document, SourceFile } from '../workspace/document.ts';
import { largestFile } from '../workspace/document.ts';
import type { ObjectFacts } from '../workspace/facts.ts';
import { isClusterctlTemplate, isKustomizationFile, type Role } from '../workspace/roles.ts';
import { matchesRule, unsuppressed } from '../workspace/suppress.ts';
import type { Surroundings, Workspace } from '../workspace/workspace.ts';
import { buildFindings } from './build-findings.ts';

/** A finding in offsets of the file, with its object. */
export interface FileFinding extends Finding {
  readonly object?: ObjectFacts;
}

/** In the order of the text; empty for an unknown file. */
export function diagnose(workspace: Workspace, path: string): readonly FileFinding[] {
  const file = workspace.file(path);
  if (!file) return [];
  if (file.unread) return [unreadFinding(file)];
  const found = file.documents.flatMap(({ start, document }) =>
    documentFindings(workspace, path, document).map((finding) => moved(finding, start)),
  );
  return [...found, ...refusals(workspace, path, file)].toSorted((a, b) => a.start - b.start || a.end - b.end);
}

/** What building a kustomization refuses; unlike other findings, it depends on the texts of other files. */
function refusals(workspace: Workspace, path: string, { text, documents }: SourceFile): readonly FileFinding[] {
  const [first] = documents;
  if (!isKustomizationFile(path) || !first) return [];
  const role = workspace.memo(path, first.document, 'role', (surroundings) => surroundings.role);
  if (role !== 'kustomization') return [];
  return withSeverities(unsuppressed(text, buildFindings(workspace, path)), workspace.config);
}

/** In offsets of the document; cached until something they depend on changes. */
export function documentFindings(workspace: Workspace, path: string, document: Document): readonly FileFinding[] {
  return workspace.memo(path, document, 'findings', (surroundings) => judge(path, document, surroundings));
}

function judge(path: string, document: Document, surroundings: Surroundings): readonly FileFinding[] {
  const findingsOfRole = verdicts[surroundings.role];
  if (!findingsOfRole) return [];
  const manifest = isClusterctlTemplate(path) ? parseFilledIn(document.text) : parseManifest(document.text);
  const found = findingsOfRole({ path, document, manifest, surroundings });
  const kept = withoutSecrets(document.text, unsuppressed(document.text, found));
  return withSeverities(kept, surroundings.config).toSorted((a, b) => a.start - b.start || a.end - b.end);
}

interface Case {
  readonly path: string;
  readonly document: Document;
  readonly manifest: Manifest;
  readonly surroundings: Surroundings;
}

/** Findings by a document's role; roles without an entry are not checked. */
const verdicts: Readonly<Partial<Record<Role, (subject: Case) => readonly FileFinding[]>>> = {
  manifest: manifestFindings,
  patch: ({ manifest }) => manifest.findings,
  kustomization: ({ manifest, surroundings }) => kustomizationFindings(manifest, surroundings.schemas),
  config: ({ manifest, surroundings }) =>
    configFindings(
      manifest,
      surroundings.missingPins.split('\n').filter((pin) => pin !== ''),
    ),
};

function manifestFindings({ path, document, manifest, surroundings }: Case): readonly FileFinding[] {
  const { objects } = document.facts;
  const found: FileFinding[] = [...manifest.findings];
  for (const finding of validateDocument(manifest, surroundings.schemas, { maySupply: supplying(surroundings) })) {
    const object = objectOf(finding, objects, manifest);
    found.push(object ? { ...finding, object } : finding);
  }
  for (const object of objects) {
    const subject = { path, manifest, object, surroundings };
    for (const rule of rules) {
      for (const finding of findingsOf(rule, subject)) found.push({ ...finding, object });
    }
  }
  return found;
}

/** The object of a finding; in a `List`, the one whose text contains the finding. */
function objectOf(finding: Finding, objects: readonly ObjectFacts[], { root }: Manifest): ObjectFacts | undefined {
  const isAround = ({ path }: ObjectFacts) => {
    const node = nodeAt(root, path);
    return node !== undefined && node.start <= finding.start && finding.start <= node.end;
  };
  return objects.length === 1 ? objects[0] : objects.find(isAround);
}

/** Whether changes that kustomizations make before an object is applied may solve a problem. */
function supplying(surroundings: Surroundings): NonNullable<ValidateOptions['maySupply']> {
  let known: OverlayChanges | undefined;
  return (problem, object) => {
    known ??= surroundings.overlayChanges;
    const { renames } = known;
    const field = printPath(problem.path);
    // A kustomization that sets namespaces also sets those of ServiceAccounts in bindings.
    if (problem.rule === 'schema/required' && /(?:^|\.)subjects\[\d+\]\.namespace$/.test(field)) {
      if (includesKind(renames, 'Namespace')) return true;
    }
    if (problem.rule === 'schema/name' && field === 'metadata.name' && includesKind(renames, object.kind)) return true;
    return maySupply(known, object, problem);
  };
}

function withSeverities(findings: readonly FileFinding[], { severities }: Config): readonly FileFinding[] {
  if (severities.size === 0) return findings;
  return findings.flatMap((finding) => {
    const severity = configured(severities, finding.rule) ?? finding.severity;
    return severity === 'off' ? [] : [{ ...finding, severity }];
  });
}

/** The entry of the rule takes precedence over that of its family, which takes precedence over `*`. */
function configured(severities: Config['severities'], rule: string): Severity | 'off' | undefined {
  const keys = [...severities.keys()].filter((key) => matchesRule([key], rule));
  const [best] = keys.toSorted((a, b) => b.length - a.length);
  return best === undefined ? undefined : severities.get(best);
}

/** Shifts offsets of the document to those of its file, or back. */
export function moved(finding: FileFinding, by: number): FileFinding {
  if (by === 0) return finding;
  const fixes = finding.fixes?.map((fix) => movedFix(fix, by));
  return { ...finding, start: finding.start + by, end: finding.end + by, ...(fixes && { fixes }) };
}

export function movedFix({ title, edits }: Fix, by: number): Fix {
  return { title, edits: edits.map((edit) => ({ ...edit, start: edit.start + by, end: edit.end + by })) };
}

function unreadFinding({ unread, text }: SourceFile): FileFinding {
  const end = Math.min(1, text.length);
  if (unread === 'binary') {
    return {
      rule: 'syntax/not-text',
      severity: 'error',
      start: 0,
      end,
      message: 'The file is not text: it contains NUL bytes. Remove it, or list it under “ignores” in .capstan.yaml.',
    };
  }
  return {
    rule: 'info/too-large',
    severity: 'info',
    start: 0,
    end,
    message: `The file is too large to check: it has more than ${largestFile.lines.toLocaleString('en')} lines or 20 MB. Split it into several files.`,
  };
}
