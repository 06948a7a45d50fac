// The types and overloads of the library's functions, which are listed by name: once for plain calls, once for calls on
// a receiver.
import { type CelValue, celKind } from '../value.ts';

/**
 * Arguments are values, neither errors nor unknown; a receiver comes first. Returns `undefined` where no overload
 * accepts the arguments' types.
 */
export type CelFunction = (...args: CelValue[]) => CelValue | undefined;

export type Library = Readonly<Record<string, CelFunction>>;

export function overload<const T extends readonly string[]>(
  kinds: T,
  call: (...args: ArgsOf<T>) => CelValue,
): CelFunction {
  return (...args) => {
    if (args.length !== kinds.length) return undefined;
    const fits = args.every((arg, index) => kinds[index] === 'any' || kinds[index] === celKind(arg));
    return fits ? call(...(args as ArgsOf<T>)) : undefined;
  };
}

/** Calls the first overload that accepts the arguments. */
export function overloads(...functions: readonly CelFunction[]): CelFunction {
  return (...args) => {
    for (const call of functions) {
      const result = call(...args);
      if (result !== undefined) return result;
    }
    return undefined;
  };
}

type Objects = Exclude<Extract<CelValue, object>, null>;
type ArgOf<K> = K extends 'string'
  ? string
  : K extends 'bigint'
    ? bigint
    : K extends 'number'
      ? number
      : K extends 'boolean'
        ? boolean
        : K extends 'any'
          ? CelValue
          : Extract<Objects, { kind: K }>;
type ArgsOf<T extends readonly string[]> = { [I in keyof T]: ArgOf<T[I]> };
