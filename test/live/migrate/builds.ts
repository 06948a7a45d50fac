// Builds of a repository before and after it is migrated, by kustomize itself.
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { workspaceAt } from '../../../server/src/cli/lint/root.ts';
import { groupKindOf, gvkOf } from '../../../server/src/kube/identity.ts';
import { movedFields } from '../../../server/src/kube/moved.ts';
import { folderOf } from '../../../server/src/kustomize/paths.ts';
import type { Value } from '../../../server/src/syntax/tree.ts';
import { isList, isObject, type ObjectValue } from '../../../server/src/syntax/value.ts';
import { kustomize } from '../build/outcome.ts';
import { withoutVersions } from './documents.ts';

export async function differingBuilds(
  before: string,
  after: string,
  files: readonly string[],
): Promise<readonly string[]> {
  const { workspace } = await workspaceAt(before, {}, 'whole');
  const changed = files.filter((path) => textIn(before, path) !== textIn(after, path));
  const folders = new Set(changed.flatMap((path) => workspace.ownership.topsOf(path)).map(folderOf));
  const found: string[] = [];
  const count = { same: 0, converted: 0, refused: 0 };
  for (const folder of [...folders].sort()) {
    const [was, is] = [await kustomize(join(before, folder)), await kustomize(join(after, folder))];
    if ('refusal' in was || 'refusal' in is) {
      if ('refusal' in was && 'refusal' in is) count.refused += 1;
      else found.push(`${basename(before)}/${folder}: only refused ${'refusal' in was ? 'before' : 'after'}`);
      continue;
    }
    const [old, now] = [was, is].map((one) => [...one.objects.values()].filter(isObject)) as [
      ObjectValue[],
      ObjectValue[],
    ];
    if (old.length !== now.length)
      found.push(`${basename(before)}/${folder}: ${old.length} became ${now.length} objects`);
    const left = new Map(now.map((one) => [identityOf(one), one]));
    for (const one of old) {
      const other = left.get(identityOf(one));
      const isSame = other && withoutVersions(text(withoutMoved(one))) === withoutVersions(text(withoutMoved(other)));
      if (!isSame) found.push(`${basename(before)}/${folder}: ${identityOf(one)} differs`);
      else if (text(one) === text(other!)) count.same += 1;
      else count.converted += 1;
    }
  }
  console.log(
    `${basename(before)}: ${folders.size} folders built twice, ${count.same} objects stay the same, ${count.converted} are converted, ${count.refused} folders refused both times`,
  );
  return found;
}

function textIn(root: string, path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

function identityOf(value: Value): string {
  if (!isObject(value)) return '';
  const { name, namespace } = isObject(value.metadata) ? value.metadata : {};
  const group = String(value.apiVersion).replace(/\/?[^/]*$/, '');
  return [group, value.kind, namespace, name].map(String).join(' ');
}

/** Without fields that one of the versions has elsewhere. */
function withoutMoved(object: Value): Value {
  if (!isObject(object)) return object;
  const gvk = gvkOf(String(object.apiVersion), String(object.kind));
  const rows = gvk ? movedFields(groupKindOf(gvk)) : [];
  const moved = new Set(rows.flatMap(({ from, to, drops }) => [from, to ?? [], drops ?? []].flat()));
  const copy = (value: Value, path: string): Value => {
    if (isList(value)) return value.map((one) => copy(one, `${path}[*]`));
    if (!isObject(value)) return value;
    const entries = Object.entries(value).flatMap(([key, one]) => {
      const at = path === '' ? key : `${path}.${key}`;
      return moved.has(at) ? [] : [[key, copy(one, at)] as const];
    });
    return Object.fromEntries(entries);
  };
  return copy(object, '');
}

function text(value: Value): string {
  return JSON.stringify(value, (_, one: unknown) => (typeof one === 'bigint' ? Number(one) : one));
}
