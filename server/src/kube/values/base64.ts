// Base64 as Go's encoding/base64 decodes it: padding required, line breaks ignored.
import { type Parsed, parsed, wrong } from './parsed.ts';

/** The `data` of Secrets and every other field of bytes (StdEncoding, as encoding/json uses it). */
export function parseBase64(text: string): Parsed<Uint8Array> {
  return decode(text, '+/');
}

/** `-` and `_` in place of `+` and `/` (URLEncoding). */
export function parseBase64Url(text: string): Parsed<Uint8Array> {
  return decode(text, '-_');
}

export function printBase64(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 3) {
    const word = (bytes[at]! << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    const left = bytes.length - at;
    text += alphabet[word >> 18]! + alphabet[(word >> 12) & 63]!;
    text += (left > 1 ? alphabet[(word >> 6) & 63]! : '=') + (left > 2 ? alphabet[word & 63]! : '=');
  }
  return text;
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

function decode(text: string, last: string): Parsed<Uint8Array> {
  const digits = text.replace(/[\r\n]/g, '');
  const body = /^(.*?)(={0,2})$/s.exec(digits)!;
  const foreign = new RegExp(`[^A-Za-z0-9${last.replace('-', '\\-')}]`, 'u').exec(body[1]!);
  if (foreign) return wrong(`must be base64, which can’t contain “${foreign[0]}”`);
  if (digits.length % 4 !== 0) return wrong('must be base64, whose length is a multiple of four, padded with “=”');
  const bytes: number[] = [];
  let word = 0;
  let bits = 0;
  for (const digit of body[1]!) {
    const position = last.indexOf(digit);
    word = ((word << 6) | (position === -1 ? alphabet.indexOf(digit) : 62 + position)) & 0xffff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes.push((word >> bits) & 0xff);
  }
  return parsed(Uint8Array.from(bytes));
}
