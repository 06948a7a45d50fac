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

/** What must not be shown of what Git says: it is shown so on both sides. */
export const hiddenValue = '***';

/** In `wanted`, null stands for a value that isn't known, and `hiddenValue` for one that isn't shown: any value is equal. */
export function beside(wanted: Json, live: Json): Beside {
  return besideIn(wanted, live, 'other');
}

/** What texts below a field are: quantities, texts that nobody rewrites, or anything. */
type Texts = 'amount' | 'plain' | 'other';

function besideIn(wanted: Json, live: Json, texts: Texts): Beside {
  if (wanted === hiddenValue) return { wanted: hiddenValue, live: hiddenValue };
  if (wanted === null) return { wanted: live, live };
  // The API server leaves out what is empty.
  if (live === undefined && isEmpty(wanted)) return { wanted: undefined, live: undefined };
  if (Array.isArray(wanted)) return Array.isArray(live) ? listsBeside(wanted, live, texts) : { wanted, live };
  if (isMap(wanted)) return isMap(live) ? mapsBeside(wanted, live, texts) : { wanted: open(wanted), live };
  return isSame(wanted, live, texts) ? { wanted: live, live } : { wanted, live };
}

function isEmpty(value: Json): boolean {
  if (isMap(value)) return Object.values(value).every((one) => one === null || isEmpty(one));
  return value === false || value === '' || value === 0 || (Array.isArray(value) && value.length === 0);
}

/** Maps of quantities, and fields that are one: elsewhere `1.10` isn't `1.1`. */
const amounts: ReadonlySet<string> = new Set(
  'requests limits capacity hard default defaultRequest min max overhead sizeLimit divisor averageValue storage'.split(
    ' ',
  ),
);

/** Texts of people and programs: `60s` isn't `1m` there. */
const plains: ReadonlySet<string> = new Set(
  'data args command env annotations labels matchLabels values value'.split(' '),
);

function textsIn(name: string, around: Texts): Texts {
  return amounts.has(name) ? 'amount' : plains.has(name) ? 'plain' : around;
}

type Fields = Readonly<Record<string, Json>>;

function isMap(value: Json): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function mapsBeside(wanted: Fields, live: Fields, texts: Texts): Beside {
  const both = Object.entries(wanted).map(([name, value]) => {
    const own = Object.hasOwn(live, name) ? live[name] : undefined;
    return [name, besideIn(value, own, textsIn(name, texts))] as const;
  });
  return {
    wanted: Object.fromEntries(both.flatMap(([name, one]) => (one.wanted === undefined ? [] : [[name, one.wanted]]))),
    live: Object.fromEntries(both.flatMap(([name, one]) => (one.live === undefined ? [] : [[name, one.live]]))),
  };
}

/** Fields that tell the items of lists apart, as in the lists that the API server merges by key. */
const keys = ['name', 'containerPort', 'port', 'mountPath', 'devicePath', 'key', 'ip', 'topologyKey', 'type', 'host'];

/** Items that Git doesn't have aren't its own in a list with keys, such as the containers that a webhook adds. */
function listsBeside(wanted: readonly Json[], live: readonly Json[], texts: Texts): Beside {
  const key = keys.find((name) => isKey(name, wanted) && isKey(name, live));
  if (key !== undefined) {
    const byKey = new Map(live.map((item) => [(item as Fields)[key], item]));
    const both = wanted.map((item) => besideIn(item, byKey.get((item as Fields)[key]), texts));
    return {
      wanted: both.map((one) => one.wanted),
      live: both.flatMap((one) => (one.live === undefined ? [] : [one.live])),
    };
  }
  const both = wanted.map((item, index) => besideIn(item, live[index], texts));
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
function isSame(wanted: Json, live: Json, texts: Texts): boolean {
  if (wanted === live) return true;
  if (live === undefined || live === null || typeof wanted === 'boolean' || typeof live === 'boolean') return false;
  const [one, other] = [String(wanted), String(live)];
  if (one === other) return true;
  if (texts === 'plain') return false;
  if (texts === 'amount') {
    const [amount, stored] = [parseQuantity(one), parseQuantity(other)];
    return amount.ok && stored.ok && compareQuantities(amount.value, stored.value) === 0;
  }
  const [duration, kept] = [parseDuration(one), parseDuration(other)];
  return duration.ok && kept.ok && duration.value === kept.value;
}
