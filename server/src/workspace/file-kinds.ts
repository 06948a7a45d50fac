// The kind of a document whose file's name says what it is: kustomize's own file, and the configuration of Capstan.
import type { Gvk } from '../kube/identity.ts';
import { kustomizationKind } from '../kustomize/judge.ts';
import type { Manifest } from '../syntax/manifest.ts';
import { configKind } from './config.ts';
import type { Role } from './roles.ts';

/** Undefined for documents that say themselves what they are. */
export function kindByFile(role: Role, head: Pick<Manifest, 'apiVersion' | 'kind'>): Gvk | undefined {
  if (role === 'config') return configKind.gvk;
  return role === 'kustomization' ? kustomizationKind(head) : undefined;
}
