// The values of CEL at run time. Errors and unknowns are values too: operators absorb or propagate them, nothing
// throws.
import type { Cidr, Ip } from '../kube/values/ip.ts';
import type { Quantity } from '../kube/values/quantity.ts';
import type { Version } from '../kube/values/semver.ts';
import type { Url } from './url.ts';

/** `bigint` is CEL's int, `number` its double. */
export type CelValue =
  | null
  | boolean
  | bigint
  | number
  | string
  | List
  | MapValue
  | Optional
  | Failure
  | Unknown
  | { readonly kind: 'uint'; readonly value: bigint }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'duration'; readonly nanoseconds: bigint }
  | { readonly kind: 'timestamp'; readonly nanoseconds: bigint }
  | { readonly kind: 'type'; readonly name: string }
  | { readonly kind: 'url'; readonly url: Url }
  | { readonly kind: 'ip'; readonly ip: Ip }
  | { readonly kind: 'cidr'; readonly cidr: Cidr }
  /** `sum`: the result of an addition or subtraction, which the server can't compare with `==` as the right operand. */
  | { readonly kind: 'quantity'; readonly quantity: Quantity; readonly sum: boolean }
  | { readonly kind: 'semver'; readonly version: Version }
  | { readonly kind: 'format'; readonly name: string }
  /** Data under `x-kubernetes-preserve-unknown-fields`, which can only be compared. */
  | { readonly kind: 'opaque'; readonly value: unknown };

export interface List {
  readonly kind: 'list';
  readonly items: readonly CelValue[];
  /** From `x-kubernetes-list-type`: a set, or the keys of a map list. */
  readonly identity?: 'set' | readonly string[];
}

export interface MapValue {
  readonly kind: 'map';
  readonly keys: readonly CelValue[];
  /** Some keys are unknown: a key that isn't found may still exist. */
  readonly open: boolean;
  find(key: CelValue): CelValue | undefined;
}

export interface Optional {
  readonly kind: 'optional';
  /** Absent: none. */
  readonly value?: CelValue;
}

export interface Failure {
  readonly kind: 'failure';
  readonly message: string;
}

export interface Unknown {
  readonly kind: 'unknown';
}

export const unknownValue: Unknown = { kind: 'unknown' };
export const none: Optional = { kind: 'optional' };
export const noOverload: Failure = { kind: 'failure', message: 'no such overload' };

export function failure(message: string): Failure {
  return { kind: 'failure', message };
}

export function list(items: readonly CelValue[]): List {
  return { kind: 'list', items };
}

export function celKind(value: CelValue): string {
  if (value === null) return 'null';
  return typeof value === 'object' ? value.kind : typeof value;
}

export function isFailure(value: CelValue): value is Failure {
  return celKind(value) === 'failure';
}

export function isUnknown(value: CelValue): value is Unknown {
  return celKind(value) === 'unknown';
}

export function isList(value: CelValue): value is List {
  return celKind(value) === 'list';
}

export function isMap(value: CelValue): value is MapValue {
  return celKind(value) === 'map';
}

export function isOptional(value: CelValue): value is Optional {
  return celKind(value) === 'optional';
}

/**
 * What strict functions return for arguments that aren't values. Errors take precedence over unknowns: whatever the
 * unknown is, the result is an error.
 */
export function absorbed(args: readonly CelValue[]): Failure | Unknown | undefined {
  return args.find(isFailure) ?? args.find(isUnknown);
}

/** Strings, numbers and booleans as keys of a JavaScript map; equal numbers have equal keys regardless of type. */
export function keyText(value: CelValue): string | undefined {
  if (typeof value === 'string') return `s${value}`;
  if (typeof value === 'boolean') return `b${value}`;
  if (typeof value === 'bigint') return `n${value}`;
  if (typeof value === 'number') return Number.isInteger(value) ? `n${BigInt(value)}` : `d${value}`;
  return value !== null && value.kind === 'uint' ? `n${value.value}` : undefined;
}

export function mapOf(entries: ReadonlyMap<string, readonly [CelValue, CelValue]>): MapValue {
  return {
    kind: 'map',
    open: false,
    keys: [...entries.values()].map(([key]) => key),
    find: (key) => {
      const text = keyText(key);
      return text === undefined ? noOverload : entries.get(text)?.[1];
    },
  };
}

const typeNames: Readonly<Record<string, string>> = {
  null: 'null_type',
  boolean: 'bool',
  bigint: 'int',
  number: 'double',
  string: 'string',
  list: 'list',
  map: 'map',
  optional: 'optional_type',
  uint: 'uint',
  bytes: 'bytes',
  duration: 'google.protobuf.Duration',
  timestamp: 'google.protobuf.Timestamp',
  type: 'type',
  url: 'kubernetes.URL',
  ip: 'net.IP',
  cidr: 'net.CIDR',
  quantity: 'kubernetes.Quantity',
  semver: 'kubernetes.Semver',
  format: 'kubernetes.NamedFormat',
  opaque: 'unknown',
};

export function typeNameOf(value: CelValue): string {
  return typeNames[celKind(value)] ?? 'unknown';
}

/** Names of types in expressions. */
export const typeByName: ReadonlyMap<string, CelValue> = new Map(
  Object.values(typeNames).map((name): [string, CelValue] => [name, { kind: 'type', name }]),
);
