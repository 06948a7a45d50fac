// Patterns for context names: `*` matches any characters, `?` one. Not path globs, since names contain `/` and `:`.

export function isPattern(text: string): boolean {
  return /[*?]/.test(text);
}

/** Matches whole names, case-insensitively. */
export function matcherOf(pattern: string): (name: string) => boolean {
  const runs = pattern.replaceAll(/\*+/g, '*').toLowerCase();
  return (name) => matches(runs, name.toLowerCase());
}

/** Two pointers and one backtracking point: time is at worst the product of the two lengths, whatever the pattern. */
function matches(pattern: string, name: string): boolean {
  let at = 0;
  let star = -1;
  let resumeAt = 0;
  for (let next = 0; next < name.length; ) {
    if (pattern[at] === '*') {
      star = at++;
      resumeAt = next;
    } else if (at < pattern.length && (pattern[at] === '?' || pattern[at] === name[next])) {
      at++;
      next++;
    } else if (star >= 0) {
      at = star + 1;
      next = ++resumeAt;
    } else return false;
  }
  return pattern.slice(at).replaceAll('*', '') === '';
}
