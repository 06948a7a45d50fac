// The name of a new object, after the name that its file was given.

/** The part of proposed file names that stands for the object's name. */
const standIn = 'example';

/**
 * The snippet with the object's name as the default of its first stop, if the proposed file name has a part that stands for
 * it and the chosen one has a valid name there.
 */
export function named(snippet: string, proposed: string, chosen: string): string {
  const [before, after] = proposed.split(standIn);
  if (before === undefined || after === undefined || !chosen.startsWith(before) || !chosen.endsWith(after))
    return snippet;
  const name = chosen.slice(before.length, chosen.length - after.length);
  if (!/^[a-z0-9](?:[-a-z0-9.]*[a-z0-9])?$/.test(name)) return snippet;
  return snippet.replace(/\$\{1:[^}]*\}/, `\${1:${name}}`);
}
