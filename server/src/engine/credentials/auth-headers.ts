// Headers that say who asks, as Go's client writes them.
import { validateHeaderName, validateHeaderValue } from 'node:http';
import type { OutgoingHttpHeaders } from 'node:http2';
import { failed, type Result, success } from '../failure.ts';
import type { User } from '../kubeconfig/file.ts';

type Headers = Readonly<Record<string, string | readonly string[]>>;

/** k8s.io/client-go/transport/round_trippers.go. */
export function impersonationHeaders(user: User): Headers {
  if (!user.as) return {};
  return {
    'impersonate-user': user.as,
    ...(user.asUid ? { 'impersonate-uid': user.asUid } : {}),
    ...(user.asGroups.length > 0 ? { 'impersonate-group': user.asGroups } : {}),
    ...Object.fromEntries(
      Object.entries(user.asUserExtra).map(([name, values]) => [`impersonate-extra-${escapedName(name)}`, values]),
    ),
  };
}

/** What no header's name may hold is escaped as in a path, the percent sign too; the server undoes that. */
function escapedName(name: string): string {
  return encodeURIComponent(name)
    .replace(/[()]/g, (character) => `%${character.charCodeAt(0).toString(16)}`)
    .toLowerCase();
}

/** Node writes a header's characters as bytes; Go, and so kubectl, writes UTF-8. A token with a line break is refused. */
export function wireHeaders(headers: Headers): Result<OutgoingHttpHeaders> {
  const bytes = (value: string) => Buffer.from(value, 'utf8').toString('latin1');
  const written = Object.entries(headers).map(
    ([name, value]) => [name, typeof value === 'string' ? bytes(value) : value.map(bytes)] as const,
  );
  for (const [name, value] of written) {
    try {
      validateHeaderName(name);
      for (const one of [value].flat()) validateHeaderValue(name, one);
    } catch {
      return failed(
        'credential',
        `the credential cannot be sent: ${name} would hold a line break or a control character`,
        {
          remedy: 'Correct the token or the impersonation in the kubeconfig, or what the credential plugin prints.',
          person: true,
        },
      );
    }
  }
  return success(Object.fromEntries(written));
}
