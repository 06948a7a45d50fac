// The sentences of the problems of Flux Kustomizations; no code reads them.
import type { FluxReason } from './flux-problem.ts';

/** `near`: the folder that a path means which isn't there. */
export function fluxSentence(reason: FluxReason, near?: string): string {
  switch (reason.kind) {
    case 'path-not-found':
      return `The folder ${reason.path || '.'} does not exist in the source; Flux applies nothing. ${
        near === undefined ? 'Correct spec.path.' : `Did you mean ${near}?`
      }`;
    case 'path-not-a-folder':
      return `${reason.path} is a file, but spec.path must be a folder. Name the folder that contains it.`;
    case 'component-not-local':
      return `Flux accepts only components in the source itself, by relative path, not “${reason.path}”.`;
    case 'wrong-type':
      return `spec.${reason.field} must be a ${reason.expected}.`;
    case 'not-a-manifest':
      return `${reason.path} contains something that isn’t a Kubernetes object. Without a kustomization.yaml, Flux reads every YAML file below the folder and refuses to apply any. Move the file, or list the manifests in a kustomization.yaml.`;
    case 'unset-variable':
      return `The variable ${reason.name} isn’t set, and Flux 2.9 and newer refuse to apply anything then. Set it in postBuild, or give it a default: \${${reason.name}:=value}.`;
    case 'bad-expression':
      return `${reason.text} isn’t an expression that Flux can substitute; it refuses to apply anything then. ${adviceOn(reason.bad)}`;
    case 'invalid-variable-name':
      return `“${reason.name}” can’t be the name of a variable: only letters, digits and underscores are allowed, and no digit comes first. Flux refuses to apply anything then.`;
    case 'missing-variables':
      return `No file defines the ${reason.of} ${reason.name}. Unless something else creates it in the cluster, Flux applies nothing; with optional: true it goes on without.`;
    case 'not-yaml':
      return `After substitution this is “${reason.text}”, which isn’t valid YAML in its place. Quote the value of the variable, or keep the text on several lines.`;
    case 'unused-variable':
      return `No object of this Kustomization uses the variable ${reason.name}.`;
  }
}

function adviceOn(bad: Extract<FluxReason, { readonly kind: 'bad-expression' }>['bad']): string {
  if (bad === 'no-name') return 'A name must follow the brace; write $${ for text.';
  if (bad === 'unclosed') return 'A default is written ${NAME:=value}; write $${ for text.';
  return 'An argument of its operator is empty or not closed.';
}
