// Determines the role of a document, and so whether it can be validated as an object that the API server receives. A
// document is a patch if a kustomization lists it as one, it contains `$patch`, or its file is named like one, never because
// fields are missing.

import { fileNameOf, folderOf, foldersUp, joinPath, kustomizationNames } from '../kustomize/paths.ts';
import { configName } from './config.ts';
import type { Facts, ObjectFacts } from './facts.ts';

export type Role =
  /** An object, applied as written. */
  | 'manifest'
  /** A partial object that is merged into another. */
  | 'patch'
  /** A kustomization of kustomize. */
  | 'kustomization'
  /** `.capstan.yaml` at the root. */
  | 'config'
  /** Chart.yaml or a template of a Helm chart, or a document that isn't YAML because of `{{ }}`. */
  | 'template'
  /** Input of a generator or a transformer. */
  | 'data'
  /** Not a Kubernetes object: a workflow, a compose file, Helm values. */
  | 'other'
  /** Excluded by `ignores` in the configuration. */
  | 'ignored';

/** What a role depends on besides the document. */
export interface RoleContext {
  hasFile(path: string): boolean;
  /** How kustomizations list a file; if they differ, `applied` takes precedence. */
  usageOf(path: string): 'applied' | 'patch' | 'data' | undefined;
  isIgnored(path: string): boolean;
}

export function roleOf(path: string, text: string, facts: Facts, context: RoleContext): Role {
  if (path === configName) return 'config';
  if (context.isIgnored(path)) return 'ignored';
  if (isKustomizationFile(path) && facts.objects.every(({ gvk }) => gvk.group === kustomizeGroup))
    return 'kustomization';
  if (facts.template || isChartFile(path, context)) return 'template';
  const usage = context.usageOf(path);
  if (usage === 'patch' || isPatchText(text) || (usage === undefined && isPatchPath(path))) return 'patch';
  if (usage === undefined && isOfTest(path, context)) return 'patch';
  if (usage === 'data' || facts.objects.some(isLocalFile)) return 'data';
  if (!facts.manifest) return 'other';
  return facts.kustomization ? 'kustomization' : 'manifest';
}

export function isKustomizationFile(path: string): boolean {
  return kustomizationNames.includes(fileNameOf(path));
}

const kustomizeGroup = 'kustomize.config.k8s.io';

/** Whether it contains a `$patch` directive of a strategic merge patch; no object has a field of that name. */
function isPatchText(text: string): boolean {
  return text.includes('$patch') && /^\s*(?:- +)?\$patch: /m.test(text);
}

/** Whether it is a template of clusterctl, which substitutes variables before it parses YAML. */
export function isClusterctlTemplate(path: string): boolean {
  return /^(?:cluster-template|clusterclass)[^/]*\.ya?ml$/.test(fileNameOf(path));
}

/**
 * Whether the path is named like a patch. Programs outside the repository apply such files (clusterctl's test templates,
 * scripts), so no kustomization lists them.
 */
function isPatchPath(path: string): boolean {
  const name = fileNameOf(path);
  // The third and fourth name are from Cluster API's end-to-end tests, the last from kuttl, which compares objects with it.
  return (
    /(?:^|\/)patches\//.test(path) ||
    /(?:^|[-_.])patch(?:[-_.][^/]*)?\.ya?ml$/.test(name) ||
    /(?:^|-)platform-kustomization(?:-[^/]*)?\.ya?ml$|^kustomizeversions\.ya?ml$/.test(name) ||
    /^\d+-(?:assert|errors?)(?:[-.][^/]*)?\.ya?ml$/.test(name)
  );
}

/**
 * Beside a test of Chainsaw is what it compares objects with, rarely whole, and what it applies, often with expressions in
 * parentheses (https://kyverno.github.io/chainsaw).
 */
function isOfTest(path: string, { hasFile }: RoleContext): boolean {
  const test = /^chainsaw-test\.ya?ml$/;
  const folder = folderOf(path);
  return (
    !test.test(fileNameOf(path)) && ['yaml', 'yml'].some((end) => hasFile(joinPath(folder, `chainsaw-test.${end}`)))
  );
}

/** A provider's metadata.yaml, which clusterctl reads from a release and never applies to a cluster. */
function isLocalFile({ groupKind }: ObjectFacts): boolean {
  return groupKind === 'clusterctl.cluster.x-k8s.io/Metadata';
}

/** Whether it is a Chart.yaml, or below the `templates` folder next to one. */
function isChartFile(path: string, { hasFile }: RoleContext): boolean {
  if (fileNameOf(path) === 'Chart.yaml') return true;
  return foldersUp(folderOf(path)).some(
    (folder) => fileNameOf(folder) === 'templates' && hasFile(joinPath(folderOf(folder), 'Chart.yaml')),
  );
}
