// What a build gives, ours or the real program's, in a form that can be compared: objects by their title, whatever their
// order, or the text of a refusal.
import { catalogOnDisk } from '../../../server/src/disk/catalog.ts';
import { type Built, builtFrom, locateIn } from '../../../server/src/kustomize/built.ts';
import type { BuiltObject } from '../../../server/src/kustomize/objects.ts';
import { printObjects } from '../../../server/src/kustomize/print.ts';
import { parseManifest } from '../../../server/src/syntax/manifest.ts';
import { splitDocuments } from '../../../server/src/syntax/split.ts';
import type { Value } from '../../../server/src/syntax/tree.ts';
import { isObject } from '../../../server/src/syntax/value.ts';
import { program } from '../../testbed/cache.ts';
import { type Ran, runProgram } from '../../testbed/controlplane.ts';

export type Outcome = { readonly objects: ReadonlyMap<string, Value> } | { readonly refusal: string };

const { bundled } = catalogOnDisk({});

export const kinds = bundled.kinds().filter(({ builtin }) => builtin);

export function built(objects: readonly BuiltObject[]): Outcome {
  return { objects: byTitle(objects.map(({ value }) => literalValue(value))) };
}

/** The JSON value, in which a hole is its text: kustomize knows nothing of `${NAME}`. */
function literalValue(built: Built): Value {
  if (built.kind === 'scalar') return typeof built.value === 'symbol' ? built.text : built.value;
  if (built.kind === 'list') return built.items.map(literalValue);
  return Object.fromEntries([...built.entries].map(([key, value]) => [key, literalValue(value)]));
}

/** The objects parsed from our printed YAML, to check the printer as well. */
export function printed(objects: readonly BuiltObject[]): Outcome {
  return { objects: byTitle(valuesIn(printObjects(objects))) };
}

/**
 * Builds a folder with kustomize itself. Nothing remote is fetched: git may use no protocol, and the only proxy is a closed
 * port.
 */
export async function kustomize(folder: string): Promise<Outcome> {
  return outcomeOf(await runKustomize(folder));
}

export function runKustomize(folder: string): Promise<Ran> {
  const proxy = 'http://127.0.0.1:9';
  const env = { GIT_ALLOW_PROTOCOL: 'none', HTTP_PROXY: proxy, HTTPS_PROXY: proxy };
  return runProgram(program('kustomize', 'kustomize'), ['build', folder], undefined, env);
}

export function outcomeOf({ code, stdout, stderr }: Ran): Outcome {
  return code === 0 ? { objects: byTitle(valuesIn(stdout)) } : { refusal: stderr };
}

export function valuesIn(text: string): readonly Value[] {
  return splitDocuments(text).flatMap((document): Value[] => {
    const { root: node } = parseManifest(document.text);
    return node ? [literalValue(builtFrom(node, locateIn({ file: '', start: 0 }), 'object'))] : [];
  });
}

/** In the order of titles; an object whose title is taken gets a number. */
function byTitle(values: readonly Value[]): ReadonlyMap<string, Value> {
  const titled = new Map<string, Value>();
  for (const object of values.filter(isObject)) {
    const { name, namespace } = isObject(object.metadata) ? object.metadata : {};
    const title = [object.apiVersion, object.kind, namespace, name].map(String).join(' ');
    let free = title;
    for (let count = 2; titled.has(free); count += 1) free = `${title} #${count}`;
    titled.set(free, object);
  }
  return new Map([...titled].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
