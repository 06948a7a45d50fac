// An object's metadata as the API server checks it on creation (apimachinery pkg/api/validation/objectmeta.go). Types
// and unknown fields are decode.ts's business; values of a wrong type are passed over here.

import { dnsLabelProblem, labelValueProblem, lowered, type NameCheck, qualifiedNameProblem } from '../kube/names.ts';
import { printPath } from '../syntax/navigate.ts';
import { type Path, unknown, type Value } from '../syntax/tree.ts';
import { hasUnknownKey, isList, isObject, type ObjectValue, own } from '../syntax/value.ts';
import { checkFailed, type Problem, type Report } from './problem.ts';
import { show } from './words.ts';

/** What differs from kind to kind. */
export interface MetadataRules {
  /** For `name` and `generateName`. */
  readonly nameCheck: NameCheck;
  /** Whether one of the two must be there; it need not in an embedded resource. */
  readonly named: boolean;
  /** The server drops the namespace of other objects unread. */
  readonly namespaced: boolean;
}

/** `path` leads to the metadata. */
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
    report(checkFailed('schema/range', [...path, 'generation'], 'A generation can’t be negative.'));
  }
  checkLabels(own(metadata, 'labels'), [...path, 'labels'], report);
  checkAnnotations(own(metadata, 'annotations'), [...path, 'annotations'], report);
  checkOwners(own(metadata, 'ownerReferences'), [...path, 'ownerReferences'], report);
  checkFinalizers(own(metadata, 'finalizers'), [...path, 'finalizers'], report);
  checkManagedFields(own(metadata, 'managedFields'), [...path, 'managedFields'], report);
}

/** For labels wherever they stand (`spec.selector.matchLabels`, a Pod template's metadata). */
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
    // A trailing dash is fine: the server appends to it (apimachinery pkg/api/validation/generic.go, maskTrailingDash).
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

/** `path` leads to the metadata. There is no remedy: a name can't be guessed. */
export function namelessProblem(path: Path): Problem {
  const message = 'An object needs metadata.name (or metadata.generateName).';
  return { ...checkFailed('schema/required', [...path, 'name'], message), on: 'key' };
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
      checkFailed('schema/length', path, `The annotations hold ${size} bytes; at most ${annotationLimit} are allowed.`),
    );
}

function bytes(text: string): number {
  // Only near the limit is the exact size worth its cost.
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
        ...checkFailed('schema/required', [...path, index, name], `An owner reference needs ${name}.`),
        field: `${printPath(path)}.${name}`,
      });
    }
    if (own(reference, 'apiVersion') === 'v1' && own(reference, 'kind') === 'Event')
      report(checkFailed('schema/forbidden', path, 'An Event can’t own anything.'));
    if (own(reference, 'controller') === true) controllers += 1;
  });
  if (controllers > 1)
    report(checkFailed('schema/forbidden', path, 'Only one owner reference can have controller: true.'));
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
    report(checkFailed('schema/forbidden', path, 'The finalizers orphan and foregroundDeletion exclude each other.'));
  }
}

/** apimachinery pkg/apis/meta/v1/validation ValidateManagedFields. */
function checkManagedFields(entries: Value | undefined, path: Path, report: Report): void {
  if (!isList(entries)) return;
  entries.forEach((entry, index) => {
    if (!isObject(entry)) return;
    const operation = own(entry, 'operation');
    if (operation !== 'Apply' && operation !== 'Update' && operation !== unknown) {
      report(checkFailed('schema/enum', [...path, index, 'operation'], 'operation must be Apply or Update.'));
    }
  });
}
