// Notes on structures that several Flux kinds share: credentials for another cluster, patches, CEL, sources.
import type { FieldNotes } from './note.ts';

export const dependsOn = (kind: string): FieldNotes => ({
  name: `Name of a ${kind} that must be ready first.`,
  namespace: `Namespace of that ${kind}; if omitted, the namespace of this object.`,
  readyExpr:
    'CEL expression that decides whether the dependency is ready, over `self` (this object) and `dep`. It replaces the built-in check unless the controller is configured to combine them; an expression that doesn’t compile stalls the object.',
});

/** Applying to another cluster, or under another service account. */
export const remote: FieldNotes = {
  serviceAccountName:
    'Service account to impersonate; it limits what can be applied. If omitted, the controller’s own permissions apply, usually cluster-admin. With `kubeConfig`, the account must exist on the target cluster.',
  kubeConfig:
    'Cluster to which the objects are applied; if omitted, the cluster in which Flux runs. Dependencies are resolved in the latter, health checks in the target cluster.',
  'kubeConfig.secretRef':
    'Secret with a kubeconfig, in this object’s namespace. For a Cluster API cluster it is `<cluster>-kubeconfig`, so this object must be in the Cluster’s namespace. The kubeconfig must be self-contained, without file paths or exec plugins.',
  'kubeConfig.secretRef.key':
    'Key in the Secret; if omitted, `value`, then `value.yaml`. Cluster API uses `value`, so it can be omitted there.',
  'kubeConfig.configMapRef':
    'ConfigMap that identifies the cluster and the cloud provider for short-lived credentials, instead of a kubeconfig Secret. Set one of the two.',
};

export const exprs: FieldNotes = {
  apiVersion: 'Only the group is used to match objects; the version is ignored.',
  current:
    'CEL expression that is true when the object is ready; evaluated after `inProgress` and `failed`. Guard optional fields with `has()`; otherwise the check waits until it times out.',
  failed: 'CEL expression that is true when the object has failed; it ends the wait immediately.',
  inProgress: 'CEL expression that is true while the object is being reconciled; evaluated first.',
};

export const patches: FieldNotes = {
  patches:
    'Patches to the built objects, as strategic merge patches or lists of JSON patch operations. Applied in order, after the kustomization’s own patches.',
  'patches.patch':
    'The patch as a string: use `|` and indent it. A merge patch without `target` applies to the object with its kind and name.',
  'patches.target':
    'Objects to patch, which must match all given fields; `name` and `namespace` are anchored regular expressions. A target without matches is not an error.',
};

export const images: FieldNotes = {
  name: 'Name of the image in the manifests, without the tag.',
  newName: 'Replacement for the name, for instance to use a mirror.',
  newTag: 'Replacement for the tag; ignored if `digest` is set. Quote it: unquoted `1.20` is the number 1.2.',
  digest: 'Pins the image to a digest, as `sha256:...`; the tag is dropped.',
};

/** Rules for differences to ignore. */
export const drift: FieldNotes = {
  paths: 'JSON pointers to fields that may differ, such as `/spec/replicas`. Write a `/` within a key as `~1`.',
  target: 'Objects to which the rule applies; if omitted, all objects.',
};

export const suspended = (what: string): FieldNotes => ({ suspend: `Suspends ${what}; existing state stays in use.` });

export const verify: FieldNotes = {
  'verify.provider': 'Tool with which the artifact was signed: `cosign`, the default, or `notation`.',
  'verify.secretRef':
    'Secret with the trusted public keys, for cosign under keys that end in `.pub`. If omitted, cosign verifies keyless signatures; then set the signer in `matchOIDCIdentity`, or any signer is accepted.',
  'verify.matchOIDCIdentity':
    'Accepted signers of keyless signatures: regular expressions for issuer and subject; one pair must match. Anchor them with `^` and `$`.',
};
