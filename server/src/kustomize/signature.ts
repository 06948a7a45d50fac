// Identifies built values, to compare them.
import type { Built } from './built.ts';

const signatures = new WeakMap<Built, string>();

/** Two with the same signature are equal, and so are the places that they come from. */
export function signatureOf(built: Built | undefined): string {
  if (!built) return '';
  const known = signatures.get(built);
  if (known !== undefined) return known;
  const parts: string[] = [];
  write(built, { parts, places: true, shared: new Map() });
  const signature = parts.join('');
  signatures.set(built, signature);
  return signature;
}

const valueKeys = new WeakMap<Built, string>();

/** Two with the same key are equal, wherever they come from. */
export function valueKeyOf(built: Built): string {
  const known = valueKeys.get(built);
  if (known !== undefined) return known;
  const parts: string[] = [];
  write(built, { parts, places: false, shared: new Map() });
  const key = parts.join('');
  valueKeys.set(built, key);
  return key;
}

interface Writing {
  readonly parts: string[];
  readonly places: boolean;
  /** The nodes of aliases, which are written once. */
  readonly shared: Map<Built, number>;
}

function write(built: Built, writing: Writing): void {
  const { parts, places, shared } = writing;
  if (built.kind !== 'scalar') {
    const known = shared.get(built);
    if (known !== undefined) {
      parts.push(`*${known}`);
      return;
    }
    shared.set(built, shared.size);
  }
  if (places) parts.push(placesOf(built));
  if (built.kind === 'scalar') parts.push(`=${typeof built.value}\0${built.text}\n`);
  else if (built.kind === 'list') {
    parts.push('[');
    for (const item of built.items) write(item, writing);
    parts.push(']');
  } else {
    parts.push('{');
    for (const [key, value] of built.entries) {
      parts.push(`${key}\0`);
      write(value, writing);
    }
    parts.push('}');
  }
}

function placesOf(built: Built): string {
  const { source, start, end } = built.origin;
  const variables = built.kind === 'scalar' ? (built.variables ?? []) : [];
  return [
    `${source.file}\0${source.start + start}-${end - start}`,
    ...variables.map(({ name, origin }) => `${name}\0${origin.source.file}\0${origin.source.start + origin.start}`),
  ].join('\0');
}
