// Credentials that are recognised by their form, wherever they stand: user information of URLs, private keys, tokens. Findings
// reach logs of CI, screens that are shared and reports of editors, and so does what is said of clusters.

/** Each takes time in proportion to the text: a match starts only where a run of its characters starts. */
const patterns: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----[\s\S]*?(-----END [A-Z0-9 ]*PRIVATE KEY-----|$)/g, '[private key]'],
  [/\b(bearer|basic)\s+[\w+/=.~-]{6,}/gi, '$1 [redacted]'],
  // The user information of any URL ends at the last `@` before the path; the user alone is no secret of `ssh://git@host`.
  [/(?<!ssh):\/\/[^\s/?#"'<>]+@/g, '://[redacted]@'],
  [/(?<=ssh):\/\/[^\s/?#"'<>:]*:[^\s/?#"'<>]*@/g, '://[redacted]@'],
  [/\b(k8s-aws-v1\.)[\w-]+/g, '$1[redacted]'],
  [/\b(AKIA|ASIA)[A-Z0-9]{12,}\b/g, '[access key]'],
  [/\b(gh[pousr]_|glpat-|xox[abprs]-)[\w-]{8,}/g, '[token]'],
];

/** What any of them has in it. */
const possible = /:\/\/|PRIVATE KEY|bearer|basic|k8s-aws-v1|AKIA|ASIA|gh[pousr]_|glpat-|xox[abprs]-|eyJ/i;

/** The text is to be whole: of what was cut, half a credential isn't recognised. */
export function withoutCredentials(text: string): string {
  if (!possible.test(text)) return text;
  return patterns.reduce((clean, [pattern, by]) => clean.replace(pattern, by), withoutWebTokens(text));
}

/** Removes JSON web tokens: two or three parts in base64, the first an object, which begins with `eyJ`. */
function withoutWebTokens(text: string): string {
  if (!text.includes('eyJ')) return text;
  return text.replace(/(?<![\w.-])[\w.-]{20,}/g, (run) => {
    const parts = run.split('.');
    for (let at = 0; at + 1 < parts.length; at += 1) {
      const start = parts[at]!.search(/\beyJ/);
      if (start === -1 || parts[at]!.length - start < 11 || parts[at + 1]!.length < 8) continue;
      parts[at] = `${parts[at]!.slice(0, start)}[token]`;
      parts.splice(at + 1, 2);
    }
    return parts.join('.');
  });
}

/** Names of fields, variables and annotations whose value is a secret; references to Secrets and keys don't match. */
const secretName =
  /(password|passwd|passphrase|token|(?<!existing[-_]?|imagePull)secret|credentials?|api[-_]?key|access[-_]?key|secret[-_]?key|private[-_]?key)$/i;

/** Whether the value of a field or variable of this name is a secret. */
export function isSecretName(name: string): boolean {
  return secretName.test(name);
}
