// The environment of a context, for grouping. No file and no cluster states it: it is the word of the context's name that people
// name environments by.
import { wordsOf } from '../engine/kubeconfig/context-pattern.ts';

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
  return (
    wordsOf(context)
      .flatMap((word) => known.get(word) ?? [])
      .at(-1) ?? ''
  );
}
