// Parses the text of one document into its tree, the findings about its text, and the fields that identify its object.
// Results are memoised by text, so that editing one document parses only that document again.
import { checkAliases } from './alias.ts';
import { type Composed, compose } from './compose.ts';
import { withoutConflicts } from './conflicts.ts';
import type { Finding } from './finding.ts';
import { checkKeys } from './keys.ts';
import { entryAt, stringAt } from './navigate.ts';
import { composeNear } from './recompose.ts';
import { type Gap, recover, unresolved } from './recover.ts';
import type { Node } from './tree.ts';

export interface Manifest {
  readonly text: string;
  /** What can be read of a text that isn't valid YAML; undefined for valid ones, and where too much is wrong. */
  readonly recovered: { readonly root: Node; readonly gaps: readonly Gap[] } | undefined;
  /** Absent where the document is empty or unreadable. */
  readonly root: Node | undefined;
  /** `syntax/` findings; empty for a Go template. */
  readonly findings: readonly Finding[];
  /** The text isn't YAML because of `{{ }}` or `{% %}`; nothing in it can be checked. */
  readonly template: boolean;
  /** Encrypted by SOPS: its `sops` block isn't a field of the object, and its cipher texts are `unknown`. */
  readonly sops: boolean;
  /** Undefined where the field is missing, not a string, or a hole. */
  readonly apiVersion: string | undefined;
  readonly kind: string | undefined;
  readonly name: string | undefined;
  readonly namespace: string | undefined;
}

/** Parses one document (a text from `splitDocuments`). Never throws; offsets are relative to the text. */
export function parseManifest(text: string): Manifest {
  const old = kept.get(text);
  if (old) {
    // Marks the text as recently used: a Map keeps insertion order.
    kept.delete(text);
    kept.set(text, old);
    return old;
  }
  const known = fresh.find((one) => one?.manifest.text === text);
  if (known) {
    known.isUsedAgain = true;
    return known.manifest;
  }
  const manifest = read(text);
  // Behind the newest is the oldest.
  for (let gone = 0; gone < mostFresh && (gone === 0 || freshLength + text.length > freshLimit); gone += 1)
    leave((newest + 1 + gone) % mostFresh);
  newest = (newest + 1) % mostFresh;
  fresh[newest] = { manifest, isUsedAgain: false };
  freshLength += text.length;
  return manifest;
}

/** Of what isn't among the last any more, what was used again is kept, and anything while there is room. */
function leave(place: number): void {
  const one = fresh[place];
  if (!one) return;
  const { manifest, isUsedAgain } = one;
  const { text } = manifest;
  fresh[place] = undefined;
  freshLength -= text.length;
  if (!isUsedAgain && keptLength + text.length > keptLimit) return;
  kept.set(text, manifest);
  keptLength += text.length;
  for (const [oldest] of kept) {
    if (keptLength <= keptLimit || oldest === text) break;
    kept.delete(oldest);
    keptLength -= oldest.length;
  }
}

/**
 * When the texts that are kept exceed this length in total (UTF-16 units), the least recently used are evicted. A tree takes
 * 20 bytes for each unit; this is enough for the files that someone has open.
 */
let keptLimit = 700_000;
const kept = new Map<string, Manifest>();
let keptLength = 0;

interface Fresh {
  readonly manifest: Manifest;
  isUsedAgain: boolean;
}

/**
 * The texts that were parsed last, in a ring. Most texts of a large repository are used once: they evict none that are used
 * again, and their trees are gone when memory is collected next. The places stay the same, because a Map leaves its old
 * table behind whenever it makes room, and what that refers to is copied and kept until all memory is collected.
 */
const mostFresh = 32;
const fresh: (Fresh | undefined)[] = Array.from({ length: mostFresh });
let newest = 0;
const freshLimit = 50_000;
let freshLength = 0;

/** Sets the limit; for programs that read everything twice and then exit. */
export function keepManifests(units: number): void {
  keptLimit = units;
}

/**
 * Parses a text in which `${NAME}` is substituted before the text is read as YAML, as clusterctl does with its
 * templates. Such variables may be in places where YAML doesn't allow braces.
 */
export function parseFilledIn(text: string): Manifest {
  const manifest = parseManifest(text);
  if (!text.includes('${') || errorsOf(manifest.findings) === '') return manifest;
  // Replaces them with holes of the same length that have no braces.
  const masked = text.replace(/\$\{([^{}\n]{2,})\}/g, (_whole, name: string) => {
    return `<<${name.slice(0, -1).replace(/\W/g, '_')}>>`;
  });
  const filled = parseManifest(masked);
  return errorsOf(filled.findings) === errorsOf(manifest.findings) ? manifest : withFields(filled, { text });
}

function read(text: string): Manifest {
  const merged = withoutConflicts(text);
  const composed = composeNear(merged.text);
  const { root } = composed;
  const template = (text.includes('{{') || text.includes('{%')) && isTemplate(text, composed);
  return new Parsed(merged, composed, {
    text,
    root,
    template,
    sops: root !== undefined && isSops(root),
    apiVersion: stringAt(root, ['apiVersion']),
    kind: stringAt(root, ['kind']),
    name: stringAt(root, ['metadata', 'name']),
    namespace: stringAt(root, ['metadata', 'namespace']),
  });
}

type Plain = Omit<Manifest, 'findings' | 'recovered'>;

/**
 * Findings are computed when they are first read: a text is parsed on every key, and recovering one that isn't valid takes
 * several times as long. A class, because V8 keeps what an accessor of an object literal refers to, which is the whole tree,
 * until it collects all memory.
 */
class Parsed implements Manifest {
  readonly text: string;
  readonly root: Node | undefined;
  readonly template: boolean;
  readonly sops: boolean;
  readonly apiVersion: string | undefined;
  readonly kind: string | undefined;
  readonly name: string | undefined;
  readonly namespace: string | undefined;
  readonly #merged: Merged;
  readonly #composed: Composed;
  #found: Found | undefined;
  #noted: Noted | undefined;

  constructor(merged: Merged, composed: Composed, plain: Plain) {
    this.text = plain.text;
    this.root = plain.root;
    this.template = plain.template;
    this.sops = plain.sops;
    this.apiVersion = plain.apiVersion;
    this.kind = plain.kind;
    this.name = plain.name;
    this.namespace = plain.namespace;
    this.#merged = merged;
    this.#composed = composed;
  }

  get findings(): readonly Finding[] {
    return this.template ? [] : this.#all.findings;
  }

  get recovered(): Manifest['recovered'] {
    return this.template ? undefined : this.#all.recovered;
  }

  /** What others note of the manifest. */
  get noted(): Noted {
    this.#noted ??= new Map();
    return this.#noted;
  }

  get #all(): Found {
    this.#found ??= foundIn(this.#merged, this.#composed);
    return this.#found;
  }
}

type Noted = Map<string, unknown>;

/**
 * Where a module notes what it made of a manifest, by a name of its own: it is gone with the manifest. The values of a WeakMap,
 * if they refer to the tree, last until V8 collects all memory.
 */
export function notedOf(manifest: object): Noted {
  if (manifest instanceof Parsed) return manifest.noted;
  let known = copies.get(manifest);
  if (!known) copies.set(manifest, (known = new Map()));
  return known;
}

const copies = new WeakMap<object, Noted>();

/** A copy doesn't have what a class computes. */
export function withFields(manifest: Manifest, fields: Partial<Plain>): Manifest {
  const { findings, recovered } = manifest;
  return { ...manifest, findings, recovered, ...fields };
}

/** Whether the braces of a Go or Jinja template cause an error: masking them changes or removes the errors. */
function isTemplate(text: string, composed: Composed): boolean {
  const errors = errorsOf(textFindings(text, composed));
  if (errors === '') return false;
  const blotted = blot(blot(text, /\{\{[\s\S]*?\}\}/g, '}}', 'x'), /\{%[\s\S]*?%\}/g, '%}', ' ');
  return errorsOf(textFindings(blotted, compose(blotted))) !== errors;
}

/** Searches only up to the last closer: after it, each opener would be matched against the whole rest of the text. */
function blot(text: string, braces: RegExp, closer: string, ink: string): string {
  const end = text.lastIndexOf(closer) + closer.length;
  const blotted = text.slice(0, end).replace(braces, (found) => found.replace(/[^\n]/g, ink));
  return blotted + text.slice(end);
}

function errorsOf(findings: readonly Finding[]): string {
  return findings.flatMap(({ severity, rule, start }) => (severity === 'error' ? [`${rule} ${start}`] : [])).join('\n');
}

type Found = Pick<Manifest, 'findings' | 'recovered'>;

type Merged = ReturnType<typeof withoutConflicts>;

function foundIn({ text, findings: conflicts }: Merged, composed: Composed): Found {
  const isBroken = composed.findings.some(({ severity }) => severity === 'error');
  if (!isBroken) return { findings: inOrder([...conflicts, ...textFindings(text, composed)]), recovered: undefined };
  const { rest, findings, gaps } = recover(text, composed);
  // Without a tree that reflects the text, only its characters are checked.
  const read = { ...(rest ?? nothing), findings: rest ? unresolved(rest, text) : [] };
  const others = textFindings(text, read);
  const all = [
    ...conflicts,
    ...findings,
    ...others.filter((one) => !findings.some(({ start }) => start === one.start)),
  ];
  return {
    findings: inOrder(all),
    recovered: rest?.root ? { root: rest.root, gaps } : undefined,
  };
}

const nothing: Composed = { root: undefined, findings: [], aliases: [], anchors: new Map(), merges: false };

/** A line of nothing but what JavaScript takes for spaces, such as a byte order mark, has no text to underline. */
function inOrder(findings: readonly Finding[]): readonly Finding[] {
  const found = findings.map((one) => (one.end < one.start ? { ...one, start: one.end, end: one.start } : one));
  return found.toSorted((a, b) => a.start - b.start);
}

function textFindings(text: string, composed: Composed): readonly Finding[] {
  const found = [
    ...composed.findings,
    ...characterFindings(text),
    ...(composed.root ? [...leadingTab(text), ...trailingTab(text, composed.root)] : []),
    ...checkKeys(composed, text),
    ...checkAliases(composed),
  ];
  // An empty key at the end of the text has nothing to underline.
  return found.map((one) => (one.end > text.length ? { ...one, end: text.length } : one));
}

function isSops(root: Node): boolean {
  return entryAt(root, ['sops']) !== undefined && entryAt(root, ['sops', 'mac']) !== undefined;
}

/** go-yaml also rejects a tab at or before the document's first line of content, even on a blank or comment line. */
function leadingTab(text: string): readonly Finding[] {
  const before = /^(?:[ ]*(?:#[^\n]*)?\r?\n)*[ ]*\t/.exec(text)?.[0];
  return before === undefined ? [] : [tabAt(before.length - 1)];
}

/** And at the start of a line after a document in braces or brackets. */
function trailingTab(text: string, root: Node): readonly Finding[] {
  if ((root.type !== 'map' && root.type !== 'seq') || !root.flow) return [];
  const match = /\n *\t/.exec(text.slice(root.end));
  return match ? [tabAt(root.end + match.index + match[0].length - 1)] : [];
}

function tabAt(start: number): Finding {
  const message = 'YAML must not be indented with tabs. Use spaces.';
  return { rule: 'syntax/tab', severity: 'error', start, end: start + 1, message };
}

/** Characters that go-yaml's reader rejects anywhere (readerc.go). */
function characterFindings(text: string): readonly Finding[] {
  const match =
    /[\0-\x08\x0B\x0C\x0E-\x1F\x7F-\x84\x86-\x9F\uFFFE\uFFFF]|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/.exec(
      text,
    );
  if (!match) return [];
  const code = match[0].charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
  return [
    {
      rule: 'syntax/control-character',
      severity: 'error',
      start: match.index,
      end: match.index + 1,
      message: `The control character U+${code} isn’t allowed in YAML. Remove it, or write it as an escape in double quotes.`,
    },
  ];
}
