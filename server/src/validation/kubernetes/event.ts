// Checks of Events, of the core group and of events.k8s.io (kubernetes pkg/apis/core/validation/events.go).
import { qualifiedNameProblem } from '../../kube/names.ts';
import type { BuiltinCheck } from './builtin.ts';
import { at, type Field, fail, integer, isHole, isSet, oneOf, required, rootField, text } from './field.ts';
import { microTime } from './formats.ts';

export const event: BuiltinCheck = (object, problems, { group }) => {
  const root = rootField(object, problems);
  const strict = group === 'events.k8s.io';
  const time = at(root, 'eventTime');
  microTime(time);
  microTime(at(root, 'series', 'lastObservedTime'));
  if (isHole(time)) return;
  const [about, controller, note] = strict
    ? ['regarding', 'reportingController', 'note']
    : ['involvedObject', 'reportingComponent', 'message'];
  const concerned = at(root, about!, 'namespace');
  const own = at(root, 'metadata', 'namespace');
  const [its, ours] = [text(concerned), isSet(own) ? text(own) : undefined];
  const elsewhere = its !== undefined && ours !== undefined;
  if (!isSet(time)) {
    if (strict) required(time);
    if (elsewhere && (its === '' ? ours !== 'default' : ours !== its))
      mismatch(at(root, 'involvedObject', 'namespace'));
  } else {
    if (elsewhere && its === '' && ours !== 'default' && ours !== 'kube-system')
      mismatch(at(root, 'involvedObject', 'namespace'));
    const name = required(at(root, controller!));
    const problem = name && qualifiedNameProblem(name);
    if (problem) fail(at(root, controller!), 'invalid', `${problem}.`);
    for (const field of ['reportingInstance', 'action', 'reason']) {
      required(at(root, field));
      limit(at(root, field), 128);
    }
    limit(at(root, note!), 1024);
  }
  if (strict) checkStrict(root);
};

function mismatch(field: Field): void {
  fail(field, 'invalid', 'must match the namespace of the event.');
}

function limit(field: Field, most: number): void {
  const value = text(field);
  if (value && value.length > most)
    fail(field, 'invalid', `must be at most ${most} characters long, not ${value.length}.`);
}

function checkStrict(root: Field): void {
  const series = at(root, 'series');
  if (isSet(series) && !isHole(series)) {
    if ((integer(at(series, 'count')) ?? (isHole(at(series, 'count')) ? 2n : 0n)) < 2n)
      fail(at(series, 'count'), 'invalid', 'must be at least 2.');
    const last = at(series, 'lastObservedTime');
    if (!isSet(last)) required(last);
  }
  const type = at(root, 'type');
  if (!isSet(type)) fail(type, 'invalid', 'must be Normal or Warning.');
  else oneOf(type, ['Normal', 'Warning']);
  for (const name of ['deprecatedFirstTimestamp', 'deprecatedLastTimestamp'])
    if (isSet(at(root, name))) fail(at(root, name), 'invalid', 'must not be set.');
  if (integer(at(root, 'deprecatedCount'))) fail(at(root, 'deprecatedCount'), 'invalid', 'must not be set.');
  const source = at(root, 'deprecatedSource');
  if (text(at(source, 'component')) || text(at(source, 'host'))) fail(source, 'invalid', 'must not be set.');
}
