// CustomResourceDefinition: names, versions, conversion, and that each schema is structural
// (apiextensions-apiserver pkg/apis/apiextensions/validation and pkg/apiserver/schema).
import { dns1035Problem, dnsSubdomainProblem } from '../names.ts';
import { show } from '../problem.ts';
import { checkClientConfig } from './admission.ts';
import type { BuiltinCheck } from './builtin.ts';
import {
  at,
  count,
  type Field,
  fail,
  flag,
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
  unique,
} from './field.ts';
import { checkStructural } from './structural.ts';

export const customResourceDefinition: BuiltinCheck = (object, problems) => {
  const root = rootField(object, problems);
  const spec = at(root, 'spec');
  if (isHole(spec)) return;
  const group = required(at(spec, 'group'));
  const problem = group && dnsSubdomainProblem(group);
  if (problem) fail(at(spec, 'group'), 'invalid', `${problem}.`);
  else if (group && !group.includes('.'))
    fail(at(spec, 'group'), 'invalid', `must be a domain with at least one dot, not ${show(group)}.`);
  oneOf(at(spec, 'scope'), ['Cluster', 'Namespaced'], 'mandatory');
  const plural = text(at(spec, 'names', 'plural'));
  const name = text(at(root, 'metadata', 'name'));
  if (name && plural && group && name !== `${plural}.${group}`)
    fail(
      at(root, 'metadata', 'name'),
      'invalid',
      `must be spec.names.plural.spec.group, here ${plural}.${group}; it is ${show(name)}.`,
    );
  checkNames(at(spec, 'names'));
  if (flag(at(spec, 'preserveUnknownFields')))
    fail(
      at(spec, 'preserveUnknownFields'),
      'invalid',
      'can’t be true in apiextensions.k8s.io/v1; use x-kubernetes-preserve-unknown-fields in the schema.',
    );
  checkVersions(at(spec, 'versions'));
  checkConversion(at(spec, 'conversion'));
  checkApproval(root, group);
};

function checkNames(names: Field): void {
  if (isHole(names)) return;
  const kind = required(at(names, 'kind'));
  requiredName(at(names, 'plural'), dns1035Problem);
  named(at(names, 'singular'), dns1035Problem);
  for (const field of [at(names, 'kind'), at(names, 'listKind')])
    named(field, (value) => dns1035Problem(value.toLowerCase()));
  for (const list of ['shortNames', 'categories'])
    for (const item of items(at(names, list))) requiredName(item, dns1035Problem);
  if (kind && text(at(names, 'listKind')) === kind)
    fail(at(names, 'listKind'), 'invalid', 'can’t be the same as kind.');
}

function checkVersions(field: Field): void {
  const versions = items(field);
  unique(
    versions.map((version) => at(version, 'name')),
    'version',
  );
  const known = !isHole(field) && !versions.some((version) => isHole(version) || isHole(at(version, 'storage')));
  const stored = versions.filter((version) => flag(at(version, 'storage'))).length;
  if (known && stored !== 1)
    fail(field, 'invalid', `must have exactly one version with storage: true; it has ${stored}.`);
  for (const version of versions) {
    if (isHole(version)) continue;
    requiredName(at(version, 'name'), dns1035Problem);
    const warning = at(version, 'deprecationWarning');
    if (isSet(warning) && !flag(at(version, 'deprecated')) && !isHole(at(version, 'deprecated')))
      fail(warning, 'invalid', 'can be set with deprecated: true only.');
    const schema = at(version, 'schema', 'openAPIV3Schema');
    if (!isSet(schema)) fail(schema, 'required', 'is required: without it every field would be dropped.');
    else checkStructural(schema);
    for (const column of items(at(version, 'additionalPrinterColumns'))) checkColumn(column);
    checkScale(at(version, 'subresources', 'scale'));
  }
}

function checkColumn(column: Field): void {
  required(at(column, 'name'));
  oneOf(at(column, 'type'), ['boolean', 'date', 'integer', 'number', 'string'], 'mandatory');
  oneOf(at(column, 'format'), ['', 'byte', 'date', 'date-time', 'double', 'float', 'int32', 'int64', 'password']);
  const path = required(at(column, 'jsonPath'));
  if (path && !path.startsWith('.'))
    fail(at(column, 'jsonPath'), 'invalid', `must be a path that begins with “.”, not ${show(path)}.`);
}

function checkScale(scale: Field): void {
  if (!isSet(scale) || isHole(scale)) return;
  for (const [name, under] of [
    ['specReplicasPath', ['.spec.']],
    ['statusReplicasPath', ['.status.']],
    ['labelSelectorPath', ['.spec.', '.status.']],
  ] as const) {
    const path = name === 'labelSelectorPath' ? text(at(scale, name)) : required(at(scale, name));
    if (path && !under.some((prefix) => path.startsWith(prefix)))
      fail(at(scale, name), 'invalid', `must be a path under ${under.join(' or ')}, not ${show(path)}.`);
  }
}

function checkConversion(conversion: Field): void {
  if (!isSet(conversion) || isHole(conversion)) return;
  const strategy = at(conversion, 'strategy');
  oneOf(strategy, ['None', 'Webhook'], 'mandatory');
  const webhook = at(conversion, 'webhook');
  if (text(strategy) === 'Webhook') {
    if (!isSet(webhook)) fail(webhook, 'required', 'is required with strategy: Webhook.');
    else {
      checkClientConfig(at(webhook, 'clientConfig'));
      const versions = at(webhook, 'conversionReviewVersions');
      requiredList(versions, 'version (v1)');
      const names = items(versions).map(text);
      if (names.length > 0 && !names.includes(undefined) && !names.includes('v1') && !names.includes('v1beta1'))
        fail(versions, 'invalid', 'must hold v1 or v1beta1.');
    }
  } else if (text(strategy) === 'None' && isSet(webhook) && count(webhook) !== undefined)
    fail(webhook, 'forbidden', 'can be set with strategy: Webhook only.');
}

/** Groups of the Kubernetes project need its approval, given or waived in an annotation. */
function checkApproval(root: Field, group: string | undefined): void {
  if (!group || !/(^|\.)(k8s|kubernetes)\.io$/.test(group)) return;
  const approval = at(root, 'metadata', 'annotations', 'api-approved.kubernetes.io');
  const value = text(approval);
  if (value === undefined) return;
  if (value === '')
    fail(
      approval,
      'required',
      `is required for the group ${group}, which belongs to the Kubernetes project: the address of the approval, or “unapproved, …”.`,
    );
  else if (!value.startsWith('unapproved') && !/^[a-z][a-z0-9+.-]*:\/\/[^/]+/i.test(value))
    fail(approval, 'invalid', 'must be an address or begin with “unapproved”.');
}
