// A live object beside what Git says of it: only what Git sets, since everything else was set by the API server, by a controller
// or by another client. Values are compared as the API server compares them.
import { parseDuration } from '../kube/values/duration.ts';
import { compareQuantities, parseQuantity } from '../kube/values/quantity.ts';

/** As JSON has it. */
type Json = unknown;

export interface Beside {
  /** What Git says; a value that equals the live one is written as that one is. */
  readonly wanted: Json;
  /** What the cluster has of it. */
  readonly live: Json;
}

/** In `wanted`, null stands for a value that isn't known or must not be shown: any value is equal to it. */
export function beside(wanted: Json, live: Json): Beside {
  return besideIn(wanted, live, false);
}

function besideIn(wanted: Json, live: Json, isAmount: boolean): Beside {
  if (wanted === null) return { wanted: live ?? null, live: live ?? null };
  if (Array.isArray(wanted)) return Array.isArray(live) ? listsBeside(wanted, live) : { wanted, live };
  if (isMap(wanted)) return isMap(live) ? mapsBeside(wanted, live, isAmount) : { wanted: open(wanted), live };
  return isSame(wanted, live, isAmount) ? { wanted: live, live } : { wanted, live };
}

/** Maps of quantities, and fields that are one: elsewhere `1.10` isn't `1.1`. */
const amounts: ReadonlySet<string> = new Set(
  'requests limits capacity hard default defaultRequest min max overhead sizeLimit divisor averageValue storage'.split(
    ' ',
  ),
);

type Fields = Readonly<Record<string, Json>>;

function isMap(value: Json): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function mapsBeside(wanted: Fields, live: Fields, isAmount: boolean): Beside {
  const both = Object.entries(wanted).map(
    ([name, value]) => [name, besideIn(value, live[name], isAmount || amounts.has(name))] as const,
  );
  return {
    wanted: Object.fromEntries(both.flatMap(([name, one]) => (one.wanted === undefined ? [] : [[name, one.wanted]]))),
    live: Object.fromEntries(both.flatMap(([name, one]) => (one.live === undefined ? [] : [[name, one.live]]))),
  };
}

/** Fields that tell the items of lists apart, as in the lists that the API server merges by key. */
const keys = ['name', 'containerPort', 'port', 'mountPath', 'devicePath', 'key', 'ip', 'topologyKey', 'type', 'host'];

/** Items that Git doesn't have aren't its own in a list with keys, such as the containers that a webhook adds. */
function listsBeside(wanted: readonly Json[], live: readonly Json[]): Beside {
  const key = keys.find((name) => isKey(name, wanted) && isKey(name, live));
  if (key !== undefined) {
    const byKey = new Map(live.map((item) => [(item as Fields)[key], item]));
    const both = wanted.map((item) => beside(item, byKey.get((item as Fields)[key])));
    return {
      wanted: both.map((one) => one.wanted),
      live: both.flatMap((one) => (one.live === undefined ? [] : [one.live])),
    };
  }
  const both = wanted.map((item, index) => beside(item, live[index]));
  const rest = live.slice(wanted.length);
  return {
    wanted: both.map((one) => one.wanted),
    live: [...both.flatMap((one) => (one.live === undefined ? [] : [one.live])), ...rest],
  };
}

function isKey(name: string, items: readonly Json[]): boolean {
  const values = items.map((item) => (isMap(item) ? item[name] : undefined));
  const isPlain = values.every((one) => typeof one === 'string' || typeof one === 'number');
  return isPlain && new Set(values).size === values.length;
}

/** Without what isn't known, where the cluster has nothing either. */
function open(wanted: Fields): Fields {
  return Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== null));
}

/** Quantities and durations are stored in one of their forms; ports may be numbers or texts. */
function isSame(wanted: Json, live: Json, isAmount: boolean): boolean {
  if (wanted === live) return true;
  if (live === undefined || live === null || typeof wanted === 'boolean' || typeof live === 'boolean') return false;
  const [one, other] = [String(wanted), String(live)];
  if (one === other) return true;
  if (isAmount) {
    const [amount, stored] = [parseQuantity(one), parseQuantity(other)];
    return amount.ok && stored.ok && compareQuantities(amount.value, stored.value) === 0;
  }
  const [duration, kept] = [parseDuration(one), parseDuration(other)];
  return duration.ok && kept.ok && duration.value === kept.value;
}
