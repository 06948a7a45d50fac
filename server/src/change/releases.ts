// What Helm makes of the releases of a cluster, compared like what appliers have. Only where the user agreed that Helm runs;
// elsewhere, and where something of a release isn't known, only the HelmRelease itself is compared.

import type { RenderedObject } from '../charts/render.ts';
import { type GroupKind, groupKindOf } from '../kube/identity.ts';
import {
  type Built,
  type BuiltMap,
  type BuiltScalar,
  builtFrom,
  mapBuilt,
  type Origin,
  scalarOf,
  textAt,
} from '../kustomize/built.ts';
import { idOf } from '../kustomize/objects.ts';
import { joinPath } from '../kustomize/paths.ts';
import { parseManifest } from '../syntax/manifest.ts';
import type { Home } from '../workspace/homes.ts';
import type { Scopes } from '../workspace/parts.ts';
import { type RenderedRelease, renderedRelease } from '../workspace/release-renders.ts';
import { releasesOf } from '../workspace/release-values.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { type Aftermath, type Fate, fateOf } from './removal.ts';
import { isCopied, type SecretPlaces, secretPlacesOf } from './shown.ts';
import type { Released, TargetObject, TargetRelease } from './target-object.ts';

/** Those of a cluster; empty where Helm doesn't run. */
export function releasesIn(workspace: Workspace, home: Home, scopes: Scopes): readonly TargetRelease[] {
  if (!workspace.renders.isOn) return [];
  const places = secretPlacesOf(home.objects);
  return releasesOf(home).map((release): TargetRelease => {
    const key = `${release.namespace}/${release.name}`;
    const rendered = renderedRelease(workspace, home, release);
    const { objects: found, again } = rendered ?? {};
    // Which objects there are must not depend on the run.
    if (!rendered || !found || found.length !== again?.length) return { key, objects: undefined };
    const hides = hiddenValueOf(release.value, rendered, places);
    const { origin: own } = release.value;
    const origin = hides ? { ...own, through: hides } : own;
    const builtOf = ({ text }: RenderedObject): Built | undefined => {
      const { root } = parseManifest(text);
      return root && builtFrom(root, () => origin, 'object', undefined);
    };
    const objects = found.flatMap((one, at): readonly TargetObject[] => {
      const { template } = one;
      const first = builtOf(one);
      const other = again === found ? first : builtOf(again[at]!);
      const value = first && other && settled(first, other);
      if (value?.kind !== 'map') return [];
      const released: Released = {
        ...{
          key,
          release: release.value,
          chart: rendered.found,
          template,
          isInCrds: /^[^/]+\/(?:charts\/[^/]+\/)*crds\//.test(template),
        },
        isHook: textAt(value, ['metadata', 'annotations', 'helm.sh/hook']) !== undefined,
      };
      return [{ ...placed(value, rendered.namespace, scopes), applier: release.applier, released }];
    });
    return { key, objects, ...(hides && { hides }) };
  });
}

const anyText = '(differs in each run of Helm)';

/** What two runs have in common. What differs is the same text on both sides of a change, and so no change. */
function settled(one: Built, other: Built): Built {
  if (one === other) return one;
  if (one.kind === 'scalar' && other.kind === 'scalar' && one.text === other.text) return one;
  if (one.kind === 'list' && other.kind === 'list' && one.items.length === other.items.length)
    return { ...one, items: one.items.map((item, at) => settled(item, other.items[at]!)) };
  if (one.kind === 'map' && other.kind === 'map')
    return {
      ...one,
      entries: new Map(
        [...one.entries].map(([key, value]) => {
          const same = other.entries.get(key);
          return [key, same ? settled(value, same) : scalarOf(anyText, one.origin)];
        }),
      ),
    };
  return scalarOf(anyText, one.origin);
}

function placed(value: BuiltMap, within: string, scopes: Scopes): Omit<TargetObject, 'applier'> {
  const { gvk, name } = idOf(value);
  const groupKind: GroupKind = groupKindOf(gvk);
  const written = textAt(value, ['metadata', 'namespace']) ?? '';
  const namespace = scopes.get(groupKind) === 'Cluster' ? '' : written === '' ? within : written;
  return { value, built: undefined, groupKind, namespace, name };
}

/**
 * The value of a Secret that a release is rendered with, if there is one. Templates may put it anywhere, so that nothing of
 * what is rendered is shown then.
 */
function hiddenValueOf(release: BuiltMap, { read }: RenderedRelease, places: SecretPlaces): Origin | undefined {
  let secret: Origin | undefined;
  const note = (scalar: BuiltScalar) => {
    if (isCopied(scalar, places)) secret ??= scalar.variables?.[0]?.origin ?? scalar.origin;
    return scalar;
  };
  for (const object of read) {
    const data = object.entries.get('data') ?? object.entries.get('stringData');
    const isOfSecret = textAt(object, ['kind']) === 'Secret';
    if (isOfSecret && data?.kind === 'map') secret ??= [...data.entries.values()][0]?.origin;
    mapBuilt(object, note);
  }
  mapBuilt(release, note);
  return secret;
}

/** The files of the workspace that Helm makes it of: its template, and what all templates of the chart may read. */
export function chartFilesOf({ chart: { chart, folder }, template }: Released): readonly string[] {
  if (folder === undefined) return [];
  const own = template.slice(template.indexOf('/') + 1);
  const isOther = (path: string) => /(?:^|\/)(?:templates|crds)\/.+\.ya?ml$/.test(path) && path !== own;
  return chart.files.paths.flatMap((path) => (isOther(path) ? [] : joinPath(folder, path)));
}

/** The objects to compare: of releases that are known on both sides, or that only one side has. */
export function releasedObjects(
  was: readonly TargetRelease[],
  now: readonly TargetRelease[],
): { readonly was: readonly TargetObject[]; readonly now: readonly TargetObject[] } {
  const [before, after] = [byKey(was), byKey(now)];
  const isOpen = ({ key }: TargetRelease) =>
    [before, after].some((side) => side.has(key) && side.get(key)?.objects === undefined);
  return {
    was: was.flatMap((one) => (isOpen(one) ? [] : (one.objects ?? []).filter(isUpgraded(after.get(one.key))))),
    now: now.flatMap((one) => {
      const old = before.get(one.key);
      if (isOpen(one)) return [];
      const isThere = new Set((old?.objects ?? []).map(idOfObject));
      const isCreated = ({ released, groupKind, name }: TargetObject) =>
        textAt(released?.release, ['spec', 'upgrade', 'crds']) === 'Create' &&
        !isThere.has(idOfObject({ groupKind, name }));
      const isApplied = isUpgraded(old && one);
      return (one.objects ?? []).filter((object) => isApplied(object) || isCreated(object));
    }),
  };
}

function byKey(releases: readonly TargetRelease[]): ReadonlyMap<string, TargetRelease> {
  return new Map(releases.map((one) => [one.key, one]));
}

function idOfObject({ groupKind, name }: Pick<TargetObject, 'groupKind' | 'name'>): string {
  return `${groupKind} ${name}`;
}

/** Whether an upgrade of a release, if it is one, changes the object. Source: `upgrade.crds` of helm-controller. */
function isUpgraded(after: TargetRelease | undefined): (object: TargetObject) => boolean {
  const release = after?.objects?.[0]?.released?.release;
  const policy = textAt(release, ['spec', 'upgrade', 'crds']) ?? 'Skip';
  return ({ released }) => after === undefined || !released?.isInCrds || policy === 'CreateReplace';
}

/** What happens to an object that Helm no longer renders. Sources: uninstallation of Helm, reconcileDelete of helm-controller. */
export function fateOfReleased(
  { value, applier }: TargetObject,
  { release, isInCrds, isHook }: Released,
  isStill: boolean,
  aftermath: Aftermath,
): Fate {
  if (isHook) return { is: 'dropped' };
  if (textAt(value, ['metadata', 'annotations', 'helm.sh/resource-policy']) === 'keep')
    return { is: 'kept', why: 'resource-policy' };
  if (isInCrds) return { is: 'kept', why: 'in-crds' };
  if (isStill) return { is: 'pruned' };
  const own = fateOf(release, applier, aftermath);
  if (own.is === 'kept') return own.why === 'no-path' ? own : { is: 'kept', why: 'release-stays' };
  if (own.is === 'pruned' && textAt(release, ['spec', 'suspend']) === 'true')
    return { is: 'kept', why: 'release-suspended' };
  return own;
}
