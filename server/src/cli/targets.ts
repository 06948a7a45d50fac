// Reads the versions of `--target`.
import { targetOf } from '../schema/lines.ts';
import type { Targets } from '../schema/load.ts';
import { versionedProjects } from '../workspace/versioned.ts';

/** A string is what is wrong. */
export function readTargets(given: readonly string[]): Targets | string {
  const found = new Map<string, string>();
  for (const one of given) {
    const [name = '', version = '', ...rest] = one.split('=');
    if (!(versionedProjects as readonly string[]).includes(name) || rest.length > 0)
      return `--target must be NAME=VERSION with ${versionedProjects.join(', ')} as NAME, not "${one}"`;
    if (targetOf(version)?.minor === undefined)
      return `--target ${name} needs a version such as 1.37, not "${version}"`;
    found.set(name, version);
  }
  return Object.fromEntries(found);
}
