// The problems that make Flux refuse to apply a Kustomization, or that make it apply something unintended, as data with
// their location; callers word the messages.

import type { Origin } from './built.ts';
import type { BadExpression } from './substitute.ts';

export interface FluxProblem {
  readonly reason: FluxReason;
  /** The range to underline: in the Kustomization, in a file that it applies, or in the source of a variable. */
  readonly origin: Origin;
}

export type FluxReason =
  /** Problems of the Kustomization's own fields. */
  | { readonly kind: 'path-not-found'; readonly path: string }
  | { readonly kind: 'path-not-a-folder'; readonly path: string }
  | { readonly kind: 'component-not-local'; readonly path: string }
  | { readonly kind: 'wrong-type'; readonly field: string; readonly expected: 'list' | 'string' | 'map' }
  /** Without a kustomization in its folder, every YAML file below it must contain objects only. */
  /** `invalid`: it isn't YAML, which is reported at the line that slipped. */
  | { readonly kind: 'not-a-manifest'; readonly path: string; readonly invalid: boolean }
  /** Flux 2.9 and newer refuse an expression without a value and without a default. */
  | { readonly kind: 'unset-variable'; readonly name: string }
  | { readonly kind: 'bad-expression'; readonly bad: BadExpression['bad']; readonly text: string }
  /** A key of the variables' sources that isn't a name; Flux refuses to build anything then. */
  | { readonly kind: 'invalid-variable-name'; readonly name: string }
  /** `substituteFrom` names an object that no file defines; `optional` is false. */
  | { readonly kind: 'missing-variables'; readonly of: string; readonly name: string }
  /** The substituted text isn't YAML. */
  | { readonly kind: 'not-yaml'; readonly text: string }
  /** A value in `substitute` that no object uses: a hint, since Flux accepts it. */
  | { readonly kind: 'unused-variable'; readonly name: string };

/** Whether Flux refuses to apply anything; it accepts the rest. */
export function isRefusal({ kind }: FluxReason): boolean {
  return kind !== 'unused-variable' && kind !== 'missing-variables';
}
