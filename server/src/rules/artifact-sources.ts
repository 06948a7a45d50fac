// flux/artifact-source: an ArtifactGenerator that copies from a source which it doesn't list. Sources: validateSpec of
// internal/controller/artifactgenerator_validation.go, buildArtifactRequests of artifactgenerator_pathpattern.go beside it, and
// applyCopyOperation of internal/builder/builder.go in source-watcher.
import { type BuiltMap, builtAt } from '../kustomize/built.ts';
import { textsAt } from '../kustomize/built-values.ts';
import type { ClusterProblem, ObjectRule } from './rule.ts';

const generator = (from: string) => `
apiVersion: source.extensions.fluxcd.io/v1beta1
kind: ArtifactGenerator
metadata:
  name: shop
  namespace: flux-system
spec:
  sources:
    - alias: fleet
      kind: GitRepository
      name: fleet
  artifacts:
    - name: shop
      copy:
        - from: ${from}
          to: "@artifact/"
`;

/** Fields that begin with `@` and the alias of a source. */
const fields = ['spec.artifacts[*].copy[*].from', 'spec.artifacts[*].revision', 'spec.pathPattern'];

export const artifactSources: ObjectRule = {
  id: 'flux/artifact-source',
  severity: 'error',
  docs: {
    text: 'The alias after @ is that of no source of the ArtifactGenerator, which makes no artifact then. Use one of the aliases, or list the source.',
    bad: generator('"@flet/apps/**"\n          # ^^^ error'),
    good: generator('"@fleet/apps/**"'),
  },
  kinds: ['source.extensions.fluxcd.io/ArtifactGenerator'],
  *check(object: BuiltMap): Iterable<ClusterProblem> {
    const sources = builtAt(object, ['spec', 'sources']);
    const aliases = textsAt(object, 'spec.sources[*].alias').map(({ text }) => text);
    // A source whose alias is unknown may be any.
    if (sources?.kind !== 'list' || aliases.length < sources.items.length) return;
    const known = aliases.map((alias) => `@${alias}`).join(', ');
    for (const { text, value, path } of fields.flatMap((at) => textsAt(object, at))) {
      const alias = /^@([^/]+)/.exec(text)?.[1];
      if (alias === undefined || aliases.includes(alias)) continue;
      yield {
        ...{ object, path, origin: value.origin },
        message: `No source has the alias ${alias}, so no artifact is made. ${known === '' ? 'List one under spec.sources.' : `The aliases are ${known}.`}`,
      };
    }
  },
};
