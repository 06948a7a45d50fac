// Everything that is wrong with a file, the same for the editor and the command line: syntax, then the API server's
// verdict, then our rules, less what comments and the configuration silence.

import { includesKind, mayMend, type Shaping } from '../kustomize/completions.ts';
import { findingsOf } from '../rules/rule.ts';
import { rules } from '../rules/rules.ts';
import type { Finding, Fix, Severity } from '../syntax/finding.ts';
import { type Manifest, parseFilledIn, parseManifest } from '../syntax/manifest.ts';
import { nodeAt, printPath } from '../syntax/navigate.ts';
import { type ValidateOptions, validateDocument } from '../validation/validate.ts';
import { type Config, configName } from '../workspace/config.ts';
import type { Document, SourceFile } from '../workspace/document.ts';
import { largestFile } from '../workspace/document.ts';
import type { ObjectFacts } from '../workspace/facts.ts';
import { isClusterctlTemplate } from '../workspace/roles.ts';
import { matchesRule, unsuppressed } from '../workspace/suppress.ts';
import type { Surroundings, Workspace } from '../workspace/workspace.ts';
import { asKustomizeSays, kustomizationFindings } from './kustomization-file.ts';
import { withHomes } from './misplaced.ts';
import { removedGroup, withKindMeant } from './unknown-kind.ts';

/** A finding in offsets of the file, with the object it is about. */
export interface FileFinding extends Finding {
  readonly object?: ObjectFacts;
}

/** In the order of the text. A file that isn't known has none. */
export function diagnose(workspace: Workspace, path: string): readonly FileFinding[] {
  const file = workspace.file(path);
  if (!file) return [];
  if (file.unread) return [unreadFinding(file)];
  if (path === configName) return workspace.configFindings(file.text);
  return file.documents.flatMap(({ start, document }) =>
    documentFindings(workspace, path, document).map((finding) => moved(finding, start)),
  );
}

/** In offsets of the document; kept until something it depends on changes. */
export function documentFindings(workspace: Workspace, path: string, document: Document): readonly FileFinding[] {
  return workspace.memo(path, document, 'findings', (surroundings) => judge(path, document, surroundings));
}

function judge(path: string, document: Document, surroundings: Surroundings): readonly FileFinding[] {
  const { role } = surroundings;
  if (role !== 'manifest' && role !== 'patch' && role !== 'kustomization') return [];
  const manifest = isClusterctlTemplate(path) ? parseFilledIn(document.text) : parseManifest(document.text);
  const isKustomization = role === 'kustomization';
  const found: FileFinding[] = isKustomization ? manifest.findings.map(asKustomizeSays) : [...manifest.findings];
  if (isKustomization) found.push(...kustomizationFindings(manifest, surroundings.schemas));
  if (role === 'manifest') {
    const verdict = validateDocument(manifest, surroundings.schemas, { mayMend: mending(surroundings) });
    const placed = withHomes(verdict, manifest, surroundings.schemas);
    const { objects } = document.facts;
    for (const finding of placed) {
      const object = objectOf(finding, objects, manifest);
      found.push(object ? { ...withKindMeant(finding, object, manifest, surroundings.schemas), object } : finding);
    }
    for (const object of objects) found.push(...removedGroup(object, manifest, surroundings.schemas));
    for (const object of document.facts.objects) {
      const subject = { path, manifest, object, surroundings };
      for (const rule of rules) {
        for (const finding of findingsOf(rule, subject)) found.push({ ...finding, object });
      }
    }
  }
  const kept = unsuppressed(document.text, found);
  return withSeverities(kept, surroundings.config).toSorted((a, b) => a.start - b.start || a.end - b.end);
}

/** The object a finding stands in: of several, those of a `List`, the one whose text is around it. */
function objectOf(finding: Finding, objects: readonly ObjectFacts[], { root }: Manifest): ObjectFacts | undefined {
  const isAround = ({ path }: ObjectFacts) => {
    const node = nodeAt(root, path);
    return node !== undefined && node.start <= finding.start && finding.start <= node.end;
  };
  return objects.length === 1 ? objects[0] : objects.find(isAround);
}

/** Whether all that kustomizations may do to an object before it is applied may put a problem right. */
function mending(surroundings: Surroundings): NonNullable<ValidateOptions['mayMend']> {
  let known: Shaping | undefined;
  return (problem, object) => {
    known ??= surroundings.shaping;
    const { renames } = known;
    const field = printPath(problem.path);
    // What sets namespaces sets those of ServiceAccounts in bindings too.
    if (problem.rule === 'schema/required' && /(?:^|\.)subjects\[\d+\]\.namespace$/.test(field)) {
      if (includesKind(renames, 'Namespace')) return true;
    }
    if (problem.rule === 'schema/name' && field === 'metadata.name' && includesKind(renames, object.kind)) return true;
    return mayMend(known, object, problem);
  };
}

function withSeverities(findings: readonly FileFinding[], { severities }: Config): readonly FileFinding[] {
  if (severities.size === 0) return findings;
  return findings.flatMap((finding) => {
    const severity = configured(severities, finding.rule) ?? finding.severity;
    return severity === 'off' ? [] : [{ ...finding, severity }];
  });
}

/** The rule's own entry counts before its family's, that before `*`. */
function configured(severities: Config['severities'], rule: string): Severity | 'off' | undefined {
  const keys = [...severities.keys()].filter((key) => matchesRule([key], rule));
  const [best] = keys.toSorted((a, b) => b.length - a.length);
  return best === undefined ? undefined : severities.get(best);
}

/** Offsets of the document made those of its file, or back. */
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
      message: 'This file is not text: it holds NUL bytes. Remove it, or list it under “ignores” in .capstan.yaml.',
    };
  }
  return {
    rule: 'info/too-large',
    severity: 'info',
    start: 0,
    end,
    message: `This file is too large to be checked (over ${largestFile.lines.toLocaleString('en')} lines or 20 MB). Split it into several files.`,
  };
}
