// Follows the fleet's delivery like Flux: from the objects applied manually to two clusters, through every Kustomization,
// into its target cluster. The result is the objects that each cluster's API server receives.
import {
  at,
  documentsOf,
  folderOfSource,
  groupKindOf,
  isMap,
  type Json,
  listAt,
  textAt,
  titleOf,
} from './repositories.ts';
import { substituted, type Variables } from './substitution.ts';

/** The options of a Kustomization that affect the build, besides its folder. */
export interface Shape {
  readonly patches?: readonly unknown[];
  readonly targetNamespace?: string;
}

/** Builds a folder of the fleet, `manager/flux`. */
export type Build = (folder: string, shape: Shape) => Promise<readonly Json[]>;

export interface Step {
  /** The cluster whose Flux applies it. */
  readonly runsOn: string;
  /** The Kustomization, `namespace/name`; undefined if it is applied manually. */
  readonly by: string | undefined;
  /** The folder it applies; undefined if its source isn't part of the fleet. */
  readonly folder: string | undefined;
  readonly kustomization?: Json;
  /** Its substitution variables, including those from ConfigMaps. */
  readonly variables?: Variables;
  readonly into: string;
  readonly objects: readonly Json[];
}

export interface Delivery {
  readonly steps: readonly Step[];
  /** By cluster, then by `Kind namespace/name`; later steps take precedence. */
  readonly clusters: ReadonlyMap<string, ReadonlyMap<string, Json>>;
  /** Delivery failures, one sentence each. */
  readonly problems: readonly string[];
}

/** A folder with `kubectl apply -k`, or a file with `-f`. */
const byHand: readonly { readonly cluster: string; readonly folder?: string; readonly file?: string }[] = [
  { cluster: 'bootstrap', folder: 'manager/bootstrap' },
  { cluster: 'manager', file: 'manager/flux/self.yaml' },
];

export async function deliver(build: Build): Promise<Delivery> {
  const steps: Step[] = [];
  const clusters = new Map<string, Map<string, Json>>();
  const problems: string[] = [];
  let waiting: { readonly runsOn: string; readonly kustomization: Json }[] = [];
  const seen = new Set<string>();

  const arrive = (step: Step): void => {
    steps.push(step);
    const there = clusters.get(step.into) ?? new Map<string, Json>();
    clusters.set(step.into, there);
    for (const object of step.objects) {
      there.set(titleOf(object), object);
      const key = `${step.into}: ${titleOf(object)}`;
      if (groupKindOf(object) !== 'kustomize.toolkit.fluxcd.io/Kustomization' || seen.has(key)) continue;
      seen.add(key);
      waiting.push({ runsOn: step.into, kustomization: object });
    }
  };

  for (const { cluster, folder, file } of byHand) {
    const objects = folder === undefined ? documentsOf(file!) : await build(folder, {});
    arrive({ runsOn: cluster, by: undefined, folder, into: cluster, objects });
  }
  // A Kustomization may come before its source: repeat until nothing changes.
  for (let progress = true; progress; ) {
    progress = false;
    const turn = waiting;
    waiting = [];
    for (const entry of turn) {
      const ready = prepared(entry.kustomization, clusters.get(entry.runsOn)!);
      if (ready === undefined) {
        waiting.push(entry);
        continue;
      }
      progress = true;
      const by = titleOf(entry.kustomization).replace('Kustomization ', '');
      const into = remote(entry.kustomization) ?? entry.runsOn;
      try {
        const built = ready.folder === undefined ? [] : await build(ready.folder, ready.shape);
        const objects = built.map((object) => substituted(object, ready.variables));
        const { runsOn, kustomization } = entry;
        const { folder, variables } = ready;
        arrive({ runsOn, by, folder, kustomization, variables, into, objects });
      } catch (error) {
        problems.push(`${entry.runsOn}, ${by}: ${(error as Error).message}`);
      }
    }
  }
  for (const { runsOn, kustomization } of waiting) {
    problems.push(`${runsOn}, ${titleOf(kustomization)}: its source or its variables do not exist`);
  }
  return { steps, clusters, problems };
}

interface Prepared {
  readonly folder: string | undefined;
  readonly shape: Shape;
  readonly variables: Variables;
}

/** Undefined while its source or its variables don't exist yet. */
function prepared(kustomization: Json, there: ReadonlyMap<string, Json>): Prepared | undefined {
  const namespace = textAt(kustomization, 'metadata', 'namespace')!;
  const reference = at(kustomization, 'spec', 'sourceRef');
  const from = textAt(reference, 'namespace') ?? namespace;
  const source = there.get(`${textAt(reference, 'kind')} ${from}/${textAt(reference, 'name')}`);
  const url = textAt(source, 'spec', 'url');
  if (url === undefined) return undefined;
  const variables: Record<string, string> = {};
  for (const values of listAt(kustomization, 'spec', 'postBuild', 'substituteFrom')) {
    const found = there.get(`${textAt(values, 'kind')} ${namespace}/${textAt(values, 'name')}`);
    if (found === undefined) return undefined;
    Object.assign(variables, found.data);
  }
  const inline = at(kustomization, 'spec', 'postBuild', 'substitute');
  if (isMap(inline)) for (const [name, value] of Object.entries(inline)) variables[name] = String(value);
  const repository = folderOfSource(url);
  const path = textAt(kustomization, 'spec', 'path') ?? '.';
  const targetNamespace = textAt(kustomization, 'spec', 'targetNamespace');
  const patches = listAt(kustomization, 'spec', 'patches');
  return {
    folder:
      repository === undefined ? undefined : `${repository}/${path}`.replace(/\/(?:\.\/)+/g, '/').replace(/\/\.?$/, ''),
    shape: { ...(patches.length > 0 && { patches }), ...(targetNamespace !== undefined && { targetNamespace }) },
    variables,
  };
}

/** The target cluster, from the kubeconfig Secret that Cluster API names after the cluster. */
function remote(kustomization: Json): string | undefined {
  return textAt(kustomization, 'spec', 'kubeConfig', 'secretRef', 'name')?.replace(/-kubeconfig$/, '');
}
