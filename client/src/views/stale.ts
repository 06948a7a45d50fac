// The text of a document that can't be read again: what was last known, after a line that says why.

export function staleText(what: 'object' | 'rollout', last: string, why: string): string {
  const line = `not up to date: ${why.replace(/\s+/g, ' ').trim()}`;
  return what === 'object' ? `# ${line}\n${last}` : `${line}\n${last}`;
}
