// Checks an object's metadata as the API server does on creation (apimachinery pkg/api/validation/objectmeta.go). decode.ts
// reports wrong types and unknown fields; values of a wrong type are skipped here.

import { dnsLabelProblem, labelValueProblem, lowered, type NameCheck, qualifiedNameProblem } from '../kube/names.ts';
import { printPath } from '../syntax/navigate.ts';
import { type Path, unknown, type Value } from '../syntax/tree.ts';
import { hasUnknownKey, isList, isObject, type ObjectValue, own } from '../syntax/value.ts';
import { checkFailed, type Problem, type Report } from './problem.ts';
import { show } from './words.ts';

/** The rules that differ between kinds. */
export interface MetadataRules {
  /** For `name` and `generateName`. */
  readonly nameCheck: NameCheck;
  /** Whether one of the two is required; in an embedded resource neither is. */
  readonly named: boolean;
  /** If false, the server drops the namespace without checking it. */
  readonly namespaced: boolean;
}

/** `path` is that of the metadata. */
export function checkMetadata(metadata: ObjectValue, path: Path, rules: MetadataRules, report: Report): void {
  const { named } = rules;
  checkName(metadata, path, rules, report);
  const namespace = own(metadata, 'namespace');
  if (rules.namespaced && typeof namespace === 'string' && namespace !== '') {
    const wrong = dnsLabelProblem(namespace);
    if (wrong) report(checkFailed('schema/name', [...path, 'namespace'], `The namespace ${show(namespace)} ${wrong}.`));
  }
  const generation = own(metadata, 'generation');
  if (typeof generation === 'bigint' && generation < 0n && !named) {
    const at = [...path, 'generation'];
    report(checkFailed('schema/range', at, `${printPath(at)} must be at least 0, not ${generation}.`));
  }
  checkLabels(own(metadata, 'labels'), [...path, 'labels'], report);
  checkAnnotations(own(metadata, 'annotations'), [...path, 'annotations'], report);
  checkOwners(own(metadata, 'ownerReferences'), [...path, 'ownerReferences'], report);
  checkFinalizers(own(metadata, 'finalizers'), [...path, 'finalizers'], report);
  checkManagedFields(own(metadata, 'managedFields'), [...path, 'managedFields'], report);
}

/** For any map of labels, such as `spec.selector.matchLabels` or those of a Pod template. */
export function checkLabels(labels: Value | undefined, path: Path, report: Report): void {
  if (!isObject(labels)) return;
  for (const [key, value] of Object.entries(labels)) {
    const wrongKey = qualifiedNameProblem(key);
    if (wrongKey)
      report({
        ...checkFailed('schema/label', [...path, key], `The label key ${show(key)} ${wrongKey}.`),
        field: printPath(path),
        on: 'key',
      });
    const wrongValue = typeof value === 'string' ? labelValueProblem(value) : undefined;
    if (wrongValue)
      report({
        ...checkFailed('schema/label', [...path, key], `The value ${show(value)} of label ${key} ${wrongValue}.`),
        field: printPath(path),
      });
  }
}

function checkName(metadata: ObjectValue, path: Path, { nameCheck, named }: MetadataRules, report: Report): void {
  const generateName = own(metadata, 'generateName');
  const name = own(metadata, 'name');
  if (typeof generateName === 'string' && generateName !== '') {
    // A trailing dash is valid: the server appends a suffix (apimachinery pkg/api/validation/generic.go, maskTrailingDash).
    const wrong = nameCheck(generateName.replace(/-$/, 'a'));
    if (wrong)
      report(checkFailed('schema/name', [...path, 'generateName'], `The generateName ${show(generateName)} ${wrong}.`));
  }
  if (typeof name === 'string' && name !== '') {
    const wrong = nameCheck(name);
    if (wrong) report(checkFailed('schema/name', [...path, 'name'], `The name ${show(name)} ${wrong}.`));
  } else if (
    named &&
    (name === undefined || name === null || name === '') &&
    !hasUnknownKey(metadata) &&
    !generateName
  ) {
    report(namelessProblem(path));
  }
}

/** `path` is that of the metadata. It has no remedy, since a name can't be guessed. */
export function namelessProblem(path: Path): Problem {
  const at = [...path, 'name'];
  const sentence = `${printPath(at)} is required (or ${printPath([...path, 'generateName'])}).`;
  return { ...checkFailed('schema/required', at, sentence), on: 'key' };
}

const annotationLimit = 256 * 1024;

function checkAnnotations(annotations: Value | undefined, path: Path, report: Report): void {
  if (!isObject(annotations)) return;
  let size = 0;
  for (const [key, value] of Object.entries(annotations)) {
    const wrong = qualifiedNameProblem(lowered(key));
    if (wrong)
      report({
        ...checkFailed('schema/annotation', [...path, key], `The annotation key ${show(key)} ${wrong}.`),
        field: printPath(path),
        on: 'key',
      });
    size += bytes(key) + (typeof value === 'string' ? bytes(value) : 0);
  }
  if (size > annotationLimit)
    report(
      checkFailed(
        'schema/length',
        path,
        `${printPath(path)} must be at most ${annotationLimit} bytes in total, not ${size}.`,
      ),
    );
}

function bytes(text: string): number {
  // The exact size matters only near the limit.
  return text.length < 1000 ? text.length : new TextEncoder().encode(text).length;
}

function checkOwners(owners: Value | undefined, path: Path, report: Report): void {
  if (!isList(owners)) return;
  let controllers = 0;
  owners.forEach((owner, index) => {
    if (owner !== null && !isObject(owner)) return;
    const reference = owner ?? {};
    for (const name of ['apiVersion', 'kind', 'name', 'uid']) {
      const value = own(reference, name);
      const empty =
        name === 'apiVersion'
          ? typeof value === 'string' && (value === '' || value.endsWith('/') || value.split('/').length > 2)
          : value === '';
      if (value !== undefined && value !== null && !empty) continue;
      if (hasUnknownKey(reference)) continue;
      report({
        ...checkFailed('schema/required', [...path, index, name], `${printPath([...path, index, name])} is required.`),
        field: `${printPath(path)}.${name}`,
      });
    }
    if (own(reference, 'apiVersion') === 'v1' && own(reference, 'kind') === 'Event')
      report(checkFailed('schema/forbidden', path, 'An owner reference must not refer to an Event.'));
    if (own(reference, 'controller') === true) controllers += 1;
  });
  if (controllers > 1)
    report(checkFailed('schema/forbidden', path, 'Only one owner reference may have controller: true.'));
}

function checkFinalizers(finalizers: Value | undefined, path: Path, report: Report): void {
  if (!isList(finalizers)) return;
  finalizers.forEach((finalizer, index) => {
    const wrong =
      typeof finalizer === 'string' || finalizer === null ? qualifiedNameProblem(finalizer ?? '') : undefined;
    if (wrong)
      report({
        ...checkFailed('schema/name', [...path, index], `The finalizer ${show(finalizer)} ${wrong}.`),
        field: printPath(path),
      });
  });
  if (finalizers.includes('orphan') && finalizers.includes('foregroundDeletion')) {
    report(
      checkFailed('schema/forbidden', path, 'The finalizers orphan and foregroundDeletion must not be set together.'),
    );
  }
}

/** apimachinery pkg/apis/meta/v1/validation ValidateManagedFields. */
function checkManagedFields(entries: Value | undefined, path: Path, report: Report): void {
  if (!isList(entries)) return;
  entries.forEach((entry, index) => {
    if (!isObject(entry)) return;
    const operation = own(entry, 'operation');
    if (operation !== 'Apply' && operation !== 'Update' && operation !== unknown) {
      const at = [...path, index, 'operation'];
      const found = operation === undefined ? '' : `, not ${show(operation)}`;
      report(checkFailed('schema/enum', at, `${printPath(at)} must be Apply or Update${found}.`));
    }
  });
}
