// Filters of a view's rows: words that all have to fit, of the whole row or, as in `kind:Deployment`, of a part of it.
import { kindName } from '../kube/identity.ts';
import type { Row } from '../protocol.ts';

/** Of a row, only what a filter looks at. */
export type Seen = Pick<Row, 'label' | 'description' | 'kind' | 'context' | 'ref'> & {
  /** `drift`: it was changed in the cluster, and isn't so in Git. */
  readonly state: Row['state'] | 'drift';
};

export type Filter = (row: Seen) => boolean;

const parts: Readonly<Record<string, (row: Seen) => string>> = {
  kind: ({ kind }) => kindName(kind as `${string}/${string}`),
  namespace: ({ ref }) => ref?.namespace ?? '',
  state: ({ state }) => state,
  context: ({ context }) => context,
};
const shortForms: Readonly<Record<string, string>> = { ns: 'namespace', cluster: 'context', is: 'state' };

/** Undefined if the query has no words. Case is ignored, and a word fits if it is contained. */
export function filterOf(query: string): Filter | undefined {
  const tests = query.toLowerCase().slice(0, 500).split(/\s+/).filter(Boolean).map(testOf);
  return tests.length === 0 ? undefined : (row) => tests.every((fits) => fits(row));
}

function testOf(word: string): Filter {
  const colon = word.indexOf(':');
  const name = word.slice(0, Math.max(0, colon));
  const part = parts[shortForms[name] ?? name];
  const wanted = part === undefined ? word : word.slice(colon + 1);
  const textOf = part ?? whole;
  return (row) => textOf(row).toLowerCase().includes(wanted);
}

function whole(row: Seen): string {
  return [row.label, row.description, row.context, row.ref?.namespace ?? '', row.state].join('\n');
}
