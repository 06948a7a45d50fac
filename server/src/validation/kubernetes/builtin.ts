// The contract of the checks that the API server implements in Go for its built-in kinds, beyond their OpenAPI schemas:
// what a check receives and how it reports. checks.ts is the registry; native.ts runs it on objects that decode into the
// types of the schema.
import type { Gvk } from '../../kube/identity.ts';
import type { Path } from '../../syntax/tree.ts';
import type { ObjectValue } from '../../syntax/value.ts';

/** The error types of apimachinery's field errors (k8s.io/apimachinery/pkg/util/validation/field/errors.go). */
export type ProblemKind =
  | 'required'
  | 'invalid'
  | 'duplicate'
  | 'forbidden'
  | 'unsupported'
  | 'notFound'
  | 'tooLong'
  | 'tooMany'
  | 'typeInvalid';

export interface Problems {
  /** Of the release of Kubernetes: 36 for 1.36.3. Some checks and fields are newer than others (gates.ts). */
  readonly minor: number;
  /**
   * `path` leads from the document's root to the invalid value; a last step that does not exist is a missing field.
   * The message is ours: which value is wrong, and what is allowed. `named` is the field that the API server reports,
   * where it differs. `sought` are the other paths that the check read or searched.
   */
  add(path: Path, kind: ProblemKind, message: string, named?: Path, sought?: readonly Path[]): void;
}

/**
 * The checks of one kind. The object is as written, and its values have the types of its schema. No defaults are applied,
 * neither those of OpenAPI nor Go's own (SetDefaults_*), so an absent field has its default. Integers are `bigint`; any
 * value may be `unknown`, which satisfies every check. `was` is the object that an update replaces. Never throws.
 */
export type BuiltinCheck = (object: ObjectValue, problems: Problems, gvk: Gvk, was?: ObjectValue) => void;
