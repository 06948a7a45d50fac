// What ImageUpdateAutomations of Flux update (internal/policy/applier.go of image-automation-controller).
import type { GroupKind } from '../kube/identity.ts';
import { type BuiltMap, builtAt, isNull, textAt } from '../kustomize/built.ts';
import { knownText } from '../kustomize/flux-kustomization.ts';
import type { Home } from './homes.ts';

export const automations: GroupKind = 'image.toolkit.fluxcd.io/ImageUpdateAutomation';

/** The folder that an automation updates; undefined if it is unknown, or its source isn't this repository. */
export function updatedBy(home: Home, value: BuiltMap, namespace: string): string | undefined {
  const path = builtAt(value, ['spec', 'update', 'path']);
  const text = path === undefined || isNull(path) ? '' : knownText(path);
  const source = builtAt(value, ['spec', 'sourceRef']);
  const name = knownText(builtAt(source, ['name']));
  const within = builtAt(source, ['namespace']) ? knownText(builtAt(source, ['namespace'])) : namespace;
  if (text === undefined || name === undefined || /\.\.|\$\{/.test(text)) return undefined;
  const isOwn = home.appliers.some(
    ({ flux, folder }) =>
      flux?.source.kind === 'GitRepository' &&
      flux.source.name === name &&
      flux.source.namespace === within &&
      folder !== undefined &&
      folder === normal(textAt(flux.spec, ['path']) ?? ''),
  );
  return isOwn ? normal(text) : undefined;
}

function normal(path: string): string {
  const steps = path.split('/').filter((step) => step !== '' && step !== '.');
  return steps.join('/');
}
