// The files of Helm charts and where they come from: a folder of the workspace, or the archives that were fetched into the
// user's cache. Charts are made by others: whatever reads them is bounded.
import type { Version } from '../kube/values/semver.ts';

/** The files of one chart, by their path relative to its folder. */
export interface ChartFiles {
  /** The text of a file; undefined if there is none, or if it isn't text. */
  text(path: string): string | undefined;
  /** The content of a file, whether it is text or not. */
  bytes(path: string): Uint8Array | undefined;
  /** The paths of all files that were read, sorted. */
  readonly paths: readonly string[];
  /** The content of an archive in the chart (`charts/name-1.2.3.tgz`). */
  archive(path: string): ChartFiles | undefined;
}

/** A chart of a repository, or of a registry (`oci://`), of a version as its `Chart.yaml` has it. */
export interface StoredChart {
  readonly version: Version;
  readonly text: string;
  /** In registries, the tags and digests that it was fetched by. */
  readonly names: readonly string[];
}

/** The charts that were fetched; synchronous, never throws. */
export interface ChartSource {
  /** Of a chart of a repository; the URL of an OCI registry ends before the chart's name. The same list until others are fetched. */
  versions(repository: string, chart: string): readonly StoredChart[];
  files(repository: string, chart: string, version: string): ChartFiles | undefined;
  /** Reads an archive; undefined if it is none or breaks a bound. */
  unpack(archive: Uint8Array): ChartFiles | undefined;
}

const none: readonly never[] = [];

export const noCharts: ChartSource = { versions: () => none, files: () => undefined, unpack: () => undefined };

/** The bounds that Helm has too (pkg/chart/loader/archive), and one for the number of files. */
export const mostInChart = { bytes: 100 * 1024 * 1024, fileBytes: 5 * 1024 * 1024, files: 10_000 };
