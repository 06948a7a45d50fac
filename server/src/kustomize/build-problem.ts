// What keeps a kustomization from being built as written: facts about a place in it, put into words by whoever reports them.
import type { Path } from '../syntax/tree.ts';
import type { Origin } from './built.ts';

export interface BuildProblem {
  readonly reason: Reason;
  /** The kustomization's file. */
  readonly kustomization: string;
  /** The field of the kustomization that causes it; empty for the file as a whole. */
  readonly field: Path;
  /** What to underline: in the kustomization, or in a patch or manifest that it names. */
  readonly origin: Origin;
}

export type Reason =
  /** Of the kustomization itself. */
  | { readonly kind: 'unreadable-kustomization' }
  | { readonly kind: 'empty-kustomization' }
  | { readonly kind: 'several-kustomizations'; readonly files: readonly string[] }
  | { readonly kind: 'wrong-header'; readonly apiVersion: string; readonly of: string }
  | { readonly kind: 'unknown-field'; readonly name: string }
  | { readonly kind: 'wrong-type'; readonly expected: 'list' | 'string' | 'map' }
  /** Of a path in it. */
  | { readonly kind: 'missing'; readonly path: string }
  | { readonly kind: 'no-kustomization'; readonly path: string }
  | { readonly kind: 'not-a-folder'; readonly path: string }
  | { readonly kind: 'absolute'; readonly path: string }
  /** A file is read only in or below the kustomization's own folder. */
  | { readonly kind: 'outside'; readonly path: string; readonly folder: string }
  /** The folder is one that is being built already, or is around one. */
  | { readonly kind: 'cycle'; readonly path: string; readonly folder: string }
  | { readonly kind: 'component-as-resource'; readonly path: string }
  | { readonly kind: 'resource-as-component'; readonly path: string }
  /** Of an object. */
  | { readonly kind: 'invalid-yaml' }
  /** Unquoted, a key may be a number, a boolean, a time or null. */
  | { readonly kind: 'key-not-text'; readonly key: string }
  | { readonly kind: 'no-object' }
  | { readonly kind: 'no-kind' }
  | { readonly kind: 'no-name'; readonly of: string }
  | { readonly kind: 'duplicate'; readonly id: string; readonly other: Origin }
  /** `namespace` makes two objects one. */
  | { readonly kind: 'namespace-conflict'; readonly id: string; readonly other: Origin }
  /** A reference that may mean either of several objects that `namespace` moved. */
  | { readonly kind: 'ambiguous-reference'; readonly name: string }
  /** Of a patch. */
  | { readonly kind: 'no-patch' }
  | { readonly kind: 'patch-and-path' }
  | { readonly kind: 'unreadable-patch' }
  | { readonly kind: 'several-patches' }
  | { readonly kind: 'no-target'; readonly needs: 'target' | 'name' }
  | { readonly kind: 'no-match'; readonly id: string }
  | { readonly kind: 'several-matches'; readonly id: string; readonly others: readonly Origin[] }
  | { readonly kind: 'invalid-pattern'; readonly pattern: string }
  | { readonly kind: 'invalid-selector'; readonly selector: string }
  | { readonly kind: 'unknown-directive'; readonly directive: string }
  /** A patch has one type where the object has another. */
  | { readonly kind: 'type-mismatch'; readonly path: Path }
  /** A JSON patch fails. */
  | { readonly kind: 'unknown-operation'; readonly operation: string }
  | { readonly kind: 'path-not-found'; readonly pointer: string }
  | { readonly kind: 'test-failed'; readonly pointer: string };
