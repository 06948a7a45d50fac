// Plants a fault, asks for the fixes of what is found, and judges the result of each: whether anything is left at its place,
// and whether the object is the original one again.
import { isDeepStrictEqual } from 'node:util';
import { diagnose, documentFindings, type FileFinding } from '../../../server/src/features/diagnostics.ts';
import { fixesFor } from '../../../server/src/features/fixes/code-action.ts';
import { applied, isOpen } from '../../../server/src/features/fixes/subject.ts';
import { gvkOf } from '../../../server/src/kube/identity.ts';
import { parseManifest } from '../../../server/src/syntax/manifest.ts';
import { entryAt, nodeAt } from '../../../server/src/syntax/navigate.ts';
import { toValue } from '../../../server/src/syntax/value.ts';
import type { Workspace } from '../../../server/src/workspace/workspace.ts';
import type { Random } from '../verdict/random.ts';
import { type Fault, plant } from './plant.ts';
import { type Slip, type Slipped, slip, slips } from './slips.ts';

export const mistakes = ['typo', 'type', 'missing', ...slips, 'v1beta1 shape'] as const;
export type Mistake = (typeof mistakes)[number];

/** A document of the workspace without findings. */
export interface Target {
  readonly path: string;
  /** Offset of the document in the file. */
  readonly start: number;
  readonly text: string;
}

/** The documents of one object without errors. */
export function targetsIn(workspace: Workspace): readonly Target[] {
  return [...workspace.files()].flatMap(({ path, documents }) =>
    documents
      .filter(({ document }) => {
        if (document.text.length > 30_000 || document.facts.objects.length !== 1) return false;
        if (workspace.role(path, document) !== 'manifest') return false;
        return documentFindings(workspace, path, document).every(({ severity }) => severity !== 'error');
      })
      .map(({ start, document }) => ({ path, start, text: document.text })),
  );
}

export interface Repaired {
  readonly mistake: Mistake;
  readonly rule: string;
  readonly what: string;
  /** Of the fixes offered; empty if there are none. */
  readonly fixes: readonly Fixed[];
}

export interface Fixed {
  readonly title: string;
  /** The author has to fill in a value. */
  readonly open: boolean;
  /** What is still found at its place. */
  readonly left: readonly string[];
  readonly same: 'text' | 'object' | undefined;
}

/** Undefined if the fault can't be planted there, or nothing is found. */
export function repair(
  workspace: Workspace,
  target: Target,
  mistake: Mistake,
  random: Random,
): Repaired | 'nothing found' | undefined {
  const slipped = mistakeIn(workspace, target, mistake, random);
  if (!slipped || slipped.text === target.text) return undefined;
  // With `{{` in it, a text that isn't YAML is a Go template.
  if (parseManifest(slipped.text).template) return undefined;
  const original = workspace.file(target.path)!.text;
  const before = diagnose(workspace, target.path);
  const put = (text: string) => {
    workspace.put(
      target.path,
      original.slice(0, target.start) + text + original.slice(target.start + target.text.length),
    );
  };
  put(slipped.text);
  const added = addedTo(before, diagnose(workspace, target.path));
  // A whole manifest of an older version has many faults, of which one is fixed.
  const others = mistake === 'v1beta1 shape' ? added : [];
  const place = target.start + slipped.at;
  // The finding nearest to the fault; others may follow from it.
  const finding = added
    .filter(({ severity }) => severity !== 'info')
    .toSorted((a, b) => Math.abs(a.start - place) - Math.abs(b.start - place))[0];
  const file = workspace.file(target.path)!;
  const fixes = finding ? fixesFor(workspace, file, finding, { snippets: true }) : [];
  const results = fixes.map((fix): Fixed => {
    const fixed = applied(file.text, fix.edits);
    workspace.put(target.path, fixed);
    const expected = [...before, ...others.filter((one) => one !== finding)];
    const left = addedTo(expected, diagnose(workspace, target.path)).filter((one) => isNear(one, fix.edits, fixed));
    return {
      title: fix.title,
      open: isOpen(fix),
      left: left.map(({ rule, message }) => `${rule}: ${message}`),
      same: fixed === original ? 'text' : sameObject(fixed, original, target) ? 'object' : undefined,
    };
  });
  workspace.put(target.path, original);
  if (!finding) return 'nothing found';
  const line = slipped.text.slice(0, slipped.at).split('\n').length;
  const shown = slipped.text.split('\n')[line - 1]?.trim();
  return {
    mistake,
    rule: finding.rule,
    what: `${target.path}:${line} \`${shown}\` ${finding.rule} ${finding.message}`,
    fixes: results,
  };
}

function mistakeIn(workspace: Workspace, target: Target, mistake: Mistake, random: Random): Slipped | undefined {
  const manifest = parseManifest(target.text);
  if (mistake === 'v1beta1 shape') return oldShape(target.text);
  const gvk = manifest.apiVersion && manifest.kind ? gvkOf(manifest.apiVersion, manifest.kind) : undefined;
  const kind = gvk && workspace.schemas.storeFor(target.path).lookup(gvk);
  if (!kind?.served || manifest.template || manifest.sops) return undefined;
  if (isSlip(mistake)) return slip(manifest, kind, mistake, random);
  const planted = plant(manifest, kind, mistake satisfies Fault, random);
  if (!planted) return undefined;
  const { root } = parseManifest(planted.text);
  const at = entryAt(root, planted.path)?.key.start ?? nodeAt(root, planted.path.slice(0, -1))?.start ?? 0;
  return { text: planted.text, at };
}

function isSlip(mistake: Mistake): mistake is Slip {
  return (slips as readonly string[]).includes(mistake);
}

/** A manifest of v1beta1 whose author changed nothing but the version. */
function oldShape(text: string): Slipped | undefined {
  const version = /^apiVersion: (?:[a-z]+\.)?cluster\.x-k8s\.io\/v1beta1$/m.exec(text);
  if (!version || /^apiVersion: infrastructure/m.test(text)) return undefined;
  const changed = version[0].replace('v1beta1', 'v1beta2');
  return { text: text.replace(version[0], changed), at: version.index + version[0].length };
}

function addedTo(before: readonly FileFinding[], after: readonly FileFinding[]): readonly FileFinding[] {
  const keyOf = ({ rule, path, message }: FileFinding) => `${rule} ${path} ${message}`.replace(/\[\d+\]/g, '[]');
  const known = before.map(keyOf);
  return after.filter((one) => {
    const index = known.indexOf(keyOf(one));
    if (index !== -1) known.splice(index, 1);
    return index === -1;
  });
}

/** On one of the lines that the fix wrote. */
function isNear(
  { start, end }: FileFinding,
  edits: readonly { readonly start: number; readonly end: number; readonly text: string }[],
  text: string,
): boolean {
  let shift = 0;
  return edits
    .toSorted((a, b) => a.start - b.start)
    .some((edit) => {
      const from = text.lastIndexOf('\n', edit.start + shift - 1) + 1;
      const stop = text.indexOf('\n', edit.start + shift + edit.text.length);
      shift += edit.text.length - (edit.end - edit.start);
      return start <= (stop === -1 ? text.length : stop) && end >= from;
    });
}

function sameObject(fixed: string, original: string, target: Target): boolean {
  const end = fixed.length - (original.length - target.start - target.text.length);
  const [now, was] = [fixed.slice(target.start, end), target.text].map((text) => {
    const { root } = parseManifest(text);
    return root && toValue(root);
  });
  return isDeepStrictEqual(now, was);
}
