// Restricts a comparison to what files at or below a path contribute to.
import { filesIn } from '../kustomize/built-files.ts';
import { isKustomizationFile } from '../workspace/roles.ts';
import type { Comparison, ObjectChange } from './comparison.ts';
import { chartFilesOf } from './releases.ts';
import type { TargetObject } from './target-object.ts';

/** The root is `''`. */
export function within({ targets }: Comparison, path: string): Comparison {
  if (path === '') return { targets };
  const isInside = (file: string) => file === path || file.startsWith(`${path}/`);
  const kept = targets.map((target) => ({
    ...target,
    objects: target.objects.filter((change) => filesOf(change).some(isInside)),
    gaps: target.gaps.filter(({ applier }) => applier.base.reads.some(isInside)),
  }));
  return { targets: kept.filter(({ objects, gaps }) => objects.length > 0 || gaps.length > 0) };
}

/** Those that its values come from, and those that decide whether it is applied. */
function filesOf({ was, now }: ObjectChange): readonly string[] {
  const listed = was && now && was.applier?.name === now.applier?.name ? [] : [was, now].flatMap(listingFiles);
  const written = [was, now].flatMap((one) => (one ? [...filesIn(one.value)] : []));
  const rendered = [was, now].flatMap((one) => (one?.released ? chartFilesOf(one.released) : []));
  return [...written, ...rendered, ...listed];
}

function listingFiles(object: TargetObject | undefined): readonly string[] {
  const files: string[] = [];
  for (let at = object?.applier; at; at = at.by) {
    files.push(...at.base.reads.filter(isKustomizationFile));
    if (at.flux) files.push(at.flux.object.origin.source.file);
  }
  return files;
}
