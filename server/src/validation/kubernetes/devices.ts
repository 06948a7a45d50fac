// Checks of ResourceClaims, ResourceClaimTemplates and DeviceClasses (kubernetes pkg/apis/resource/validation).

import { expressionProblem, untyped } from '../../cel/declared.ts';
import {
  dnsLabelProblem,
  dnsSubdomainProblem,
  labelValueProblem,
  lowered,
  type NameCheck,
  qualifiedNameProblem,
} from '../../kube/names.ts';
import { isObject } from '../../syntax/value.ts';
import { show } from '../words.ts';
import type { BuiltinCheck } from './builtin.ts';
import {
  at,
  count,
  type Field,
  fail,
  integer,
  isHole,
  isSet,
  items,
  named,
  oneOf,
  requiredName,
  rootField,
  text,
} from './field.ts';
import { gated } from './gates.ts';
import { isExtendedResource } from './resources.ts';
import { csiDriverName } from './sources.ts';
import { checkTemplateMetadata } from './template-metadata.ts';

export const resourceClaim: BuiltinCheck = (object, problems) => {
  checkDevices(at(rootField(object, problems), 'spec', 'devices'));
};

export const resourceClaimTemplate: BuiltinCheck = (object, problems) => {
  const spec = at(rootField(object, problems), 'spec');
  if (isHole(spec)) return;
  checkTemplateMetadata(at(spec, 'metadata'));
  checkDevices(at(spec, 'spec', 'devices'));
};

export const deviceClass: BuiltinCheck = (object, problems) => {
  const spec = at(rootField(object, problems), 'spec');
  if (isHole(spec)) return;
  checkSelectors(at(spec, 'selectors'));
  const config = at(spec, 'config');
  if (!tooMany(config, 32)) for (const one of items(config)) checkConfiguration(one);
  const resource = gated(at(spec, 'extendedResourceName'), 'DRAExtendedResource');
  const name = text(resource);
  if (name !== undefined && isSet(resource) && !isExtendedResource(name))
    fail(resource, 'invalid', `must be the name of an extended resource, not ${show(name)}.`);
};

export function tooMany(list: Field, most: number): boolean {
  const size = count(list) ?? 0;
  if (size > most) fail(list, 'tooMany', `must have at most ${most} items, not ${size}.`);
  return size > most;
}

function checkDevices(devices: Field): void {
  if (isHole(devices)) return;
  const requests = at(devices, 'requests');
  const names = namesOf(requests);
  if (!tooMany(requests, 32)) {
    for (const request of items(requests)) if (!isHole(request)) checkRequest(request);
    uniqueItems(
      items(requests),
      items(requests).map((request) => text(at(request, 'name'))),
    );
  }
  const constraints = at(devices, 'constraints');
  if (!tooMany(constraints, 32)) for (const one of items(constraints)) if (!isHole(one)) checkConstraint(one, names);
  const config = at(devices, 'config');
  if (!tooMany(config, 32))
    for (const one of items(config)) {
      if (isHole(one)) continue;
      checkReferences(at(one, 'requests'), names);
      checkConfiguration(one);
    }
}

/** The names of requests and of their alternatives (`request/alternative`); `undefined` if any is unknown. */
function namesOf(requests: Field): ReadonlySet<string> | undefined {
  if (isHole(requests)) return undefined;
  const names = new Set<string>();
  for (const request of items(requests)) {
    const name = isHole(request) ? undefined : text(at(request, 'name'));
    if (name === undefined || isHole(at(request, 'firstAvailable'))) return undefined;
    names.add(name);
    for (const alternative of items(at(request, 'firstAvailable'))) {
      const inner = isHole(alternative) ? undefined : text(at(alternative, 'name'));
      if (inner === undefined) return undefined;
      names.add(`${name}/${inner}`);
    }
  }
  return names;
}

function uniqueItems(fields: readonly Field[], keys: readonly (string | undefined)[]): void {
  const seen = new Set<string>();
  for (const [index, field] of fields.entries()) {
    const key = keys[index];
    if (key === undefined) continue;
    if (seen.has(key)) fail(field, 'duplicate', `repeats ${show(key)}; each item must be unique.`);
    seen.add(key);
  }
}

/** An empty name is invalid, not missing. */
function strictName(field: Field, check: NameCheck): void {
  const value = text(field);
  const problem = value === undefined ? undefined : check(value);
  if (problem) fail(field, 'invalid', `${problem}.`);
}

function checkRequest(request: Field): void {
  strictName(at(request, 'name'), dnsLabelProblem);
  const [exactly, alternatives] = [at(request, 'exactly'), at(request, 'firstAvailable')];
  const several = (count(alternatives) ?? 1) > 0;
  if (!several && !isSet(exactly)) fail(request, 'required', 'must set exactly or firstAvailable.');
  else if (several && isSet(exactly)) fail(request, 'invalid', 'must not set both exactly and firstAvailable.');
  else if (isSet(exactly)) {
    if (!isHole(exactly)) checkWanted(exactly);
  } else if (!tooMany(alternatives, 8)) {
    for (const one of items(alternatives)) {
      if (isHole(one)) continue;
      strictName(at(one, 'name'), dnsLabelProblem);
      checkWanted(one);
    }
    uniqueItems(
      items(alternatives),
      items(alternatives).map((one) => text(at(one, 'name'))),
    );
  }
}

function checkWanted(wanted: Field): void {
  requiredName(at(wanted, 'deviceClassName'), dnsSubdomainProblem);
  checkSelectors(at(wanted, 'selectors'));
  const mode = at(wanted, 'allocationMode');
  const [value, amount] = [text(mode), at(wanted, 'count')];
  const number = integer(amount);
  if (value === 'All') {
    if (number !== undefined && number !== 0n) fail(amount, 'invalid', 'must not be set with allocationMode: All.');
  } else if (value === '' || value === 'ExactCount') {
    // The API server treats 0 as unset.
    if (number !== undefined && number < 0n) fail(amount, 'invalid', `must be at least 1, not ${number}.`);
  } else oneOf(mode, ['All', 'ExactCount']);
  const tolerations = at(wanted, 'tolerations');
  if (!tooMany(tolerations, 16)) for (const one of items(tolerations)) if (!isHole(one)) checkToleration(one);
}

export const taintEffects = ['None', 'NoExecute', 'NoSchedule'];

function checkToleration(toleration: Field): void {
  named(at(toleration, 'key'), qualifiedNameProblem);
  const operator = text(at(toleration, 'operator'));
  const value = text(at(toleration, 'value'));
  if (operator === 'Exists') {
    if (value) fail(at(toleration, 'value'), 'invalid', 'must be empty with operator: Exists.');
  } else if (operator === '' || operator === 'Equal') {
    const problem = value === undefined ? undefined : labelValueProblem(value);
    if (problem) fail(at(toleration, 'value'), 'invalid', `${problem}.`);
  } else oneOf(at(toleration, 'operator'), ['Equal', 'Exists']);
  if (text(at(toleration, 'effect'))) oneOf(at(toleration, 'effect'), taintEffects);
}

const selectorNames = untyped(['device']);

function checkSelectors(selectors: Field): void {
  if (tooMany(selectors, 32)) return;
  for (const selector of items(selectors)) {
    if (isHole(selector)) continue;
    const cel = at(selector, 'cel');
    if (!isSet(cel)) fail(cel, 'required', 'is required.');
    else if (!isHole(cel)) checkExpression(at(cel, 'expression'));
  }
}

function checkExpression(field: Field): void {
  const value = text(field);
  if (value === undefined) return;
  if (value.length > 10 * 1024) {
    fail(field, 'tooLong', 'must be at most 10 KiB long.');
    return;
  }
  const problem = expressionProblem(value, selectorNames, ['bool']);
  if (problem) fail(field, 'invalid', `${problem}.`);
}

function checkConstraint(constraint: Field, names: ReadonlySet<string> | undefined): void {
  checkReferences(at(constraint, 'requests'), names);
  const [match, distinct] = [at(constraint, 'matchAttribute'), at(constraint, 'distinctAttribute')];
  if (isSet(match)) strictName(match, fullyQualifiedProblem);
  else if (isSet(distinct)) strictName(distinct, fullyQualifiedProblem);
  else fail(constraint, 'required', 'must set matchAttribute or distinctAttribute.');
}

/** A domain and a C identifier, with “/” between them. */
const fullyQualifiedProblem: NameCheck = (name) =>
  name.includes('/') ? deviceNameProblem(name) : 'must be a domain and a name separated by “/”';

/** The name of an attribute or a capacity, with an optional domain prefix. */
export const deviceNameProblem: NameCheck = (name) => {
  const parts = name.split('/');
  if (parts.length > 2) return undefined;
  const id = parts.at(-1)!;
  if (id.length > 32) return 'must be at most 32 characters long';
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(id))
    return 'must contain only letters, digits and “_”, and not begin with a digit';
  if (parts.length === 1) return undefined;
  if (parts[0]!.length > 63) return 'has a domain longer than 63 characters';
  const problem = dnsSubdomainProblem(lowered(parts[0]!));
  return problem && `has an invalid domain, which ${problem}`;
};

function checkReferences(references: Field, names: ReadonlySet<string> | undefined): void {
  if (tooMany(references, 32)) return;
  for (const reference of items(references)) {
    const name = text(reference);
    if (name !== undefined && names && !names.has(name))
      fail(reference, 'invalid', `must be the name of a request in this claim, not ${show(name)}.`);
  }
  uniqueItems(items(references), items(references).map(text));
}

function checkConfiguration(config: Field): void {
  if (isHole(config)) return;
  const opaque = at(config, 'opaque');
  if (!isSet(opaque)) {
    fail(opaque, 'required', 'is required.');
    return;
  }
  if (isHole(opaque)) return;
  csiDriverName(at(opaque, 'driver'));
  const parameters = at(opaque, 'parameters');
  if (!isSet(parameters)) fail(parameters, 'required', 'is required.');
  else if (!isHole(parameters) && !isObject(parameters.value)) fail(parameters, 'invalid', 'must be a map.');
}
