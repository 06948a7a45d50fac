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
  /** A transformer can't be read because of it, so that nothing is known of what that would change. */
  readonly isOfTransformer?: true;
}

export type Reason =
  /** Problems of the kustomization itself. */
  | { readonly kind: 'unreadable-kustomization' }
  | { readonly kind: 'empty-kustomization' }
  | { readonly kind: 'several-kustomizations'; readonly files: readonly string[] }
  | { readonly kind: 'wrong-header'; readonly apiVersion: string; readonly of: string }
  | { readonly kind: 'unknown-field'; readonly name: string }
  | { readonly kind: 'wrong-type'; readonly expected: 'list' | 'string' | 'map' | 'boolean' | 'integer' }
  | { readonly kind: 'unknown-order'; readonly order: string }
  /** `legacySortOptions` with another order. */
  | { readonly kind: 'unused-sort-options' }
  | { readonly kind: 'unknown-openapi-version'; readonly version: string }
  | { readonly kind: 'openapi-version-and-path' }
  | { readonly kind: 'unreadable-schema' }
  /** Not a refusal: kustomize warns of the field. */
  | { readonly kind: 'deprecated-field'; readonly name: string; readonly instead: string }
  /** Not a refusal: kustomize warns of a variable that nothing in the build uses. */
  | { readonly kind: 'unused-variable'; readonly name: string }
  /** Not a refusal: of what would have more than `mostObjects` we build none. */
  | { readonly kind: 'too-many-objects' }
  /** Problems of a path in it. */
  | { readonly kind: 'missing'; readonly path: string }
  | { readonly kind: 'no-kustomization'; readonly path: string }
  | { readonly kind: 'not-a-folder'; readonly path: string }
  | { readonly kind: 'absolute'; readonly path: string }
  /** A file must be in the kustomization's folder or below it. `isFar`: it isn't below the root of all files either. */
  | { readonly kind: 'outside'; readonly path: string; readonly folder: string; readonly isFar?: true }
  /** The folder is already being built, or contains a folder that is. */
  | { readonly kind: 'cycle'; readonly path: string; readonly folder: string }
  | { readonly kind: 'component-as-resource'; readonly path: string }
  | { readonly kind: 'resource-as-component'; readonly path: string }
  /** Dots within a name of a path, which usually come from two entries that YAML reads as one. */
  | { readonly kind: 'ambiguous-path'; readonly path: string }
  /** Problems of an object. */
  | { readonly kind: 'invalid-yaml' }
  /** An unquoted key that resolves to a number, a boolean, a time or null. */
  | { readonly kind: 'key-not-text'; readonly key: string }
  | { readonly kind: 'duplicate-key'; readonly key: string }
  /** Annotations in which kustomize keeps earlier ids of an object, with different numbers of entries; kustomize crashes. */
  | { readonly kind: 'inconsistent-history' }
  /** A kind, name or namespace that was changed and contains a comma, which separates those that kustomize keeps; it crashes. */
  | { readonly kind: 'comma-in-id'; readonly id: string }
  | { readonly kind: 'no-object' }
  | { readonly kind: 'no-kind' }
  | { readonly kind: 'no-name'; readonly of: string }
  | { readonly kind: 'duplicate'; readonly id: string; readonly other: Origin }
  /** A field that is configured for a kind has a value in which its path can't be followed. */
  | { readonly kind: 'not-a-container'; readonly path: string }
  | { readonly kind: 'not-a-scalar'; readonly path: string }
  | { readonly kind: 'not-a-map'; readonly path: string }
  | { readonly kind: 'empty-field-name'; readonly path: string }
  /** A step for items of a list, such as an index, where the object has a map. */
  | { readonly kind: 'item-of-map'; readonly step: string; readonly path: string }
  /** Two configurations differ in whether a field is created. */
  | { readonly kind: 'conflicting-configuration'; readonly path: string }
  /** `namespace` gives two objects the same id. */
  | { readonly kind: 'namespace-conflict'; readonly id: string; readonly other: Origin }
  /** A reference that matches several renamed objects. */
  | { readonly kind: 'ambiguous-reference'; readonly name: string }
  /** A map that should refer to an object by its name. */
  | { readonly kind: 'unnamed-reference'; readonly path: string }
  /** A ServiceAccount in a RoleBinding whose namespace is null. */
  | { readonly kind: 'blank-namespace' }
  /** Problems of generators. */
  | { readonly kind: 'unnamed-generator' }
  /** `…` for one of a Secret. */
  | { readonly kind: 'invalid-literal'; readonly literal: string }
  | { readonly kind: 'invalid-file-source'; readonly source: string; readonly lacks: 'key' | 'path' | 'one-separator' }
  | { readonly kind: 'repeated-key'; readonly key: string; readonly of: string }
  /** `behavior` is `merge` or `replace`, but there is no object. */
  | { readonly kind: 'nothing-to-change'; readonly id: string; readonly behavior: string }
  | { readonly kind: 'already-exists'; readonly id: string; readonly other: Origin }
  | { readonly kind: 'several-to-change'; readonly id: string; readonly others: readonly Origin[] }
  | { readonly kind: 'unknown-cloud'; readonly cloud: string }
  /** Problems of other fields. */
  | { readonly kind: 'nothing-to-scale'; readonly name: string }
  | { readonly kind: 'unknown-subject-mode'; readonly mode: string }
  | { readonly kind: 'repeated-variable'; readonly name: string; readonly other: Origin }
  | { readonly kind: 'ambiguous-variable'; readonly name: string; readonly others: readonly Origin[] }
  | { readonly kind: 'unresolved-variable'; readonly name: string; readonly lacks: 'object' | 'field' }
  /** Problems of replacements. */
  | { readonly kind: 'incomplete-replacement' }
  | { readonly kind: 'source-and-value' }
  | { readonly kind: 'path-and-replacement' }
  | { readonly kind: 'unreadable-replacement' }
  | { readonly kind: 'no-source'; readonly source: string }
  | { readonly kind: 'several-sources'; readonly source: string; readonly others: readonly Origin[] }
  | { readonly kind: 'no-source-field'; readonly path: string }
  | { readonly kind: 'no-target-field'; readonly path: string }
  | { readonly kind: 'target-without-select' }
  | { readonly kind: 'delimiter-of-container'; readonly path: string }
  | { readonly kind: 'index-out-of-range'; readonly index: string }
  | { readonly kind: 'value-of-another-type'; readonly value: string; readonly path: string }
  /** Problems of plugin configurations. */
  | { readonly kind: 'unknown-plugin'; readonly plugin: string }
  | { readonly kind: 'wrong-plugin'; readonly plugin: string; readonly expected: 'generator' | 'transformer' }
  | { readonly kind: 'missing-setting'; readonly setting: string }
  | { readonly kind: 'negative-position' }
  | { readonly kind: 'validator-changes-objects'; readonly plugin: string }
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
  | { readonly kind: 'incomplete-operation'; readonly operation: string; readonly lacks: 'path' | 'from' }
  | { readonly kind: 'path-not-found'; readonly pointer: string }
  | { readonly kind: 'test-failed'; readonly pointer: string };
