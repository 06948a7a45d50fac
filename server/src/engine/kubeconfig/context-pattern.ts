/** Whether a context's name matches the pattern, in which `*` matches any characters, including none: `prod-*`. */
export function matches(pattern: string, context: string): boolean {
  const source = pattern
    .split('*')
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .join('.*');
  return new RegExp(`^${source}$`, 's').test(context);
}

/** As `matches`; a pattern without `*` also names a word: `prod` is in `shop-prod` and `prod2-eu`, not in `products`. */
export function mentions(pattern: string, context: string): boolean {
  return matches(pattern, context) || wordsOf(context).includes(pattern.toLowerCase());
}

/** The words of a context's name in lower case. A digit at the end counts clusters of an environment: `prod2`. */
export function wordsOf(context: string): readonly string[] {
  const name = context.toLowerCase().replace(/\bpre-prod(uction)?\b/g, 'preprod');
  return name.split(/[^a-z\d]+/).map((word) => word.replace(/\d+$/, ''));
}
