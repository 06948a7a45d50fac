// What a cluster's CRDs have beyond those of the releases. The Flux Operator, which installs Flux from a FluxInstance, adds
// its own kinds to the sources of alerts and receivers (flux-operator, internal/builder/templates.go).
import { sha256 } from '../../server/src/releases/crds.ts';
import { digestInput, type ReleaseFiles } from '../../server/src/schema/stored.ts';

/** The kinds of the Flux Operator that emit events and can be reconciled by a webhook. */
const operatorKinds = ['FluxInstance', 'ResourceSet', 'ResourceSetInputProvider'] as const;

const listing = /^flux@[^/]+\/notification\.toolkit\.fluxcd\.io\/[^/]+\/(?:Alert|Receiver)\.json$/;

/** The release with what is added to it. */
export function amended({ release, files: before }: ReleaseFiles): ReleaseFiles {
  const files = new Map([...before].map(([key, content]) => [key, amendedFile(key, content)]));
  return { release: { ...release, digest: sha256(digestInput(files, sha256)) }, files };
}

function amendedFile(key: string, content: string): string {
  if (!listing.test(key)) return content;
  return content.replace(/"kind":\{"enum":\[("Bucket",[^\]]*)\]/g, (whole, kinds: string) => {
    const added = operatorKinds.filter((kind) => !kinds.includes(`"${kind}"`)).map((kind) => `"${kind}"`);
    return added.length === 0 ? whole : `"kind":{"enum":[${[kinds, ...added].join(',')}]`;
  });
}
