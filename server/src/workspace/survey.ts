// How the references of one cluster resolve, by field and by kind of their targets: where nearly all do, one that doesn't is
// likely a mistake, although something besides the files may create its target.
import type { Use } from '../kube/references.ts';
import type { Built } from '../kustomize/built.ts';
import type { Directory, Resolved } from './directory.ts';
import type { Home } from './homes.ts';
import type { AppliedObject, Part } from './parts.ts';
import { isUnrelated } from './words.ts';

/** A reference that isn't written yet. */
export type Wanted = Pick<Use<Built>, 'reference' | 'targets' | 'name' | 'within'>;

/** The object that would name another. */
export type Referrer = Pick<AppliedObject, 'groupKind' | 'namespace'> | AppliedObject;

export interface Sought extends Extract<Resolved, { readonly is: 'missing' }> {
  readonly by: Referrer;
  readonly use: Wanted;
}

export interface Missing extends Sought {
  readonly by: AppliedObject;
  readonly use: Use<Built>;
}

export interface Survey {
  readonly unresolved: readonly Missing[];
  tallyOf(key: string): Tally;
}

/** Of the references at a field, or to a kind. */
interface Tally {
  readonly resolved: number;
  /** The full names that don't resolve. */
  readonly names: ReadonlySet<string>;
  /** Those of `names` that are like nothing else in the cluster, which no chart or controller of it is likely to create. */
  readonly unrelated: ReadonlySet<string>;
}

/** Of the objects of one applier. */
export interface PartSurvey {
  readonly unresolved: readonly Missing[];
  readonly tallies: ReadonlyMap<string, PartTally>;
}

interface PartTally {
  resolved: number;
  /** By full name; of most fields, all resolve. */
  unresolved?: Map<string, Missing>;
}

export function surveyOf(home: Home): Survey {
  const parts = home.parts.map((part) => home.directory.derived(part, surveyOfPart));
  const known = new Map<string, Tally>();
  return {
    unresolved: parts.flatMap(({ unresolved }) => unresolved),
    tallyOf: (key) => {
      const tally = known.get(key) ?? tallyIn(home, parts, key);
      known.set(key, tally);
      return tally;
    },
  };
}

function tallyIn(home: Home, parts: readonly PartSurvey[], key: string): Tally {
  const tallies = parts.flatMap(({ tallies }) => tallies.get(key) ?? []);
  const unresolved = new Map(tallies.flatMap((tally) => [...(tally.unresolved ?? [])]));
  const unrelated = [...unresolved].flatMap(([name, { use }]) => (isUnrelated(home, use.name) ? [name] : []));
  return {
    resolved: tallies.reduce((sum, { resolved }) => sum + resolved, 0),
    names: new Set(unresolved.keys()),
    unrelated: new Set(unrelated),
  };
}

export function surveyOfPart(part: Part, directory: Directory): PartSurvey {
  const unresolved: Missing[] = [];
  const tallies = new Map<string, PartTally>();
  for (const { by, use, resolved } of directory.referencesOf(part)) {
    if (use.waived) continue;
    const isCounted = resolved.is === 'object' || (resolved.is === 'made' && directory.isAlsoMade(by.namespace, use));
    const missing = resolved.is === 'missing' ? { ...resolved, by, use } : undefined;
    if (missing) unresolved.push(missing);
    else if (!isCounted) continue;
    for (const key of keysOf(by, use)) {
      let tally = tallies.get(key);
      if (!tally) tallies.set(key, (tally = { resolved: 0 }));
      if (missing) (tally.unresolved ??= new Map()).set(`${missing.namespace}/${use.name}`, missing);
      else tally.resolved += 1;
    }
  }
  return { unresolved, tallies };
}

/** Whether the references of both resolve alike. */
export function isSameSurvey(a: PartSurvey, b: PartSurvey): boolean {
  if (a.tallies.size !== b.tallies.size) return false;
  return [...a.tallies].every(([key, one]) => {
    const other = b.tallies.get(key);
    const names = other?.unresolved;
    return (
      one.resolved === other?.resolved &&
      one.unresolved?.size === names?.size &&
      [...(one.unresolved?.keys() ?? [])].every((name) => names?.has(name))
    );
  });
}

/** Of a field whose references nearly all resolve, one that doesn't is a mistake. */
export function isUnusual(survey: Survey, one: Sought): boolean {
  const tally = survey.tallyOf(fieldOf(one.by, one.use));
  return tally.resolved >= 6 && isRare(one, tally.names, tally.resolved);
}

/**
 * Whether other references at the field, or to the kind, resolve, and nothing in the cluster is called like this one, as what
 * a chart or a controller creates would be.
 */
export function isUnlikeOthers(survey: Survey, one: Sought, home: Home): boolean {
  if (!isUnrelated(home, one.use.name)) return false;
  const tallies = keysOf(one.by, one.use).map((key) => survey.tallyOf(key));
  return tallies.some((tally) => tally.resolved >= 2 && isRare(one, tally.unrelated, tally.resolved));
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
