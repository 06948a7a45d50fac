// Checks of a Job's policies: indexed completion, failure and success (kubernetes pkg/apis/batch/validation).
import { qualifiedNameProblem } from '../../kube/names.ts';
import { show } from '../words.ts';
import {
  at,
  count,
  type Field,
  fail,
  integer,
  isHole,
  isSet,
  items,
  oneOf,
  requiredName,
  text,
  within,
} from './field.ts';

/** `defaulted` is true for a Job object, where the API server defaults completions and parallelism if both are absent. */
export function checkJobPolicies(spec: Field, defaulted: boolean): void {
  const mode = at(spec, 'completionMode');
  oneOf(mode, ['NonIndexed', 'Indexed']);
  const perIndex = at(spec, 'backoffLimitPerIndex');
  const failed = at(spec, 'maxFailedIndexes');
  const success = at(spec, 'successPolicy');
  if (isSet(failed) && !isSet(perIndex)) fail(perIndex, 'required', 'is required with maxFailedIndexes.');
  const indexed = text(mode) === 'Indexed';
  if (indexed) {
    const parallel = at(spec, 'parallelism');
    const filledIn = defaulted && (!isSet(parallel) || isHole(parallel));
    if (!isSet(at(spec, 'completions')) && !filledIn)
      fail(at(spec, 'completions'), 'required', 'is required with completionMode: Indexed.');
    within(at(spec, 'parallelism'), 0n, 100_000n);
    within(failed, 0n, 100_000n);
    const completions = integer(at(spec, 'completions'));
    const limit = integer(failed);
    if (completions !== undefined && limit !== undefined && limit > completions)
      fail(failed, 'invalid', `must be at most completions (${completions}), not ${limit}.`);
  } else if (!isHole(mode)) {
    for (const field of [perIndex, failed, success])
      if (isSet(field)) fail(field, 'invalid', 'requires completionMode: Indexed.');
  }
  checkFailurePolicy(at(spec, 'podFailurePolicy'), spec);
  if (isSet(success)) {
    if (count(at(success, 'rules')) === 0) fail(at(success, 'rules'), 'required', 'must have at least one rule.');
    for (const rule of items(at(success, 'rules'))) checkSuccess(rule, completionsOf(spec, defaulted));
  }
  const replacement = at(spec, 'podReplacementPolicy');
  if (isSet(at(spec, 'podFailurePolicy'))) oneOf(replacement, ['Failed']);
  else oneOf(replacement, ['Failed', 'TerminatingOrFailed']);
  const manager = at(spec, 'managedBy');
  if (isSet(manager)) {
    const name = text(manager);
    if (name !== undefined && !/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?\/.+$/.test(name))
      fail(manager, 'invalid', 'must be a path with a domain prefix, such as example.com/manager.');
  }
}

/** `undefined` if unknown. */
function completionsOf(spec: Field, defaulted: boolean): bigint | undefined {
  const completions = at(spec, 'completions');
  if (isSet(completions)) return integer(completions);
  return defaulted && !isSet(at(spec, 'parallelism')) ? 1n : undefined;
}

function checkSuccess(rule: Field, completions: bigint | undefined): void {
  const [number, indexes] = [at(rule, 'succeededCount'), at(rule, 'succeededIndexes')];
  if (!isSet(number) && !isSet(indexes)) fail(rule, 'required', 'must set succeededCount or succeededIndexes.');
  const wanted = integer(number);
  if (wanted !== undefined && completions !== undefined && wanted > completions)
    fail(number, 'invalid', `must be at most completions (${completions}), not ${wanted}.`);
  const written = text(indexes);
  if (!written) return;
  const listed = indexCount(written, completions);
  if (typeof listed === 'string') fail(indexes, 'invalid', `${listed}; it is ${show(written)}.`);
  else if (wanted !== undefined && wanted > listed)
    fail(number, 'invalid', `must be at most the number of succeededIndexes (${listed}), not ${wanted}.`);
}

/** The number of indexes in a list such as `0,2-4`, or what is wrong with the list. */
function indexCount(written: string, completions: bigint | undefined): bigint | string {
  let size = 0n;
  let last: bigint | undefined;
  for (const part of written.split(',')) {
    const bounds = part.split('-');
    if (bounds.length > 2 || !bounds.every((bound) => /^\+?\d+$/.test(bound)))
      return 'must be indexes and ranges of indexes, such as 0,2-4';
    const [first, end = first] = bounds.map((bound) => BigInt(bound.replace('+', ''))) as [bigint, bigint?];
    if (completions !== undefined && (first >= completions || end! >= completions))
      return `must not contain an index greater than the last, ${completions - 1n}`;
    if ((last !== undefined && first <= last) || end! < first) return 'must be in ascending order';
    size += end! - first + 1n;
    last = end;
  }
  return size;
}

function checkFailurePolicy(policy: Field, spec: Field): void {
  const containers = ['containers', 'initContainers'].flatMap((list) =>
    items(at(spec, 'template', 'spec', list)).map((one) => text(at(one, 'name'))),
  );
  for (const rule of items(at(policy, 'rules'))) {
    const action = at(rule, 'action');
    oneOf(action, ['Count', 'FailIndex', 'FailJob', 'Ignore'], 'mandatory');
    if (text(action) === 'FailIndex' && !isSet(at(spec, 'backoffLimitPerIndex')))
      fail(action, 'invalid', 'requires backoffLimitPerIndex.');
    const codes = at(rule, 'onExitCodes');
    const conditions = at(rule, 'onPodConditions');
    const size = count(conditions);
    if (isSet(codes) && size) fail(rule, 'invalid', 'must not set both onExitCodes and onPodConditions.');
    if (!isSet(codes) && size === 0) fail(rule, 'invalid', 'must set onExitCodes or onPodConditions.');
    if (isSet(codes)) checkExitCodes(codes, containers);
    for (const condition of items(conditions)) {
      requiredName(at(condition, 'type'), qualifiedNameProblem);
      oneOf(at(condition, 'status'), ['True', 'False', 'Unknown']);
    }
  }
}

function checkExitCodes(codes: Field, containers: readonly (string | undefined)[]): void {
  oneOf(at(codes, 'operator'), ['In', 'NotIn'], 'mandatory');
  const name = isSet(at(codes, 'containerName')) ? text(at(codes, 'containerName')) : undefined;
  if (name !== undefined && !containers.includes(undefined) && !containers.includes(name))
    fail(at(codes, 'containerName'), 'invalid', `must be the name of a container in the template, not ${show(name)}.`);
  const values = at(codes, 'values');
  if (count(values) === 0) fail(values, 'invalid', 'must have at least one exit code.');
  const numbers = items(values).map(integer);
  for (const [index, number] of numbers.entries()) {
    if (number === undefined) return;
    const value = items(values)[index]!;
    if (number === 0n && text(at(codes, 'operator')) === 'In')
      fail(value, 'invalid', 'must not be 0 with operator: In.');
    if (numbers.indexOf(number) < index) fail(value, 'duplicate', `repeats ${number}.`);
    else if (index > 0 && (numbers[index - 1] ?? 0n) > number) fail(values, 'invalid', 'must be in ascending order.');
  }
}
