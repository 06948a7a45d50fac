// Impersonation and authorization headers, encoded as Go's client encodes them.
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

/** Characters that aren't allowed in a header name, and the percent sign, are percent-encoded; the server decodes them. */
function escapedName(name: string): string {
  return encodeURIComponent(name)
    .replace(/[()]/g, (character) => `%${character.charCodeAt(0).toString(16)}`)
    .toLowerCase();
}

/** Node writes a header's characters as Latin-1 bytes; Go, and so kubectl, writes UTF-8. Rejects line breaks. */
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
        `the credential cannot be sent: ${name} must not contain a line break or a control character`,
        {
          remedy: 'Fix the token or the impersonation in the kubeconfig, or the output of the credential plugin.',
          person: true,
        },
      );
    }
  }
  return success(Object.fromEntries(written));
}
