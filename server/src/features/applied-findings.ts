// The verdict on what clusters get: each object is judged in every form that it is applied in, and a finding stands where the
// value at fault is written. Forms that are equal are judged once, and a form is judged again only if it changed.
import { groupedBy } from '../kube/grouped.ts';
import { type BuiltMap, builtValue } from '../kustomize/built.ts';
import { filesIn } from '../kustomize/built-files.ts';
import { idOf } from '../kustomize/objects.ts';
import { isCopied } from '../kustomize/resource-set.ts';
import { valueKeyOf } from '../kustomize/signature.ts';
import type { SchemaStore } from '../schema/schema.ts';
import type { Finding } from '../syntax/finding.ts';
import { internalFinding } from '../syntax/guard.ts';
import { parseManifest } from '../syntax/manifest.ts';
import { atOnce, type Steps } from '../syntax/steps.ts';
import { unknown } from '../syntax/tree.ts';
import { isObject } from '../syntax/value.ts';
import { judge } from '../validation/judge.ts';
import type { Problem } from '../validation/problem.ts';
import { maySupply } from '../validation/report.ts';
import { problemsOf, withoutSops } from '../validation/validate.ts';
import { lacksChanges } from '../workspace/certainty.ts';
import type { Applier } from '../workspace/cluster.ts';
import type { ObjectFacts } from '../workspace/facts.ts';
import type { AppliedForm } from '../workspace/fleet.ts';
import { fleetOf } from '../workspace/fleets.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { type PlacedFinding, placedFinding, type Related } from './applied-place.ts';
import { locatedMessage, whereOf } from './where.ts';

export interface AppliedFinding extends Finding {
  readonly object?: Pick<ObjectFacts, 'gvk' | 'name' | 'namespace'>;
  readonly related?: readonly Related[];
}

/** What the fleet says about one file. */
export interface AppliedVerdict {
  /** In offsets of the file. */
  readonly findings: readonly AppliedFinding[];
  /** The places of the file's own objects that are applied: their verdict is that of their forms. */
  readonly applied: ReadonlySet<number>;
}

const verdicts = new WeakMap<Workspace, Verdicts>();

export function appliedVerdict(workspace: Workspace, path: string): AppliedVerdict {
  return verdictsOf(workspace).of(path);
}

/** The same in steps, one for each form; the workspace must not change in between. */
export function judgingForms(workspace: Workspace, path: string): Steps<AppliedVerdict> {
  return verdictsOf(workspace).judging(path);
}

function verdictsOf(workspace: Workspace): Verdicts {
  let known = verdicts.get(workspace);
  if (!known) verdicts.set(workspace, (known = new Verdicts(workspace)));
  return known;
}

interface Known {
  readonly edition: number;
  /** The edition of the schemas. */
  readonly schemas: number;
  readonly verdict: AppliedVerdict;
}

/** State: the problems of forms that were judged before. */
class Verdicts {
  readonly #workspace: Workspace;
  #schemas = -1;
  #stores = new Map<SchemaStore, Judged>();
  /** By the form and the schemas that it was judged by. */
  #placed = new WeakMap<BuiltMap, Map<SchemaStore, readonly PlacedFinding[]>>();
  readonly #known = new Map<string, Known>();

  constructor(workspace: Workspace) {
    this.#workspace = workspace;
  }

  of(path: string): AppliedVerdict {
    return atOnce(this.judging(path));
  }

  *judging(path: string): Steps<AppliedVerdict> {
    const { edition, schemas } = this.#workspace;
    const known = this.#known.get(path);
    if (known?.edition === edition && known.schemas === schemas.edition) return known.verdict;
    // Following the clusters may find out other versions of them.
    const objects = fleetOf(this.#workspace)
      .objectsWith(path)
      .map((forms) => forms.flatMap((one) => this.#byTargets(one)));
    if (this.#schemas !== schemas.edition) {
      this.#schemas = schemas.edition;
      this.#stores = new Map();
      this.#placed = new WeakMap();
    }
    for (const form of objects.flat()) {
      this.#placedOf(form);
      yield;
    }
    const verdict = {
      findings: objects.flatMap((forms) => this.#findingsIn(path, forms)),
      applied: new Set(
        objects.flatMap(([form]) => {
          const { source, start } = form!.object.value.origin;
          return source.file === path ? [source.start + start] : [];
        }),
      ),
    };
    this.#known.set(path, { edition, schemas: schemas.edition, verdict });
    return verdict;
  }

  #findingsIn(path: string, forms: readonly AppliedForm[]): readonly AppliedFinding[] {
    const found = new Map<string, { readonly placed: PlacedFinding; readonly forms: AppliedForm[] }>();
    for (const form of forms) {
      const isOpen = !form.isCertain && form.appliers.every(lacksChanges);
      for (const placed of this.#placedOf(form)) {
        if (placed.file !== path || (!form.isCertain && (maySupply(placed.finding) || placed.hasVariable))) continue;
        if (isOpen && placed.isValue) continue;
        const { rule, start, end, message } = placed.finding;
        const key = `${start} ${end} ${rule} ${message}`;
        const same = found.get(key);
        if (same) same.forms.push(form);
        else found.set(key, { placed, forms: [form] });
      }
    }
    if (found.size === 0) return [];
    const all = forms.filter(({ object }) => filesIn(object.value).has(path));
    return [...found.values()].map(({ placed, forms: some }) => {
      const { finding, related } = placed;
      const others = all.filter((form) => !some.includes(form));
      const where = others.length > 0 ? whereOf(some.flatMap(appliersOf), others.flatMap(appliersOf)) : '';
      return {
        ...finding,
        message: locatedMessage(finding.message, where),
        object: placed.object ?? identityOf(some[0]!.object.value),
        ...(related.length > 0 && { related }),
      };
    });
  }

  /** A form of clusters with several versions is judged for each. */
  #byTargets(form: AppliedForm): readonly AppliedForm[] {
    const byStore = groupedBy(form.appliers, (applier) => this.#storeOf(form, applier));
    return byStore.size < 2 ? [form] : [...byStore.values()].map((appliers) => ({ ...form, appliers }));
  }

  #storeOf({ object: { value } }: AppliedForm, applier: Applier | undefined): SchemaStore {
    const { schemas } = this.#workspace;
    const { file } = value.origin.source;
    if (!applier) return schemas.storeFor(file);
    return schemas.storeFor(file, schemas.withTargets(fleetOf(this.#workspace).targetsOf(applier)));
  }

  #placedOf(form: AppliedForm): readonly PlacedFinding[] {
    const { value } = form.object;
    const store = this.#storeOf(form, form.appliers[0]);
    let byStore = this.#placed.get(value);
    if (!byStore) this.#placed.set(value, (byStore = new Map()));
    const known = byStore.get(store);
    if (known) return known;
    const subject = {
      workspace: this.#workspace,
      value,
      isWritten: (problem: Problem) => isWritten(problem, value, this.#workspace, store),
    };
    const placed = placedOrFailure(value, () =>
      this.#problemsOf(value, store).flatMap((problem) => placedFinding(problem, subject) ?? []),
    );
    byStore.set(store, placed);
    return placed;
  }

  #problemsOf(value: BuiltMap, store: SchemaStore): readonly Problem[] {
    let judged = this.#stores.get(store);
    if (!judged) this.#stores.set(store, (judged = new Judged(store)));
    return judged.problemsOf(value);
  }
}

/** What the verdict on a form threw stands at the object. */
function placedOrFailure({ origin }: BuiltMap, place: () => readonly PlacedFinding[]): readonly PlacedFinding[] {
  try {
    return place();
  } catch (error) {
    const { file, start } = origin.source;
    const finding = internalFinding('the check of this document', error, start);
    return [{ file, finding, hasVariable: false, isValue: false, object: undefined, related: [] }];
  }
}

/** State: the problems of values by one store. What wasn't asked for lately is forgotten. */
class Judged {
  readonly #store: SchemaStore;
  #recent = new Map<string, readonly Problem[]>();
  #older: ReadonlyMap<string, readonly Problem[]> = new Map();

  constructor(store: SchemaStore) {
    this.#store = store;
  }

  problemsOf(built: BuiltMap): readonly Problem[] {
    const key = valueKeyOf(built);
    const known = this.#recent.get(key) ?? this.#older.get(key);
    const problems = known ?? this.#judge(built);
    if (this.#recent.size >= mostKept) {
      this.#older = this.#recent;
      this.#recent = new Map();
    }
    this.#recent.set(key, problems);
    return problems;
  }

  #judge(built: BuiltMap): readonly Problem[] {
    const value = builtValue(built);
    if (!isObject(value)) return [];
    const object = withoutSops(value, this.#store);
    return judge(isCopied(built) ? { ...object, data: unknown } : object, this.#store);
  }
}

const mostKept = 2000;

/** Whether the object as it begins has the problem, before kustomizations and Flux change it. */
function isWritten({ rule, path }: Problem, { origin }: BuiltMap, workspace: Workspace, store: SchemaStore): boolean {
  const { file, start } = origin.source;
  const placed = workspace.file(file)?.documents.find((one) => one.start === start);
  if (!placed) return false;
  const written = problemsOf(parseManifest(placed.document.text), store);
  return written.some(({ problem }) => problem.rule === rule && problem.path.join('\n') === path.join('\n'));
}

function appliersOf({ appliers }: AppliedForm): readonly Applier[] {
  return appliers;
}

function identityOf(value: BuiltMap): NonNullable<AppliedFinding['object']> {
  const { gvk, name, namespace } = idOf(value);
  return { gvk, ...(name && { name }), ...(namespace && { namespace }) };
}
