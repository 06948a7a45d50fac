// How the references of one cluster resolve, by field and by kind of their targets: where nearly all do, one that doesn't is
// likely a mistake, although something besides the files may create its target.
import type { Use } from '../kube/references.ts';
import type { Built } from '../kustomize/built.ts';
import type { AppliedObject, Home, Resolution } from './homes.ts';
import { isUnrelated } from './words.ts';

/** A reference that isn't written yet. */
export type Wanted = Pick<Use<Built>, 'reference' | 'targets' | 'name' | 'within'>;

/** The object that would name another. */
export type Referrer = Pick<AppliedObject, 'groupKind' | 'namespace'> | AppliedObject;

export interface Sought extends Extract<Resolution, { readonly is: 'missing' }> {
  readonly by: Referrer;
  readonly use: Wanted;
}

export interface Missing extends Sought {
  readonly by: AppliedObject;
  readonly use: Use<Built>;
}

export interface Survey {
  readonly unresolved: readonly Missing[];
  readonly tallies: ReadonlyMap<string, Tally>;
}

/** Of the references at a field, or to a kind. */
interface Tally {
  resolved: number;
  /** The full names that don't resolve. */
  readonly names: Set<string>;
  /** Those of `names` that are like nothing else in the cluster, which no chart or controller of it is likely to create. */
  readonly unrelated: Set<string>;
}

export function surveyOf(home: Home): Survey {
  const unresolved: Missing[] = [];
  const tallies = new Map<string, Tally>();
  for (const by of home.objects) {
    for (const use of home.usesOf(by)) {
      if (use.waived) continue;
      const resolution = home.resolve(by, use);
      const isCounted = resolution.is === 'object' || (resolution.is === 'made' && home.isAlsoMade(by, use));
      if (resolution.is === 'missing') unresolved.push({ ...resolution, by, use });
      if (resolution.is !== 'missing' && !isCounted) continue;
      for (const key of keysOf(by, use)) {
        let tally = tallies.get(key);
        if (!tally) tallies.set(key, (tally = { resolved: 0, names: new Set(), unrelated: new Set() }));
        if (resolution.is !== 'missing') tally.resolved += 1;
        else {
          const name = `${resolution.namespace}/${use.name}`;
          tally.names.add(name);
          if (isUnrelated(home, use.name)) tally.unrelated.add(name);
        }
      }
    }
  }
  return { unresolved, tallies };
}

/** Of a field whose references nearly all resolve, one that doesn't is a mistake. */
export function isUnusual(survey: Survey, one: Sought): boolean {
  const tally = survey.tallies.get(fieldOf(one.by, one.use));
  return tally !== undefined && tally.resolved >= 6 && isRare(one, tally.names, tally.resolved);
}

/**
 * Whether other references at the field, or to the kind, resolve, and nothing in the cluster is called like this one, as what
 * a chart or a controller creates would be.
 */
export function isUnlikeOthers(survey: Survey, one: Sought, home: Home): boolean {
  if (!isUnrelated(home, one.use.name)) return false;
  const tallies = keysOf(one.by, one.use).map((key) => survey.tallies.get(key));
  return tallies.some((tally) => tally && tally.resolved >= 2 && isRare(one, tally.unrelated, tally.resolved));
}

function isRare({ namespace, use: { name } }: Sought, missing: ReadonlySet<string>, resolved: number): boolean {
  const count = missing.size + (missing.has(`${namespace}/${name}`) ? 0 : 1);
  return count <= Math.max(1, resolved / 20);
}

/** Secrets of one field come from files, those of another are created by hand: it depends on what they are for. */
function keysOf(by: Referrer, use: Wanted): readonly string[] {
  const field = fieldOf(by, use);
  return use.targets.includes('/Secret') ? [field] : [field, use.targets.join()];
}

/** References that set their kind are counted by it. */
function fieldOf({ groupKind }: Referrer, { reference, targets }: Wanted): string {
  return `${groupKind} ${reference.path} ${reference.to.length > 0 ? '' : targets.join()}`;
}
