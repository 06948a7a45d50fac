// Reads a tar archive (ustar, with the long names of pax and GNU) of a Helm chart. Links, devices, and paths out of the chart
// are left out; what isn't an archive or breaks a bound is refused as a whole.
import { mostInChart } from './files.ts';

const block = 512;

/**
 * The regular files, by their path below the one folder that an archive of a chart has. Undefined if it isn't an archive, or
 * has too many or too large files.
 */
export function filesOfTar(tar: Uint8Array): ReadonlyMap<string, Uint8Array> | undefined {
  const files = new Map<string, Uint8Array>();
  let longName: string | undefined;
  let entries = 0;
  for (let at = 0; at + block <= tar.length; ) {
    const header = tar.subarray(at, at + block);
    if (header.every((byte) => byte === 0)) break;
    const size = sizeOf(header);
    if (!isHeader(header) || size === undefined) return undefined;
    entries += 1;
    if (entries > mostInChart.files) return undefined;
    const start = at + block;
    if (start + size > tar.length) return undefined;
    const content = tar.subarray(start, start + size);
    at = start + Math.ceil(size / block) * block;
    const type = String.fromCharCode(header[typeAt]!);
    if (type === 'L') longName = textOf(content);
    else if (type === 'x') longName = paxPath(content) ?? longName;
    else if (type !== 'g' && type !== 'K') {
      const path = inChart(longName ?? nameOf(header));
      longName = undefined;
      if (!isFile(type) || path === undefined) continue;
      if (size > mostInChart.fileBytes) return undefined;
      files.set(path, content);
    }
  }
  return entries > 0 ? files : undefined;
}

const typeAt = 156;

function isFile(type: string): boolean {
  return type === '0' || type === '\0' || type === '7';
}

/** Without the chart's own folder; undefined for paths that don't stay in it. */
function inChart(name: string): string | undefined {
  if (name.includes('\0') || name.includes('\\') || name.startsWith('/') || /^[A-Za-z]:/.test(name)) return undefined;
  const [folder, ...rest] = name.split('/').filter((step) => step !== '' && step !== '.');
  if (folder === undefined || folder === '..' || rest.length === 0 || rest.includes('..')) return undefined;
  return rest.join('/');
}

/** The checksum is the sum of the header's bytes, its own field as spaces. */
function isHeader(header: Uint8Array): boolean {
  const written = octal(header.subarray(148, typeAt));
  let sum = 0;
  for (const [index, byte] of header.entries()) sum += index >= 148 && index < typeAt ? 32 : byte;
  return written === sum;
}

function sizeOf(header: Uint8Array): number | undefined {
  const field = header.subarray(124, 136);
  if ((field[0]! & 0x80) === 0) return octal(field);
  // Base 256, for more than 8 GB: more than any chart may have.
  return undefined;
}

function octal(field: Uint8Array): number | undefined {
  const text = textOf(field).trim();
  return /^[0-7]*$/.test(text) ? Number.parseInt(text || '0', 8) : undefined;
}

function nameOf(header: Uint8Array): string {
  const name = textOf(header.subarray(0, 100));
  const prefix = textOf(header.subarray(257, 262)) === 'ustar' ? textOf(header.subarray(345, 500)) : '';
  return prefix === '' ? name : `${prefix}/${name}`;
}

/** Records are `length key=value`, each with a line break at its end. */
function paxPath(content: Uint8Array): string | undefined {
  let path: string | undefined;
  for (let at = 0; at < content.length; ) {
    const space = content.indexOf(32, at);
    const length = space === -1 ? Number.NaN : Number(textOf(content.subarray(at, space)));
    if (!Number.isInteger(length) || length <= space - at) return path;
    const record = textOf(content.subarray(space + 1, at + length - 1));
    if (record.startsWith('path=')) path = record.slice('path='.length);
    at += length;
  }
  return path;
}

const decoder = new TextDecoder();

/** Up to the first NUL. */
function textOf(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return decoder.decode(end === -1 ? bytes : bytes.subarray(0, end));
}
