// For tests: builds of a Flux Kustomization in one text of files, each after a line `# file: path`.
import { parseManifest } from '../syntax/manifest.ts';
import { splitDocuments } from '../syntax/split.ts';
import { atOnce } from '../syntax/steps.ts';
import type { BuildOptions } from './build.ts';
import { type BuiltMap, builtFrom, locateIn, type Origin } from './built.ts';
import { buildFilesOf, textsOf } from './fixture.ts';
import { buildBase, type FluxResult, finishBuild } from './flux-build.ts';
import type { FluxFiles } from './flux-generator.ts';
import { fluxKustomizationOf } from './flux-kustomization.ts';
import { idOf } from './objects.ts';
import { inWalkOrder } from './paths.ts';

export function fluxFilesOf(source: string): FluxFiles {
  const paths = [...textsOf(source).keys()].sort(inWalkOrder);
  return {
    ...buildFilesOf(source),
    below: (folder) => paths.filter((path) => folder === '' || path.startsWith(`${folder}/`)),
  };
}

/** The objects of a file, as written. */
export function objectsIn(source: string, file: string): readonly BuiltMap[] {
  return splitDocuments(textsOf(source).get(file) ?? '').flatMap(({ start, text }) => {
    const { root } = parseManifest(text);
    const object = root && builtFrom(root, locateIn({ file, start }), 'object', text);
    return object?.kind === 'map' ? [object] : [];
  });
}

/** Builds the first Flux Kustomization in `file`; ConfigMaps and Secrets of that file are in the cluster. */
export function fluxBuildOf(source: string, file: string, options: BuildOptions, strict = true): FluxResult {
  const objects = objectsIn(source, file);
  const [kustomization] = objects.flatMap((object) => fluxKustomizationOf(object) ?? []);
  const base = atOnce(buildBase(kustomization!, fluxFilesOf(source), options));
  const steps = finishBuild(kustomization!, base, {
    strict,
    find: (kind, namespace, name) =>
      objects.find((object) => {
        const id = idOf(object);
        return id.gvk.kind === kind && id.namespace === namespace && id.name === name;
      }),
  });
  return atOnce(steps);
}

/** `file:line: text` of an origin, the line 1-based. */
export function placeOf(source: string, { source: { file, start }, ...range }: Origin): string {
  const text = textsOf(source).get(file) ?? '';
  const line = text.slice(0, start + range.start).split('\n').length;
  return `${file}:${line}: ${text.slice(start + range.start, start + range.end)}`;
}
