// Reads a Flux Kustomization or a source from its built object: the form that its own applier gives it.
import { unknown } from '../syntax/tree.ts';
import { type Built, type BuiltMap, builtAt, isNull, type Origin, textAt } from './built.ts';
import { gvkIn } from './objects.ts';

export interface FluxKustomization {
  readonly object: BuiltMap;
  readonly spec: BuiltMap;
  readonly name: string;
  readonly namespace: string;
  /** The folder relative to the root of its source; undefined if it is unknown. */
  readonly folder: string | undefined;
  /** The place of the path or, without one, of the spec. */
  readonly pathOrigin: Origin;
  readonly source: SourceReference;
  /** The Secret or ConfigMap with the kubeconfig of another cluster. */
  readonly remote?: string;
}

/** Empty where it is missing. */
export interface SourceReference {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/** Undefined for another kind, or without a spec. */
export function fluxKustomizationOf(object: BuiltMap): FluxKustomization | undefined {
  const { group, kind } = gvkIn(object);
  const spec = object.entries.get('spec');
  if (group !== 'kustomize.toolkit.fluxcd.io' || kind !== 'Kustomization' || spec?.kind !== 'map') return undefined;
  const path = spec.entries.get('path');
  const namespace = textAt(object, ['metadata', 'namespace']) ?? '';
  const reference = (field: string) => textAt(spec, ['sourceRef', field]) ?? '';
  const remote = remoteOf(spec.entries.get('kubeConfig'));
  return {
    ...{ object, spec, namespace },
    name: textAt(object, ['metadata', 'name']) ?? '',
    folder: folderOf(path),
    pathOrigin: (path ?? spec).origin,
    source: { kind: reference('kind'), name: reference('name'), namespace: reference('namespace') || namespace },
    ...(remote !== undefined && { remote }),
  };
}

/** The root where there is no path; unknown where it is still to be written, which the API server refuses. */
function folderOf(path: Built | undefined): string | undefined {
  if (!path) return '';
  return path.kind !== 'scalar' || path.value === unknown || isNull(path) ? undefined : folderOfPath(path.text);
}

/** As Flux joins a path to the root of an artifact: `..` never leaves it. */
export function folderOfPath(path: string): string {
  const steps: string[] = [];
  for (const step of path.split('/')) {
    if (step === '..') steps.pop();
    else if (step !== '' && step !== '.') steps.push(step);
  }
  return steps.join('/');
}

function remoteOf(kubeConfig: Built | undefined): string | undefined {
  if (kubeConfig?.kind !== 'map') return undefined;
  return textAt(kubeConfig, ['secretRef', 'name']) ?? textAt(kubeConfig, ['configMapRef', 'name']) ?? '';
}

/** The text of a scalar that is known. */
export function knownText(value: Built | undefined): string | undefined {
  return value?.kind === 'scalar' && value.value !== unknown && value.value !== null ? value.text : undefined;
}

/** The entries of a map at a path; none if there is no map. */
export function entriesAt(value: Built | undefined, path: readonly string[]): ReadonlyMap<string, Built> {
  const found = builtAt(value, path);
  return found?.kind === 'map' ? found.entries : new Map();
}
