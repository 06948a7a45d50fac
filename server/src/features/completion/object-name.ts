// The name of a new object as its file's name gives it: `podinfo.yaml`, `podinfo-helmrelease.yaml` and
// `podinfo/helmrelease.yaml` all hold an object named podinfo.
import type { Gvk } from '../../kube/identity.ts';
import { dnsLabelProblem } from '../../kube/names.ts';
import { kindOfShortName } from '../../kube/short-names.ts';
import { fileNameOf, folderOf } from '../../kustomize/paths.ts';
import { resolvePlain } from '../../syntax/scalar.ts';

/** Files and folders of these names hold objects of any name. */
const general: ReadonlySet<string> = new Set([
  ...[
    'all',
    'app',
    'base',
    'bases',
    'cluster',
    'clusters',
    'common',
    'components',
    'config',
    'deploy',
    'dev',
    'example',
  ],
  ...[
    'index',
    'k8s',
    'kubernetes',
    'main',
    'manifest',
    'new',
    'objects',
    'overlays',
    'prod',
    'production',
    'resources',
  ],
  ...['staging', 'sync', 'templates', 'untitled', 'values'],
]);

/** Undefined if neither the file nor its folder is named after an object. `kinds` are all kinds, in lower case. */
export function nameFromPath(path: string, gvk: Gvk, kinds: ReadonlySet<string>): string | undefined {
  const file = fileNameOf(path).replace(/\.[^.]*$/, '');
  const folder = fileNameOf(folderOf(path));
  return [file, folder].map((name) => withoutKind(name, gvk, kinds)).find(isName);
}

/** Nor a number, which would need quotes in each place. */
function isName(word: string): boolean {
  return !general.has(word) && dnsLabelProblem(word) === undefined && typeof resolvePlain(word) === 'string';
}

/** Empty if the words say nothing but a kind. */
function withoutKind(base: string, { kind }: Gvk, kinds: ReadonlySet<string>): string {
  const own = kind.toLowerCase();
  const words = base.split(/[-_.]/);
  const isKind = (part: readonly string[]) => {
    const word = part.join('').toLowerCase();
    return word === own || word === `${own}s` || kinds.has(word) || kindOfShortName(word) !== undefined;
  };
  if (isKind(words) || words.every((word) => own.includes(word.toLowerCase()))) return '';
  for (let length = words.length - 1; length > 0; length -= 1) {
    if (isKind(words.slice(-length))) return words.slice(0, -length).join('-');
    if (isKind(words.slice(0, length))) return words.slice(length).join('-');
  }
  return base;
}
