// Checks of access reviews and token reviews, which the API server answers without storing (kubernetes
// pkg/apis/authorization/validation and the registries of authentication).
import { unknown } from '../../syntax/tree.ts';
import type { BuiltinCheck } from './builtin.ts';
import { at, count, entries, type Field, fail, isHole, isSet, items, required, rootField, text } from './field.ts';

export const accessReview: BuiltinCheck = (object, problems, { kind }) => {
  const root = rootField(object, problems);
  const spec = at(root, 'spec');
  checkEmpty(at(root, 'metadata'), kind === 'LocalSubjectAccessReview' ? ['namespace'] : []);
  if (isHole(spec)) return;
  const [resource, other] = [at(spec, 'resourceAttributes'), at(spec, 'nonResourceAttributes')];
  if (isSet(resource) && isSet(other)) fail(other, 'invalid', 'must not be set together with resourceAttributes.');
  if (!isSet(resource) && !isSet(other)) fail(resource, 'invalid', 'is required unless nonResourceAttributes is set.');
  if (kind !== 'SelfSubjectAccessReview' && text(at(spec, 'user')) === '' && count(at(spec, 'groups')) === 0)
    fail(at(spec, 'user'), 'invalid', 'is required unless groups is set.');
  if (isSet(resource)) for (const name of ['fieldSelector', 'labelSelector']) checkSelector(at(resource, name));
  if (kind !== 'LocalSubjectAccessReview') return;
  const namespace = at(root, 'metadata', 'namespace');
  const asked = at(resource, 'namespace');
  if (isSet(resource) && text(asked) !== undefined) {
    const own = isSet(namespace) ? text(namespace) : undefined;
    // A review always has a namespace, even if it isn't written here.
    if (text(asked) === '' || (own !== undefined && text(asked) !== own))
      fail(asked, 'invalid', 'must match the namespace of the review.');
  }
  if (isSet(other)) fail(other, 'invalid', 'must not be set: a LocalSubjectAccessReview is limited to one namespace.');
};

/** Go's zero values count as empty; managedFields are ignored. */
function checkEmpty(metadata: Field, but: readonly string[]): void {
  const said = entries(metadata).find(
    ([name, { value }]) =>
      !but.includes(name) &&
      name !== 'managedFields' &&
      value !== undefined &&
      value !== unknown &&
      value !== '' &&
      value !== 0n &&
      !(typeof value === 'object' && value !== null && Object.keys(value).length === 0),
  );
  if (said) fail(metadata, 'invalid', `must be empty in a review, but sets ${said[0]}.`);
}

function checkSelector(selector: Field): void {
  if (!isSet(selector) || isHole(selector)) return;
  const [raw, requirements] = [at(selector, 'rawSelector'), at(selector, 'requirements')];
  const [written, size] = [text(raw), count(requirements)];
  if (written && size) fail(raw, 'invalid', 'must not be set together with requirements.');
  if (written === '' && size === 0) fail(requirements, 'required', 'is required unless rawSelector is set.');
  for (const requirement of items(requirements)) {
    if (isHole(requirement)) continue;
    required(at(requirement, 'key'));
    const operator = text(at(requirement, 'operator'));
    const values = at(requirement, 'values');
    if ((operator === 'In' || operator === 'NotIn') && count(values) === 0)
      fail(values, 'required', `must have at least one value with operator: ${operator}.`);
    if ((operator === 'Exists' || operator === 'DoesNotExist') && count(values))
      fail(values, 'forbidden', `must not be set with operator: ${operator}.`);
  }
}

export const tokenReview: BuiltinCheck = (object, problems) => {
  required(at(rootField(object, problems), 'spec', 'token'));
};

export const rulesReview: BuiltinCheck = (object, problems) => {
  required(at(rootField(object, problems), 'spec', 'namespace'));
};
