// What comes once, after all kustomizations of a build: hashes, references and variables. Where only values of objects changed
// since the folder was completed last, only these objects are completed again, and those that name them.
import type { Accumulated } from './accumulate.ts';
import type { BuildProblem, Reason } from './build-problem.ts';
import { type BuiltMap, builtAt, type Origin, textAt } from './built.ts';
import { canBeHashed, withHash } from './generators/hash.ts';
import type { Loaded } from './load.ts';
import { finished, keyPrintedWrong, repeatedKey, unpairedAnnotations } from './metadata.ts';
import { followNames } from './name-references.ts';
import { type BuiltObject, idOf, printId } from './objects.ts';
import type { Run } from './run.ts';
import { isSameButValue, isSameOrigin } from './unchanged.ts';
import { resolved } from './variables.ts';

export interface Completed {
  readonly objects: readonly BuiltObject[];
  readonly problems: readonly BuildProblem[];
  readonly warnings: readonly BuildProblem[];
  readonly isIncomplete: boolean;
  readonly made: Made;
}

/** What each object became, in the order in which they were accumulated. */
interface Made {
  readonly from: Accumulated;
  readonly hashed: readonly BuiltObject[];
  readonly named: readonly BuiltObject[];
  /** Undefined for an object that isn't applied. */
  readonly applied: readonly (BuiltObject | undefined)[];
}

const known = new WeakMap<Accumulated, Completed>();

/** What the same folder was completed to last, until it is completed again. */
const earlier = new WeakMap<Accumulated, Completed>();

/** Notes that a folder accumulates something else than before. */
export function succeeds(now: Accumulated, before: Accumulated): void {
  const done = known.get(before) ?? earlier.get(before);
  if (done && now !== before) earlier.set(now, done);
}

/** The same for the same; nothing else than what was accumulated decides on it. */
export function completedAgain(run: Run<Accumulated>, top: Loaded, accumulated: Accumulated): Completed {
  const before = known.get(accumulated);
  if (before) return before;
  const done = complete(run, top, accumulated, earlier.get(accumulated));
  earlier.delete(accumulated);
  known.set(accumulated, done);
  return done;
}

export function complete(
  { isNamespaced, tracks }: Pick<Run<Accumulated>, 'isNamespaced' | 'tracks'>,
  { path: kustomization }: Loaded,
  accumulated: Accumulated,
  before?: Completed,
): Completed {
  const { objects, config, variables } = accumulated;
  const problems: BuildProblem[] = [];
  const report = (field: readonly string[]) => (reason: Reason, origin: Origin) =>
    void problems.push({ reason, kustomization, field, origin });
  const old = before?.made.from.objects;
  const hashed = objects.map((object, index) =>
    old?.[index] === object ? before!.made.hashed[index]! : withHash(object),
  );
  const same = before && !tracks ? unchangedIn(before, accumulated, hashed) : undefined;
  const isSame = (index: number) => same?.has(index) ?? false;
  const followed = followNames(hashed, config.nameReference, isNamespaced, report([]), isSame);
  const warnings: BuildProblem[] = [];
  const warn = (reason: Reason, origin: Origin) =>
    void warnings.push({ reason, kustomization, field: ['vars'], origin });
  const named = resolved(
    same ? followed.map((object, index) => (isSame(index) ? before!.made.named[index]! : object)) : followed,
    ...([variables, config.varReference, report(['vars']), warn] as const),
  );
  for (const [index, { value, confused }] of named.entries()) {
    if (isSame(index)) continue;
    const id = idOf(value);
    if (confused === 'comma') report([])({ kind: 'comma-in-id', id: printId(id) }, value.origin);
    else if (confused === 'no-kind') report([])({ kind: 'no-kind' }, value.origin);
    else if (confused) report([])({ kind: 'no-name', of: id.gvk.kind }, value.origin);
  }
  const applied = named.map((object, index) => {
    if (isSame(index)) return before!.made.applied[index];
    if (isLocal(object.value)) return undefined;
    judge(object, report([]));
    // Metadata of the build is added to what isn't printed yet.
    return tracks ? object : printedObject(object, false);
  });
  return {
    objects: applied.filter((object) => object !== undefined),
    problems,
    warnings,
    isIncomplete: objects.some((object) => object.hashed && !canBeHashed(object)),
    made: { from: accumulated, hashed, named, applied },
  };
}

/**
 * The indexes of the objects that become what they became before; undefined if more changed than values of objects, or if
 * anything was reported.
 */
function unchangedIn(
  { made, problems, warnings }: Completed,
  { objects, config, variables }: Accumulated,
  hashed: readonly BuiltObject[],
): ReadonlySet<number> | undefined {
  const { from } = made;
  if (problems.length > 0 || warnings.length > 0 || config !== from.config) return undefined;
  if (variables.size > 0 || from.variables.size > 0 || objects.length !== from.objects.length) return undefined;
  const isSameList = hashed.every((object, index) => isSameButValue(object, made.hashed[index]!));
  if (!isSameList) return undefined;
  // What follows a name has the place of the object that has it.
  const isInPlace = hashed.every((object, index) => hasSamePlace(object, made.hashed[index]!));
  const indexes = hashed.flatMap((object, index) => {
    const is = object === made.hashed[index] && (isInPlace || made.named[index] === object);
    return is ? [index] : [];
  });
  return new Set(indexes);
}

function hasSamePlace(a: BuiltObject, b: BuiltObject): boolean {
  if (a === b) return true;
  const [namespace, other] = [a, b].map(({ value }) => builtAt(value, ['metadata', 'namespace'])?.origin);
  return isSameOrigin(a.value.origin, b.value.origin) && isSameOrigin(namespace, other);
}

function judge(object: BuiltObject, report: (reason: Reason, origin: Origin) => void): void {
  if (object.confused) return;
  const { gvk, name } = idOf(object.value);
  if (gvk.kind === '') report({ kind: 'no-kind' }, object.value.origin);
  else if (name === '' && !gvk.kind.endsWith('List')) report({ kind: 'no-name', of: gvk.kind }, object.value.origin);
  const repeated = repeatedKey(object, true);
  if (repeated) report({ kind: 'duplicate-key', key: repeated.key }, repeated.origin);
  const unpaired = unpairedAnnotations(object.value);
  if (unpaired) report({ kind: 'wrong-type', expected: 'map' }, unpaired.origin);
  const wrong = keyPrintedWrong(object);
  if (wrong) report({ kind: 'key-not-text', key: wrong.key }, wrong.value.origin);
}

/** The same object if it is printed as it is, so that it stays the same from one build to the next. */
export function printedObject(object: BuiltObject, tracks: boolean): BuiltObject {
  const value = finished(object.value, tracks);
  return value === object.value ? object : { ...object, value };
}

function isLocal(value: BuiltMap): boolean {
  const written = builtAt(value, ['metadata', 'annotations', 'config.kubernetes.io/local-config']);
  return written !== undefined && textAt(written, []) !== 'false';
}
