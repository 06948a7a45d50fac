// Determines the kind of a document by the name of its file: kustomizations and Capstan's configuration.
import type { Gvk } from '../kube/identity.ts';
import { kustomizationKind } from '../kustomize/judge.ts';
import type { Manifest } from '../syntax/manifest.ts';
import { configKind } from './config.ts';
import type { Role } from './roles.ts';

/** Undefined for documents whose own apiVersion and kind determine it. */
export function kindByFile(role: Role, head: Pick<Manifest, 'apiVersion' | 'kind'>): Gvk | undefined {
  if (role === 'config') return configKind.gvk;
  return role === 'kustomization' ? kustomizationKind(head) : undefined;
}
