// All rules, in the order in which they run.
import { artifactSources } from './artifact-sources.ts';
import { classVariable } from './class-variable.ts';
import { commitMessage } from './commit-message.ts';
import { crdCopies } from './crd-copies.ts';
import { crossNamespace } from './cross-namespace.ts';
import { cycles, writtenCycles } from './cycles.ts';
import { defaultBranch } from './default-branch.ts';
import { expressions } from './expressions.ts';
import { fluxBuild } from './flux-build.ts';
import { gitCredentials } from './git-credentials.ts';
import { ignoredHealthChecks } from './ignored-health-checks.ts';
import { keys } from './keys.ts';
import { kubeconfigNamespace } from './kubeconfig-namespace.ts';
import { kustomizationFile } from './kustomization-file.ts';
import { metadataValues } from './metadata-values.ts';
import { missing } from './missing.ts';
import { nothingApplied } from './nothing-applied.ts';
import { patterns } from './patterns.ts';
import { releaseName } from './release-name.ts';
import { releaseRendering } from './release-rendering.ts';
import { releaseValues } from './release-values.ts';
import { renamedNamespace } from './renamed-namespace.ts';
import { renderedObjects } from './rendered-objects.ts';
import type { ClusterRule, ObjectRule, Rule } from './rule.ts';
import { sourceUrl } from './source-url.ts';
import { tagVerification } from './tag-verification.ts';
import { twoOwners } from './two-owners.ts';
import { undecrypted } from './undecrypted.ts';
import { unknownValues } from './unknown-values.ts';
import { unusedVariable } from './unused-variable.ts';
import { updatePath } from './update-path.ts';
import { versionRanges } from './version-ranges.ts';
import { wildcards } from './wildcards.ts';

export const rules: readonly Rule[] = [crdCopies, classVariable];

/** Rules about objects that no cluster gets; cluster rules of the same ids check the others. */
export const unappliedRules: readonly Rule[] = [writtenCycles];

export const clusterRules: readonly ClusterRule[] = [
  missing,
  cycles,
  keys,
  crossNamespace,
  fluxBuild,
  unusedVariable,
  twoOwners,
  kustomizationFile,
  undecrypted,
  renamedNamespace,
  nothingApplied,
  updatePath,
  kubeconfigNamespace,
  releaseValues,
  unknownValues,
  releaseRendering,
  renderedObjects,
];

export const objectRules: readonly ObjectRule[] = [
  ignoredHealthChecks,
  expressions,
  patterns,
  sourceUrl,
  gitCredentials,
  tagVerification,
  commitMessage,
  artifactSources,
  versionRanges,
  wildcards,
  metadataValues,
  defaultBranch,
  releaseName,
];
