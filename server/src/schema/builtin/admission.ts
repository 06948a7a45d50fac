// Webhook configurations (kubernetes pkg/apis/admissionregistration/validation).
import { dns1035Problem, dnsSubdomainProblem } from '../names.ts';
import { show } from '../problem.ts';
import type { BuiltinCheck } from './builtin.ts';
import {
  at,
  count,
  exactlyOne,
  type Field,
  fail,
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
        `must be a domain name of at least three parts, like validate.example.com, not ${show(name)}.`,
      );
  }
  for (const rule of items(at(webhook, 'rules'))) checkRule(rule);
  oneOf(at(webhook, 'failurePolicy'), ['Fail', 'Ignore']);
  oneOf(at(webhook, 'matchPolicy'), ['Equivalent', 'Exact']);
  const effects = at(webhook, 'sideEffects');
  if (!isSet(effects)) fail(effects, 'required', 'is required: None or NoneOnDryRun.');
  else oneOf(effects, ['None', 'NoneOnDryRun'], 'mandatory');
  within(at(webhook, 'timeoutSeconds'), 1n, 30n);
  checkLabelSelector(at(webhook, 'namespaceSelector'));
  checkLabelSelector(at(webhook, 'objectSelector'));
  if (mutating) oneOf(at(webhook, 'reinvocationPolicy'), ['Never', 'IfNeeded']);
  checkReviewVersions(at(webhook, 'admissionReviewVersions'));
  checkClientConfig(at(webhook, 'clientConfig'));
  const conditions = items(at(webhook, 'matchConditions'));
  unique(
    conditions.map((condition) => at(condition, 'name')),
    'condition name',
  );
  for (const condition of conditions) {
    required(at(condition, 'name'));
    required(at(condition, 'expression'));
  }
}

/** Also the conversion webhooks of CRDs. */
export function checkClientConfig(config: Field): void {
  if (isHole(config)) return;
  if (!isSet(config)) {
    fail(config, 'required', 'is required: a url or a service.');
    return;
  }
  exactlyOne(config, ['url', 'service'], 'one of both');
  const url = isSet(at(config, 'url')) ? text(at(config, 'url')) : undefined;
  if (url !== undefined && (!/^https:\/\/[^/?#@]+(\/[^?#]*)?$/.test(url) || /\s/.test(url)))
    fail(at(config, 'url'), 'invalid', `must be an https address without user, query or fragment, not ${show(url)}.`);
  const service = at(config, 'service');
  if (!isSet(service)) return;
  requiredName(at(service, 'name'), dnsLabelOrOlder);
  required(at(service, 'namespace'));
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
      `must be steps of lower-case letters, digits, “-” and “.”, not ${show(path)}.`,
    );
}

/** The server only asks that the name isn't empty. */
const dnsLabelOrOlder = () => undefined;

function checkReviewVersions(field: Field): void {
  requiredList(field, 'version (v1)');
  const versions = items(field).map(text);
  if (versions.includes(undefined)) return;
  unique(items(field), 'version');
  for (const version of items(field)) requiredName(version, dns1035Problem);
  if (versions.length > 0 && !versions.includes('v1') && !versions.includes('v1beta1'))
    fail(field, 'invalid', 'must hold v1 or v1beta1.');
}

function checkRule(rule: Field): void {
  if (isHole(rule)) return;
  const operations = at(rule, 'operations');
  requiredList(operations, 'operation');
  for (const operation of items(operations))
    oneOf(operation, ['*', 'CONNECT', 'CREATE', 'DELETE', 'UPDATE'], 'mandatory');
  for (const name of ['apiGroups', 'apiVersions', 'resources']) requiredList(at(rule, name), 'value');
  for (const list of [operations, at(rule, 'apiGroups'), at(rule, 'apiVersions')])
    if ((count(list) ?? 0) > 1 && items(list).some((item) => item.value === '*'))
      fail(list, 'invalid', 'can’t hold anything beside “*”.');
  for (const name of ['apiVersions', 'resources'])
    for (const item of items(at(rule, name))) if (text(item) === '') fail(item, 'required', 'can’t be empty.');
  const resources = items(at(rule, 'resources')).map(text);
  if (resources.length > 1 && resources.includes('*/*'))
    fail(at(rule, 'resources'), 'invalid', 'can’t hold anything beside “*/*”.');
  else if (
    resources.includes('*') &&
    resources.some((resource) => resource && resource !== '*' && !resource.includes('/'))
  )
    fail(at(rule, 'resources'), 'invalid', 'can’t hold resources beside “*”, only their subresources.');
  oneOf(at(rule, 'scope'), ['*', 'Cluster', 'Namespaced']);
}
