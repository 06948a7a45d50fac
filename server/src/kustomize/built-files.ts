// The files that the values of an object come from.
import type { Built, BuiltMap, Origin, Source } from './built.ts';

const files = new WeakMap<BuiltMap, ReadonlySet<string>>();

/** All files that the value comes from: those it is written in, those of variables, and those of what changed it. */
export function filesIn(map: BuiltMap): ReadonlySet<string> {
  const known = files.get(map);
  if (known) return known;
  const collecting: Collecting = { found: new Set(), seen: new Set(), left: fewContainers, last: undefined };
  collectFiles(map, collecting);
  const found = sameSet(collecting.found);
  files.set(map, found);
  return found;
}

interface Collecting {
  readonly found: Set<string>;
  readonly seen: Set<Built>;
  /** Containers to look at before those that were seen are noted: only aliases lead to one again, and few objects have any. */
  left: number;
  /** Most values come from the same text as the one before. */
  last: Source | undefined;
}

const fewContainers = 1000;

function collectFiles(built: Built, collecting: Collecting): void {
  const { found, seen } = collecting;
  for (let at: Origin | undefined = built.origin; at; at = at.through) {
    if (at.source === collecting.last) continue;
    collecting.last = at.source;
    found.add(at.source.file);
  }
  if (built.kind === 'scalar') {
    for (const { origin } of built.variables ?? []) found.add(origin.source.file);
    return;
  }
  if (collecting.left > 0) {
    collecting.left -= 1;
  } else {
    if (seen.has(built)) return;
    seen.add(built);
  }
  for (const inner of built.kind === 'list' ? built.items : built.entries.values()) collectFiles(inner, collecting);
}

const sets = new Map<string, ReadonlySet<string>>();
const mostSets = 10_000;

/** One set for the many objects that come from the same files. */
function sameSet(found: ReadonlySet<string>): ReadonlySet<string> {
  const key = [...found].join('\n');
  const known = sets.get(key) ?? found;
  if (sets.size >= mostSets) sets.clear();
  sets.set(key, known);
  return known;
}
