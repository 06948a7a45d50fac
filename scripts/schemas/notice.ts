// NOTICE: the releases that the facts in `server/schemas` come from, generated from the index so that the two can't differ.
import { releaseId, type StoredRelease } from '../../server/src/schema/stored.ts';

export function noticeText(releases: readonly StoredRelease[]): string {
  const sorted = releases.toSorted((a, b) => (releaseId(a) < releaseId(b) ? -1 : 1));
  const entries = sorted.map(({ name, version, sources }) =>
    [`${name} ${version}`, ...sources.map(({ from, checksum }) => `  from ${from}\n    ${checksum}`)].join('\n'),
  );
  return `Capstan
Licensed under the Apache License, Version 2.0; see LICENSE.

server/schemas contains facts about the APIs of the releases below: names, types, bounds, patterns, defaults, allowed
values, validation rules with the API server's messages, and served versions. They are generated from the releases'
CustomResourceDefinitions, Kubernetes' OpenAPI documents and kustomize's Go types, listed here with their checksums
(\`h1:\` as in go.sum, \`sha256:\` over the files). Descriptions and examples are not included. The projects are the work
of their own authors, who are not involved in Capstan and don't endorse it; their names only identify the APIs.

${entries.join('\n\n')}
`;
}
