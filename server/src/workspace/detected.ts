// The versions that the clusters of a workspace run, and from them what a file is judged for.
import type { Targets } from '../schema/load.ts';
import type { Applier } from './cluster.ts';
import { type Rooted, type Versions, versionsOf } from './versions.ts';
import type { Workspace } from './workspace.ts';

const noTargets: Targets = {};

/** State: what was found when the clusters were followed last. */
export class Detected {
  readonly #workspace: Workspace;
  /** Of a file that a cluster gets. */
  readonly #appliersOf: (file: string) => readonly Applier[] | undefined;
  #versions: ReadonlyMap<string, Versions> = new Map();
  #targets: ReadonlyMap<string, Targets> = new Map();
  readonly #byFile = new Map<string, Targets>();

  constructor(workspace: Workspace, appliersOf: (file: string) => readonly Applier[] | undefined) {
    this.#workspace = workspace;
    this.#appliersOf = appliersOf;
  }

  /** By the names of clusters. */
  get versions(): ReadonlyMap<string, Versions> {
    return this.#versions;
  }

  targetsOf(cluster: string): Targets {
    return this.#targets.get(cluster) ?? noTargets;
  }

  /** Tells the workspace if another version was found than before; most edits change none. */
  update(clusters: readonly Rooted[]): void {
    const before = JSON.stringify([...this.#targets]);
    this.#versions = versionsOf(clusters);
    this.#targets = new Map([...this.#versions].map(([name, of]) => [name, targetsIn(of)]));
    this.#byFile.clear();
    if (before !== JSON.stringify([...this.#targets])) this.#workspace.detected((path) => this.#targetsOfFile(path));
  }

  /** What all clusters run that get a file; of one that none gets, what all clusters of the workspace do. */
  #targetsOfFile(path: string): Targets {
    const known = this.#byFile.get(path);
    if (known) return known;
    const appliers = this.#appliersOf(path);
    const names = appliers ? new Set(appliers.map(({ cluster }) => cluster)) : this.#targets.keys();
    const found = commonTargets([...names].map((name) => this.targetsOf(name)));
    this.#byFile.set(path, found);
    return found;
  }
}

function targetsIn(versions: Versions): Targets {
  return Object.fromEntries(Object.entries(versions).map(([project, { version }]) => [project, version]));
}

/** What all of them say alike: of clusters with several versions, none is the one of a file that all get. */
function commonTargets([first, ...others]: readonly Targets[]): Targets {
  const entries = Object.entries(first ?? noTargets);
  return Object.fromEntries(entries.filter(([name, version]) => others.every((one) => one[name] === version)));
}
