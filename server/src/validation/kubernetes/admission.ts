// Checks of webhook configurations (kubernetes pkg/apis/admissionregistration/validation).
import { type Declared, expressionProblem } from '../../cel/declared.ts';
import { dns1035Problem, dnsSubdomainProblem, qualifiedNameProblem } from '../../kube/names.ts';
import { show } from '../words.ts';
import { admissionNames, dynamicNames } from './admission-names.ts';
import type { BuiltinCheck } from './builtin.ts';
import {
  at,
  count,
  type Field,
  fail,
  failAs,
  isHole,
  isSet,
  items,
  oneOf,
  required,
  requiredList,
  requiredName,
  rootField,
  text,
  unique,
  within,
} from './field.ts';
import { checkLabelSelector } from './selector.ts';

export const webhookConfiguration: BuiltinCheck = (object, problems, { kind }) => {
  const webhooks = items(at(rootField(object, problems), 'webhooks'));
  unique(
    webhooks.map((webhook) => at(webhook, 'name')),
    'webhook name',
  );
  for (const webhook of webhooks) if (!isHole(webhook)) checkWebhook(webhook, kind === 'MutatingWebhookConfiguration');
};

function checkWebhook(webhook: Field, mutating: boolean): void {
  const name = required(at(webhook, 'name'));
  if (name !== undefined) {
    const problem = dnsSubdomainProblem(name);
    if (problem) fail(at(webhook, 'name'), 'invalid', `${problem}.`);
    else if (name.split('.').length < 3)
      fail(
        at(webhook, 'name'),
        'invalid',
        `must be a domain name with at least three segments, such as validate.example.com, not ${show(name)}.`,
      );
  }
  for (const rule of items(at(webhook, 'rules'))) checkRule(rule);
  oneOf(at(webhook, 'failurePolicy'), ['Fail', 'Ignore']);
  oneOf(at(webhook, 'matchPolicy'), ['Equivalent', 'Exact']);
  const effects = at(webhook, 'sideEffects');
  if (!isSet(effects)) fail(effects, 'required', 'is required: must be None or NoneOnDryRun.');
  else oneOf(effects, ['None', 'NoneOnDryRun'], 'mandatory');
  within(at(webhook, 'timeoutSeconds'), 1n, 30n);
  checkLabelSelector(at(webhook, 'namespaceSelector'));
  checkLabelSelector(at(webhook, 'objectSelector'));
  if (mutating) oneOf(at(webhook, 'reinvocationPolicy'), ['Never', 'IfNeeded']);
  checkReviewVersions(at(webhook, 'admissionReviewVersions'));
  checkClientConfig(at(webhook, 'clientConfig'));
  checkMatchConditions(at(webhook, 'matchConditions'), admissionNames);
}

/** Also used for the conversion webhooks of CRDs. */
export function checkClientConfig(config: Field): void {
  if (isHole(config)) return;
  if (!isSet(config)) {
    fail(config, 'required', 'is required: set url or service.');
    return;
  }
  if (isSet(at(config, 'url')) === isSet(at(config, 'service'))) {
    fail(config, 'required', 'must set exactly one of url and service.');
    return;
  }
  const url = isSet(at(config, 'url')) ? text(at(config, 'url')) : undefined;
  if (url !== undefined && (!/^https:\/\/[^/?#@]+(\/[^?#]*)?$/.test(url) || /\s/.test(url)))
    fail(at(config, 'url'), 'invalid', `must be an https URL without user, query or fragment, not ${show(url)}.`);
  const service = at(config, 'service');
  if (!isSet(service)) return;
  // The API server swaps the two field names.
  for (const [name, blamed] of [
    ['name', 'namespace'],
    ['namespace', 'name'],
  ] as const)
    if (text(at(service, name)) === '') failAs(at(service, blamed).path, at(service, name), 'required', 'is required.');
  within(at(service, 'port'), 1n, 65535n);
  const path = text(at(service, 'path'));
  if (!path) return;
  if (!path.startsWith('/')) fail(at(service, 'path'), 'invalid', 'must begin with “/”.');
  else if (
    path !== '/' &&
    path
      .replace(/\/$/, '')
      .slice(1)
      .split('/')
      .some((step) => step === '' || dnsSubdomainProblem(step) !== undefined)
  )
    fail(
      at(service, 'path'),
      'invalid',
      `must consist of segments with only lowercase letters, digits, “-” and “.”, not ${show(path)}.`,
    );
}

function checkReviewVersions(field: Field): void {
  requiredList(field, 'version (v1)');
  const versions = items(field).map(text);
  if (versions.includes(undefined)) return;
  unique(items(field), 'version');
  for (const version of items(field)) requiredName(version, dns1035Problem);
  if (versions.length > 0 && !versions.includes('v1') && !versions.includes('v1beta1'))
    fail(field, 'invalid', 'must include v1 or v1beta1.');
}

/** Also used for the rules of admission policies. */
export function checkRule(rule: Field): void {
  if (isHole(rule)) return;
  const operations = at(rule, 'operations');
  requiredList(operations, 'operation');
  for (const operation of items(operations))
    oneOf(operation, ['*', 'CONNECT', 'CREATE', 'DELETE', 'UPDATE'], 'mandatory');
  for (const name of ['apiGroups', 'apiVersions', 'resources']) requiredList(at(rule, name), 'value');
  for (const list of [operations, at(rule, 'apiGroups'), at(rule, 'apiVersions')])
    if ((count(list) ?? 0) > 1 && items(list).some((item) => item.value === '*'))
      fail(list, 'invalid', 'must not contain other values together with “*”.');
  for (const name of ['apiVersions', 'resources'])
    for (const item of items(at(rule, name))) if (text(item) === '') fail(item, 'required', 'must not be empty.');
  checkRuleResources(at(rule, 'resources'));
  oneOf(at(rule, 'scope'), ['*', 'Cluster', 'Namespaced']);
}

function checkRuleResources(list: Field): void {
  const [wholeResources, wholeSubresources] = [new Set<string>(), new Set<string>()];
  // As upstream: the last resource without a subresource decides.
  let besideStar = false;
  for (const item of items(list)) {
    const value = text(item);
    if (!value) continue;
    const slash = value.indexOf('/');
    if (slash === -1) {
      besideStar = value !== '*';
      continue;
    }
    const [resource, sub] = [value.slice(0, slash), value.slice(slash + 1)];
    if (wholeResources.has(resource)) fail(item, 'invalid', `is redundant: the list also contains ${resource}/*.`);
    if (wholeSubresources.has(sub)) fail(item, 'invalid', `is redundant: the list also contains */${sub}.`);
    if (sub === '*') wholeResources.add(resource);
    if (resource === '*') wholeSubresources.add(sub);
  }
  const values = items(list).map(text);
  if (values.length > 1 && values.includes('*/*'))
    fail(list, 'invalid', 'must not contain other values together with “*/*”.');
  if (besideStar && values.includes('*'))
    fail(list, 'invalid', 'must not contain other resources together with “*”, only subresources.');
}

/** Also used for admission policies, whose expressions may use `params`. */
export function checkMatchConditions(list: Field, names: Declared): void {
  const conditions = items(list);
  if (conditions.length > 64) fail(list, 'tooMany', `must have at most 64 conditions, not ${conditions.length}.`);
  unique(
    conditions.map((condition) => at(condition, 'name')),
    'condition name',
  );
  for (const condition of conditions) {
    if (isHole(condition)) continue;
    requiredName(at(condition, 'name'), qualifiedNameProblem);
    const expression = at(condition, 'expression');
    const value = text(expression)?.trim();
    if (value === '') fail(expression, 'required', 'is required.');
    const problem = value ? expressionProblem(value, names, ['bool'], dynamicNames) : undefined;
    if (problem) fail(expression, 'invalid', `${problem}.`);
  }
}
