// One thread's share of a root. The thread reads and checks the files it takes, and receives outlines of the files that the
// other thread read, so that references and overlays resolve across the two.
import { type ChartSource, noCharts } from '../../charts/files.ts';
import { noRenders, type Renders } from '../../charts/render.ts';
import { problemOf } from '../../disk/files.ts';
import type { HelmRenders } from '../../disk/helm.ts';
import { diagnose, type FileFinding } from '../../features/diagnostics.ts';
import { apiVersionOf } from '../../kube/identity.ts';
import type { FileSource } from '../../kustomize/file-source.ts';
import type { Catalog } from '../../schema/load.ts';
import { guarded } from '../../syntax/guard.ts';
import { LineIndex } from '../../syntax/lines.ts';
import { keepManifests } from '../../syntax/manifest.ts';
import { fileOf, type Outline, outlineOf } from '../../workspace/document.ts';
import { Workspace } from '../../workspace/workspace.ts';
import type { LintFinding } from '../output.ts';
import { renderReleases } from './rendering.ts';

/** Plain data, since it is sent to the other thread. */
export interface Share {
  readonly root: string;
  /** Every YAML file of the root, by path; each is read and checked by the thread that takes it first. */
  readonly files: readonly string[];
  /** Other files that kustomizations may read; only their names are known. */
  readonly others: readonly string[];
  /** Those of `files` that the user named. */
  readonly given: ReadonlySet<string>;
  /** Shared memory of one number: how many of `files` are taken. */
  readonly taken: Int32Array;
  /** The displayed names of the files to report; other files are only read. */
  readonly shown: ReadonlyMap<string, string>;
}

/** Files taken at once: few enough that both threads finish together although one starts later. */
const handful = 16;

/** Size limit, in UTF-16 units, of the parsed documents that are kept between reading and checking. */
const keptManifests = 32_000_000;

interface Helm {
  readonly charts?: ChartSource;
  readonly renders?: Renders | undefined;
}

export class ShareRun {
  readonly #share: Share;
  readonly #source: FileSource;
  readonly #workspace: Workspace;
  readonly #own: string[] = [];
  readonly #unreadable: LintFinding[] = [];

  constructor(
    share: Share,
    catalog: Catalog,
    source: FileSource,
    { charts = noCharts, renders = noRenders }: Helm = {},
  ) {
    this.#share = share;
    this.#source = source;
    this.#workspace = new Workspace(catalog, source, charts, renders);
    this.#workspace.list([...share.files, ...share.others]);
    keepManifests(keptManifests);
  }

  /** Reads files until none is left. */
  read(): void {
    const { files, taken } = this.#share;
    for (;;) {
      const from = Atomics.add(taken, 0, handful);
      if (from >= files.length) return;
      for (const path of files.slice(from, from + handful)) {
        this.#own.push(path);
        this.#readFile(path);
      }
    }
  }

  /** What the other thread needs to know of the files that were read here. */
  outlines(): readonly Outline[] {
    return this.#own.flatMap((path) => {
      const file = this.#workspace.file(path);
      return file ? [outlineOf(file)] : [];
    });
  }

  #readFile(path: string): void {
    const text = this.#source.read(path);
    if (typeof text === 'string') {
      this.#workspace.put(path, text);
      return;
    }
    const file = this.#share.shown.get(path);
    if (file !== undefined) this.#unreadable.push(unreadableFinding(file, problemOf(text)));
  }

  /** The configuration applies in every thread. */
  configure(path: string, text: string): void {
    this.#workspace.put(path, text);
  }

  take(outlines: readonly Outline[]): void {
    for (const outline of outlines) this.#workspace.adopt(fileOf(outline));
  }

  /** Renders the releases of all clusters. */
  render(renders: HelmRenders): Promise<void> {
    return renderReleases(this.#workspace, renders);
  }

  check(): readonly LintFinding[] {
    const { shown } = this.#share;
    const findings = this.#own.flatMap((path) => {
      const file = shown.get(path);
      const found =
        file === undefined ? [] : guarded('the check of this file', 0, () => diagnose(this.#workspace, path));
      if (file === undefined || found.length === 0) return [];
      const lines = new LineIndex(this.#workspace.file(path)?.text ?? '');
      return found.map((finding) => lintFinding(finding, file, lines));
    });
    return [...this.#unreadable, ...findings];
  }
}

const nowhere = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };

/** `file` may be a folder. */
export function unreadableFinding(file: string, message: string): LintFinding {
  return { file, range: nowhere, severity: 'warning', rule: 'info/unreadable', message };
}

export function lintFinding(finding: FileFinding, file: string, lines: LineIndex): LintFinding {
  const { rule, severity, start, end, message, object } = finding;
  const head = { file, range: lines.rangeAt(start, end), severity, rule, message };
  if (!object) return head;
  const { gvk, namespace, name } = object;
  return {
    ...head,
    resource: {
      apiVersion: apiVersionOf(gvk),
      kind: gvk.kind,
      ...(namespace !== undefined && { namespace }),
      ...(name !== undefined && { name }),
    },
  };
}
