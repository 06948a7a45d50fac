// Checks of ValidatingAdmissionPolicies, MutatingAdmissionPolicies and their bindings (kubernetes
// pkg/apis/admissionregistration/validation).

import { type CelType, type Declared, expressionProblem, expressionSchema } from '../../cel/declared.ts';
import {
  dns1035Problem,
  dnsSubdomainProblem,
  lowered,
  pathSegmentProblem,
  qualifiedNameProblem,
} from '../../kube/names.ts';
import type { Schema } from '../../schema/schema.ts';
import { unknown } from '../../syntax/tree.ts';
import { show } from '../words.ts';
import { checkMatchConditions, checkRule } from './admission.ts';
import { admissionNames, dynamicNames } from './admission-names.ts';
import type { BuiltinCheck } from './builtin.ts';
import {
  at,
  count,
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
} from './field.ts';
import { checkLabelSelector } from './selector.ts';

export const validatingAdmissionPolicy: BuiltinCheck = (object, problems) => {
  const root = rootField(object, problems);
  const spec = at(root, 'spec');
  if (isHole(spec)) return;
  const names = checkPolicy(spec);
  const [validations, annotations] = [at(spec, 'validations'), at(spec, 'auditAnnotations')];
  if (count(validations) === 0 && count(annotations) === 0) {
    fail(validations, 'required', 'or auditAnnotations must have at least one item.');
    fail(annotations, 'required', 'or validations must have at least one item.');
  }
  for (const validation of items(validations)) if (!isHole(validation)) checkValidation(validation, names);
  checkAuditAnnotations(annotations, text(at(root, 'metadata', 'name')), names);
};

export const mutatingAdmissionPolicy: BuiltinCheck = (object, problems) => {
  const spec = at(rootField(object, problems), 'spec');
  if (isHole(spec)) return;
  checkPolicy(spec);
  checkMutatedOperations(at(spec, 'matchConstraints'));
  const mutations = at(spec, 'mutations');
  requiredList(mutations, 'mutation');
  for (const mutation of items(mutations)) if (!isHole(mutation)) checkMutation(mutation);
  oneOf(at(spec, 'reinvocationPolicy'), ['Never', 'IfNeeded'], 'mandatory');
};

/** Checks the fields that both kinds share. Returns the variables that expressions can use. */
function checkPolicy(spec: Field): Declared {
  oneOf(at(spec, 'failurePolicy'), ['Fail', 'Ignore']);
  const kind = at(spec, 'paramKind');
  if (isSet(kind)) checkParamKind(kind);
  const matched = at(spec, 'matchConstraints');
  if (!isSet(matched)) fail(matched, 'required', 'is required: the resources to which the policy applies.');
  else if (!isHole(matched)) {
    checkMatched(matched);
    requiredList(at(matched, 'resourceRules'), 'rule');
  }
  const names = new Map(admissionNames);
  if (isSet(kind)) names.set('params', unknown);
  checkMatchConditions(at(spec, 'matchConditions'), names);
  const variables = at(spec, 'variables');
  const known: Record<string, Schema> = {};
  // Any variable may exist.
  if (isHole(variables) || items(variables).some((one) => isHole(one) || isHole(at(one, 'name')))) {
    names.set('variables', unknown);
    return names;
  }
  for (const variable of items(variables)) {
    names.set('variables', { type: 'object', properties: { ...known } });
    const name = text(at(variable, 'name'));
    if (name?.trim() === '') fail(at(variable, 'name'), 'required', 'is required.');
    else if (name !== undefined && !isIdentifier(name))
      fail(at(variable, 'name'), 'invalid', `must be a CEL identifier, not ${show(name)}.`);
    const expression = at(variable, 'expression');
    if (checkBlank(expression)) checkExpression(expression, names, undefined);
    if (name) known[name] = expressionSchema(text(expression) ?? '', names);
    names.set('variables', { type: 'object', properties: { ...known } });
  }
  return names;
}

function isIdentifier(name: string): boolean {
  return /^[_a-zA-Z][_a-zA-Z0-9]*$/.test(name) && !reserved.has(name);
}

const reserved = new Set(
  'true false null in as break const continue else for function if import let loop package namespace return var void while'.split(
    ' ',
  ),
);

/** Whether there is an expression to compile; a blank one is reported. */
function checkBlank(field: Field): boolean {
  const value = text(field);
  if (value?.trim() === '') fail(field, 'required', 'is required.');
  return value !== undefined && value.trim() !== '';
}

/** `results` are the allowed result types; if undefined, any type is allowed. */
function checkExpression(field: Field, names: Declared, results: readonly CelType[] | undefined): void {
  const value = text(field);
  const problem = value === undefined ? undefined : expressionProblem(value.trim(), names, results, dynamicNames);
  if (problem) fail(field, 'invalid', `${problem}.`);
}

function checkParamKind(kind: Field): void {
  if (isHole(kind)) return;
  const apiVersion = at(kind, 'apiVersion');
  const value = required(apiVersion);
  if (value !== undefined) {
    const problem = groupVersionProblem(value);
    if (problem) fail(apiVersion, 'invalid', `${problem}; it is ${show(value)}.`);
  }
  const name = required(at(kind, 'kind'));
  const problem = name && dns1035Problem(lowered(name));
  if (problem) fail(at(kind, 'kind'), 'invalid', `${problem}; uppercase letters are allowed too.`);
}

function groupVersionProblem(apiVersion: string): string | undefined {
  const parts = apiVersion.split('/');
  if (parts.length > 2) return 'must be a group and a version';
  const version = parts.at(-1)!;
  const group = parts.length === 2 ? parts[0]! : '';
  if (group !== '') {
    const problem = dnsSubdomainProblem(group);
    if (problem) return `has an invalid group, which ${problem}`;
  }
  if (version === '') return 'has no version';
  const problem = dns1035Problem(version);
  return problem && `has an invalid version, which ${problem}`;
}

function checkMatched(matched: Field): void {
  oneOf(at(matched, 'matchPolicy'), ['Equivalent', 'Exact']);
  for (const name of ['namespaceSelector', 'objectSelector']) checkLabelSelector(at(matched, name));
  for (const name of ['resourceRules', 'excludeResourceRules'])
    for (const rule of items(at(matched, name))) if (!isHole(rule)) checkNamedRule(rule);
}

function checkNamedRule(rule: Field): void {
  const seen = new Set<string>();
  for (const item of items(at(rule, 'resourceNames'))) {
    const name = text(item);
    if (name === undefined) continue;
    const problem = pathSegmentProblem(name);
    if (problem) fail(item, 'invalid', `${problem}.`);
    if (seen.has(name)) fail(item, 'duplicate', `repeats ${show(name)}.`);
    seen.add(name);
  }
  checkRule(rule);
}

function checkMutatedOperations(matched: Field): void {
  for (const rule of items(at(matched, 'resourceRules')))
    for (const item of items(at(rule, 'operations'))) {
      const operation = text(item);
      if (operation !== undefined && !['*', 'CONNECT', 'CREATE', 'UPDATE'].includes(operation))
        fail(
          at(matched, 'resourceRules', 'operations'),
          'unsupported',
          `must contain only *, CONNECT, CREATE and UPDATE, not ${show(operation)}.`,
        );
    }
}

const reasons = ['Forbidden', 'Invalid', 'RequestEntityTooLarge'];

function checkValidation(validation: Field, names: Declared): void {
  const expression = at(validation, 'expression');
  if (checkBlank(expression)) checkExpression(expression, names, ['bool']);
  const computed = at(validation, 'messageExpression');
  const value = text(computed);
  if (value && value.trim() === '') fail(computed, 'invalid', 'must not be blank.');
  else if (value) {
    const sayable = new Map([...names].filter(([name]) => name !== 'authorizer'));
    checkExpression(computed, sayable, ['string']);
  }
  const message = at(validation, 'message');
  const written = text(message);
  if (written && written.trim() === '') fail(message, 'invalid', 'must not be blank.');
  else if (written && /[\r\n]/.test(written.trim())) fail(message, 'invalid', 'must be a single line.');
  oneOf(at(validation, 'reason'), reasons);
}

function checkAuditAnnotations(annotations: Field, policy: string | undefined, names: Declared): void {
  const size = count(annotations);
  if (size !== undefined && size > 20) fail(annotations, 'invalid', `must have at most 20 annotations, not ${size}.`);
  const seen = new Set<string>();
  for (const annotation of items(annotations)) {
    if (isHole(annotation)) continue;
    const key = text(at(annotation, 'key'));
    const problem = key === undefined || !policy ? undefined : qualifiedNameProblem(`${policy}/${key}`);
    if (problem) fail(at(annotation, 'key'), 'invalid', `is invalid: ${policy}/${key} ${problem}.`);
    if (key !== undefined && seen.has(key))
      fail(at(annotation, 'key'), 'duplicate', `repeats ${show(key)}; each key must be unique.`);
    if (key !== undefined) seen.add(key);
    const expression = at(annotation, 'valueExpression');
    if ((text(expression)?.trim().length ?? 0) > 5 * 1024) fail(expression, 'required', 'must be at most 5 KiB long.');
    else if (checkBlank(expression)) checkExpression(expression, names, ['string', 'null']);
  }
}

function checkMutation(mutation: Field): void {
  const type = at(mutation, 'patchType');
  oneOf(type, ['ApplyConfiguration', 'JSONPatch'], 'mandatory');
  const fields = { ApplyConfiguration: 'applyConfiguration', JSONPatch: 'jsonPatch' } as const;
  const kind = text(type);
  if (kind !== 'ApplyConfiguration' && kind !== 'JSONPatch') return;
  const own = at(mutation, fields[kind]);
  const other = at(mutation, fields[kind === 'JSONPatch' ? 'ApplyConfiguration' : 'JSONPatch']);
  // These expressions construct typed objects, which our CEL checker doesn't model; only the type's name is required here.
  if (!isSet(own)) fail(own, 'required', `is required with patchType: ${kind}.`);
  else if (!isHole(own) && checkBlank(at(own, 'expression'))) {
    const expression = at(own, 'expression');
    const type = kind === 'JSONPatch' ? 'JSONPatch' : 'Object';
    if (!new RegExp(`\\b(?:${type}|variables)\\b`).test(text(expression) ?? type))
      fail(
        expression,
        'invalid',
        `must evaluate to ${kind === 'JSONPatch' ? 'a list of JSONPatch{…}' : 'an Object{…}'}.`,
      );
  }
  if (isSet(other)) fail(other, 'invalid', `must not be set with patchType: ${kind}.`);
}

export const admissionPolicyBinding: BuiltinCheck = (object, problems, { kind }) => {
  const spec = at(rootField(object, problems), 'spec');
  if (isHole(spec)) return;
  requiredName(at(spec, 'policyName'), dnsSubdomainProblem);
  if (isSet(at(spec, 'paramRef'))) checkParamRef(at(spec, 'paramRef'));
  const matched = at(spec, 'matchResources');
  if (!isHole(matched)) checkMatched(matched);
  if (kind === 'ValidatingAdmissionPolicyBinding') checkActions(at(spec, 'validationActions'));
  else checkMutatedOperations(matched);
};

function checkParamRef(reference: Field): void {
  if (isHole(reference)) return;
  const [name, selector] = [at(reference, 'name'), at(reference, 'selector')];
  const value = text(name);
  const problem = value ? pathSegmentProblem(value) : undefined;
  if (problem) fail(name, 'invalid', `${problem}.`);
  if (value && isSet(selector)) {
    fail(name, 'forbidden', 'must not be set together with selector.');
    fail(selector, 'forbidden', 'must not be set together with name.');
  }
  checkLabelSelector(selector);
  if (value === '' && !isSet(selector)) fail(reference, 'required', 'must set name or selector.');
  const action = at(reference, 'parameterNotFoundAction');
  if (required(action) !== undefined) oneOf(action, ['Allow', 'Deny']);
}

function checkActions(actions: Field): void {
  requiredList(actions, 'action');
  const seen = new Set<string>();
  for (const item of items(actions)) {
    oneOf(item, ['Audit', 'Deny', 'Warn']);
    const action = text(item);
    if (action !== undefined && seen.has(action)) fail(item, 'duplicate', `repeats ${show(action)}.`);
    if (action !== undefined) seen.add(action);
  }
  if (seen.has('Deny') && seen.has('Warn')) fail(actions, 'invalid', 'must not contain both Deny and Warn.');
}
