// The schemas that are delivered with the program, in one file instead of hundreds: a first line with the length of the index,
// the index as JSON (key to offset and length), then the texts one after the other.
import { join } from 'node:path';
import type { Read } from '../schema/load.ts';
import { readPart } from './reader.ts';

export const packFile = 'schemas.pack';

/** In bytes: ten times the index of all that is bundled. */
const largestIndex = 1_000_000;
const lengthDigits = 12;

type Index = Readonly<Record<string, readonly [offset: number, length: number]>>;

/** Equal for equal texts, whatever their order. */
export function packOf(texts: ReadonlyMap<string, string>): Buffer {
  const parts = [...texts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, text]) => [key, Buffer.from(text)] as const);
  const index: Record<string, [number, number]> = {};
  let offset = 0;
  for (const [key, bytes] of parts) {
    index[key] = [offset, bytes.length];
    offset += bytes.length;
  }
  const head = Buffer.from(`${JSON.stringify(index)}\n`);
  const first = `${String(head.length).padStart(lengthDigits, '0')}\n`;
  return Buffer.concat([Buffer.from(first), head, ...parts.map(([, bytes]) => bytes)]);
}

/** Reads a text when it is asked for. Undefined if the folder has no pack. */
export function packReader(folder: string): Read | undefined {
  const file = join(folder, packFile);
  const first = readPart(file, 0, lengthDigits + 1);
  const length = Number(first?.toString('latin1'));
  if (!first || !(length > 0 && length <= largestIndex)) return undefined;
  const index = indexOf(readPart(file, lengthDigits + 1, length));
  const base = lengthDigits + 1 + length;
  return (key) => {
    const at = index && Object.hasOwn(index, key) ? index[key] : undefined;
    return at && readPart(file, base + at[0], at[1])?.toString('utf8');
  };
}

function indexOf(bytes: Buffer | undefined): Index | undefined {
  try {
    return bytes && JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}
