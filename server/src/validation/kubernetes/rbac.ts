// Checks of roles and role bindings (kubernetes pkg/apis/rbac/validation).
import { dnsSubdomainProblem, pathSegmentProblem } from '../../kube/names.ts';
import type { BuiltinCheck } from './builtin.ts';
import {
  at,
  count,
  type Field,
  fail,
  isHole,
  isSet,
  items,
  named,
  oneOf,
  required,
  requiredList,
  requiredName,
  rootField,
  text,
} from './field.ts';
import { checkLabelSelector } from './selector.ts';

const group = 'rbac.authorization.k8s.io';

export const role: BuiltinCheck = (object, problems, { kind }) => {
  const root = rootField(object, problems);
  for (const rule of items(at(root, 'rules'))) checkRule(rule, kind === 'Role');
  const aggregation = at(root, 'aggregationRule');
  if (!isSet(aggregation)) return;
  requiredList(at(aggregation, 'clusterRoleSelectors'), 'selector');
  for (const selector of items(at(aggregation, 'clusterRoleSelectors'))) checkLabelSelector(selector);
};

function checkRule(rule: Field, namespaced: boolean): void {
  if (isHole(rule)) return;
  requiredList(at(rule, 'verbs'), 'verb');
  const urls = at(rule, 'nonResourceURLs');
  const size = count(urls);
  if (size === undefined) return;
  if (size === 0) {
    requiredList(at(rule, 'apiGroups'), 'API group ("" is the core group)');
    requiredList(at(rule, 'resources'), 'resource');
    return;
  }
  if (namespaced)
    fail(urls, 'invalid', 'must not be set in a Role; only a ClusterRole can grant access to non-resource URLs.');
  const others = ['apiGroups', 'resources', 'resourceNames'].filter((name) => (count(at(rule, name)) ?? 0) > 0);
  if (others.length > 0) fail(urls, 'invalid', `must not be set together with ${others.join(' and ')}.`);
}

export const roleBinding: BuiltinCheck = (object, problems, { kind }) => {
  const root = rootField(object, problems);
  const namespaced = kind === 'RoleBinding';
  const reference = at(root, 'roleRef');
  if (!isHole(reference)) {
    oneOfGroup(at(reference, 'apiGroup'));
    oneOf(at(reference, 'kind'), namespaced ? ['Role', 'ClusterRole'] : ['ClusterRole'], 'mandatory');
    requiredName(at(reference, 'name'), pathSegmentProblem);
  }
  for (const subject of items(at(root, 'subjects'))) checkSubject(subject, namespaced);
};

/** If absent or empty, the API server sets it (pkg/apis/rbac/v1/defaults.go). */
function oneOfGroup(apiGroup: Field): void {
  if (text(apiGroup) !== '') oneOf(apiGroup, [group]);
}

function checkSubject(subject: Field, namespaced: boolean): void {
  if (isHole(subject)) return;
  required(at(subject, 'name'));
  const kind = text(at(subject, 'kind'));
  const apiGroup = at(subject, 'apiGroup');
  if (kind === 'ServiceAccount') {
    named(at(subject, 'name'), dnsSubdomainProblem);
    if (text(apiGroup)) fail(apiGroup, 'unsupported', 'must be empty with kind: ServiceAccount.');
    if (!namespaced && text(at(subject, 'namespace')) === '')
      fail(at(subject, 'namespace'), 'required', 'is required: the namespace of the ServiceAccount.');
  } else if (kind === 'User' || kind === 'Group') {
    oneOfGroup(apiGroup);
  } else if (kind !== undefined) oneOf(at(subject, 'kind'), ['ServiceAccount', 'User', 'Group'], 'mandatory');
}
