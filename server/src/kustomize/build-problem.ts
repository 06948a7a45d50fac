// The problems that make kustomize refuse a build, as data with their location; callers word the messages.
import type { Path } from '../syntax/tree.ts';
import type { Origin } from './built.ts';

export interface BuildProblem {
  readonly reason: Reason;
  /** The path of the kustomization. */
  readonly kustomization: string;
  /** The field of the kustomization that causes the problem; empty for the whole file. */
  readonly field: Path;
  /** The range to underline: in the kustomization, or in a patch or manifest that it references. */
  readonly origin: Origin;
}

export type Reason =
  /** Problems of the kustomization itself. */
  | { readonly kind: 'unreadable-kustomization' }
  | { readonly kind: 'empty-kustomization' }
  | { readonly kind: 'several-kustomizations'; readonly files: readonly string[] }
  | { readonly kind: 'wrong-header'; readonly apiVersion: string; readonly of: string }
  | { readonly kind: 'unknown-field'; readonly name: string }
  | { readonly kind: 'wrong-type'; readonly expected: 'list' | 'string' | 'map' }
  /** Problems of a path in it. */
  | { readonly kind: 'missing'; readonly path: string }
  | { readonly kind: 'no-kustomization'; readonly path: string }
  | { readonly kind: 'not-a-folder'; readonly path: string }
  | { readonly kind: 'absolute'; readonly path: string }
  /** A file must be in the kustomization's folder or below it. */
  | { readonly kind: 'outside'; readonly path: string; readonly folder: string }
  /** The folder is already being built, or contains a folder that is. */
  | { readonly kind: 'cycle'; readonly path: string; readonly folder: string }
  | { readonly kind: 'component-as-resource'; readonly path: string }
  | { readonly kind: 'resource-as-component'; readonly path: string }
  /** Problems of an object. */
  | { readonly kind: 'invalid-yaml' }
  /** An unquoted key that resolves to a number, a boolean, a time or null. */
  | { readonly kind: 'key-not-text'; readonly key: string }
  | { readonly kind: 'no-object' }
  | { readonly kind: 'no-kind' }
  | { readonly kind: 'no-name'; readonly of: string }
  | { readonly kind: 'duplicate'; readonly id: string; readonly other: Origin }
  /** `namespace` gives two objects the same id. */
  | { readonly kind: 'namespace-conflict'; readonly id: string; readonly other: Origin }
  /** A reference that matches several objects that `namespace` moved. */
  | { readonly kind: 'ambiguous-reference'; readonly name: string }
  /** Problems of a patch. */
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
  /** The types of a value differ between the patch and the object. */
  | { readonly kind: 'type-mismatch'; readonly path: Path }
  /** Problems of a JSON patch. */
  | { readonly kind: 'unknown-operation'; readonly operation: string }
  | { readonly kind: 'path-not-found'; readonly pointer: string }
  | { readonly kind: 'test-failed'; readonly pointer: string };
