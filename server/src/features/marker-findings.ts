// reference/missing of the markers of image automation: the comment names an ImagePolicy that isn't there, so that the value
// is never updated. flux/image-marker of those that Flux doesn't read. Nothing is reported where the policies may be in another repository.
import { nearest } from '../schema/nearest.ts';
import type { Finding } from '../syntax/finding.ts';
import { automations, updatedBy } from '../workspace/automations.ts';
import type { Cluster } from '../workspace/cluster.ts';
import type { SourceFile } from '../workspace/document.ts';
import { fleetOf } from '../workspace/fleets.ts';
import { homesOf } from '../workspace/homes.ts';
import { type Malformed, type Marker, malformedIn, markerParts, markersIn, policies } from '../workspace/markers.ts';
import type { Workspace } from '../workspace/workspace.ts';

/** In offsets of the file. */
export function markerFindings(workspace: Workspace, { path, documents }: SourceFile): readonly Finding[] {
  return documents.flatMap(({ start, document }) => {
    const malformed = malformedIn(document);
    const isRead = (marker: Marker) => !malformed.some((one) => one.start <= marker.start && marker.end <= one.end);
    const found = [
      ...malformed.map(malformedFinding),
      ...markersIn(document)
        .filter(isRead)
        .flatMap(
          (marker) =>
            partFinding(marker) ?? policyFinding(workspace, marker) ?? pathFinding(workspace, path, marker) ?? [],
        ),
    ];
    return found.map((one) => ({ ...one, start: one.start + start, end: one.end + start, fixes: fixesAt(one, start) }));
  });
}

function malformedFinding({ start, end, meant }: Malformed): MarkerFinding {
  return {
    ...{ rule: 'flux/image-marker', severity: 'warning', start, end },
    message:
      'Flux ignores this marker: the comment must be one object of JSON and nothing else, such as # {"$imagepolicy": "namespace:name"}.',
    ...(meant !== undefined && { by: `# {"$imagepolicy": "${meant}"}` }),
  };
}

function pathFinding(workspace: Workspace, path: string, { namespace, start, end }: Marker): MarkerFinding | undefined {
  const folders = automatedIn(workspace, namespace);
  if (!folders || folders.some((folder) => folder === '' || path === folder || path.startsWith(`${folder}/`)))
    return undefined;
  return {
    ...{ rule: 'flux/image-marker', severity: 'warning', start, end },
    message: `The ImageUpdateAutomations of namespace ${namespace} update only ${folders.join(' and ')}, and not this file. Correct spec.update.path of one.`,
  };
}

type Folders = ReadonlyMap<string, readonly string[] | 'unknown'>;

const automated = new WeakMap<readonly Cluster[], Folders>();

/** The folders of this repository that the automations of a namespace update; undefined if there are none, or others. */
function automatedIn(workspace: Workspace, namespace: string): readonly string[] | undefined {
  const clusters = fleetOf(workspace).clusters();
  const before = automated.get(clusters) ?? readAutomated(workspace, clusters);
  automated.set(clusters, before);
  const folders = before.get(namespace);
  return folders === undefined || folders === 'unknown' ? undefined : [...new Set(folders)].sort();
}

function readAutomated(workspace: Workspace, clusters: readonly Cluster[]): Folders {
  const found = new Map<string, readonly string[] | 'unknown'>();
  for (const home of clusters.flatMap((cluster) => homesOf(workspace, cluster))) {
    const here = [...home.ofKind(automations).values()].flat();
    for (const { namespace, value } of here) {
      const known = found.get(namespace) ?? [];
      const isOpen =
        home.hasUnnamed(automations) || home.gaps.some((gap) => (gap.namespace ?? namespace) === namespace);
      const folder = isOpen ? undefined : updatedBy(home, value, namespace);
      found.set(namespace, known === 'unknown' || folder === undefined ? 'unknown' : [...known, folder]);
    }
  }
  return found;
}

interface MarkerFinding extends Finding {
  readonly by?: string;
}

function fixesAt({ start, end, by }: MarkerFinding, from: number): NonNullable<Finding['fixes']> {
  if (by === undefined) return [];
  return [
    { title: `Replace with ${by}`, kind: 'replace', edits: [{ start: from + start, end: from + end, text: by }] },
  ];
}

function partFinding({ part }: Marker): MarkerFinding | undefined {
  if (part === undefined || markerParts.includes(part.text)) return undefined;
  const near = nearest(part.text, markerParts);
  return {
    ...{ rule: 'flux/image-marker', severity: 'warning', start: part.start, end: part.end },
    message: `A marker of image automation sets the ${markerParts.slice(0, -1).join(', ')} or ${markerParts.at(-1)} of an image, not ${part.text}: Flux ignores it. Correct it, or remove it to set the whole image.`,
    ...(near !== undefined && { by: near }),
  };
}

function policyFinding(workspace: Workspace, { namespace, name, start, end }: Marker): MarkerFinding | undefined {
  const known = policiesIn(workspace);
  if (!known || known.get(namespace)?.has(name)) return undefined;
  // A file that nothing here applies may be applied from another repository.
  const isElsewhere = workspace.index
    .definitions(policies, name)
    .some(({ path }) => !fleetOf(workspace).isApplied(path));
  if (isElsewhere) return undefined;
  const head = `There is no ImagePolicy ${name} in namespace ${namespace}`;
  const other = [...known].find(([, names]) => names.has(name))?.[0];
  if (other !== undefined)
    return {
      ...{ rule: 'reference/missing', severity: 'warning', start: start - namespace.length - 1, end: start - 1 },
      ...{
        message: `${head}, but one in namespace ${other}: Flux does not update this value. Correct the namespace.`,
        by: other,
      },
    };
  const names = known.get(namespace);
  if (!names) return undefined;
  const near = nearest(name, names);
  const hint = near === undefined ? 'Correct the name, or add the policy.' : `Did you mean ${near}?`;
  return {
    ...{ rule: 'reference/missing', severity: 'warning', start, end },
    ...{ message: `${head}: Flux does not update this value. ${hint}`, ...(near !== undefined && { by: near }) },
  };
}

type Policies = ReadonlyMap<string, ReadonlySet<string>>;

const known = new WeakMap<readonly Cluster[], Policies | 'unknown'>();

/** The names of the policies in all clusters, by namespace; undefined if something may apply others. */
function policiesIn(workspace: Workspace): Policies | undefined {
  const clusters = fleetOf(workspace).clusters();
  const before = known.get(clusters) ?? read(workspace, clusters);
  known.set(clusters, before);
  return before === 'unknown' ? undefined : before;
}

function read(workspace: Workspace, clusters: readonly Cluster[]): Policies | 'unknown' {
  const found = new Map<string, Set<string>>();
  for (const home of clusters.flatMap((cluster) => homesOf(workspace, cluster))) {
    if (home.hasUnnamed(policies)) return 'unknown';
    for (const [name, objects] of home.ofKind(policies)) {
      for (const { namespace } of objects) found.set(namespace, (found.get(namespace) ?? new Set()).add(name));
    }
    if (home.gaps.some(({ namespace }) => namespace === undefined || found.has(namespace))) return 'unknown';
  }
  return found;
}
