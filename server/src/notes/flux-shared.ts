// Notes on structures that several Flux kinds share: credentials for another cluster, patches, CEL, sources.
import type { FieldNotes } from './note.ts';

export const dependsOn = (kind: string): FieldNotes => ({
  name: `Name of a ${kind} that must be ready first.`,
  namespace: `Namespace of that ${kind}; left out, this one’s own.`,
  readyExpr:
    'CEL that decides whether the dependency is ready, over `self` (this object) and `dep`. It replaces the built-in check unless the controller is told to add them, and an expression that doesn’t compile stalls the object.',
});

/** How to act on another cluster, or in another name. */
export const remote: FieldNotes = {
  serviceAccountName:
    'Service account to act as; it limits what may be applied. Left out, the controller’s own rights count, mostly cluster-admin; with `kubeConfig` the account is looked for on the target cluster.',
  kubeConfig:
    'The cluster to apply to; left out, the one Flux runs in. Dependencies are still looked for here, health checks there.',
  'kubeConfig.secretRef':
    'Secret with a kubeconfig, in this object’s own namespace: for a cluster of Cluster API `<cluster>-kubeconfig`, so this object must stand in the Cluster’s namespace. The kubeconfig must be self-contained, without paths and programs.',
  'kubeConfig.secretRef.key':
    'Key of the Secret; left out, `value`, then `value.yaml`. Cluster API writes `value`, so it isn’t needed there.',
  'kubeConfig.configMapRef':
    'ConfigMap that names the cluster and a cloud provider to get short-lived credentials from, in place of a kubeconfig Secret. Give one of the two.',
};

export const exprs: FieldNotes = {
  apiVersion: 'Only the group counts when objects are matched; the version is ignored.',
  current:
    'CEL that is true when the object is as it should be; looked at last, after `inProgress` and `failed`. Guard fields that may be missing with `has()`, or the check waits until it times out.',
  failed: 'CEL that is true when the object won’t get there; it ends the wait at once.',
  inProgress: 'CEL that is true while the object is being worked on; it is looked at first.',
};

export const patches: FieldNotes = {
  patches:
    'Changes to the built objects, as strategic merge patches or lists of JSON patch operations. Applied in order, after the kustomization’s own.',
  'patches.patch':
    'A text that holds the patch: write `|` and indent it. A merge patch without `target` finds its object by the kind and name it carries.',
  'patches.target':
    'Which objects to change, where all given parts match; `name` and `namespace` are regular expressions for the whole text. A target that matches nothing is no error.',
};

export const images: FieldNotes = {
  name: 'The image as the manifests name it, without tag.',
  newName: 'Replaces the name, as when images come from a mirror.',
  newTag: 'Replaces the tag; ignored where `digest` is given. Quote it: `1.20` unquoted is the number 1.2.',
  digest: 'Pins the image to this content, as `sha256:...`; the tag is dropped.',
};

/** Rules for differences to leave alone. */
export const drift: FieldNotes = {
  paths: 'JSON pointers to what may differ, such as `/spec/replicas`. A `/` inside a key is written `~1`.',
  target: 'The objects this rule is for; left out, every object.',
};

export const suspended = (what: string): FieldNotes => ({ suspend: `Stops ${what}; what is there stays in use.` });

export const verify: FieldNotes = {
  'verify.provider': 'The tool the artifact was signed with: `cosign`, the default, or `notation`.',
  'verify.secretRef':
    'Secret with the public keys that are trusted, under keys ending in `.pub` for cosign. Left out, cosign checks keyless signatures; then name the signer in `matchOIDCIdentity`, or any will do.',
  'verify.matchOIDCIdentity':
    'Who may have signed, for keyless signatures: regular expressions for issuer and subject, of which one pair must match. Anchor them with `^` and `$`.',
};
