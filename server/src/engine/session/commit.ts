// A commit that is followed into clusters: found in the repository of a folder, which also tells what comes after it.
import { isIncluded, remotesOf, revisionOf } from '../../disk/git.ts';
import { type CommitStep, commitSteps, commitsIn, repositoryAt, type WantedCommit } from '../../live/commit.ts';
import type { LiveObject } from '../../live/object.ts';
import { failed, type Result, success } from '../failure.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** Milliseconds after which a commit that the repository doesn't have is looked for again: somebody may have fetched it. */
const again = 10_000;

export class FollowedCommit {
  readonly commit: string;
  readonly #folder: string;
  readonly #env: Env;
  readonly #repositories: readonly string[];
  readonly #included = new Map<string, boolean>();
  readonly #unknown = new Map<string, number>();

  private constructor(commit: string, folder: string, env: Env, repositories: readonly string[]) {
    this.commit = commit;
    this.#folder = folder;
    this.#env = env;
    this.#repositories = repositories;
  }

  /** Outside of a repository, only a commit's own digits are known. */
  static async find(folder: string, revision: string, env: Env): Promise<Result<FollowedCommit>> {
    const found = await revisionOf(folder, revision, env);
    if (!('problem' in found)) {
      const remotes = await remotesOf(folder, env);
      return success(new FollowedCommit(found.commit, folder, env, remotes.map(repositoryAt)));
    }
    if (/^[0-9a-f]{7,64}$/.test(revision)) return success(new FollowedCommit(revision, folder, env, []));
    return failed('invalid', `${revision}: ${found.problem}`);
  }

  async steps(objects: readonly LiveObject[], now = Date.now()): Promise<readonly CommitStep[]> {
    for (const other of commitsIn(objects)) {
      if (this.#included.has(other) || now < (this.#unknown.get(other) ?? 0)) continue;
      const isIn = await isIncluded(this.#folder, this.commit, other, this.#env);
      if (isIn === undefined) this.#unknown.set(other, now + again);
      else this.#included.set(other, isIn);
    }
    const wanted: WantedCommit = {
      commit: this.commit,
      repositories: this.#repositories,
      isIn: (other) => this.#included.get(other),
    };
    return commitSteps(objects, wanted);
  }
}
