// The sentences of build problems: what kustomize refuses, and what to do. No code reads them.
import { printPath } from '../syntax/navigate.ts';
import type { BuildProblem, Reason } from './build-problem.ts';
import { mostObjects } from './run.ts';

export function wordsOf({ reason }: Pick<BuildProblem, 'reason'>): string {
  return sentenceOf(reason);
}

/** In the order of `Reason`. */
function sentenceOf(reason: Reason): string {
  switch (reason.kind) {
    case 'unreadable-kustomization':
      return 'kustomize can’t read this file as YAML. Correct the syntax.';
    case 'empty-kustomization':
      return 'kustomize refuses a kustomization without any field. List the files to apply under “resources”.';
    case 'several-kustomizations':
      return `The folder has several kustomizations: ${reason.files.join(', ')}; kustomize refuses that. Keep one of them.`;
    case 'wrong-header':
      return `kustomize doesn’t accept apiVersion “${reason.apiVersion}” with kind “${reason.of}”. Use kustomize.config.k8s.io/v1beta1 for a Kustomization and kustomize.config.k8s.io/v1alpha1 for a Component.`;
    case 'unknown-field':
      return `kustomize has no field “${reason.name}” here and refuses the file. Correct the name or remove it.`;
    case 'wrong-type':
      return `kustomize requires ${typeWords[reason.expected]} here.`;
    case 'unknown-order':
      return `The order must be “legacy” or “fifo”, not “${reason.order}”.`;
    case 'unused-sort-options':
      return 'legacySortOptions are for the order “legacy” only, and kustomize refuses them with another. Remove them or change the order.';
    case 'unknown-openapi-version':
      return `kustomize has no schema of version “${reason.version}”, only of v1.21.2. Remove the version, or name a schema file under “path”.`;
    case 'openapi-version-and-path':
      return 'kustomize accepts a version or a path of a schema, not both. Remove one of them.';
    case 'unreadable-schema':
      return 'The schema file isn’t JSON or YAML.';
    case 'deprecated-field':
      return `“${reason.name}” is deprecated in kustomize. Use “${reason.instead}” instead.`;
    case 'unused-variable':
      return `Nothing in this build uses the variable “${reason.name}” in a field in which kustomize replaces variables. Remove it, or add the field under “varReference” of a configuration.`;
    case 'too-many-objects':
      return `With this the build has more objects than are kept of one build (${mostObjects.toLocaleString('en')}) or of all builds, so nothing of it is checked, nor of what includes it.`;
    case 'missing':
      return `“${reason.path}” doesn’t exist, so kustomize can’t build. Correct the path or add the file.`;
    case 'no-kustomization':
      return `The folder “${reason.path || '.'}” has no kustomization.yaml, so kustomize can’t build it. Add one, or list the folder’s files instead.`;
    case 'not-a-folder':
      return `“${reason.path}” is a file, but a component must be a folder. List the file under “resources” instead.`;
    case 'absolute':
      return `kustomize doesn’t accept the absolute path “${reason.path}”. Use a path relative to this file.`;
    case 'outside':
      return `“${reason.path}” is outside of the folder of the kustomization, and kustomize reads it only with --load-restrictor LoadRestrictionsNone. Move the file${reason.isFar ? ' into the folder' : ', or list the folder it is in under “resources”'}.`;
    case 'cycle':
      return `“${reason.path}” leads back to “${reason.folder || '.'}”, which is already being built. Remove one of the entries of the cycle.`;
    case 'component-as-resource':
      return `“${reason.path}” is a component. List it under “components” instead of “resources”.`;
    case 'resource-as-component':
      return `“${reason.path}” isn’t a component. List it under “resources”, or change its kind to Component.`;
    case 'ambiguous-path':
      return `“${reason.path}” has dots within a name, which kustomize refuses. Two entries may have become one: check the indentation.`;
    default:
      return sentenceOfObject(reason);
  }
}

const typeWords = {
  list: 'a list',
  string: 'a string',
  map: 'a map',
  boolean: 'true or false',
  integer: 'a whole number',
} as const;

/** Of problems that lie in objects, patches and generators. */
function sentenceOfObject(reason: Reason): string {
  switch (reason.kind) {
    case 'invalid-yaml':
      return 'kustomize can’t read this as YAML. Correct the syntax.';
    case 'key-not-text':
      return `kustomize reads or prints the key “${reason.key}” as something other than a string, and refuses it. Quote the key or rename it.`;
    case 'duplicate-key':
      return `The key “${reason.key}” is set twice in this map, which kustomize refuses. Remove or rename one of them.`;
    case 'inconsistent-history':
      return 'The annotations in which kustomize keeps earlier names of the object contradict each other. Remove all annotations of internal.config.kubernetes.io.';
    case 'comma-in-id':
      return `The kind, name or namespace of ${reason.id} contains a comma, and kustomize can’t keep those when it changes them. Remove the comma; of an encrypted file, encrypt only the values.`;
    case 'no-object':
      return 'kustomize requires a Kubernetes object here.';
    case 'no-kind':
      return 'The object has no kind, so kustomize refuses it.';
    case 'no-name':
      return `The ${reason.of} has no metadata.name, so kustomize refuses it.`;
    case 'duplicate':
      return `${reason.id} is already in the build, and kustomize refuses to add it again. Remove one of them or rename it.`;
    case 'not-a-container':
      return `The field “${reason.path}” is to be changed, but this value on its path is neither a map nor a list.`;
    case 'not-a-scalar':
      return `The field “${reason.path}” is to be changed, but this value is a map or a list.`;
    case 'not-a-map':
      return `Entries are to be set in “${reason.path}”, but this value isn’t a map.`;
    case 'empty-field-name':
      return `The path “${reason.path}” has a step without a name.`;
    case 'item-of-map':
      return `The path “${reason.path}” selects an item of a list with “${reason.step}”, but objects have a map there. Paths of fields enter all items of a list without a step.`;
    case 'conflicting-configuration':
      return `The field “${reason.path}” is configured twice, with and without “create”. Make them the same.`;
    case 'namespace-conflict':
      return `The namespace would make ${reason.id} of two objects, which kustomize refuses. Rename one of them.`;
    case 'ambiguous-reference':
      return `“${reason.name}” could refer to several renamed objects, and kustomize refuses to choose.`;
    case 'unnamed-reference':
      return `kustomize expects the name of an object in “${reason.path}”, but this map has no “name”.`;
    case 'blank-namespace':
      return 'The namespace of this ServiceAccount is null, which kustomize refuses. Set or remove it.';
    case 'no-patch':
      return 'kustomize requires a patch here, inline under “patch” or in a file under “path”.';
    case 'patch-and-path':
      return 'kustomize accepts a patch inline under “patch” or in a file under “path”, not both. Remove one of them.';
    case 'unreadable-patch':
      return 'kustomize can read this neither as a strategic merge patch nor as a JSON patch. A JSON patch that begins with “[” must be JSON.';
    case 'several-patches':
      return 'A patch with a target must be a single document. Make an entry of each, or remove the target.';
    case 'no-target':
      return reason.needs === 'name'
        ? 'The target of this patch must have a name.'
        : 'A JSON patch needs a target, which says which objects it is for. Add “target”.';
    case 'no-match':
      return `The patch is for ${reason.id}, which isn’t in this build. Correct its name, or add the object to the resources.`;
    case 'several-matches':
      return `The patch is for ${reason.id}, but several objects match. Add a namespace, or a target.`;
    case 'invalid-pattern':
      return `“${reason.pattern}” isn’t a valid regular expression.`;
    case 'invalid-selector':
      return `“${reason.selector}” isn’t a valid selector.`;
    case 'unknown-directive':
      return `$patch must be “replace”, “merge” or “delete”, not “${reason.directive}”.`;
    case 'type-mismatch':
      return `The patch and the object have values of different types in “${printPath(reason.path)}”, so kustomize can’t merge them.`;
    case 'unknown-operation':
      return `A JSON patch has the operations add, remove, replace, move, copy and test, not “${reason.operation}”.`;
    case 'incomplete-operation':
      return `The operation “${reason.operation}” needs “${reason.lacks}”.`;
    case 'path-not-found':
      return `The path “${reason.pointer}” doesn’t exist in an object that the patch is for, so kustomize refuses the patch.`;
    case 'test-failed':
      return `The value at “${reason.pointer}” isn’t the one that the patch tests for, so kustomize refuses the patch.`;
    default:
      return sentenceOfField(reason);
  }
}

/** Of generators, other fields and plugins. */
function sentenceOfField(reason: Reason): string {
  switch (reason.kind) {
    case 'unnamed-generator':
      return 'A generator needs a name. Add “name”.';
    case 'invalid-literal':
      return `“${reason.literal}” isn’t of the form key=value.`;
    case 'invalid-file-source':
      return {
        key: `“${reason.source}” has no key before “=”.`,
        path: `“${reason.source}” has no path after “=”.`,
        'one-separator': `“${reason.source}” has more than one “=”; it must be a path or key=path.`,
      }[reason.lacks];
    case 'repeated-key':
      return `The key “${reason.key}” is set twice in “${reason.of}”, which kustomize refuses. Remove one of them.`;
    case 'nothing-to-change':
      return `There is no ${reason.id} to ${reason.behavior}. Correct the name, or remove “behavior” to create it.`;
    case 'already-exists':
      return `${reason.id} already exists. Set “behavior” to merge or replace, or choose another name.`;
    case 'several-to-change':
      return `Several objects match ${reason.id}, and kustomize refuses to choose the one to change.`;
    case 'unknown-cloud':
      return `The cloud must be “gke”, not “${reason.cloud}”.`;
    case 'nothing-to-scale':
      return `There is no Deployment, ReplicaSet, ReplicationController or StatefulSet named “${reason.name}” in this build. Correct the name or remove the entry.`;
    case 'unknown-subject-mode':
      return `setRoleBindingSubjects must be “defaultOnly”, “allServiceAccounts” or “none”, not “${reason.mode}”.`;
    case 'repeated-variable':
      return `The variable “${reason.name}” is already declared in this build. Rename one of them.`;
    case 'ambiguous-variable':
      return `Several objects match the variable “${reason.name}”. Add a namespace to “objref”.`;
    case 'unresolved-variable':
      return reason.lacks === 'object'
        ? `The object of the variable “${reason.name}” isn’t in this build. Correct “objref”, or remove the variable.`
        : `The object of the variable “${reason.name}” doesn’t have the field. Correct “fieldref”.`;
    case 'incomplete-replacement':
      return 'A replacement needs a source or a sourceValue, and targets.';
    case 'source-and-value':
      return 'A replacement has a source or a sourceValue, not both. Remove one of them.';
    case 'path-and-replacement':
      return 'A replacement is either inline or in the file under “path”, not both. Remove one of them.';
    case 'unreadable-replacement':
      return 'The file must have a replacement or a list of them.';
    case 'no-source':
      return `No object in this build matches the source “${reason.source}”.`;
    case 'several-sources':
      return `Several objects match the source “${reason.source}”, which must be one. Add its kind, name or namespace.`;
    case 'no-source-field':
      return `The source has no value in “${reason.path}”.`;
    case 'no-target-field':
      return `A target has no field “${reason.path}”. Correct the path, or set “create” in the options.`;
    case 'target-without-select':
      return 'A target needs “select”, which says which objects it is.';
    case 'delimiter-of-container':
      return `A delimiter is for strings, but “${reason.path}” is a map or a list.`;
    case 'index-out-of-range':
      return `The index ${reason.index} is out of range.`;
    case 'value-of-another-type':
      return `The value “${reason.value}” isn’t of the type that “${reason.path}” has, so kustomize can’t print the object.`;
    case 'unknown-plugin':
      return `kustomize has no built-in plugin “${reason.plugin}”.`;
    case 'wrong-plugin':
      return `“${reason.plugin}” isn’t a ${reason.expected}. List it in the field for its kind of plugin.`;
    case 'missing-setting':
      return `The plugin needs “${reason.setting}”.`;
    case 'negative-position':
      return 'filePathPosition must not be negative.';
    case 'validator-changes-objects':
      return `“${reason.plugin}” changes objects, which a validator must not. List it under “transformers”.`;
    default:
      return 'kustomize refuses this.';
  }
}
