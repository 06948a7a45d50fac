// The environment of a context, for grouping. No file and no cluster states it: it is the word of the context's name that people
// name environments by.

/** Each with the words that mean it; the first is shown. */
const environments: readonly (readonly string[])[] = [
  ['production', 'prod', 'prd', 'live'],
  ['pre-production', 'preprod', 'preprd', 'ppd'],
  ['staging', 'stage', 'stg'],
  ['acceptance', 'acc', 'uat'],
  ['integration', 'int'],
  ['test', 'tst', 'qa'],
  ['development', 'dev', 'develop'],
  ['sandbox', 'sbx', 'playground'],
];

const known = new Map(environments.flatMap((words) => words.map((word) => [word, words[0]!] as const)));

/** Empty if no word of the name is known; of several the last, since names end with what distinguishes them. */
export function environmentOf(context: string): string {
  const name = context.toLowerCase().replace(/\bpre-prod(uction)?\b/g, 'preprod');
  // A digit at the end counts clusters of an environment: prod2.
  const words = name.split(/[^a-z\d]+/).map((word) => word.replace(/\d+$/, ''));
  return words.flatMap((word) => known.get(word) ?? []).at(-1) ?? '';
}
