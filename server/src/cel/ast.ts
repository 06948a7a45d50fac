// The syntax tree of a CEL expression (https://github.com/google/cel-spec/blob/master/doc/langdef.md); macros aren't
// expanded.

export type Literal =
  | null
  | boolean
  | bigint
  | number
  | string
  | { readonly uint: bigint }
  | { readonly bytes: Uint8Array };

export type Expr =
  | { readonly type: 'literal'; readonly value: Literal }
  | { readonly type: 'name'; readonly name: string }
  | { readonly type: 'select'; readonly target: Expr; readonly field: string; readonly optional: boolean }
  | { readonly type: 'index'; readonly target: Expr; readonly index: Expr; readonly optional: boolean }
  | { readonly type: 'call'; readonly name: string; readonly target?: Expr; readonly args: readonly Expr[] }
  | { readonly type: 'operator'; readonly operator: Operator; readonly args: readonly Expr[] }
  | { readonly type: 'list'; readonly items: readonly { readonly value: Expr; readonly optional: boolean }[] }
  | { readonly type: 'map'; readonly entries: readonly MapEntry[] };

export interface MapEntry {
  readonly key: Expr;
  readonly value: Expr;
  readonly optional: boolean;
}

export type Operator =
  | '?:'
  | '||'
  | '&&'
  | '<'
  | '<='
  | '>='
  | '>'
  | '=='
  | '!='
  | 'in'
  | '+'
  | '-'
  | '*'
  | '/'
  | '%'
  | '!'
  | 'negate';
