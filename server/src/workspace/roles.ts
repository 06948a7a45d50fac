// What a document is, and so whether it can be judged as an object the API server will get. Fields that are missing
// never make a document a patch: a kustomization that names it as one does, `$patch` inside, or its own name.

import { fileNameOf, folderOf, foldersUp, joinPath, kustomizationNames } from '../kustomize/paths.ts';
import { configName } from './config.ts';
import type { Facts, ObjectFacts } from './facts.ts';

export type Role =
  /** An object, applied as written. */
  | 'manifest'
  /** Part of an object, merged into another. */
  | 'patch'
  /** kustomize's own file. */
  | 'kustomization'
  /** `.capstan.yaml` at the root. */
  | 'config'
  /** Chart.yaml, values and templates of a Helm chart, or a document that is no YAML because of `{{ }}`. */
  | 'template'
  /** Input of a generator or a transformer. */
  | 'data'
  /** No Kubernetes object: a workflow, a compose file, Helm values. */
  | 'other'
  /** The configuration asks to leave it alone. */
  | 'ignored';

/** What roles depend on beyond the document. */
export interface RoleContext {
  hasFile(path: string): boolean;
  /** What kustomizations say of a file; where they differ, being applied wins. */
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
  if (usage === 'data' || facts.objects.some(isLocalFile)) return 'data';
  if (!facts.manifest) return 'other';
  return facts.kustomization ? 'kustomization' : 'manifest';
}

export function isKustomizationFile(path: string): boolean {
  return kustomizationNames.includes(fileNameOf(path));
}

const kustomizeGroup = 'kustomize.config.k8s.io';

/** A `$patch` directive of a strategic merge: no object has a field of that name. */
function isPatchText(text: string): boolean {
  return text.includes('$patch') && /^\s*(?:- +)?\$patch: /m.test(text);
}

/** What clusterctl generates clusters and classes from: it fills in variables before it reads YAML. */
export function isClusterctlTemplate(path: string): boolean {
  return /^(?:cluster-template|clusterclass)[^/]*\.ya?ml$/.test(fileNameOf(path));
}

/**
 * Patches that programs outside the repository apply (clusterctl's test templates, scripts): no kustomization names them,
 * but people call them patches.
 */
function isPatchPath(path: string): boolean {
  const name = fileNameOf(path);
  // The last two are those of Cluster API's own end-to-end tests.
  return (
    /(?:^|\/)patches\//.test(path) ||
    /(?:^|[-_.])patch(?:[-_.][^/]*)?\.ya?ml$/.test(name) ||
    /(?:^|-)platform-kustomization(?:-[^/]*)?\.ya?ml$|^kustomizeversions\.ya?ml$/.test(name)
  );
}

/** clusterctl reads a provider's metadata.yaml from its release; no cluster ever gets it. */
function isLocalFile({ groupKind }: ObjectFacts): boolean {
  return groupKind === 'clusterctl.cluster.x-k8s.io/Metadata';
}

/** Chart.yaml itself, and everything below the `templates` folder beside one. */
function isChartFile(path: string, { hasFile }: RoleContext): boolean {
  if (fileNameOf(path) === 'Chart.yaml') return true;
  return foldersUp(folderOf(path)).some(
    (folder) => fileNameOf(folder) === 'templates' && hasFile(joinPath(folderOf(folder), 'Chart.yaml')),
  );
}
