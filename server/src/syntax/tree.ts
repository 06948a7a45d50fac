// The tree of one YAML document: plain data with offsets relative to the document's own text, so that it can be
// memoised by that text. Scalars have the value the API server reads (YAML 1.1, as in sigs.k8s.io/yaml).

/** A value that can't be known from the text: `${VAR}`, `<< inputs.x >>`, a SOPS cipher text. */
export const unknown: unique symbol = Symbol('unknown');

/** `bigint` is an integer literal (the server's int64), `number` a floating-point one: the two types are distinct. */
export type Scalar = string | bigint | number | boolean | null | typeof unknown;

/** The JSON value of a node, with aliases and merge keys resolved. */
export type Value = Scalar | readonly Value[] | { readonly [key: string]: Value };

export type Node = MapNode | SeqNode | ScalarNode | AliasNode;

interface Span {
  /** UTF-16 offset of the first character. */
  readonly start: number;
  /** UTF-16 offset after the last character of the value, excluding trailing white space and comments. */
  readonly end: number;
}

export interface MapNode extends Span {
  readonly type: 'map';
  readonly flow: boolean;
  readonly entries: readonly Entry[];
}

export interface Entry {
  readonly key: ScalarNode;
  /** A zero-width `null` scalar after the colon where the value is missing. */
  readonly value: Node;
}

export interface SeqNode extends Span {
  readonly type: 'seq';
  readonly flow: boolean;
  readonly items: readonly Node[];
}

export interface ScalarNode extends Span {
  readonly type: 'scalar';
  readonly style: 'plain' | 'single' | 'double' | 'literal' | 'folded' | 'absent';
  readonly value: Scalar;
  /** The unescaped text, before it is resolved to a number or boolean; the value of a string field. */
  readonly text: string;
}

export interface AliasNode extends Span {
  readonly type: 'alias';
  readonly name: string;
  /** Absent when the anchor doesn't exist, is defined later or contains the alias, or the alias budget is spent. */
  readonly target?: MapNode | SeqNode | ScalarNode;
}

/** One step from a node to a child: a key of a map or the index of an item. */
export type Path = readonly (string | number)[];
