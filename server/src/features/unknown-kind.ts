// A kind that its API group doesn't have: which one was meant, and that no cluster takes it where the group is Kubernetes'
// own. CRDs need a group with a dot, so nobody can add a kind to `apps` or the core group; only where nothing like it is
// known (a distribution's own, a file of some tool) it is left at a hint.
import { apiVersionOf, type Gvk, groupKindOf } from '../kube/identity.ts';
import { nearest } from '../schema/nearest.ts';
import type { SchemaStore } from '../schema/schema.ts';
import type { Finding } from '../syntax/finding.ts';
import type { Manifest } from '../syntax/manifest.ts';
import { nodeAt } from '../syntax/navigate.ts';
import type { Path } from '../syntax/tree.ts';
import { fixesOf } from '../validation/fixes.ts';
import type { Remedy } from '../validation/problem.ts';
import type { ObjectFacts } from '../workspace/facts.ts';

/** `object` is the one the finding is about. */
export function withKindMeant(
  finding: Finding,
  { gvk, path }: ObjectFacts,
  manifest: Manifest,
  schemas: SchemaStore,
): Finding {
  if (finding.rule !== 'info/unknown-kind') return finding;
  const meant = meantBy(gvk, schemas);
  const own = meant !== undefined && !gvk.group.includes('.');
  const what = `No kind ${gvk.kind} is known in ${gvk.group === '' ? 'the core group' : gvk.group}`;
  const refused = own ? '; the API server refuses the object' : '';
  const advice =
    meant?.advice ?? (own ? 'Check the spelling.' : 'Check the spelling, or add its CRD to the workspace.');
  return {
    ...finding,
    ...(own && { rule: 'schema/unknown-kind', severity: 'error' }),
    message: `${what}${refused}. ${advice}`,
    ...(meant && { fixes: fixed(manifest, [...path, meant.field], meant.value) }),
  };
}

/** The group that Kubernetes gave up: what it held lives in others, under the same names. */
export function removedGroup({ gvk, path }: ObjectFacts, manifest: Manifest, schemas: SchemaStore): readonly Finding[] {
  const at = gvk.group === 'extensions' ? nodeAt(manifest.root, [...path, 'apiVersion']) : undefined;
  if (!at || schemas.versions(gvk.group, gvk.kind).length > 0) return [];
  const [now] = homesOf(gvk, schemas);
  const advice = now === undefined ? 'Remove the object.' : `Use ${now}.`;
  return [
    {
      rule: 'schema/unserved-version',
      severity: 'error',
      start: at.start,
      end: at.end,
      message: `Kubernetes has no API group extensions any more; the API server refuses the object. ${advice}`,
      path: 'apiVersion',
      ...(now !== undefined && { fixes: fixed(manifest, [...path, 'apiVersion'], now) }),
    },
  ];
}

interface Meant {
  readonly field: 'apiVersion' | 'kind';
  readonly value: string;
  readonly advice: string;
}

function meantBy(gvk: Gvk, schemas: SchemaStore): Meant | undefined {
  const [home, ...others] = homesOf(gvk, schemas);
  if (home !== undefined && others.length === 0) {
    return { field: 'apiVersion', value: home, advice: `${gvk.kind} is of ${home}.` };
  }
  const group = schemas.kinds().filter((kind) => kind.served && kind.gvk.group === gvk.group);
  const near = nearest(gvk.kind, new Set(group.map((kind) => kind.gvk.kind)));
  return near === undefined ? undefined : { field: 'kind', value: near, advice: `Did you mean ${near}?` };
}

/** The apiVersion to write, of each group that has a kind of this name. */
export function homesOf({ kind }: Gvk, schemas: SchemaStore): readonly string[] {
  const named = schemas.kinds().filter((one) => one.served && one.gvk.kind === kind);
  const groups = new Set(named.map(({ gvk }) => groupKindOf(gvk)));
  return [...groups].map((group) => {
    const versions = named.filter(({ gvk }) => groupKindOf(gvk) === group);
    return apiVersionOf((versions.find(({ storage }) => storage) ?? versions[0]!).gvk);
  });
}

function fixed(manifest: Manifest, path: Path, value: string) {
  const remedies: readonly Remedy[] = [{ kind: 'replace', value }];
  return fixesOf({ rule: 'info/unknown-kind', path, field: '', on: 'value', message: '', remedies }, manifest, path);
}
