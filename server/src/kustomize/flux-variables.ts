// The variables of a Flux Kustomization: those of `substituteFrom`, in its order, then those of `substitute`
// (fluxcd/pkg/kustomize, kustomize_varsub.go, LoadVariables).
import { unknown } from '../syntax/tree.ts';
import { type Built, type BuiltMap, builtAt, isNull, type Origin, textAt } from './built.ts';
import { entriesAt, type FluxKustomization } from './flux-kustomization.ts';
import type { FluxProblem } from './flux-problem.ts';
import { hole } from './substitute.ts';
import type { Variable, Variables } from './substitute-object.ts';

/** The ConfigMap or Secret that a cluster gets; undefined if no file defines it. */
export type FindConfig = (kind: 'ConfigMap' | 'Secret', namespace: string, name: string) => BuiltMap | undefined;

export interface PostBuild {
  /** Undefined if nothing is substituted: `${NAME}` and `$$` are applied as they are. */
  readonly variables: Variables | undefined;
  /** The variables of `substitute`, which can be unused; those with an invalid name can't be used. */
  readonly inline: readonly (readonly [name: string, origin: Origin])[];
  readonly fluxProblems: readonly FluxProblem[];
}

export function postBuildOf({ spec, namespace }: FluxKustomization, find: FindConfig, strict: boolean): PostBuild {
  const postBuild = spec.entries.get('postBuild');
  const fluxProblems: FluxProblem[] = [];
  if (postBuild?.kind !== 'map') return { variables: undefined, inline: [], fluxProblems };
  const byName = new Map<string, Variable>();
  let isOpen = false;
  const from = postBuild.entries.get('substituteFrom');
  for (const reference of from?.kind === 'list' ? from.items : []) {
    const [kind, name] = [textAt(reference, ['kind']), textAt(reference, ['name'])];
    if ((kind !== 'ConfigMap' && kind !== 'Secret') || name === undefined) continue;
    const source = find(kind, namespace, name);
    if (source) for (const [key, variable] of variablesIn(source, kind)) byName.set(key, variable);
    else {
      // It may be made by a controller or by hand, so that what it sets is unknown.
      isOpen = true;
      if (textAt(reference, ['optional']) !== 'true')
        fluxProblems.push({ reason: { kind: 'missing-variables', of: kind, name }, origin: reference.origin });
    }
  }
  const inline = [...entriesAt(postBuild, ['substitute'])];
  for (const [name, value] of inline) byName.set(name, variableOf(value));
  for (const [name, { origin }] of byName)
    if (!isName(name)) fluxProblems.push({ reason: { kind: 'invalid-variable-name', name }, origin });
  const always = textAt(postBuild, ['substituteStrategy']) === 'Always';
  const usable = new Map([...byName].filter(([name]) => isName(name)));
  return {
    variables: byName.size > 0 || isOpen || always ? { byName: usable, isOpen, strict } : undefined,
    inline: inline.flatMap(([name, { origin }]) => (isName(name) ? [[name, origin] as const] : [])),
    fluxProblems,
  };
}

function isName(name: string): boolean {
  return /^[_A-Za-z][_A-Za-z\d]*$/.test(name);
}

function variablesIn(source: BuiltMap, kind: 'ConfigMap' | 'Secret'): ReadonlyMap<string, Variable> {
  const found = new Map<string, Variable>();
  for (const [key, value] of entriesAt(source, ['data']))
    found.set(key, kind === 'Secret' ? decoded(value) : variableOf(value));
  if (kind === 'Secret')
    for (const [key, value] of entriesAt(source, ['stringData'])) found.set(key, variableOf(value));
  return found;
}

/** Flux removes line breaks from values. */
function variableOf(value: Built): Variable {
  const { origin } = value;
  if (value.kind !== 'scalar' || value.value === unknown) return { value: hole, origin };
  return { value: isNull(value) ? '' : value.text.replaceAll('\n', ''), origin };
}

function decoded(value: Built): Variable {
  const read = variableOf(value);
  if (read.value === hole) return read;
  const compact = read.value.replace(/\s/g, '');
  if (!/^(?:[A-Za-z\d+/]{4})*(?:[A-Za-z\d+/]{2}==|[A-Za-z\d+/]{3}=)?$/.test(compact)) return { ...read, value: hole };
  const bytes = Uint8Array.from(atob(compact), (character) => character.charCodeAt(0));
  return { ...read, value: new TextDecoder().decode(bytes).replaceAll('\n', '') };
}

/** Whether the object is encrypted by SOPS. */
export function isEncrypted(object: BuiltMap): boolean {
  return builtAt(object, ['sops', 'mac']) !== undefined;
}
