// The immutable fields of built-in kinds, as data: the Validate...Update functions of kubernetes pkg/apis/*/validation and
// the strategies in pkg/registry. Only certain changes are reported: the server compares defaulted objects, so a field that
// only one of the two objects sets may be equal there.
import { type GroupKind, groupKindOf } from '../../kube/identity.ts';
import { stepInto } from '../../schema/field-names.ts';
import type { KindSchema, Schema } from '../../schema/schema.ts';
import { type Path, unknown, type Value } from '../../syntax/tree.ts';
import { hasUnknownKey, isList, isObject, type ObjectValue, own, valueAt } from '../../syntax/value.ts';
import { errorAt, type Problem, type Report } from '../problem.ts';
import { nanos } from './quantity.ts';

interface Fixed {
  readonly path: Path;
  readonly reason: 'invalid' | 'forbidden';
  /** The field that the server reports, where it differs from the path. */
  readonly named?: string;
  /** The default of the field; if there is none, a field that is absent in either object is not compared. */
  readonly absent?: Value;
  /** The server may set nested fields, so only those that both objects have are compared. */
  readonly filledIn?: true;
  /** The change is allowed if this is true of the old object. */
  readonly unless?: (was: ObjectValue) => boolean;
  readonly because?: string;
}

const selector: Fixed = {
  path: ['spec', 'selector'],
  reason: 'invalid',
  absent: {},
  because: 'delete and recreate the workload to select other pods',
};

const roleRef: Fixed = {
  path: ['roleRef'],
  reason: 'invalid',
  filledIn: true,
  because: 'delete and recreate the binding to bind another role',
};

const ofStatefulSet =
  'only replicas, ordinals, template, updateStrategy, revisionHistoryLimit, persistentVolumeClaimRetentionPolicy and minReadySeconds of its spec can';
const ofClaim = 'only resources.requests and volumeAttributesClassName of its spec can';

const fixed: ReadonlyMap<GroupKind, readonly Fixed[]> = new Map<GroupKind, readonly Fixed[]>([
  ['apps/Deployment', [selector]],
  ['apps/DaemonSet', [selector]],
  ['apps/ReplicaSet', [selector]],
  [
    'apps/StatefulSet',
    [
      { path: ['spec', 'selector'], absent: {} },
      { path: ['spec', 'serviceName'], absent: '' },
      { path: ['spec', 'podManagementPolicy'], absent: 'OrderedReady' },
      { path: ['spec', 'volumeClaimTemplates'], absent: [], filledIn: true as const },
    ].map((one) => ({ ...one, reason: 'forbidden', named: 'spec', because: ofStatefulSet }) as const),
  ],
  [
    'batch/Job',
    [
      { path: ['spec', 'selector'], reason: 'invalid', filledIn: true },
      { path: ['spec', 'completionMode'], reason: 'invalid', absent: 'NonIndexed' },
      // The scheduling of a suspended Job may still change.
      { path: ['spec', 'template'], reason: 'invalid', filledIn: true, unless: isSuspended },
    ],
  ],
  [
    '/PersistentVolumeClaim',
    ['accessModes', 'selector', 'storageClassName', 'volumeName', 'volumeMode'].map(
      (name) =>
        ({
          path: ['spec', name],
          reason: 'forbidden',
          named: 'spec',
          ...(name === 'volumeMode' && { absent: 'Filesystem' }),
          because: ofClaim,
        }) as const,
    ),
  ],
  ['/Secret', [{ path: ['type'], reason: 'invalid', absent: 'Opaque' }]],
  ['rbac.authorization.k8s.io/RoleBinding', [roleRef]],
  ['rbac.authorization.k8s.io/ClusterRoleBinding', [roleRef]],
  ['networking.k8s.io/IngressClass', [{ path: ['spec', 'controller'], reason: 'invalid' }]],
  [
    'storage.k8s.io/StorageClass',
    [
      { path: ['provisioner'], reason: 'forbidden' },
      { path: ['parameters'], reason: 'forbidden', absent: {} },
      { path: ['reclaimPolicy'], reason: 'forbidden', absent: 'Delete' },
      { path: ['volumeBindingMode'], reason: 'invalid', absent: 'Immediate' },
    ],
  ],
]);

/** `was` has the same apiVersion and kind. */
export function checkUpdate(object: ObjectValue, was: ObjectValue, { gvk, schema }: KindSchema, report: Report): void {
  for (const one of fixed.get(groupKindOf(gvk)) ?? []) {
    if (one.unless?.(was)) continue;
    const field = one.path.reduce<Schema | undefined>(stepInto, schema);
    if (certainlyDiffer(fixedValue(object, one), fixedValue(was, one), field, one.filledIn === true))
      report(problemOf(one));
  }
}

function problemOf({ path, reason, named, because }: Fixed): Problem {
  const rule = reason === 'invalid' ? 'schema/invalid' : 'schema/forbidden';
  const problem = errorAt(rule, path, { is: 'immutable', ...(because !== undefined && { because }) });
  return named === undefined ? problem : { ...problem, field: named };
}

function fixedValue(object: ObjectValue, { path, absent }: Fixed): Value | undefined {
  let around: Value | undefined = object;
  for (const step of path) {
    if (around === unknown || (isObject(around) && hasUnknownKey(around))) return unknown;
    around = valueAt(around, [step]);
  }
  return around === undefined || around === null || around === '' ? absent : around;
}

/** `undefined` may equal anything. With `filledIn`, only fields that both maps have are compared. */
function certainlyDiffer(
  a: Value | undefined,
  b: Value | undefined,
  schema: Schema | undefined,
  filledIn: boolean,
): boolean {
  if (a === undefined || b === undefined || a === null || b === null || a === unknown || b === unknown) return false;
  if (schema?.format === 'quantity') return differAsQuantities(a, b);
  if (isList(a) || isList(b)) {
    if (!isList(a) || !isList(b)) return false;
    if (a.includes(unknown) || b.includes(unknown)) return false;
    return a.length !== b.length || a.some((item, index) => certainlyDiffer(item, b[index], schema?.items, filledIn));
  }
  if (!isObject(a) || !isObject(b)) return !isObject(a) && !isObject(b) && a !== b;
  if (hasUnknownKey(a) || hasUnknownKey(b)) return false;
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].some((name) => {
    const left: Value | undefined = own(a, name);
    const right: Value | undefined = own(b, name);
    const below = schema && stepInto(schema, name);
    if (left !== undefined && right !== undefined) return certainlyDiffer(left, right, below, filledIn);
    return !filledIn && !isEmpty(left ?? right);
  });
}

function differAsQuantities(a: Value, b: Value): boolean {
  const [left, right] = [nanos(a), nanos(b)];
  return left !== undefined && right !== undefined && left !== right;
}

/** Whether a Go type can't distinguish the value from an absent field, or the value is unknown. */
function isEmpty(value: Value | undefined): boolean {
  if (value === undefined || value === null || value === unknown || value === '') return true;
  if (isList(value)) return value.length === 0;
  return isObject(value) && Object.values(value).every(isEmpty);
}

function isSuspended(was: ObjectValue): boolean {
  const suspend = valueAt(was, ['spec', 'suspend']);
  return suspend === true || suspend === unknown;
}
