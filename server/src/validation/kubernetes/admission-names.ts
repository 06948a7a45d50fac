// The variables that CEL expressions of webhooks and admission policies can use, with their types where the API server
// declares them (k8s.io/apiserver pkg/admission/plugin/cel, BuildRequestType and BuildNamespaceType).

import type { Declared } from '../../cel/declared.ts';
import type { Schema } from '../../schema/schema.ts';
import { unknown } from '../../syntax/tree.ts';

const text: Schema = { type: 'string' };
const texts: Schema = { type: 'array', items: text };
const byName = (values: Schema): Schema => ({ type: 'object', additionalProperties: values });
const whole: Schema = { type: 'integer' };
/** A type that our CEL checker doesn't model. */
const anything: Schema = { 'x-kubernetes-int-or-string': true };
const fields = (properties: Readonly<Record<string, Schema>>): Schema => ({ type: 'object', properties });

const kind = fields({ group: text, version: text, kind: text });
const resource = fields({ group: text, version: text, resource: text });

const request = fields({
  kind,
  resource,
  subResource: text,
  requestKind: kind,
  requestResource: resource,
  requestSubResource: text,
  name: text,
  namespace: text,
  operation: text,
  userInfo: fields({ username: text, uid: text, groups: texts, extra: byName(texts) }),
  dryRun: { type: 'boolean' },
  options: anything,
});

const namespaceObject = fields({
  metadata: fields({
    name: text,
    generateName: text,
    namespace: text,
    labels: byName(text),
    annotations: byName(text),
    UID: text,
    creationTimestamp: anything,
    deletionTimestamp: anything,
    deletionGracePeriodSeconds: whole,
    generation: whole,
    resourceVersion: text,
    finalizers: texts,
  }),
  spec: fields({ finalizers: texts }),
  status: fields({ phase: text, conditions: { type: 'array', items: anything } }),
});

export const admissionNames: Declared = new Map<string, Schema | typeof unknown>([
  ['object', unknown],
  ['oldObject', unknown],
  ['request', request],
  ['namespaceObject', namespaceObject],
  ['authorizer', unknown],
]);

/** Variables whose type is known only at run time; an expression's result type must still be certain. */
export const dynamicNames: ReadonlySet<string> = new Set(['object', 'oldObject', 'params', 'authorizer']);
