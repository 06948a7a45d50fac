// Checks of the metadata in a template of objects, which can set only labels and annotations (kubernetes
// pkg/apis/core/validation ValidateTemplateObjectMeta).

import { lowered, qualifiedNameProblem } from '../../kube/names.ts';
import type { Path } from '../../syntax/tree.ts';
import { isObject } from '../../syntax/value.ts';
import { at, entries, type Field, failAs, isHole, isSet, text } from './field.ts';
import { checkLabels } from './selector.ts';

export function checkTemplateMetadata(metadata: Field): void {
  if (isHole(metadata)) return;
  checkLabels(at(metadata, 'labels'));
  checkAnnotationKeys(at(metadata, 'annotations'));
  for (const [name, field] of entries(metadata))
    if (name !== 'labels' && name !== 'annotations' && isSaid(field))
      failAs(
        goName(field.path),
        field,
        'forbidden',
        'must not be set in a template, which can have only labels and annotations.',
      );
}

/** `named` is the path that the API server reports. */
export function checkAnnotationKeys(annotations: Field, named: Path = annotations.path): void {
  for (const [key, field] of entries(annotations)) {
    const problem = qualifiedNameProblem(lowered(key));
    if (problem) failAs(named, field, 'invalid', `has an invalid key, which ${problem}.`);
  }
}

/** The API server prints Go's field name here. */
function goName(path: Path): Path {
  const name = String(path.at(-1));
  return [...path.slice(0, -1), name === 'uid' ? 'uID' : name];
}

/** Go's zero values are unset. */
function isSaid(field: Field): boolean {
  if (!isSet(field) || isHole(field) || text(field) === '' || field.value === 0n) return false;
  return !isObject(field.value) && !Array.isArray(field.value) ? true : Object.keys(field.value ?? {}).length > 0;
}
