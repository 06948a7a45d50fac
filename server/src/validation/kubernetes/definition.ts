// Checks of CustomResourceDefinitions: names, versions, conversion, and that each schema is structural
// (apiextensions-apiserver pkg/apis/apiextensions/validation and pkg/apiserver/schema).

import { dns1035Problem, dnsSubdomainProblem, lowered } from '../../kube/names.ts';
import type { Path, Value } from '../../syntax/tree.ts';
import { isList, isObject } from '../../syntax/value.ts';
import { show } from '../words.ts';
import { checkClientConfig } from './admission.ts';
import type { BuiltinCheck, Problems } from './builtin.ts';
import {
  at,
  count,
  entries,
  type Field,
  fail,
  failAs,
  flag,
  isHole,
  isSet,
  items,
  onceSound,
  oneOf,
  required,
  requiredName,
  rootField,
  text,
} from './field.ts';
import { checkOpenApi } from './openapi.ts';
import { checkCompiled, checkDefaults } from './rules.ts';
import { checkStructural } from './structural.ts';

export const customResourceDefinition: BuiltinCheck = (object, problems) => {
  const root = rootField(object, problems);
  const spec = at(root, 'spec');
  if (isHole(spec)) return;
  const group = required(at(spec, 'group'));
  const problem = group && dnsSubdomainProblem(group);
  if (problem) fail(at(spec, 'group'), 'invalid', `${problem}.`);
  else if (group && !group.includes('.'))
    fail(at(spec, 'group'), 'invalid', `must be a domain name with at least one dot, not ${show(group)}.`);
  oneOf(at(spec, 'scope'), ['Cluster', 'Namespaced'], 'mandatory');
  const plural = text(at(spec, 'names', 'plural'));
  if (plural && group)
    for (const given of ['name', 'generateName']) {
      const field = at(root, 'metadata', given);
      const value = text(field);
      if (value && value !== `${plural}.${group}`)
        fail(field, 'invalid', `must be ${plural}.${group} (spec.names.plural.spec.group), not ${show(value)}.`);
    }
  checkNames(at(spec, 'names'));
  if (flag(at(spec, 'preserveUnknownFields')))
    fail(
      at(spec, 'preserveUnknownFields'),
      'invalid',
      'must not be true in apiextensions.k8s.io/v1; use x-kubernetes-preserve-unknown-fields in the schema.',
    );
  checkVersions(at(spec, 'versions'));
  checkConversion(at(spec, 'conversion'));
  checkApproval(root, group);
};

function checkNames(names: Field): void {
  if (isHole(names)) return;
  const kind = required(at(names, 'kind'));
  requiredName(at(names, 'plural'), dns1035Problem);
  const dns1035 = (value: string) => dns1035Problem(lowered(value));
  for (const [name, check] of [
    ['singular', dns1035Problem],
    ['kind', dns1035],
    ['listKind', dns1035],
  ] as const) {
    const value = text(at(names, name));
    const problem = value ? check(value) : undefined;
    if (problem) fail(at(names, name), 'invalid', `${problem}; it is ${show(value)}.`);
  }
  for (const list of ['shortNames', 'categories']) for (const item of items(at(names, list))) checkName(item);
  if (kind && text(at(names, 'listKind')) === kind)
    fail(at(names, 'listKind'), 'invalid', 'must not be the same as kind.');
}

function checkVersions(field: Field): void {
  const versions = items(field);
  const names = versions.map((version) => text(at(version, 'name')));
  if (!names.includes(undefined) && new Set(names).size !== names.length)
    fail(field, 'invalid', 'must have a unique name for each version.');
  const known = !isHole(field) && !versions.some((version) => isHole(version) || isHole(at(version, 'storage')));
  const stored = versions.filter((version) => flag(at(version, 'storage'))).length;
  if (known && stored !== 1) fail(field, 'invalid', `must have exactly one version with storage: true, not ${stored}.`);
  const shared = new Set(Object.keys(hoisted).filter((name) => isSame(versions.map((version) => at(version, name)))));
  const status = versions.map((version) => isSet(at(version, 'subresources', 'status')));
  for (const [index, version] of versions.entries()) {
    if (isHole(version)) continue;
    checkName(at(version, 'name'));
    checkDeprecation(version);
    const schema = at(version, 'schema', 'openAPIV3Schema');
    if (!isSet(schema)) fail(schema, 'required', 'is required: without it, the API server would drop every field.');
    else checkSchema(named(schema, version, shared), shared.has('schema') ? status.includes(true) : status[index]!);
    for (const column of items(at(version, 'additionalPrinterColumns'))) checkColumn(named(column, version, shared));
    checkScale(named(at(version, 'subresources', 'scale'), version, shared));
    checkSelectable(named(at(version, 'selectableFields'), version, shared), schema);
  }
}

/** Fields that the API server moves from the versions to the spec if they are equal in all versions. */
const hoisted: Readonly<Record<string, string>> = {
  schema: 'validation',
  subresources: 'subresources',
  additionalPrinterColumns: 'additionalPrinterColumns',
  selectableFields: 'selectableFields',
};

function isSame(fields: readonly Field[]): boolean {
  const [first, ...others] = fields;
  return others.every(({ value }) => isEqual(first?.value, value));
}

/** Whatever the order of keys; what is missing is null. */
function isEqual(a: Value = null, b: Value = null): boolean {
  if (a === b) return true;
  if (isList(a)) return isList(b) && a.length === b.length && a.every((item, index) => isEqual(item, b[index]));
  if (!isObject(a) || !isObject(b)) return false;
  const names = Object.keys(a);
  return (
    names.length === Object.keys(b).length && names.every((name) => Object.hasOwn(b, name) && isEqual(a[name], b[name]))
  );
}

/** The same field, reported at the path to which the API server moves it. */
function named(field: Field, version: Field, shared: ReadonlySet<string>): Field {
  const depth = version.path.length;
  const part = String(field.path[depth]);
  if (!shared.has(part)) return field;
  const start = version.path.slice(0, -2);
  const moved = (path: Path): Path => [...start, hoisted[part]!, ...path.slice(depth + 1)];
  const problems: Problems = {
    ...field.problems,
    add: (path, kind, message, blamed, sought) =>
      field.problems.add(path, kind, message, moved(blamed ?? path), sought),
  };
  return { ...field, problems };
}

/** An empty name is invalid, not missing. */
function checkName(name: Field): void {
  const value = text(name);
  const problem = value === undefined ? undefined : dns1035Problem(value);
  if (problem) fail(name, 'invalid', `${problem}.`);
}

function checkDeprecation(version: Field): void {
  const warning = at(version, 'deprecationWarning');
  if (!isSet(warning) || isHole(at(version, 'deprecated'))) return;
  const value = text(warning);
  if (!flag(at(version, 'deprecated'))) fail(warning, 'invalid', 'can be set only with deprecated: true.');
  else if (value === '') fail(warning, 'invalid', 'must not be empty.');
  else if (value !== undefined && new TextEncoder().encode(value).length > 256)
    fail(warning, 'invalid', 'must be at most 256 bytes long.');
  else if (value !== undefined && /[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/u.test(value))
    fail(warning, 'invalid', 'must not contain control characters.');
}

/** The keywords allowed at the root of a schema whose status is a subresource. */
const besideStatus = new Set(
  'description type format title maximum exclusiveMaximum minimum exclusiveMinimum maxLength minLength pattern maxItems minItems uniqueItems multipleOf required items properties externalDocs example x-kubernetes-preserve-unknown-fields x-kubernetes-validations'.split(
    ' ',
  ),
);

const soundSchemas = new WeakMap<object, string>();

function checkSchema(schema: Field, status: boolean): void {
  onceSound(soundSchemas, schema, String(status), (once) => checkWholeSchema(once, status));
}

function checkWholeSchema(schema: Field, status: boolean): void {
  if (isHole(schema)) return;
  let sound = true;
  const watched: Field = {
    ...schema,
    problems: {
      ...schema.problems,
      add: (...problem) => {
        sound = false;
        schema.problems.add(...problem);
      },
    },
  };
  if (status) {
    const other = entries(watched).find(
      ([name, { value }]) => !besideStatus.has(name) && value !== undefined && value !== false && value !== '',
    );
    if (other)
      fail(
        watched,
        'invalid',
        `must not have ${other[0]} at the root, since status is a subresource; move it to spec.`,
      );
  }
  if (flag(at(watched, 'nullable'))) fail(at(watched, 'nullable'), 'forbidden', 'must not be true at the root.');
  checkStructural(watched);
  const fits = sound && checkDefaults(watched);
  checkOpenApi(watched);
  if (fits) checkCompiled(watched);
}

function checkColumn(column: Field): void {
  if (isHole(column)) return;
  required(at(column, 'name'));
  oneOf(at(column, 'type'), ['boolean', 'date', 'integer', 'number', 'string'], 'mandatory');
  const type = at(column, 'type');
  if (isSet(type) && text(type) === '') required(type);
  oneOf(at(column, 'format'), ['', 'byte', 'date', 'date-time', 'double', 'float', 'int32', 'int64', 'password']);
  const path = at(column, 'jsonPath');
  const value = text(path);
  const blamed = [...column.path, 'JSONPath'];
  if (value === '') failAs(blamed, path, 'required', 'is required.');
  else if (value !== undefined && !value.startsWith('.'))
    failAs(blamed, path, 'invalid', `must be a path that begins with “.”, not ${show(value)}.`);
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

function checkSelectable(fields: Field, schema: Field): void {
  const seen = new Set<string>();
  for (const one of items(fields)) {
    const path = at(one, 'jsonPath');
    const value = isHole(one) ? undefined : required(path);
    if (value === undefined) continue;
    const steps = /^(\.[^.[\]]+)+$/.test(value) ? value.slice(1).split('.') : undefined;
    const type = steps && typeAt(schema, steps);
    if (!steps || type === 'none')
      fail(path, 'invalid', `must be the path of a field in the schema, not ${show(value)}.`);
    else if (steps[0] === 'metadata') fail(path, 'invalid', 'must not be a path below metadata.');
    else if (type !== undefined && !['string', 'boolean', 'integer'].includes(type))
      fail(
        path,
        'invalid',
        `must be the path of a string, boolean or integer; ${show(value)} has ${type ? `type ${type}` : 'no type'}.`,
      );
    if (seen.has(value)) fail(path, 'duplicate', `repeats ${show(value)}.`);
    seen.add(value);
  }
  if (seen.size > 8) fail(fields, 'tooMany', `must have at most 8 fields, not ${seen.size}.`);
}

/** The type of the field at these steps; `none` if the field does not exist, `undefined` if unknown. */
function typeAt(schema: Field, steps: readonly string[]): string | undefined {
  let field = schema;
  for (const step of steps) {
    if (isHole(field) || isHole(at(field, 'properties'))) return undefined;
    const property = at(field, 'properties', step);
    field = isSet(property) ? property : at(field, 'additionalProperties');
    if (!isSet(field) || !(isObject(field.value as Value) || isHole(field))) return 'none';
  }
  return text(at(field, 'type'));
}

function checkConversion(conversion: Field): void {
  if (!isSet(conversion) || isHole(conversion)) return;
  const strategy = at(conversion, 'strategy');
  oneOf(strategy, ['None', 'Webhook'], 'mandatory');
  const webhook = at(conversion, 'webhook');
  const config = at(webhook, 'clientConfig');
  const versions = at(webhook, 'conversionReviewVersions');
  // The API server reports these under the names of its internal version.
  const blamed = [...conversion.path, 'webhookClientConfig'];
  const versionsBlamed = [...conversion.path, 'conversionReviewVersions'];
  if (text(strategy) !== 'Webhook') {
    if (text(strategy) === undefined || isHole(webhook)) return;
    if (isSet(config)) failAs(blamed, config, 'forbidden', 'can be set only with strategy: Webhook.');
    if (count(versions)) failAs(versionsBlamed, versions, 'forbidden', 'can be set only with strategy: Webhook.');
    return;
  }
  if (isHole(webhook)) return;
  if (!isSet(config)) failAs(blamed, config, 'required', 'is required with strategy: Webhook.');
  else {
    const depth = config.path.length;
    const problems: Problems = {
      ...config.problems,
      add: (path, kind, message) => config.problems.add(path, kind, message, [...blamed, ...path.slice(depth)]),
    };
    checkConversionClient({ ...config, problems }, blamed);
  }
  checkReviewVersions(versions, versionsBlamed);
}

function checkConversionClient(config: Field, blamed: Path): void {
  if (isHole(config)) return;
  if (isSet(at(config, 'url')) === isSet(at(config, 'service')))
    failAs(blamed, config, 'required', 'must set exactly one of url and service.');
  else checkClientConfig(config);
}

function checkReviewVersions(versions: Field, blamed: Path): void {
  const size = count(versions);
  if (size === 0) failAs(blamed, versions, 'required', 'must have at least one version (v1).');
  const seen = new Set<string>();
  for (const [index, item] of items(versions).entries()) {
    const version = text(item);
    if (version === undefined) continue;
    const problem = seen.has(version) ? `repeats ${show(version)}` : dns1035Problem(version);
    if (problem) failAs([...blamed, index], item, 'invalid', `${problem}.`);
    seen.add(version);
  }
  const known = !items(versions).some(isHole);
  if (size && known && !seen.has('v1') && !seen.has('v1beta1'))
    failAs(blamed, versions, 'invalid', 'must include v1 or v1beta1.');
}

/** Groups that belong to the Kubernetes project require its approval, or a waiver, in an annotation. */
function checkApproval(root: Field, group: string | undefined): void {
  if (!group || !/(^|\.)(k8s|kubernetes)\.io$/.test(group)) return;
  const approval = at(root, 'metadata', 'annotations', 'api-approved.kubernetes.io');
  const value = text(approval);
  if (value === undefined) return;
  if (value === '')
    fail(
      approval,
      'required',
      `is required for the group ${group}, which belongs to the Kubernetes project: set the URL of the approval, or “unapproved, …”.`,
    );
  else if (!value.startsWith('unapproved') && !/^[a-z][a-z0-9+.-]*:\/\/[^/]+/i.test(value))
    fail(approval, 'invalid', 'must be a URL or begin with “unapproved”.');
}
