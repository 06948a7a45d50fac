/** Whether a context's name matches the pattern, in which `*` matches any characters, including none: `prod-*`. */
export function matches(pattern: string, context: string): boolean {
  const source = pattern
    .split('*')
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .join('.*');
  return new RegExp(`^${source}$`, 's').test(context);
}
