// Compares what kustomize refuses in a repository with the findings about it.
import { workspaceAt } from '../../../server/src/cli/lint/root.ts';
import { diagnose } from '../../../server/src/features/diagnostics.ts';
import type { BuildResult } from '../../../server/src/kustomize/build.ts';
import { kustomizationNames } from '../../../server/src/kustomize/paths.ts';
import { parseManifest } from '../../../server/src/syntax/manifest.ts';

interface One {
  readonly folder: string;
  readonly reads: readonly string[];
  readonly isRefused: boolean;
  /** Flux accepts it. */
  readonly isAccepted: boolean;
  readonly isIncomplete: boolean;
  /** kustomize warns of it, which is compared elsewhere. */
  readonly isWarned: boolean;
}

/** State: the builds of one repository. */
export class Compared {
  readonly #builds: One[] = [];

  add(folder: string, { reads, incomplete, warnings }: BuildResult, isRefused: boolean, isAccepted: boolean): void {
    this.#builds.push({
      folder,
      reads,
      isRefused,
      isAccepted,
      isIncomplete: incomplete.length > 0,
      isWarned: warnings.length > 0,
    });
  }

  /** The refusals without a finding, and the findings of builds without a refusal. */
  async differences(root: string): Promise<readonly string[]> {
    const { workspace } = await workspaceAt(root, {}, 'whole');
    const found = new Map<string, readonly string[]>();
    for (const { path, text } of workspace.files()) {
      const errors = diagnose(workspace, path).filter(
        ({ rule, severity }) => severity === 'error' || rule === 'kustomize/build',
      );
      if (errors.length === 0) continue;
      const lines = errors.map(({ rule, start }) => `${text.slice(0, start).split('\n').length} ${rule}`);
      found.set(path, lines);
    }
    const silent = this.#builds.filter(({ folder, reads, isRefused, isAccepted, isIncomplete }) => {
      const own = kustomizationNames.map((name) => workspace.file(folder === '' ? name : `${folder}/${name}`));
      const isComponent = own.some((file) => file && parseManifest(file.text).kind === 'Component');
      return isRefused && !isAccepted && !isIncomplete && !isComponent && !reads.some((path) => found.has(path));
    });
    const invented = [...found].flatMap(([path, lines]) => {
      const builds = this.#builds.filter(({ reads }) => reads.includes(path));
      const isRefused = builds.some((one) => one.isRefused || one.isIncomplete || one.isWarned);
      const ofBuilds = lines.filter((line) => line.endsWith(' kustomize/build'));
      return builds.length > 0 && !isRefused ? ofBuilds.map((line) => `invented: ${path}:${line}`) : [];
    });
    return [...silent.map(({ folder }) => `silent: ${folder}`), ...invented];
  }
}
