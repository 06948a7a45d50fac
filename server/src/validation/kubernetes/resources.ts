// Checks of resource requests and limits of containers, pods and storage (kubernetes pkg/apis/core/validation
// validateResourceRequirements and pkg/apis/core/helper).

import { dnsLabelProblem, qualifiedNameProblem } from '../../kube/names.ts';
import type { Path } from '../../syntax/tree.ts';
import { isQuantity } from '../decode.ts';
import { show } from '../words.ts';
import { seeking } from './blame.ts';
import type { Problems } from './builtin.ts';
import { at, entries, type Field, fail, failAs, isHole, isSet, items, named, text } from './field.ts';
import { amountIn, isCount, isWhole, nanos } from './quantity.ts';

/** Resources that are counted, so their quantities must be integers. */
const countedResources = new Set([
  'pods',
  'resourcequotas',
  'services',
  'replicationcontrollers',
  'secrets',
  'configmaps',
  'persistentvolumeclaims',
  'services.nodeports',
  'services.loadbalancers',
]);

const isHugePages = (name: string) => name.startsWith('hugepages-');
const isNative = (name: string) => !name.includes('/') || name.includes('kubernetes.io/');

/** Whether this is an extended resource, such as a device: `vendor.example/thing`. */
export function isExtendedResource(name: string): boolean {
  return !isNative(name) && !name.startsWith('requests.') && qualifiedNameProblem(`requests.${name}`) === undefined;
}

export function checkResources(
  field: Field,
  of: 'container' | 'pod',
  claims?: ReadonlySet<string>,
  claimLists: readonly Path[] = [],
): void {
  if (!isSet(field)) return;
  const limits = entries(at(field, 'limits'));
  const requests = entries(at(field, 'requests'));
  for (const [name, quantity] of [...limits, ...requests]) {
    checkName(name, quantity, of);
    checkQuantityOf(name, quantity);
    checkPages(name, quantity);
  }
  for (const [name, quantity] of requests) checkAgainstLimit(name, quantity, at(field, 'limits', name), field);
  const names = [...limits, ...requests].map(([name]) => name);
  if (names.some(isHugePages) && !names.includes('cpu') && !names.includes('memory'))
    fail(field, 'forbidden', 'must also set cpu or memory, since it sets huge pages.');
  const claimed = at(field, 'claims');
  if (of === 'container') checkClaims(claimed, claims, claimLists);
  else if (isSet(claimed)) fail(claimed, 'forbidden', 'must not be set for a pod, only for its containers.');
}

/** The overhead that a runtime adds to a pod: checked as a container's limits, which is also the path reported. */
export function checkOverhead(field: Field, blamed: Path = field.path): void {
  if (!isSet(field) || isHole(field)) return;
  const problems: Problems = {
    ...field.problems,
    add: (path, kind, message) => {
      const resource = path.length > field.path.length ? `.limits[${String(path.at(-1))}]` : '';
      field.problems.add(path, kind, message, [...blamed.slice(0, -1), `${String(blamed.at(-1))}${resource}`]);
    },
  };
  const limits = entries({ ...field, problems });
  for (const [name, quantity] of limits) {
    checkContainerResource(name, quantity);
    checkQuantityOf(name, quantity);
    checkPages(name, quantity);
  }
  const names = limits.map(([name]) => name);
  if (names.some(isHugePages) && !names.includes('cpu') && !names.includes('memory'))
    fail({ ...field, problems }, 'forbidden', 'must also set cpu or memory, since it sets huge pages.');
}

/** The amount must be whole pages; the page size is in the resource's name. */
function checkPages(name: string, field: Field): void {
  const amount = isHugePages(name) ? nanos(field.value) : undefined;
  if (amount === undefined) return;
  const page = isQuantity(name.slice('hugepages-'.length)) ? nanos(name.slice('hugepages-'.length)) : undefined;
  const whole = page !== undefined && page > 0n && isWhole(page) && ceiling(amount) % page === 0n;
  if (!whole) fail(field, 'invalid', `must be a multiple of the page size in ${name}, not ${String(field.value)}.`);
}

/** Rounds up to an integer, as the API server does when it reads a quantity as an integer. */
function ceiling(amount: bigint): bigint {
  const rest = amount % 1_000_000_000n;
  return rest > 0n ? amount - rest + 1_000_000_000n : amount - rest;
}

/** A resource quantity must be at least 0, and an integer for counted resources. */
export function checkQuantityOf(name: string, field: Field): void {
  const value = nanos(field.value);
  if (value === undefined) return;
  if (value < 0n) fail(field, 'invalid', `must be at least 0, not ${String(field.value)}.`);
  else if ((countedResources.has(name) || isExtendedResource(name)) && !isCount(field.value, value))
    fail(field, 'invalid', `must be an integer, not ${String(field.value)}.`);
}

function checkName(name: string, field: Field, of: 'container' | 'pod'): void {
  if (of === 'container') {
    checkContainerResource(name, field);
    return;
  }
  const problem = qualifiedNameProblem(name);
  if (problem) fail(field, 'invalid', `isn’t a valid resource name: it ${problem}.`);
  else {
    if (!/^(cpu|memory|hugepages-.*)$/.test(name))
      fail(field, 'unsupported', 'must not be set for a pod: only cpu, memory and hugepages-* can be.');
  }
}

/** The name of a resource in a container, or in a LimitRange for containers. */
export function checkContainerResource(name: string, field: Field): void {
  const problem = qualifiedNameProblem(name);
  if (problem) {
    fail(field, 'invalid', `isn’t a valid resource name: it ${problem}.`);
    return;
  }
  if (!name.includes('/')) {
    if (!/^(cpu|memory|ephemeral-storage|hugepages-.*)$/.test(name))
      fail(
        field,
        'invalid',
        `must be cpu, memory, ephemeral-storage, hugepages-* or an extended resource DOMAIN/NAME, not ${show(name)}.`,
      );
  } else if (!isNative(name) && !isExtendedResource(name))
    fail(field, 'invalid', 'isn’t a valid name for an extended resource.');
}

function checkAgainstLimit(name: string, request: Field, limit: Field, of: Field): void {
  const overcommit = isNative(name) && !isHugePages(name);
  const most = amountIn(at(of, 'limits'), name);
  if (!isSet(limit) && most === undefined) {
    if (!overcommit) fail(at(of, 'limits'), 'required', `must also set ${name}: it can’t be overcommitted.`);
    return;
  }
  const asked = amountIn(at(of, 'requests'), name);
  if (asked === undefined || most === undefined) return;
  const values = `request ${String(request.value ?? 0)}, limit ${String(limit.value ?? 0)}`;
  if (!overcommit && asked !== most)
    failAs(request.path.slice(0, -1), request, 'invalid', `must equal the limit for ${name} (${values}).`);
  else if (asked > most)
    failAs(request.path.slice(0, -1), request, 'invalid', `must be at most the limit for ${name} (${values}).`);
}

function checkClaims(field: Field, claims: ReadonlySet<string> | undefined, claimLists: readonly Path[]): void {
  const seen = new Set<string>();
  for (const claim of items(field)) {
    const name = text(at(claim, 'name'));
    if (name === '') fail(claim, 'required', 'must set name.');
    if (!name) continue;
    named(at(claim, 'request'), dnsLabelProblem);
    const key = `${name}/${text(at(claim, 'request'))}`;
    if (seen.has(key)) fail(claim, 'duplicate', `repeats ${show(name)}; each claim must be unique.`);
    seen.add(key);
    if (claims && !claims.has(name))
      fail(seeking(claim, claimLists), 'notFound', `must name one of the pod’s resourceClaims, not ${show(name)}.`);
  }
}
