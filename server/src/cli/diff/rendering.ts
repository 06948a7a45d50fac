// Both sides of a change with what Helm makes of their releases.
import { type Side, sideOf } from '../../change/side.ts';
import type { BothSides, States } from '../../change/spared.ts';
import type { HelmRenders } from '../../disk/helm.ts';

/** Everything is built: a release may have a chart or values that are elsewhere. */
export async function renderedSides(
  { workspace, toCurrent }: States,
  changed: readonly string[],
  renders: HelmRenders,
): Promise<BothSides> {
  const sideNow = async (): Promise<Side> => {
    sideOf(workspace, changed);
    await renders.render();
    return sideOf(workspace, changed);
  };
  const old = await sideNow();
  toCurrent();
  return { old, now: await sideNow() };
}

/** What isn't compared, as a sentence. */
export function notRendered({ old, now }: BothSides): string | undefined {
  const releases = [old, now].flatMap(({ targets }) => targets.flatMap((target) => target.releases));
  const open = [...new Set(releases.flatMap(({ key, objects }) => (objects ? [] : key)))];
  if (open.length === 0) return undefined;
  const named = open.slice(0, mostNames).join(', ') + (open.length > mostNames ? ', …' : '');
  const who =
    open.length === 1 ? `the objects of the release ${named}` : `the objects of ${open.length} releases (${named})`;
  return `${who} aren’t compared: their charts or values aren’t known, or Helm doesn’t render them`;
}

const mostNames = 5;
