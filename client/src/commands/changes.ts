// The commands that change a cluster. package.json gets them from the server's list of actions (scripts/contributes.ts), so
// they are its commands without a file here; act.ts runs them all.
import type { PrepareParams } from '../../../server/src/protocol.ts';

export interface ChangeCommand {
  readonly verb: PrepareParams['verb'];
  readonly title: string;
}

interface Manifest {
  readonly contributes: { readonly commands: readonly { readonly command: string; readonly title: string }[] };
}

export function changesIn(manifest: Manifest, own: readonly { readonly id: string }[]): readonly ChangeCommand[] {
  const ids = new Set(own.map(({ id }) => `capstan.${id}`));
  return manifest.contributes.commands.flatMap(({ command, title }) =>
    ids.has(command) ? [] : [{ verb: command.slice('capstan.'.length) as ChangeCommand['verb'], title }],
  );
}
