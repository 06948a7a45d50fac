// The contract of the checks that the API server has in Go for its own kinds, beyond their OpenAPI: what a check gets
// and how it reports. `checks.ts` is the registry; validate.ts runs it once the structure is right.
import type { Gvk } from '../../kube/identity.ts';
import type { Path } from '../../syntax/tree.ts';
import type { ObjectValue } from '../../syntax/value.ts';

/** The reasons of apimachinery's field errors (k8s.io/apimachinery/pkg/util/validation/field/errors.go). */
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
   * `path` leads from the document's root to the value at fault; a last step that isn't there is a missing field.
   * The message is ours: what is wrong with which value, and what would be right. `named` is the field that the server
   * blames, where that isn't the same.
   */
  add(path: Path, kind: ProblemKind, message: string, named?: Path): void;
}

/**
 * One kind's checks. The value has the schema's types (structure was judged before), its OpenAPI defaults are filled
 * in, Go's own defaults (SetDefaults_*) are not: absent means the default there. Integers are `bigint`; anything may
 * be `unknown`, which satisfies every check. Never throws.
 */
export type BuiltinCheck = (object: ObjectValue, problems: Problems, gvk: Gvk) => void;
