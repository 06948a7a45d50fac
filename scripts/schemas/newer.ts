// Looks for newer releases of everything that is bundled, by the versions that the Go module proxy lists.

import { goModule, goVersions } from '../../server/src/releases/gomodule.ts';
import { namedRelease } from '../../server/src/releases/import.ts';
import { kustomizeRelease } from '../../server/src/releases/kustomize.ts';
import { fluxOperator, fluxVersions, moduleAt, projects } from '../../server/src/releases/releases.ts';
import { compareReleases } from '../../server/src/schema/lines.ts';
import { type ReleaseFiles, releaseId } from '../../server/src/schema/stored.ts';
import { changesBetween } from './changes.ts';

export interface Newer {
  readonly name: string;
  /** The bundled version, and the one to replace it or, of another minor, to be bundled beside it. */
  readonly from: string;
  readonly to: string;
}

export interface Search {
  readonly newer: readonly Newer[];
  /** Maps a project to the reason why its versions aren't known. */
  readonly unknown: ReadonlyMap<string, string>;
}

/** Of projects whose minors are bundled beside each other, newer patches of each and newer minors. */
export async function newerReleases(present: readonly ReleaseFiles[], list = listed): Promise<Search> {
  const newer: Newer[] = [];
  const unknown = new Map<string, string>();
  const names = [...new Set(present.map(({ release }) => release.name))].sort();
  const found = await listAll(names, list, atOnce);
  // A proxy or a slow line that many requests were too much for may answer them one by one.
  const failed = names.filter((name) => typeof found.get(name) === 'string');
  const all = new Map([...found, ...(await listAll(failed, list, 1))]);
  for (const [name, versions] of all) {
    const bundled = present.filter(({ release }) => release.name === name).map(({ release }) => release.version);
    if (typeof versions === 'string') unknown.set(name, versions);
    else newer.push(...newerThan(bundled, versions).map(([from, to]) => ({ name, from, to })));
  }
  return { newer, unknown };
}

const atOnce = 4;

type Listing = (name: string) => Promise<readonly string[] | string>;

async function listAll(names: readonly string[], list: Listing, most: number) {
  const found = new Map<string, readonly string[] | string>();
  const left = [...names];
  const work = async () => {
    for (let name = left.shift(); name !== undefined; name = left.shift()) found.set(name, await list(name));
  };
  await Promise.all(Array.from({ length: most }, work));
  return found;
}

/** Pairs of a bundled version and the newest one that succeeds it: of its minor, or of a minor that isn't bundled. */
export function newerThan(
  bundled: readonly string[],
  listed: readonly string[],
): readonly (readonly [string, string])[] {
  const sorted = bundled.toSorted(compareReleases);
  const released = listed.filter((one) => !one.includes('-')).toSorted(compareReleases);
  const minors = new Map(released.map((one) => [minorOf(one), one]));
  return [...minors].flatMap(([minor, to]) => {
    const same = sorted.findLast((one) => minorOf(one) === minor);
    if (same !== undefined) return compareReleases(to, same) > 0 && same !== minor ? [[same, to] as const] : [];
    const last = sorted.at(-1);
    return last !== undefined && compareReleases(to, last) > 0 ? [[last, to] as const] : [];
  });
}

function minorOf(version: string): string {
  return version.split('.').slice(0, 2).join('.');
}

/** What a newer release changes; a string is why it can't be read. */
export async function changesOf(
  { name, from, to }: Newer,
  present: readonly ReleaseFiles[],
): Promise<readonly string[] | string> {
  const before = present.find(({ release }) => releaseId(release) === `${name}@${from}`);
  const after = name === 'kustomize' ? await kustomizeRelease(to) : await namedRelease(`${name}@${to}`);
  if ('error' in after) return after.error;
  return before ? changesBetween(before, after) : [];
}

/** Without `v`; a string is why they aren't known. */
async function listed(name: string): Promise<readonly string[] | string> {
  if (name === 'flux') {
    const operator = await goModule(`${fluxOperator}@latest`);
    return 'error' in operator ? operator.error : fluxVersions(operator);
  }
  const project = Object.hasOwn(projects, name) ? projects[name] : undefined;
  const path =
    name === 'kubernetes'
      ? 'k8s.io/kubernetes'
      : name === 'kustomize'
        ? 'sigs.k8s.io/kustomize/api'
        : project && moduleAt(project.path, `${project.major ?? 1}`).replace(/@.*/, '');
  if (path === undefined) return 'its CRDs come from several modules or from files';
  const found = await goVersions(path);
  return 'error' in found ? found.error : found.map((version) => version.replace(/^v/, ''));
}
