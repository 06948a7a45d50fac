// A case: the input of the server and of our validator, which may be two spellings of the same object.

export type Json = null | boolean | number | string | Json[] | JsonObject;
export interface JsonObject {
  [key: string]: Json;
}

export interface Case {
  /** Its source: a file, `seed` or a mutation of one. */
  readonly origin: string;
  /** The mutation, for the figures by construct: `delete`, `retype`, `raw`, ... or `none`. */
  readonly construct: string;
  readonly apiVersion: string;
  readonly kind: string;
  /** Sent as `application/yaml` if there is no object to send as JSON. */
  readonly text: string;
  readonly object?: JsonObject;
  /** Sends the text to the server unchanged although there is an object. */
  readonly raw?: boolean;
}

/** JSON as block YAML with double-quoted strings: compact, and parsed back to the same JSON. */
export function toYaml(value: Json, indent = ''): string {
  if (Array.isArray(value)) {
    if (value.length === 0) return '[]';
    return value.map((item) => `\n${indent}- ${toYaml(item, `${indent}  `).replace(/^\n\s*/, '')}`).join('');
  }
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value);
    if (entries.length === 0) return '{}';
    return entries
      .map(([key, item]) => `\n${indent}${yamlString(key)}:${spaced(toYaml(item, `${indent}  `))}`)
      .join('');
  }
  if (typeof value === 'string') return yamlString(value);
  return String(value);
}

function spaced(text: string): string {
  return text.startsWith('\n') ? text : ` ${text}`;
}

function yamlString(text: string): string {
  if (/^[A-Za-z][A-Za-z0-9./-]*$/.test(text) && !/^(y|yes|n|no|true|false|on|off|null)$/i.test(text)) return text;
  return JSON.stringify(text)
    .replaceAll('\x7f', '\\x7F')
    .replace(
      /[\x80-\x9f\u2028\u2029\ufeff\ufffe\uffff]/g,
      (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
    );
}
