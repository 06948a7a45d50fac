// The charts that the HelmReleases of a workspace use, each once, with the version that is known of it.

import { textAt } from '../kustomize/built.ts';
import { withoutCredentials } from '../syntax/credentials.ts';
import { parseManifest } from '../syntax/manifest.ts';
import { stringAt } from '../syntax/navigate.ts';
import {
  type ChartAddress,
  chartAddress,
  chartAt,
  type FindSource,
  helmRelease,
  inFiles,
  inHome,
  knownText,
  type Texts,
} from './charts.ts';
import { fleetOf } from './fleets.ts';
import { homesOf } from './homes.ts';
import type { Workspace } from './workspace.ts';

export interface WantedChart {
  readonly address: ChartAddress;
  /** The version that is in files; undefined if none is. */
  readonly known: string | undefined;
  /** The source says that its registry needs no encryption. */
  readonly isPlain: boolean;
  /** `namespace/name`, sorted. */
  readonly releases: readonly string[];
}

/** A chart in the list of the command line. */
export interface ChartUse {
  /** Relative to the root, of a chart in the repository. */
  readonly folder?: string;
  readonly repository?: string;
  /** The repository as it may be shown, without the credentials that its URL may have. */
  readonly shown?: string;
  readonly chart?: string;
  readonly version?: string;
  /** The version that is in files. */
  readonly known?: string;
  /** Its registry needs no encryption. */
  readonly isPlain?: true;
  readonly releases: readonly string[];
}

interface Found {
  readonly address: ChartAddress;
  isPlain: boolean;
  readonly releases: Set<string>;
}

export function chartsWanted(workspace: Workspace): readonly WantedChart[] {
  const found = new Map<string, Found>();
  const add = (release: Texts, namespace: string, find: FindSource) => {
    let isPlain = false;
    const noting: FindSource = (kind, within, name) => {
      const source = find(kind, within, name);
      isPlain ||= source?.(['spec', 'insecure']) === 'true';
      return source;
    };
    const address = chartAddress(workspace, release, noting);
    if (!address) return;
    const key = JSON.stringify(address);
    const one = found.get(key) ?? { address, isPlain, releases: new Set<string>() };
    one.isPlain ||= isPlain;
    one.releases.add(`${namespace}/${release(['metadata', 'name']) ?? ''}`);
    found.set(key, one);
  };
  const files = new Set<string>();
  for (const cluster of fleetOf(workspace).clusters())
    for (const home of homesOf(workspace, cluster))
      for (const releases of home.ofKind(helmRelease).values())
        for (const { value, namespace } of releases) {
          files.add(value.origin.source.file);
          add((path) => knownText(textAt(value, path)), namespace, inHome(home, namespace));
        }
  for (const { path, document, object } of workspace.index.definitionsOf(helmRelease)) {
    if (files.has(path)) continue;
    const { root } = parseManifest(document.text);
    const namespace = object.namespace ?? '';
    add((at) => knownText(stringAt(root, [...object.path, ...at])), namespace, inFiles(workspace, object.namespace));
  }
  return [...found.values()].map(({ address, isPlain, releases }) => {
    const chart = chartAt(workspace, address);
    return { address, isPlain, known: chart?.version, releases: [...releases].sort() };
  });
}

export function chartUse({ address, known, isPlain, releases }: WantedChart): ChartUse {
  const { is, ...where } = address;
  const shown = address.is === 'repository' && { shown: withoutCredentials(address.repository) };
  return { ...where, ...shown, ...(known !== undefined && { known }), ...(isPlain && { isPlain }), releases };
}
