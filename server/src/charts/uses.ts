// Which values a chart's templates read, found in their text: `.Values.image.tag` reads a key, `.Values.resources` a whole
// map, whatever is in it. Of named templates, only those that are included count.
import type { Chart } from './chart.ts';

/** State: the paths that templates read. */
export interface Uses {
  /** Whether a template reads the key or something below it. */
  reads(path: readonly string[]): boolean;
  /** Whether a template reads all of the map, and so any key in it. */
  readsWhole(path: readonly string[]): boolean;
}

interface Step {
  isWhole: boolean;
  readonly below: Map<string, Step>;
}

const known = new WeakMap<Chart, Uses>();

export function usesOf(chart: Chart): Uses {
  const before = known.get(chart);
  if (before) return before;
  const uses = read(chart);
  known.set(chart, uses);
  return uses;
}

function read(chart: Chart): Uses {
  const root: Step = { isWhole: false, below: new Map() };
  const { texts, isComplete } = textsOf(chart);
  for (const text of texts) collect(text, root);
  if (!isComplete) root.isWhole = true;
  const walk = (path: readonly string[], stop: (step: Step) => boolean): Step | undefined => {
    let at: Step | undefined = root;
    for (const name of path) {
      if (!at || stop(at)) return at;
      at = at.below.get(name);
    }
    return at;
  };
  return {
    reads: (path) => walk(path, () => false) !== undefined,
    readsWhole: (path) => walk(path, ({ isWhole }) => isWhole)?.isWhole === true,
  };
}

const use = /\.Values\b((?:\.[A-Za-z_]\w*)*)/g;

function collect(text: string, root: Step): void {
  for (const [, dotted = ''] of text.matchAll(use)) {
    let at = root;
    for (const name of dotted.split('.').slice(1)) {
      let next = at.below.get(name);
      if (!next) at.below.set(name, (next = { isWhole: false, below: new Map() }));
      at = next;
    }
    at.isWhole = true;
  }
}

/** The texts that run with the values of the chart. Incomplete if a named template is elsewhere, or can't be told. */
function textsOf(chart: Chart): { readonly texts: readonly string[]; readonly isComplete: boolean } {
  const defined = new Map<string, string>();
  const texts: string[] = [];
  for (const text of textsIn(chart)) {
    const [own, ...named] = text.split(/\{\{-?\s*define\s+/);
    texts.push(own!);
    for (const one of named) {
      const [, name] = /^["`]([^"`]*)["`]/.exec(one) ?? [];
      // What follows the end of a named template is kept with it: it may be too much, never too little.
      if (name === undefined) texts.push(one);
      else {
        defined.set(name, `${defined.get(name) ?? ''}\n${one}`);
        texts.push(one.slice(endOf(one)));
      }
    }
  }
  for (const dependency of chart.dependencies)
    for (const [name, text] of dependency.chart ? templatesOf(dependency.chart) : [])
      if (!defined.has(name)) defined.set(name, text);
  let isComplete = chart.dependencies.every((one) => one.chart !== undefined);
  const waiting = [...texts];
  const included = new Set<string>();
  for (let text = waiting.pop(); text !== undefined; text = waiting.pop()) {
    for (const [, literal] of text.matchAll(/\b(?:include|template|block)\s+(?:"([^"]*)"|`[^`]*`)?/g)) {
      const names = literal === undefined ? [...defined.keys()] : [literal];
      for (const name of names) {
        if (included.has(name)) continue;
        included.add(name);
        const found = defined.get(name);
        if (found === undefined) isComplete = false;
        else {
          texts.push(found);
          waiting.push(found);
        }
      }
    }
  }
  return { texts, isComplete };
}

/** The named templates of a subchart and its own. */
function templatesOf(chart: Chart): ReadonlyMap<string, string> {
  const named = new Map<string, string>();
  for (const text of textsIn(chart))
    for (const one of text.split(/\{\{-?\s*define\s+/).slice(1)) {
      const [, name] = /^["`]([^"`]*)["`]/.exec(one) ?? [];
      if (name !== undefined) named.set(name, one);
    }
  for (const { chart: below } of chart.dependencies)
    for (const [name, text] of below ? templatesOf(below) : []) if (!named.has(name)) named.set(name, text);
  return named;
}

/** Files outside of templates/ may be templates too, read with `tpl`. */
function* textsIn({ files }: Chart): Iterable<string> {
  for (const path of files.paths) {
    if (/^(?:charts|crds|ci|tests)\/|^(?:Chart|requirements|values[\w.-]*)\.(?:ya?ml|json)$|\.(?:md|tgz)$/.test(path))
      continue;
    const text = files.text(path);
    if (text?.includes('.Values')) yield text;
    else if (text?.includes('define') || text?.includes('include') || text?.includes('template')) yield text;
  }
}

/** The offset after the `end` of a named template; the length of the text if it can't be told. */
function endOf(text: string): number {
  let depth = 1;
  for (const match of text.matchAll(/\{\{-?\s*(if|with|range|block|define|end)\b/g)) {
    depth += match[1] === 'end' ? -1 : 1;
    if (depth === 0) return match.index;
  }
  return text.length;
}
