// Two texts to be read beside each other: the objects that a change concerns, as clusters get them before and after it, or as two
// clusters get them. What Secrets hold is hidden.
import { kindName } from '../kube/identity.ts';
import { type BuiltMap, textAt } from '../kustomize/built.ts';
import { idOf } from '../kustomize/objects.ts';
import { printBuilt } from '../kustomize/print.ts';
import type { Comparison, ObjectChange } from './comparison.ts';
import { masked, type SecretPlaces } from './shown.ts';

export interface Documents {
  /** YAML. */
  readonly old: string;
  readonly now: string;
}

/** Equal changes of several clusters are there once. Both texts are empty if nothing changes. */
export function documentsOf({ targets }: Comparison): Documents {
  const pairs = new Map<string, { readonly pair: Pair; readonly where: string[] }>();
  for (const { name, objects, secrets } of targets) {
    for (const change of objects) {
      const [was, now] = [change.was?.value, change.now?.value];
      const old = was && printBuilt(masked(was, secrets));
      const current = now && printBuilt(masked(now, secrets, was));
      const pair: Pair = { title: titleOf(change), old, now: current };
      const key = JSON.stringify([pair.title, old, current]);
      const known = pairs.get(key);
      if (known) known.where.push(name);
      else pairs.set(key, { pair, where: [name] });
    }
  }
  const named = [...pairs.values()].map(({ pair, where }) => {
    const clusters = where.filter((one) => one !== '').join(', ');
    return clusters === '' ? pair : { ...pair, title: `${pair.title} in ${clusters}` };
  });
  return printed(named.sort((a, b) => (a.title < b.title ? -1 : 1)));
}

/** The same objects as two clusters get them; `secrets` are the places of what Secrets of both hold. */
export function documentsOfClusters(
  old: readonly BuiltMap[],
  now: readonly BuiltMap[],
  secrets: SecretPlaces,
): Documents {
  const before = new Map(old.map((value) => [titleOfObject(value), value]));
  const after = new Map(now.map((value) => [titleOfObject(value), value]));
  const titles = [...new Set([...before.keys(), ...after.keys()])].sort();
  return printed(
    titles.map((title): Pair => {
      const [one, other] = [before.get(title), after.get(title)];
      return {
        title,
        old: one && printBuilt(masked(one, secrets)),
        now: other && printBuilt(masked(other, secrets, one)),
      };
    }),
  );
}

interface Pair {
  readonly title: string;
  readonly old: string | undefined;
  readonly now: string | undefined;
}

function printed(pairs: readonly Pair[]): Documents {
  const side = (of: 'old' | 'now') =>
    pairs.flatMap((pair) => (pair[of] === undefined ? [] : [`# ${pair.title}\n${pair[of]}`])).join('---\n');
  return { old: side('old'), now: side('now') };
}

function titleOf({ groupKind, namespace, name }: ObjectChange): string {
  return titled(kindName(groupKind), namespace, name);
}

function titleOfObject(value: BuiltMap): string {
  const { gvk, name } = idOf(value);
  return titled(gvk.kind, textAt(value, ['metadata', 'namespace']) ?? '', name);
}

/** On one line, whatever the names are. */
function titled(kind: string, namespace: string, name: string): string {
  return `${kind} ${namespace === '' ? '' : `${namespace}/`}${name}`.replace(/\s+/g, ' ');
}
