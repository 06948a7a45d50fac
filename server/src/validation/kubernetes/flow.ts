// Checks of FlowSchemas and PriorityLevelConfigurations (kubernetes pkg/apis/flowcontrol/validation).
import { dnsLabelProblem, dnsSubdomainProblem } from '../../kube/names.ts';
import { isObject } from '../../syntax/value.ts';
import { oneOfWords, show } from '../words.ts';
import type { BuiltinCheck } from './builtin.ts';
import {
  at,
  count,
  type Field,
  fail,
  flag,
  integer,
  isHole,
  isSet,
  items,
  oneOf,
  required,
  requiredList,
  requiredName,
  rootField,
  text,
  within,
} from './field.ts';

export const flowSchema: BuiltinCheck = (object, problems) => {
  const root = rootField(object, problems);
  const spec = at(root, 'spec');
  if (isHole(spec)) return;
  const precedence = at(spec, 'matchingPrecedence');
  const value = integer(precedence);
  if (value === 1n && text(at(root, 'metadata', 'name')) !== 'exempt' && !isHole(at(root, 'metadata', 'name')))
    fail(precedence, 'invalid', 'can be 1 only in the FlowSchema named exempt.');
  // The API server treats 0 as unset.
  else if (value !== 0n) within(precedence, 1n, 10_000n);
  const method = at(spec, 'distinguisherMethod');
  if (isSet(method) && !isHole(method)) {
    const type = at(method, 'type');
    if (!isSet(type)) fail(type, 'unsupported', 'must be ByNamespace or ByUser.');
    else oneOf(type, ['ByNamespace', 'ByUser']);
  }
  requiredName(at(spec, 'priorityLevelConfiguration', 'name'), dnsSubdomainProblem);
  for (const rule of items(at(spec, 'rules'))) if (!isHole(rule)) checkRules(rule);
};

function checkRules(rule: Field): void {
  requiredList(at(rule, 'subjects'), 'subject');
  for (const subject of items(at(rule, 'subjects'))) if (!isHole(subject)) checkSubject(subject);
  const [resources, paths] = [at(rule, 'resourceRules'), at(rule, 'nonResourceRules')];
  if (count(resources) === 0 && count(paths) === 0)
    fail(rule, 'required', 'must set resourceRules or nonResourceRules.');
  for (const one of items(resources)) if (!isHole(one)) checkResources(one);
  for (const one of items(paths)) if (!isHole(one)) checkPaths(one);
}

const subjects: Readonly<Record<string, string>> = { ServiceAccount: 'serviceAccount', User: 'user', Group: 'group' };

function checkSubject(subject: Field): void {
  const kind = text(at(subject, 'kind'));
  if (kind === undefined) return;
  const own = Object.hasOwn(subjects, kind) ? subjects[kind] : undefined;
  if (own === undefined) {
    fail(at(subject, 'kind'), 'unsupported', `must be ServiceAccount, User or Group, not ${show(kind)}.`);
    return;
  }
  for (const name of Object.values(subjects))
    if (name !== own && isSet(at(subject, name)))
      fail(at(subject, name), 'forbidden', `must not be set with kind: ${kind}.`);
  const said = at(subject, own);
  if (isHole(said)) return;
  if (!isSet(said)) {
    fail(said, 'required', `is required with kind: ${kind}.`);
    return;
  }
  const name = at(said, 'name');
  if (kind !== 'ServiceAccount') {
    required(name);
    return;
  }
  requiredName(name, (value) => (value === '*' ? undefined : dnsSubdomainProblem(value)));
  requiredName(at(said, 'namespace'), dnsLabelProblem);
}

const verbs = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'proxy', 'update', 'watch'];

function checkVerbs(field: Field): void {
  requiredList(field, 'verb');
  if (alone(field)) return;
  const unknownVerb = items(field)
    .map(text)
    .find((verb) => verb !== undefined && !verbs.includes(verb));
  if (unknownVerb !== undefined)
    fail(field, 'unsupported', `must be “*”, or contain only ${oneOfWords(verbs)}, not ${show(unknownVerb)}.`);
}

/** Whether the list contains “*”, which must be the only item. */
function alone(field: Field): boolean {
  const star = items(field).some((item) => item.value === '*');
  if (star && (count(field) ?? 0) > 1) fail(field, 'invalid', 'must not contain other values together with “*”.');
  return star;
}

function checkResources(rule: Field): void {
  checkVerbs(at(rule, 'verbs'));
  for (const name of ['apiGroups', 'resources']) {
    requiredList(at(rule, name), 'value');
    alone(at(rule, name));
  }
  const namespaces = at(rule, 'namespaces');
  if (count(namespaces) === 0 && !flag(at(rule, 'clusterScope')) && !isHole(at(rule, 'clusterScope')))
    requiredList(namespaces, 'namespace unless clusterScope is true');
  else if (!alone(namespaces))
    for (const item of items(namespaces)) {
      const value = text(item);
      const problem = value === undefined ? undefined : dnsLabelProblem(value);
      if (problem) fail(item, 'invalid', `${problem}.`);
    }
}

function checkPaths(rule: Field): void {
  checkVerbs(at(rule, 'verbs'));
  const urls = at(rule, 'nonResourceURLs');
  requiredList(urls, 'path');
  if (alone(urls)) return;
  for (const url of items(urls)) {
    const value = text(url);
    const problem = value === undefined ? undefined : pathProblem(value);
    if (problem) fail(url, 'invalid', `${problem}.`);
  }
}

function pathProblem(path: string): string | undefined {
  if (path === '') return 'must not be empty';
  if (path === '/') return undefined;
  if (!path.startsWith('/')) return 'must begin with “/”';
  if (path.includes(' ')) return 'must not contain spaces';
  if (path.includes('//')) return 'must not contain “//”';
  const stars = path.split('*').length - 1;
  return stars > 1 || (stars === 1 && path.slice(-2) !== '/*') ? 'can have “*” only as its last segment' : undefined;
}

export const priorityLevelConfiguration: BuiltinCheck = (object, problems) => {
  const root = rootField(object, problems);
  const spec = at(root, 'spec');
  const name = text(at(root, 'metadata', 'name'));
  if (isHole(spec)) return;
  const type = at(spec, 'type');
  const kind = text(type);
  if (name !== undefined && kind !== undefined && (name === 'exempt') !== (kind === 'Exempt'))
    fail(type, 'invalid', 'must be Exempt in the level named exempt, and only there.');
  oneOf(type, ['Exempt', 'Limited'], 'mandatory');
  const [exempt, limited] = [at(spec, 'exempt'), at(spec, 'limited')];
  if (kind === 'Exempt') {
    if (isSet(limited)) fail(limited, 'forbidden', 'must not be set with type: Exempt.');
    within(at(exempt, 'nominalConcurrencyShares'), 0n);
    within(at(exempt, 'lendablePercent'), 0n, 100n);
  } else if (kind === 'Limited') {
    if (isSet(exempt)) fail(exempt, 'forbidden', 'must not be set with type: Limited.');
    if (!isSet(limited)) fail(limited, 'required', 'is required with type: Limited.');
    else checkLimited(limited);
  }
};

function checkLimited(limited: Field): void {
  if (isHole(limited)) return;
  within(at(limited, 'nominalConcurrencyShares'), 0n);
  within(at(limited, 'lendablePercent'), 0n, 100n);
  within(at(limited, 'borrowingLimitPercent'), 0n);
  const response = at(limited, 'limitResponse');
  if (isHole(response)) return;
  const type = at(response, 'type');
  oneOf(type, ['Queue', 'Reject'], 'mandatory');
  const queuing = at(response, 'queuing');
  if (text(type) === 'Reject' && isSet(queuing)) fail(queuing, 'forbidden', 'must not be set with type: Reject.');
  if (text(type) !== 'Queue') return;
  if (!isSet(queuing)) fail(queuing, 'required', 'is required with type: Queue.');
  else checkQueuing(queuing);
}

/** shufflesharding.MaxHashBits. */
const hashBits = 60;

function checkQueuing(queuing: Field): void {
  if (!isObject(queuing.value)) return;
  const amount = (name: string, fallback: bigint): bigint | undefined => {
    const field = at(queuing, name);
    // The API server treats 0 as unset.
    return !isSet(field) || integer(field) === 0n ? fallback : integer(field);
  };
  const [length, queues, hand] = [amount('queueLengthLimit', 50n), amount('queues', 64n), amount('handSize', 8n)];
  if (length !== undefined && length < 1n)
    fail(at(queuing, 'queueLengthLimit'), 'invalid', `must be at least 1, not ${length}.`);
  if (queues !== undefined && (queues < 1n || queues > 10_000_000n))
    fail(at(queuing, 'queues'), 'invalid', `must be between 1 and 10000000, not ${queues}.`);
  if (hand !== undefined && hand < 1n) fail(at(queuing, 'handSize'), 'invalid', `must be at least 1, not ${hand}.`);
  else if (hand !== undefined && queues !== undefined) {
    if (hand > queues) fail(at(queuing, 'handSize'), 'invalid', `must be at most queues (${queues}), not ${hand}.`);
    else if (Math.ceil(Math.log2(Number(queues)) * Number(hand)) > hashBits)
      fail(
        at(queuing, 'handSize'),
        'invalid',
        `is too large for ${queues} queues: shuffle sharding uses at most ${hashBits} bits.`,
      );
  }
}
