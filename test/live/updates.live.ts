// Checks which updates a real API server refuses, and at which field: the cases that the unit tests use as facts.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { testCatalog } from '../../server/src/fixture.ts';
import { gvkOf } from '../../server/src/kube/identity.ts';
import { changed, type Json } from '../../server/src/validation/kubernetes/cases/case.ts';
import { updates } from '../../server/src/validation/kubernetes/cases/updates.ts';
import { type ApiServer, startApiServer } from './verdict/server.ts';

let server: ApiServer;
beforeAll(async () => {
  server = await startApiServer();
});
afterAll(async () => {
  await server?.stop();
});

interface Known {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string };
}

function collectionOf({ apiVersion, kind }: Known): string {
  const known = testCatalog.bundled.lookup(gvkOf(apiVersion, kind)!)!;
  const root = apiVersion === 'v1' ? '/api/v1' : `/apis/${apiVersion}`;
  return `${root}/${known.scope === 'Cluster' ? '' : 'namespaces/default/'}${known.plural}`;
}

/** The patch as `kubectl apply` sends it: fields that the server has set stay, and removed fields are null. */
function patchOf(was: Json, path: string, value: Json | undefined): string {
  return JSON.stringify(changed(was, path, value === undefined ? null : value));
}

test.each(updates.map((cases) => [(cases.was as unknown as Known).metadata.name, cases] as const))(
  '%s',
  async (name, { was, refused, accepted }) => {
    const collection = collectionOf(was as unknown as Known);
    const created = await server.send('POST', collection, JSON.stringify(was));
    expect(created.body.message).toBeUndefined();
    const answers: string[] = [];
    const update = (path: string, value: Json | undefined) =>
      server.send(
        'PATCH',
        `${collection}/${name}?dryRun=All`,
        patchOf(was, path, value),
        'application/merge-patch+json',
      );
    for (const [path, value, field = path] of refused) {
      const { status, body } = await update(path, value);
      const causes = (body.details as { causes?: readonly { field: string }[] } | undefined)?.causes ?? [];
      const fields = causes.map((cause) => cause.field);
      if (status !== 422 || !fields.includes(field)) answers.push(`${path}: ${status}, ${fields.join()}`);
    }
    for (const [path, value] of accepted) {
      const { status, body } = await update(path, value);
      if (status !== 200) answers.push(`${path}: ${status} ${String(body.message)}`);
    }
    expect(answers).toEqual([]);
  },
);
