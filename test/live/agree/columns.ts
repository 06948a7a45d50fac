// Every kind that a server has objects of, as `kubectl get` and `capstan get` print it.
import { setTimeout as sleep } from 'node:timers/promises';
import { program } from '../../testbed/cache.ts';
import type { ControlPlane, Ran } from '../../testbed/controlplane.ts';
import { capstan, start } from '../capstan.ts';

export interface Compared {
  readonly kinds: number;
  readonly lines: number;
  /** What differs, by the arguments; both outputs. */
  readonly different: readonly (readonly [args: string, ours: readonly string[], theirs: readonly string[]])[];
}

export async function compareColumns(controlPlane: ControlPlane): Promise<Compared> {
  const flags = ['--kubeconfig', controlPlane.kubeconfig];
  const kubectl = (args: readonly string[]): Promise<Ran> =>
    start(program('kubernetes', 'kubectl'), [...args, ...flags]).ended;
  const { stdout } = await kubectl(['api-resources', '--verbs=list', '-o', 'name']);
  const different: Compared['different'][number][] = [];
  let [kinds, lines] = [0, 0];
  for (const kind of stdout.trim().split('\n')) {
    // Events come and go.
    if (/^events(\.|$)/.test(kind)) continue;
    for (const form of [[], ['-o', 'wide']]) {
      const args = ['get', kind, '-A', ...form];
      let [ours, theirs]: [readonly string[], readonly string[]] = [[], []];
      for (let tries = 0; tries < 6; tries++) {
        const both = await Promise.all([capstan([...args, ...flags]), kubectl(args)]);
        [ours, theirs] = [masked(both[0].stdout), masked(both[1].stdout)];
        if (JSON.stringify(ours) === JSON.stringify(theirs)) break;
        await sleep(500);
      }
      if (JSON.stringify(ours) !== JSON.stringify(theirs)) different.push([args.join(' '), ours, theirs]);
      if (theirs.length > 1 && form.length === 0) kinds += 1;
      lines += theirs.length;
    }
  }
  return { kinds, lines, different };
}

/** Ages differ by what passed between the two programs, and with them the widths of columns. */
export function masked(output: string): readonly string[] {
  return output.split('\n').map((line) =>
    line
      .trimEnd()
      .replaceAll(/\b(?:\d+[ydhms])+\b/g, 'AGE')
      .replaceAll(/ +/g, ' '),
  );
}
