// What a rollout is: done, waiting or failed, with the message that kubectl prints for it.

export type Rollout =
  /** `message` is the last line of a command that succeeds. */
  | { readonly is: 'done'; readonly message: string }
  /** `unknown`: the status doesn't show whether the rollout is done. */
  | { readonly is: 'waiting'; readonly message: string; readonly unknown?: true }
  /** `message` is the error that kubectl exits with; `untracked`: the object's strategy has no rollout to follow. */
  | { readonly is: 'failed'; readonly message: string; readonly untracked?: true };
