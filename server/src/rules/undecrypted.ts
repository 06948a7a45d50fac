// flux/undecrypted: a Secret that SOPS encrypted, applied by a Kustomization that doesn't decrypt (apply in
// internal/controller/kustomization_controller.go and internal/decryptor/decryptor.go of kustomize-controller).
import { builtAt, textAt } from '../kustomize/built.ts';
import { idOf } from '../kustomize/objects.ts';
import type { Applier } from '../workspace/cluster.ts';
import { type ClusterProblem, type ClusterRule, type ClusterSubject, sync } from './rule.ts';

const fleet = (mark: string, decryption: string) => `
# file: clusters/prod/apps.yaml
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: apps
  namespace: flux-system
spec:
  interval: 10m
  prune: true
  path: ./apps
${mark}  sourceRef:
    kind: GitRepository
    name: flux-system
${decryption}${sync}# file: apps/secret.yaml
apiVersion: v1
kind: Secret
metadata:
  name: shop
  namespace: shop
stringData:
  word: ENC[AES256_GCM,data:p673w==,iv:YY=,tag:UQ==,type:str]
sops:
  age:
    - recipient: age1yt3tfqlfrwdwx0z0ynwplcr6qxcxfaqycuprpmy89nr83ltx74tqdpszlw
      enc: ""
  lastmodified: "2026-01-01T00:00:00Z"
  mac: ENC[AES256_GCM,data:p673w==,iv:YY=,tag:UQ==,type:str]
  version: 3.10.2
`;

export const undecrypted: ClusterRule = {
  id: 'flux/undecrypted',
  severity: 'error',
  docs: {
    text: 'The Kustomization applies a Secret that SOPS encrypted, but doesn’t decrypt it, so Flux applies nothing. Set spec.decryption.',
    bad: fleet('  # ^^^ error\n', ''),
    good: fleet('', '  decryption:\n    provider: sops\n'),
  },
  *check({ home }: ClusterSubject): Iterable<ClusterProblem> {
    if (!home.isWhole) return;
    for (const applier of home.appliers) {
      const { flux, by } = applier;
      // What applies it isn't known, and often patches the decryption into all that it applies.
      if (home.cluster.isAssumed && by?.is !== 'flux') continue;
      const first = flux && !flux.spec.entries.has('decryption') ? firstEncrypted(applier) : undefined;
      if (!flux || first === undefined) continue;
      yield {
        ...{ object: flux.object, path: ['spec', 'path'], origin: flux.pathOrigin },
        unfinished: 'map',
        message: `The Kustomization applies the Secret ${first}, which SOPS encrypted, but doesn’t decrypt it, so Flux applies nothing. Set spec.decryption.`,
      };
    }
  },
};

const known = new WeakMap<Applier['result'], string | undefined>();

function firstEncrypted({ result }: Applier): string | undefined {
  if (known.has(result)) return known.get(result);
  const found = result.objects.find(({ value }) => {
    if (!value.entries.has('sops') || textAt(value, ['kind']) !== 'Secret') return false;
    const decrypt = textAt(value, ['metadata', 'annotations', 'kustomize.toolkit.fluxcd.io/decrypt']);
    return decrypt?.toLowerCase() !== 'disabled' && builtAt(value, ['sops', 'mac']) !== undefined;
  });
  const name = found && idOf(found.value).name;
  known.set(result, name);
  return name;
}
