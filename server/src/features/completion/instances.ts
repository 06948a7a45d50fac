// What else changes with a definition of a kind: the objects of that kind are judged by its schema.
import { type GroupKind, groupKindOf } from '../../kube/identity.ts';
import { isCrd, kindSchemas, readCrd } from '../../schema/crd.ts';
import type { SchemaStore } from '../../schema/schema.ts';
import { layeredStore, storeOf } from '../../schema/store.ts';
import { parseManifest } from '../../syntax/manifest.ts';
import { nodeAt } from '../../syntax/navigate.ts';
import type { Value } from '../../syntax/tree.ts';
import { toValue } from '../../syntax/value.ts';
import { judge } from '../../validation/judge.ts';
import type { Problem } from '../../validation/problem.ts';
import type { Definition } from '../../workspace/index.ts';
import type { Cursor } from '../cursor.ts';

/** More objects of one kind rarely use more of its fields; those of the file itself come first. */
const mostInstances = 4;

/** Longer objects take too long to judge again for each suggestion. */
const longest = 8_000;

/**
 * What the API server would refuse in objects of the kind that a definition, as it is tried, defines. Their paths begin with
 * the number of the object. Undefined if `object` isn't a definition, or there are no objects of its kind.
 */
export function instanceProblems(
  cursor: Cursor,
  object: Value,
  schemas: SchemaStore,
): ((definition: Value) => readonly Problem[]) | undefined {
  const defined = isCrd(object) ? definedBy(object) : undefined;
  const instances = defined === undefined ? [] : instancesOf(cursor, defined);
  if (instances.length === 0) return undefined;
  return (definition) => {
    const crd = readCrd(definition, 'drop');
    if (!crd || groupKindOf(crd) !== defined) return [];
    const store = layeredStore([storeOf(kindSchemas(crd, cursor.path, 'workspace')), schemas]);
    return instances.flatMap((one, index) =>
      judge(one, store).flatMap((problem) =>
        problem.severity === 'error' ? [{ ...problem, path: [`\uE000${index}`, ...problem.path] }] : [],
      ),
    );
  };
}

function definedBy(object: Value): GroupKind | undefined {
  const crd = readCrd(object, 'drop');
  return crd && groupKindOf(crd);
}

/** Of those that the definition is the schema of. */
function instancesOf({ workspace, path, document }: Cursor, groupKind: GroupKind): readonly Value[] {
  if (!workspace.index.hasKind(groupKind)) return [];
  const own: Definition[] = [];
  const others: Definition[] = [];
  for (const one of workspace.index.definitionsOf(groupKind)) {
    if (one.path === path) own.push(one);
    else if (others.length < mostInstances && isDefinedHere(one)) others.push(one);
  }
  return [...own, ...others].slice(0, mostInstances).flatMap(({ document: { text }, object }) => {
    const node = text.length > longest ? undefined : nodeAt(parseManifest(text).root, object.path);
    return node ? [toValue(node)] : [];
  });

  function isDefinedHere({ path: file, object: { gvk } }: Definition): boolean {
    return workspace.schemas.answerFor(file, gvk) === document.text;
  }
}
