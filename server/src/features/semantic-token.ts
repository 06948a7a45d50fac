// What a semantic token is: a range with a type and perhaps a modifier.

/** Standard types of the protocol, which every theme colors. */
export const tokenTypes = [
  'class',
  'variable',
  'label',
  'property',
  'function',
  'string',
  'number',
  'keyword',
  'operator',
] as const;

/** Modifiers that the protocol doesn't have, with their descriptions. */
export const ownModifiers = {
  resolved: 'The name of an object that a file of the workspace defines.',
  unresolved: 'The name of an object that no file of the workspace defines.',
} as const;

export const tokenModifiers = ['declaration', 'deprecated', 'resolved', 'unresolved'] as const;

export interface SemanticToken {
  readonly start: number;
  readonly end: number;
  readonly type: (typeof tokenTypes)[number];
  readonly modifier?: (typeof tokenModifiers)[number];
}
