// Operators that sync secrets to a cluster: External Secrets and the Vault Secrets Operator
// (https://external-secrets.io/latest/api/, https://developer.hashicorp.com/vault/docs/platform/k8s/vso/api-reference).
import type { Kind } from '../kind.ts';
import { anywhere, clusterWide, maybe, same } from './references.ts';

const external = 'external-secrets.io';
const vault = 'secrets.hashicorp.com';

/** Vault's kinds reference their login as `name` or `namespace/name`; a plain name is in the object's own namespace. */
const login = maybe('spec.vaultAuthRef', `${vault}/VaultAuth`);

export const secrets: readonly Kind[] = [
  {
    group: external,
    kind: 'ExternalSecret',
    references: [same('spec.secretStoreRef', `${external}/SecretStore`, `${external}/ClusterSecretStore`)],
    values: { 'spec.refreshInterval': 'duration' },
  },
  {
    group: external,
    kind: 'ClusterExternalSecret',
    references: [clusterWide('spec.externalSecretSpec.secretStoreRef', `${external}/ClusterSecretStore`)],
  },
  { group: vault, kind: 'VaultDynamicSecret', references: [login] },
  { group: vault, kind: 'VaultStaticSecret', references: [login] },
  { group: vault, kind: 'VaultPKISecret', references: [login] },
  {
    group: vault,
    kind: 'VaultAuth',
    references: [
      maybe('spec.vaultConnectionRef', `${vault}/VaultConnection`),
      anywhere('spec.vaultAuthGlobalRef', `${vault}/VaultAuthGlobal`),
      same('spec.kubernetes.serviceAccount', '/ServiceAccount'),
    ],
  },
];
