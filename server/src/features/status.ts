// The schema in use for the object at the cursor, in one sentence for the status bar.
import { apiVersionOf } from '../kube/identity.ts';
import { placeAt } from '../syntax/navigate.ts';
import { assumedKind, type Cursor } from './cursor.ts';
import { originSentence, versionStatus } from './describe.ts';
import { noSchema } from './hover.ts';
import { objectAt } from './place.ts';

/** The schema in use for an object of a file. */
export interface SchemaStatus {
  readonly apiVersion: string;
  readonly kind: string;
  /** Absent if there is no schema. */
  readonly origin?: string;
  readonly sentence: string;
}

export function schemaStatus(cursor: Cursor): SchemaStatus | undefined {
  const { workspace, path, document, manifest, offset } = cursor;
  const { gvk } = objectAt(manifest.root, placeAt(manifest.root, offset)?.path ?? [], assumedKind(cursor));
  if (!gvk) return undefined;
  const head = { apiVersion: apiVersionOf(gvk), kind: gvk.kind };
  const reason = unchecked[workspace.role(path, document)];
  if (reason) return { ...head, sentence: reason };
  const schemas = workspace.schemas.storeFor(path);
  const kind = schemas.lookup(gvk);
  if (!kind) return { ...head, sentence: noSchema(schemas, gvk) };
  const outdated = versionStatus(kind, schemas.versions(gvk.group, gvk.kind));
  return { ...head, origin: kind.origin, sentence: [originSentence(kind), outdated].filter(Boolean).join(' ') };
}

const unchecked: Readonly<Record<string, string>> = {
  patch: 'A patch: only the object that results from it is checked.',
  template: 'A Helm template: it can’t be checked before it is rendered.',
  data: 'Input of a kustomization: it isn’t applied as an object, so it isn’t checked.',
  ignored: 'Ignored by .capstan.yaml.',
};
