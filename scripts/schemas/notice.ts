// NOTICE: which releases the facts in `server/schemas` are of. It is made from the index, so that the two can't differ.
import { releaseId, type StoredRelease } from '../../server/src/schema/stored.ts';

export function noticeText(releases: readonly StoredRelease[]): string {
  const sorted = releases.toSorted((a, b) => (releaseId(a) < releaseId(b) ? -1 : 1));
  const entries = sorted.map(({ name, version, sources }) =>
    [`${name} ${version}`, ...sources.map(({ from, checksum }) => `  from ${from}\n    ${checksum}`)].join('\n'),
  );
  return `Capstan
Licensed under the Apache License, Version 2.0; see LICENSE.

server/schemas holds facts of the APIs of the releases below: names, types, bounds, patterns, defaults, allowed values,
validation rules with what the API server says where one fails, and which versions are served. They are generated from
the releases' CustomResourceDefinitions, Kubernetes' OpenAPI documents and kustomize's Go types, named here with their
checksums (\`h1:\` as in go.sum, \`sha256:\` over the files). Descriptions and examples are not part of it. The projects are the work of their own
authors, who have no part in Capstan and don't endorse it; their names are used to say which API is meant.

${entries.join('\n\n')}
`;
}
