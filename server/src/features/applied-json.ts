// An object as files say that a cluster should have it, to be compared with what the cluster has. What isn't known before it is
// applied is null, and what must not be shown is hidden.
import { masked } from '../change/shown.ts';
import { type Built, type BuiltMap, builtValue } from '../kustomize/built.ts';
import type { Origin } from '../live/origin.ts';
import { hiddenValue } from '../live/projection.ts';
import { parseManifest } from '../syntax/manifest.ts';
import { nodeAt } from '../syntax/navigate.ts';
import { unknown, type Value } from '../syntax/tree.ts';
import { isList, isObject, toValue } from '../syntax/value.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { secretsOf } from './preview.ts';
import { appliedObjects, definitionsOf } from './written.ts';

export interface AppliedJson {
  /** Of a cluster of the files; undefined if nothing known applies the object. */
  readonly cluster: string | undefined;
  /** JSON. */
  readonly text: string;
}

/** The different forms; several where it isn't known which cluster is meant. */
export function appliedJson(workspace: Workspace, origin: Origin): readonly AppliedJson[] {
  const applied = appliedObjects(workspace, origin).map(({ cluster, object: { value } }): AppliedJson => {
    const open = opened(value, masked(value, secretsOf(workspace, [cluster])));
    return { cluster, text: JSON.stringify(open) };
  });
  const found = applied.length > 0 ? applied : writtenJson(workspace, origin);
  return [...new Map(found.map((one) => [one.text, one])).values()];
}

/** Of objects that somebody applies by hand; nothing of Secrets. */
function writtenJson(workspace: Workspace, origin: Origin): readonly AppliedJson[] {
  if (origin.groupKind === '/Secret') return [];
  return definitionsOf(workspace, origin).flatMap(({ document, object, from }): readonly AppliedJson[] => {
    // What is written is the generator.
    if (from === 'generated') return [];
    const node = nodeAt(parseManifest(document.text).root, object.path);
    return node ? [{ cluster: undefined, text: JSON.stringify(jsonOf(toValue(node))) }] : [];
  });
}

/** What is different where it is shown is not shown. */
function opened(built: Built, shown: Built): unknown {
  if (built.kind === 'scalar') return shown === built ? jsonOf(builtValue(built)) : hiddenValue;
  if (built.kind === 'list')
    return built.items.map((item, index) => opened(item, shown.kind === 'list' ? shown.items[index]! : item));
  const others = (shown as BuiltMap).entries;
  return Object.fromEntries([...built.entries].map(([key, value]) => [key, opened(value, others.get(key) ?? value)]));
}

function jsonOf(value: Value): unknown {
  if (value === unknown) return null;
  if (typeof value === 'string') return value.startsWith('ENC[') ? hiddenValue : value;
  if (typeof value === 'bigint') return Number(value);
  if (isList(value)) return value.map(jsonOf);
  if (isObject(value)) return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, jsonOf(one)]));
  return value;
}
