// The texts in ConfigMaps and Secrets that other objects use as documents (kube/texts.ts): manifests of a ClusterResourceSet,
// values of a HelmRelease.
import { type TextField, usedTexts } from '../../kube/texts.ts';
import { parseManifest } from '../../syntax/manifest.ts';
import { stringAt } from '../../syntax/navigate.ts';
import type { ObjectFacts } from '../../workspace/facts.ts';
import type { UseSite } from '../../workspace/index.ts';
import type { Workspace } from '../../workspace/workspace.ts';

export interface UsedField {
  readonly field: TextField;
  /** From the object to the text, whose last step is a key that may have dots, or `*` for all keys. */
  readonly steps: readonly string[];
}

export function usedFieldsOf(workspace: Workspace, object: ObjectFacts): readonly UsedField[] {
  const { groupKind, name } = object;
  const rows = usedTexts.filter(({ of }) => of === groupKind);
  if (rows.length === 0 || name === undefined) return [];
  const uses = workspace.index
    .uses(groupKind, name)
    .filter(({ by }) => mayShare(by.object.namespace, object.namespace));
  const found = new Map<string, UsedField>();
  for (const row of rows) {
    for (const site of uses.filter(({ by }) => by.object.groupKind === row.by)) {
      const field: TextField = { of: [row.of], at: row.in, holds: row.holds };
      const key = row.key ? (keyOf(site, row.key.from) ?? row.key.otherwise) : '*';
      found.set(`${row.holds} ${key}`, { field, steps: [row.in, key] });
    }
  }
  return [...found.values()];
}

/** What applies the files may set a namespace that isn't written. */
function mayShare(a: string | undefined, b: string | undefined): boolean {
  return a === undefined || b === undefined || a === b;
}

function keyOf({ by, use }: UseSite, field: string): string | undefined {
  return stringAt(parseManifest(by.document.text).root, [...by.object.path, ...use.path, field]);
}
