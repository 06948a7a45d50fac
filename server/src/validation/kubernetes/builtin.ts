// The contract of the checks that the API server implements in Go for its built-in kinds, beyond their OpenAPI schemas:
// what a check receives and how it reports. checks.ts is the registry; validate.ts runs it on structurally valid objects.
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
  /**
   * `path` leads from the document's root to the invalid value; a last step that does not exist is a missing field.
   * The message is ours: which value is wrong, and what is allowed. `named` is the field that the API server reports,
   * where it differs.
   */
  add(path: Path, kind: ProblemKind, message: string, named?: Path): void;
}

/**
 * The checks of one kind. The value has the types of its schema (structure is validated before) and its OpenAPI
 * defaults; Go's own defaults (SetDefaults_*) are not applied, so an absent field has its default. Integers are
 * `bigint`; any value may be `unknown`, which satisfies every check. Never throws.
 */
export type BuiltinCheck = (object: ObjectValue, problems: Problems, gvk: Gvk) => void;
