// All findings of a file, the same for the editor and the command line: syntax, the API server's verdict and our rules,
// without those that comments or the configuration suppress. The verdict on an object that is applied is that on its applied
// forms (applied-findings.ts); others are judged as they are written.

import { kustomizationFindings } from '../kustomize/judge.ts';
import type { Rule } from '../rules/rule.ts';
import { findingsOf } from '../rules/rule.ts';
import { rules, unappliedRules } from '../rules/rules.ts';
import { withoutCredentials } from '../syntax/credentials.ts';
import { type Finding, moved, type Severity, within } from '../syntax/finding.ts';
import { guarded, internalFinding, internalRule, withoutRepeated } from '../syntax/guard.ts';
import { type Manifest, parseFilledIn, parseManifest } from '../syntax/manifest.ts';
import { nodeAt } from '../syntax/navigate.ts';
import { mostValues } from '../syntax/size.ts';
import type { Steps } from '../syntax/steps.ts';
import { maySupply } from '../validation/report.ts';
import { withoutSecrets } from '../validation/secrets.ts';
import { validateDocument } from '../validation/validate.ts';
import { type Config, configFindings } from '../workspace/config.ts';
import type { Document, Placed, SourceFile } from '../workspace/document.ts';
import { largestFile } from '../workspace/document.ts';
import type { ObjectFacts } from '../workspace/facts.ts';
import { buildsOf, fleetOf } from '../workspace/fleets.ts';
import { isClusterctlTemplate, type Role } from '../workspace/roles.ts';
import { matchesRule, unsuppressed } from '../workspace/suppress.ts';
import type { Surroundings, Workspace } from '../workspace/workspace.ts';
import { type AppliedVerdict, appliedVerdict, judgingForms } from './applied-findings.ts';
import type { Related } from './applied-place.ts';
import { buildFindings } from './build-findings.ts';
import { clusterFindings } from './cluster-findings.ts';
import { insideFindings, patchFileFindings } from './inside/findings.ts';
import { markerFindings } from './marker-findings.ts';
import { objectFindings } from './object-findings.ts';
import { OfState } from './of-state.ts';
import { orphanFindings } from './orphans.ts';

/** A finding in offsets of the file, with its object. */
export interface FileFinding extends Finding {
  readonly object?: Pick<ObjectFacts, 'gvk' | 'name' | 'namespace'>;
  /** Where else the value at fault comes from. */
  readonly related?: readonly Related[];
}

/** In the order of the text; empty for an unknown file. */
export function diagnose(workspace: Workspace, path: string): readonly FileFinding[] {
  const file = workspace.file(path);
  if (!file) return [];
  if (file.unread) return [unreadFinding(file)];
  const { verdict, failed } = verdictOf(workspace, path);
  const found = file.documents.flatMap((placed) =>
    guarded(ofDocument, placed.start, () => findingsOfDocument(workspace, path, placed, verdict)),
  );
  const others = [
    ...failed,
    ...guarded('the check of what kustomize refuses', 0, () => refusals(workspace, path, file, found)),
    ...guarded('the check of what clusters get', 0, () => ofClusters(workspace, path, file)),
    ...guarded('the check of single objects', 0, () => ofObjects(workspace, file)),
    ...guarded('the check of what applies this file', 0, () => orphans(workspace, file)),
    ...guarded('the check of markers', 0, () => markers(workspace, file)),
  ];
  const all = [...found.filter((one) => !isSaid(one, others)), ...others].map((one) => within(one, file.text.length));
  return withoutRepeated(all.toSorted((a, b) => a.start - b.start || a.end - b.end));
}

/** What `diagnose` keeps of each document and of its forms, in steps; the workspace must not change in between. */
export function* diagnosing(workspace: Workspace, path: string): Steps<void> {
  yield* judgingForms(workspace, path);
  const { verdict } = verdictOf(workspace, path);
  for (const placed of workspace.file(path)?.documents ?? []) {
    yield;
    findingsOfDocument(workspace, path, placed, verdict);
  }
}

/** Without the applied forms, documents are judged as they are written. */
function verdictOf(
  workspace: Workspace,
  path: string,
): { readonly verdict: AppliedVerdict; readonly failed: readonly Finding[] } {
  try {
    return { verdict: appliedVerdict(workspace, path), failed: failuresIn(workspace, path) };
  } catch (error) {
    const failed = [internalFinding('the check of what clusters get', error)];
    return { verdict: { findings: [], applied: new Set() }, failed };
  }
}

/** What ended the reading of the file, or a build that begins in it. */
function failuresIn(workspace: Workspace, path: string): readonly Finding[] {
  return [
    ...workspace.failuresIn(path).map((error) => internalFinding('the reading of this file', error)),
    ...buildsOf(workspace)
      .failuresIn(path)
      .map((error) => internalFinding('a build that begins here', error)),
  ];
}

/** What a refusal says already: a text inside a document is judged on its own, and again in what is built with it. */
function isSaid({ rule, start }: Finding, others: readonly Finding[]): boolean {
  return others.some((one) => one.start === start && (one.rule === rule || one.rule.endsWith('/build')));
}

const ofDocuments = new OfState<readonly FileFinding[]>();

/** Files are prepared, then their findings are sent: they are found once. */
function findingsOfDocument(
  workspace: Workspace,
  path: string,
  placed: Placed,
  verdict: AppliedVerdict,
): readonly FileFinding[] {
  const { start, document } = placed;
  return ofDocuments.of(workspace, document, [path, start, verdict], () => ofPlaced(workspace, path, placed, verdict));
}

function ofPlaced(
  workspace: Workspace,
  path: string,
  { start, document }: Placed,
  { findings, applied }: AppliedVerdict,
): readonly FileFinding[] {
  const end = start + document.text.length;
  const here = findings.filter((one) => start <= one.start && one.start < end);
  const found: FileFinding[] = [];
  if (here.length > 0 && isChecked(workspace, path, document)) {
    const inDocument = here.map((one) => moved(one, -start));
    found.push(...allowed(inDocument, document, workspace.config));
  }
  found.unshift(...textFindings(workspace, path, document).filter((one) => !isSaid(one, found)));
  const isApplied = applied.size > 0 && isAppliedWhole(document, start, applied);
  if (!isApplied) found.push(...asWritten(workspace, path, document));
  if (!fleetOf(workspace).isApplied(path)) found.push(...unappliedFindings(workspace, path, document));
  return found.map((finding) => moved(finding, start));
}

/**
 * What building a kustomization refuses; unlike other findings, it depends on the texts of other files. What is
 * wrong with the text of a line, such as an unknown field, is one finding.
 */
function refusals(
  workspace: Workspace,
  path: string,
  { text }: SourceFile,
  others: readonly Finding[],
): readonly FileFinding[] {
  const found = buildFindings(workspace, path);
  if (found.length === 0) return [];
  const lineAt = ({ start }: Finding) => text.lastIndexOf('\n', start - 1);
  const wrong = new Set(others.filter(({ severity }) => severity === 'error').map(lineAt));
  const further = found.filter((one) => !one.isOfText || !wrong.has(lineAt(one)));
  return withSeverities(withoutSecrets(text, unsuppressed(text, further)), workspace.config);
}

/** What is wrong with the objects that clusters get, at the values in the file. */
function ofClusters(workspace: Workspace, path: string, { text }: SourceFile): readonly FileFinding[] {
  const found = clusterFindings(workspace, path);
  return found.length === 0 ? [] : withSeverities(withoutSecrets(text, unsuppressed(text, found)), workspace.config);
}

/** What is wrong with objects that no cluster gets. */
function ofObjects(workspace: Workspace, file: SourceFile): readonly FileFinding[] {
  const found = objectFindings(workspace, file);
  return found.length === 0
    ? found
    : withSeverities(withoutSecrets(file.text, unsuppressed(file.text, found)), workspace.config);
}

/** Whether nothing applies the file. */
function orphans(workspace: Workspace, file: SourceFile): readonly FileFinding[] {
  const found = workspace.isIgnored(file.path) ? [] : orphanFindings(workspace, file);
  return found.length === 0 ? found : withSeverities(unsuppressed(file.text, found), workspace.config);
}

/** The markers of image automation that name no policy. */
function markers(workspace: Workspace, file: SourceFile): readonly FileFinding[] {
  const found = workspace.isIgnored(file.path) ? [] : markerFindings(workspace, file);
  return found.length === 0 ? found : withSeverities(unsuppressed(file.text, found), workspace.config);
}

/** Whether all objects of the document, which begins at an offset of its file, are applied. */
function isAppliedWhole({ text, facts }: Document, start: number, applied: AppliedVerdict['applied']): boolean {
  const { root } = parseManifest(text);
  return (
    facts.objects.length > 0 &&
    facts.objects.every(({ path }) => applied.has(start + (nodeAt(root, path)?.start ?? -1)))
  );
}

function isChecked(workspace: Workspace, path: string, document: Document): boolean {
  const role = workspace.memo(path, document, 'role', (surroundings) => surroundings.role);
  return role !== 'ignored' && role !== 'template';
}

/** The findings of the text and of our rules, in offsets of the document. */
export function textFindings(workspace: Workspace, path: string, document: Document): readonly FileFinding[] {
  const found = ownFindings(workspace, path, document);
  const ofPatches = guarded('the check of texts inside this document', 0, () => [
    ...insideFindings(workspace, path, document),
    ...patchFileFindings(workspace, path, document),
  ]);
  return ofPatches.length === 0 ? found : [...found, ...allowed(ofPatches, document, workspace.config)];
}

/** Cached until something they depend on changes. */
function ownFindings(workspace: Workspace, path: string, document: Document): readonly FileFinding[] {
  return workspace.memo(path, document, 'text', (surroundings) => {
    if (document.failure && surroundings.role !== 'ignored')
      return [internalFinding(ofDocument, document.failure.thrown)];
    const findingsOfRole = ofRole[surroundings.role];
    if (!findingsOfRole) return [];
    const found = guarded(ofDocument, 0, () =>
      findingsOfRole({ path, document, manifest: manifestOf(path, document), surroundings }),
    );
    return allowed(found, document, surroundings.config);
  });
}

/** What the rules about objects that no cluster gets find, in offsets of the document. */
function unappliedFindings(workspace: Workspace, path: string, document: Document): readonly FileFinding[] {
  if (document.facts.objects.length === 0) return [];
  return workspace.memo(path, document, 'unapplied', (surroundings) => {
    if (surroundings.role !== 'manifest') return [];
    const manifest = manifestOf(path, document);
    return allowed(
      ruleFindings(unappliedRules, { path, document, manifest, surroundings }),
      document,
      surroundings.config,
    );
  });
}

/** The verdict on objects as they are written, in offsets of the document. */
export function writtenFindings(workspace: Workspace, path: string, document: Document): readonly FileFinding[] {
  return workspace.memo(path, document, 'written', (surroundings) => {
    if (surroundings.role !== 'manifest') return [];
    const { objects } = document.facts;
    const found = guarded(ofDocument, 0, () => {
      const manifest = manifestOf(path, document);
      return validateDocument(manifest, surroundings.schemas).map((finding): FileFinding => {
        const object = objectOf(finding, objects, manifest);
        return object ? { ...finding, object } : finding;
      });
    });
    return allowed(found, document, surroundings.config);
  });
}

/** The verdict on objects that are not applied as they are: what a patch could supply isn't missing. */
function asWritten(workspace: Workspace, path: string, document: Document): readonly FileFinding[] {
  const found = writtenFindings(workspace, path, document);
  if (!found.some(mayBeChanged) || !fleetOf(workspace).mayChange(path)) return found;
  return found.filter((one) => !mayBeChanged(one));
}

/** `namespace` in a kustomization sets the names of Namespaces. */
function mayBeChanged(finding: FileFinding): boolean {
  const isNamespace = finding.rule === 'schema/name' && finding.object?.gvk.kind === 'Namespace';
  return isNamespace || maySupply(finding);
}

/**
 * The findings of a document on its own, in its offsets: those of an applied object without what its forms don't have. For a
 * text that could replace a document of the workspace, `original` is that document.
 */
export function documentFindings(
  workspace: Workspace,
  path: string,
  document: Document,
  original: Document = document,
): readonly FileFinding[] {
  const written = writtenFindings(workspace, path, document);
  const own = textFindings(workspace, path, document);
  if (written.length === 0) return own;
  const supplied = suppliedIn(workspace, path, original);
  return [...own, ...written.filter((one) => !supplied(one))].toSorted((a, b) => a.start - b.start || a.end - b.end);
}

/** Whether a finding of the document as written is none of it as applied. */
function suppliedIn(workspace: Workspace, path: string, document: Document): (finding: FileFinding) => boolean {
  const placed = workspace.file(path)?.documents.find((one) => one.document === document);
  const written = placed ? writtenFindings(workspace, path, document) : [];
  if (!placed || written.length === 0) return (finding) => maySupply(finding) && fleetOf(workspace).mayChange(path);
  const shown = new Set(findingsOfDocument(workspace, path, placed, appliedVerdict(workspace, path)).map(fieldOf));
  const supplied = new Set(written.map(fieldOf).filter((field) => !shown.has(field)));
  return (finding) => supplied.has(fieldOf(finding));
}

/** Of findings of one document, those with equal fields are the same problem, before and after an edit. */
export function fieldOf({ rule, path = '' }: Finding): string {
  return `${rule} ${path}`;
}

const ofDocument = 'the check of this document';

function manifestOf(path: string, { text }: Document): Manifest {
  return isClusterctlTemplate(path) ? parseFilledIn(text) : parseManifest(text);
}

/** Without what is suppressed and the values of Secrets, and with the configured severities. */
function allowed(found: readonly FileFinding[], { text }: Document, config: Config): readonly FileFinding[] {
  const kept = withoutSecrets(text, unsuppressed(text, found));
  return withSeverities(kept, config).toSorted((a, b) => a.start - b.start || a.end - b.end);
}

interface Case {
  readonly path: string;
  readonly document: Document;
  readonly manifest: Manifest;
  readonly surroundings: Surroundings;
}

/** Findings by a document's role; roles without an entry are not checked. */
const ofRole: Readonly<Partial<Record<Role, (subject: Case) => readonly FileFinding[]>>> = {
  manifest: manifestFindings,
  patch: ({ manifest }) => manifest.findings,
  kustomization: ({ manifest, surroundings }) => kustomizationFindings(manifest, surroundings.schemas),
  config: ({ manifest, surroundings }) =>
    configFindings(
      manifest,
      surroundings.missingPins.split('\n').filter((pin) => pin !== ''),
    ),
};

function manifestFindings(subject: Case): readonly FileFinding[] {
  return [...subject.manifest.findings, ...ruleFindings(rules, subject)];
}

function ruleFindings(
  checked: readonly Rule[],
  { path, document, manifest, surroundings }: Case,
): readonly FileFinding[] {
  return document.facts.objects.flatMap((object) =>
    checked.flatMap((rule) =>
      findingsOf(rule, { path, manifest, object, surroundings }).map((finding) => ({ ...finding, object })),
    ),
  );
}

/** The object of a finding; in a `List`, the one whose text contains the finding. */
function objectOf(finding: Finding, objects: readonly ObjectFacts[], { root }: Manifest): ObjectFacts | undefined {
  const isAround = ({ path }: ObjectFacts) => {
    const node = nodeAt(root, path);
    return node !== undefined && node.start <= finding.start && finding.start <= node.end;
  };
  return objects.length === 1 ? objects[0] : objects.find(isAround);
}

function withSeverities(found: readonly FileFinding[], { severities }: Config): readonly FileFinding[] {
  const findings = found.map((one) => {
    const message = withoutCredentials(one.message);
    return message === one.message ? one : { ...one, message };
  });
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
  if (unread === 'hung') {
    return {
      rule: internalRule,
      severity: 'info',
      start: 0,
      end,
      message:
        'Capstan stopped responding while it worked on this file and was restarted, so the file isn’t checked. Please report this to its maintainers, with the file if others may see it. Run “Capstan: Restart Servers” to try again.',
    };
  }
  return {
    rule: 'info/too-large',
    severity: 'info',
    start: 0,
    end,
    message: `The file is too large to check: it has more than ${largestFile.lines.toLocaleString('en')} lines, ${mostValues.toLocaleString('en')} values or 20 MB. Split it into several files.`,
  };
}
