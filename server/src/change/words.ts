// The words of a report, for all formats.

import { firstOf } from '../syntax/shown.ts';
import type { Loss, WhyKept } from './removal.ts';
import {
  type Entry,
  type EntryKind,
  entryKinds,
  filesLabel,
  isFolderLabel,
  labelOf,
  type Report,
  type ReportedGap,
} from './report.ts';

export const headings: Readonly<Record<EntryKind, string>> = {
  pruned: 'Deleted',
  refused: 'Refused by the API server',
  recreated: 'Deleted and created again',
  machines: 'Replaces machines',
  moved: 'Moved to another applier',
  kept: 'No longer applied, stays in the cluster',
  dropped: 'No longer built',
  changed: 'Changed',
  created: 'Created',
};

const counted: Readonly<Record<EntryKind, string>> = {
  pruned: 'deleted',
  refused: 'refused',
  recreated: 'deleted and created again',
  machines: 'replacing machines',
  moved: 'moved',
  kept: 'left behind',
  dropped: 'no longer built',
  changed: 'changed',
  created: 'created',
};

const losses: Readonly<Record<Loss, string>> = {
  cluster: 'Cluster API deletes the cluster with all its machines.',
  machines: 'Its machines are deleted.',
  namespace: 'Everything in the namespace is deleted with it.',
  definition: 'All objects of the kind are deleted with it.',
  volumes: 'Its data may be lost.',
  delivery: 'What it applies goes with it, as listed here.',
  release: 'Its Helm release is uninstalled.',
};

const reasons: Readonly<Record<WhyKept, string>> = {
  'prune-off': 'Nothing deletes it: its Kustomization has no `prune: true`.',
  excluded: 'Nothing deletes it: an annotation or a label excludes it from pruning.',
  'deletion-policy': 'Nothing deletes it: the deletionPolicy of its Kustomization is Orphan.',
  suspended: 'Nothing deletes it: its Kustomization is suspended.',
  'no-path': 'Nothing deletes it: the path of its Kustomization is gone, which Flux reports as an error.',
  'resource-policy': 'Helm keeps it: its annotation helm.sh/resource-policy is keep.',
  'in-crds': 'Helm keeps it: it is in the folder crds/ of the chart.',
  'release-stays': 'Nothing deletes its HelmRelease, which stays in the cluster with all that it installed.',
  'release-suspended': 'Helm keeps it: its HelmRelease is suspended, and isn’t uninstalled when it is deleted.',
  'applier-stays': 'Nothing deletes its Kustomization, which stays in the cluster and goes on applying it.',
};

/** `Deployment shop/web`. */
export function idOf({ kind, namespace, name, wasName }: Entry): string {
  const id = `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`;
  return wasName === undefined ? id : `${id}, formerly ${wasName}`;
}

/** "prod, staging" or "the same on 37 clusters: prod, staging, test and 34 more". */
export function clustersWords(names: readonly string[]): string {
  if (names.length <= 3) return names.join(', ');
  const where = names.every(isFolderLabel) ? `in ${names.length} kustomizations` : `on ${names.length} clusters`;
  return `the same ${where}: ${firstOf(names, 3)}`;
}

/** Where an entry applies: its clusters, or the file that nothing applies. */
export function whereOf({ targets, origin }: Entry): string {
  return targets.length === 1 && targets[0] === filesLabel ? origin.source.file : clustersWords(targets);
}

export function detailsOf({ is, loss, why, problems = [], machines }: Entry): readonly string[] {
  return [
    ...(is === 'pruned' && loss ? [losses[loss]] : []),
    ...(why ? [reasons[why]] : []),
    ...problems,
    ...(machines === 'rolls' ? ['Its machines are replaced.'] : []),
    ...(machines === 'template' ? [inPlace] : []),
    ...(is === 'moved' ? [moved] : []),
  ];
}

const inPlace =
  'A template of machines is changed in place. Most providers refuse that, and existing machines keep what they have; use a template with another name.';
const moved =
  'Whichever applies first takes it over; if the former one is first, it deletes the object, which is then created again.';

/** Of clusters and kustomizations that only one side has, one sentence each. */
export function comingsOf({ targets }: Report): readonly string[] {
  return targets.flatMap(({ is, name, was, only, objects = 0, isAbandoned }) => {
    const many = `${objects} ${objects === 1 ? 'object' : 'objects'}`;
    if (is === 'files') return [];
    if (is === 'kustomization')
      return only === 'new' && objects > 0 ? [`${labelOf({ is, name })} is new and builds ${many}.`] : [];
    if (was !== undefined) return [`Cluster ${name} was ${was} before.`];
    if (isAbandoned)
      return [
        `Cluster ${name} is no longer in the files. Flux finds none of them and keeps the ${many} that it applied.`,
      ];
    if (only === 'old') return [`Cluster ${name} is no longer in the files.`];
    return only === 'new' ? [`Cluster ${name} is new and gets ${many}.`] : [];
  });
}

/** Without what only new clusters and kustomizations get: everything in these is new. */
export function withoutNewTargets({ entries, images, targets }: Report): Pick<Report, 'entries' | 'images'> {
  const came = new Set(targets.flatMap((one) => (one.is !== 'files' && one.only === 'new' ? labelOf(one) : [])));
  const isOfOthers = ({ targets: on }: { readonly targets: readonly string[] }) => !on.every((name) => came.has(name));
  return {
    entries: entries.filter((one) => one.is !== 'created' || isOfOthers(one)),
    images: images.filter(isOfOthers),
  };
}

export function versionWords(was: string | undefined, now: string | undefined): string {
  if (was === undefined) return `new${now === '' ? '' : `, ${now}`}`;
  return now === undefined
    ? `no longer used${was === '' ? '' : ` (${was})`}`
    : `${was || 'no tag'} → ${now || 'no tag'}`;
}

export function gapWords({ side, is, words, objects, byHand }: ReportedGap): string {
  const many = `${objects} ${objects === 1 ? 'object' : 'objects'}`;
  switch (is) {
    case 'refused': {
      if (byHand && side !== 'both')
        return `${side === 'old' ? 'It could not be built before the change.' : 'It can’t be built.'} ${words}`;
      const what = {
        old: `It could not be built before the change, so that it isn't known what the cluster has of its ${many}.`,
        new: `It can't be built, so that its ${many} stay as they are.`,
        both: `It can't be built, neither before the change nor after it.`,
      };
      return `${what[side]} ${words}`;
    }
    case 'incomplete':
      return `Compared without what isn't built here: ${words}.`;
    case 'unreached':
      return `${words} applies it and can't be built, so that its ${many} stay as they are.`;
  }
}

/** "2 clusters: 1 deleted, 3 changed". */
export function summaryOf({ targets, entries }: Report): string {
  const plural = (count: number, one: string) => (count === 0 ? [] : [`${count} ${one}${count === 1 ? '' : 's'}`]);
  const ofKind = (kind: string) => targets.filter(({ is }) => is === kind).length;
  const where = [...plural(ofKind('cluster'), 'cluster'), ...plural(ofKind('kustomization'), 'kustomization')];
  if (ofKind('files') > 0) where.push('files that nothing applies');
  const counts = entryKinds.flatMap((is) => {
    const own = entries.filter((entry) => entry.is === is);
    const count = own.reduce((sum, entry) => sum + entry.targets.length, 0);
    return count === 0 ? [] : [`${count} ${counted[is]}`];
  });
  return `${where.join(', ')}: ${counts.length === 0 ? 'no entries' : counts.join(', ')}`;
}
