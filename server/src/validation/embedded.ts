// Checks apiVersion, kind and metadata of objects embedded in custom resources (`x-kubernetes-embedded-resource`), as for
// any object (apiextensions-apiserver pkg/apiserver/schema/objectmeta).

import { dns1035Problem, lowered, pathSegmentProblem } from '../kube/names.ts';
import type { Schema } from '../schema/schema.ts';
import { printPath } from '../syntax/navigate.ts';
import { type Path, unknown, type Value } from '../syntax/tree.ts';
import { hasUnknownKey, isObject, type ObjectValue, own } from '../syntax/value.ts';
import { checkDecoding } from './decode.ts';
import { checkMetadata } from './metadata.ts';
import { missing } from './missing.ts';
import { checkFailed, type Report } from './problem.ts';
import { describeType, show } from './words.ts';

/** `objectMeta` is the OpenAPI schema of ObjectMeta. */
export function checkEmbedded(object: ObjectValue, objectMeta: Schema | undefined, path: Path, report: Report): void {
  for (const name of ['apiVersion', 'kind']) {
    const value = own(object, name);
    const at = [...path, name];
    if (value === undefined) {
      if (!hasUnknownKey(object)) report(missing(name, {}, path));
    } else if (value !== unknown) {
      const wrong = name === 'kind' ? kindProblem(value) : apiVersionProblem(value);
      if (wrong)
        report(
          checkFailed(typeof value === 'string' ? 'schema/name' : 'schema/type', at, `${printPath(at)} ${wrong}.`),
        );
    }
  }
  const metadata = own(object, 'metadata');
  if (metadata === undefined || !objectMeta) return;
  checkDecoding(metadata, objectMeta, [...path, 'metadata'], report);
  if (isObject(metadata))
    checkMetadata(
      metadata,
      [...path, 'metadata'],
      { nameCheck: pathSegmentProblem, named: false, namespaced: true },
      report,
    );
}

function apiVersionProblem(value: Value): string | undefined {
  if (typeof value !== 'string') return `must be a string, not ${describeType(value)}`;
  if (value === '') return 'must not be empty';
  return value.split('/').length > 2 ? `must be VERSION or GROUP/VERSION, not ${show(value)}` : undefined;
}

function kindProblem(value: Value): string | undefined {
  if (typeof value !== 'string') return `must be a string, not ${describeType(value)}`;
  return dns1035Problem(lowered(value));
}
