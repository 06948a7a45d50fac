// Inlay hints: the values of Flux's variables after them, and the namespace that an object gets after its name. Only what
// every cluster has alike is shown, so that hints stay few.
import { idOf } from '../kustomize/objects.ts';
import { parseManifest } from '../syntax/manifest.ts';
import { nodeAt, scalarAt } from '../syntax/navigate.ts';
import { oneLine } from '../syntax/shown.ts';
import type { Placed } from '../workspace/document.ts';
import { fleetOf } from '../workspace/fleets.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { type Expression, expressionsOf, valuesOf } from './variables.ts';

export interface InlayHint {
  /** In offsets of the file. */
  readonly offset: number;
  readonly label: string;
}

/** Longer values are shown by hover only. */
const longest = 32;

/** The hints in a range of a file, in the order of the text. */
export function inlayHints(
  workspace: Workspace,
  path: string,
  range: { readonly start: number; readonly end: number },
): readonly InlayHint[] {
  const file = workspace.file(path);
  if (!file) return [];
  const hints = file.documents.flatMap((placed) => {
    const isInside = placed.start <= range.end && placed.start + placed.document.text.length >= range.start;
    if (!isInside || workspace.role(path, placed.document) === 'ignored') return [];
    return [...variableHints(workspace, path, placed), ...namespaceHints(workspace, path, placed)];
  });
  return hints.filter(({ offset }) => range.start <= offset && offset <= range.end).sort((a, b) => a.offset - b.offset);
}

function variableHints(workspace: Workspace, path: string, { start, document }: Placed): readonly InlayHint[] {
  const labels = new Map<string, string | undefined>();
  return expressionsOf(document.text).flatMap((one) => {
    if (!labels.has(one.text)) labels.set(one.text, labelOf(workspace, path, one));
    const label = labels.get(one.text);
    return label === undefined ? [] : [{ offset: start + one.end, label }];
  });
}

/** Undefined where clusters differ, for values of Secrets, and where no cluster sets the variable. */
function labelOf(workspace: Workspace, path: string, expression: Expression): string | undefined {
  const values = valuesOf(workspace, path, expression);
  if (values.every(({ origin }) => origin === undefined) || values.some(({ isSecret }) => isSecret)) return undefined;
  const hasOperator = !/^\$\{ *\w+ *\}$/.test(expression.text);
  const [value, ...others] = new Set(values.map((one) => (hasOperator ? one.result : one.value)));
  if (value === undefined || others.length > 0 || value.length > longest) return undefined;
  return `= ${oneLine(value)}`;
}

function namespaceHints(workspace: Workspace, path: string, { start, document }: Placed): readonly InlayHint[] {
  const objects = document.facts.objects.filter(({ name }) => name !== undefined);
  if (objects.length === 0) return [];
  const { root } = parseManifest(document.text);
  return objects.flatMap((object) => {
    const node = nodeAt(root, object.path);
    const name = scalarAt(root, [...object.path, 'metadata', 'name']);
    if (!node || !name) return [];
    const forms = fleetOf(workspace).appliedForms(path, start + node.start);
    const [namespace, ...others] = new Set(forms.map((form) => idOf(form.object.value).namespace));
    const isOther = namespace !== undefined && namespace !== '' && namespace !== (object.namespace ?? '');
    return isOther && others.length === 0 ? [{ offset: start + name.end, label: `in ${namespace}` }] : [];
  });
}
