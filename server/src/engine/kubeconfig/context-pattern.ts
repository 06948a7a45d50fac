/** Whether a context's name is what the pattern says, in which `*` stands for any characters, none too: `prod-*`. */
export function matches(pattern: string, context: string): boolean {
  const source = pattern
    .split('*')
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .join('.*');
  return new RegExp(`^${source}$`, 's').test(context);
}
