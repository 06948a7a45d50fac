// Prints a string as go-yaml v2 does (emitterc.go, yaml_emitter_analyze_scalar and yaml_emitter_select_scalar_style), which
// decides whether the text around a substituted variable is in quotes.

import { isHole } from '../syntax/scalar.ts';
import { plainValue } from './scalars.ts';

/** Of a string that resolves to no other type; the lines of a block are indented by two. */
export function emitted(text: string, place: 'key' | 'value'): string {
  const isLine = !text.includes('\n');
  const isPrintable = !unprintable.test(text);
  if (place === 'value' && !isLine && isPrintable && !/ (?:\n|$)/.test(text)) return literal(text);
  if (!isPrintable || !isLine || text === '') return quoted(text);
  return isPlain(text) ? text : `'${text.replaceAll("'", "''")}'`;
}

/** Whether a string is printed in quotes or as a block, by go-yaml v3. */
export function isQuoted(text: string): boolean {
  if (text === '' || unprintable.test(text) || text.includes('\n') || !isPlain(text)) return true;
  return plainValue(text) !== text && !isHole(text) ? true : oldScalar.test(text);
}

/** What YAML 1.1 reads as a boolean or as a number in base 60. */
const oldScalar =
  /^(?:y|Y|yes|Yes|YES|on|On|ON|n|N|no|No|NO|off|Off|OFF|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?)$/;

/** go-yaml escapes tabs and everything beyond the basic plane, such as emoji. */
export const unprintable = /[^\n\x20-\x7E\u00A0-\uD7FF\uE000-\uFEFE\uFF00-\uFFFD]/;

function quoted(text: string): string {
  return JSON.stringify(text).replace(/[\x7F-\x9F\uFEFF\uFFFE\uFFFF]/g, (one) => {
    return `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

function isPlain(text: string): boolean {
  return !/^(?:---|\.\.\.|[#,[\]{}&*!|>'"%@` ]|[?:-](?:\s|$))|:(?: |$)| #| $/.test(text);
}

export function literal(text: string): string {
  const hint = /^[ \n]/.test(text) ? '2' : '';
  const chomping = !text.endsWith('\n') ? '-' : text === '\n' || text.endsWith('\n\n') ? '+' : '';
  const lines = text.replace(/\n$/, '').split('\n');
  return `|${hint}${chomping}\n${lines.map((line) => (line === '' ? '' : `  ${line}`)).join('\n')}`;
}
