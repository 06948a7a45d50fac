// Every function that rules of Kubernetes 1.36 may call (k8s.io/apiserver pkg/cel/environment/base.go).
import { amountFunctions, amountMethods } from './functions/amounts.ts';
import { conversionFunctions, size } from './functions/conversions.ts';
import { formatFunctions, formatMethods } from './functions/formats.ts';
import { type CelFunction, overloads } from './functions/function.ts';
import { listFunctions, listMethods, optionalMethods } from './functions/lists.ts';
import { networkFunctions, networkMethods } from './functions/network.ts';
import { stringFunctions, stringMethods } from './functions/strings.ts';
import { timeMethods } from './functions/time.ts';

export const functions: ReadonlyMap<string, CelFunction> = collect([
  conversionFunctions,
  stringFunctions,
  listFunctions,
  networkFunctions,
  amountFunctions,
  formatFunctions,
]);

export const methods: ReadonlyMap<string, CelFunction> = collect([
  { size },
  stringMethods,
  listMethods,
  optionalMethods,
  networkMethods,
  amountMethods,
  formatMethods,
  timeMethods,
]);

/** Functions with the same name in several libraries become overloads. */
function collect(libraries: readonly Readonly<Record<string, CelFunction>>[]): ReadonlyMap<string, CelFunction> {
  const all = new Map<string, CelFunction>();
  for (const library of libraries)
    for (const [name, call] of Object.entries(library)) {
      const known = all.get(name);
      all.set(name, known ? overloads(known, call) : call);
    }
  return all;
}
