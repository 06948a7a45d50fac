// Applies the credential plugin policy from kubectl's preferences file (k8s.io/kubectl/pkg/kuberc): Capstan doesn't run
// a program that kubectl wouldn't run.
import { accessSync, constants } from 'node:fs';
import { homedir } from 'node:os';
import { basename, delimiter, join, normalize } from 'node:path';
import { readText } from '../../disk/reader.ts';
import { list, text } from '../../live/fields.ts';
import { compose } from '../../syntax/compose.ts';
import { splitDocuments } from '../../syntax/split.ts';
import { toValue } from '../../syntax/value.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** Why the policy forbids the program; undefined if it is allowed. */
export function refusedByPolicy(program: string, command: string, env: Env): string | undefined {
  const preferences = preferencesOf(env);
  if (!preferences) return undefined;
  const { file, value } = preferences;
  const policy = text(value, 'credentialPluginPolicy') ?? '';
  const allowed = list(value, 'credentialPluginAllowlist').flatMap(
    (entry) => text(entry, 'command') ?? text(entry, 'name') ?? [],
  );
  switch (policy) {
    case '':
    case 'AllowAll':
      return allowed.length > 0
        ? `${file} sets credentialPluginAllowlist, which requires credentialPluginPolicy Allowlist, so no credential plugin is run`
        : undefined;
    case 'DenyAll':
      return `${file} denies all credential plugins (DenyAll), so ${command} is not run`;
    case 'Allowlist':
      if (allowed.some((entry) => entry === normalize(command) || entry === program || lookUp(entry, program, env)))
        return undefined;
      return `${command} is not in the credentialPluginAllowlist of ${file}, so it is not run`;
    default:
      return `credentialPluginPolicy "${policy}" of ${file} is unknown, so no credential plugin is run`;
  }
}

/** An allowlist entry that is a plain name refers to the program that PATH resolves it to. */
function lookUp(entry: string, program: string, env: Env): boolean {
  if (basename(entry) !== basename(program) || entry !== basename(entry)) return false;
  for (const folder of (env.PATH ?? '').split(delimiter)) {
    try {
      accessSync(join(folder, entry), constants.X_OK);
      return join(folder, entry) === program;
    } catch {}
  }
  return false;
}

function preferencesOf(env: Env): { readonly file: string; readonly value: unknown } | undefined {
  if (env.KUBERC === 'off' || env.KUBECTL_KUBERC === 'false') return undefined;
  const file = env.KUBERC || join(env.HOME || homedir(), '.kube', 'kuberc');
  const read = readText(file, { largest: 1_000_000 });
  for (const segment of splitDocuments(typeof read === 'string' ? read : '')) {
    const { root } = compose(segment.text);
    const value = root && toValue(root);
    if (text(value, 'kind') === 'Preference') return { file, value };
  }
  return undefined;
}
