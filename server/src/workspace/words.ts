// The words that names in a cluster are made of, with those in the values of charts: what a chart or a controller creates is
// called after something that is there.
import { type Built, type BuiltMap, builtAt, textAt } from '../kustomize/built.ts';
import type { Directory } from './directory.ts';
import type { Home } from './homes.ts';
import type { AppliedObject, Part } from './parts.ts';

type Words = Pick<ReadonlySet<string>, 'has'>;

const known = new WeakMap<Home, Words>();

/**
 * Whether a name is like nothing else in the cluster: neither its first word nor half of its words are words of it. False for a
 * name without words.
 */
export function isUnrelated(home: Home, name: string): boolean {
  const words = wordsOf(name);
  const [first] = words;
  if (first === undefined) return false;
  const all = known.get(home) ?? collected(home);
  known.set(home, all);
  return !all.has(first) && words.filter((word) => all.has(word)).length < words.length / 2;
}

function collected(home: Home): Words {
  const parts = home.parts.map((part) => home.directory.derived(part, collectedIn));
  const values = new Set(parts.flatMap((part) => part.values));
  const configs = home.parts.flatMap(({ objects }) =>
    values.size === 0 ? [] : objects.filter(({ name, namespace }) => values.has(`${namespace}/${name}`)),
  );
  const all: readonly Words[] = [...parts.map(({ words }) => words), ...configs.map(({ value }) => textWordsOf(value))];
  return { has: (word) => all.some((words) => words.has(word)) };
}

/** Whether the names of both, and the values of their charts, are made of the same words. */
export function hasSameWords(a: Part, b: Part, directory: Directory): boolean {
  const [before, now] = [directory.derived(a, collectedIn), directory.derived(b, collectedIn)];
  if (before === now) return true;
  const isSame = before.words.size === now.words.size && [...before.words].every((word) => now.words.has(word));
  return isSame && before.values.join('\n') === now.values.join('\n');
}

/** Whether the texts of both are made of the same words, should charts have values from them. */
export function isSameConfig(a: BuiltMap, b: BuiltMap): boolean {
  if (builtAt(a, ['data']) === builtAt(b, ['data'])) return true;
  const [before, now] = [textWordsOf(a), textWordsOf(b)];
  return before.size === now.size && [...before].every((word) => now.has(word));
}

interface PartWords {
  readonly words: ReadonlySet<string>;
  /** The names of objects that charts have values from. */
  readonly values: readonly string[];
}

function collectedIn({ objects }: Part, directory: Directory, earlier: Part | undefined): PartWords {
  // Both have the same names; most edits are in objects that have nothing but these.
  const isSame = earlier && objects.every((one, at) => one.value === earlier.objects[at]!.value || !isOfChart(one));
  if (isSame) return directory.derived(earlier, collectedIn);
  const words = new Set<string>();
  const add = (text: string | undefined) => {
    for (const word of wordsOf(text ?? '')) words.add(word);
  };
  const values: string[] = [];
  for (const object of objects) {
    const { name, namespace, value } = object;
    add(name);
    add(namespace);
    const spec = builtAt(value, ['spec']);
    if (!isOfChart(object) || spec?.kind !== 'map') continue;
    for (const path of chartNames) add(textAt(spec, path));
    addAll(builtAt(spec, ['values']), add);
    const from = builtAt(spec, ['valuesFrom']);
    for (const one of from?.kind === 'list' ? from.items : [])
      values.push(`${namespace}/${textAt(one, ['name']) ?? ''}`);
  }
  return { words, values };
}

function isOfChart({ groupKind }: AppliedObject): boolean {
  return /\/Helm(?:Release|Chart)$/.test(groupKind);
}

const wordsInTexts = new WeakMap<BuiltMap, ReadonlySet<string>>();

function textWordsOf(config: BuiltMap): ReadonlySet<string> {
  const before = wordsInTexts.get(config);
  if (before) return before;
  const words = new Set<string>();
  addTexts(config, (text) => {
    for (const word of wordsOf(text)) words.add(word);
  });
  wordsInTexts.set(config, words);
  return words;
}

const chartNames = [['chart', 'spec', 'chart'], ['chart'], ['releaseName'], ['targetNamespace']];

/** The keys of values, and those of their texts that may be names. */
function addAll(value: Built | undefined, add: (text: string) => void): void {
  if (value?.kind === 'scalar') {
    if (/^[a-z0-9.-]+$/.test(value.text)) add(value.text);
  } else if (value?.kind === 'list') for (const item of value.items) addAll(item, add);
  else
    for (const [key, inner] of value?.entries ?? []) {
      add(key);
      addAll(inner, add);
    }
}

/** The same of values in the text of a ConfigMap. */
function addTexts(config: BuiltMap, add: (text: string) => void): void {
  const data = builtAt(config, ['data']);
  for (const one of data?.kind === 'map' ? data.entries.values() : [])
    for (const [, key, text] of one.kind === 'scalar'
      ? one.text.matchAll(/([A-Za-z][\w-]*):(?:[ \t]+["']?([a-z0-9.-]+)["']?[ \t]*$)?/gm)
      : []) {
      add(key!);
      add(text ?? '');
    }
}

/** In lower case; `camelCase` is two words. Shorter ones are no evidence. */
function wordsOf(name: string): readonly string[] {
  const words = name
    .replace(/([a-z])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .split(/[^a-z0-9]+/);
  return words.filter((word) => word.length >= shortest && /[a-z]/.test(word));
}

const shortest = 3;
