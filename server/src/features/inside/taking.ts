// Which kinds take a patch: for the kind in its target.
import { textFieldsOf } from '../../kube/texts.ts';
import { folderOf, resolvePath } from '../../kustomize/paths.ts';
import { partialStore } from '../../schema/partial.ts';
import type { SchemaStore } from '../../schema/schema.ts';
import { type Manifest, parseFilledIn, parseManifest } from '../../syntax/manifest.ts';
import { nodeAt, stringAt } from '../../syntax/navigate.ts';
import type { Node } from '../../syntax/tree.ts';
import type { Workspace } from '../../workspace/workspace.ts';
import { type Field, rowPath } from '../place.ts';
import { problemsForKinds } from './findings.ts';
import { contentOf } from './reading.ts';
import { certainKinds, selected } from './target.ts';

interface Place {
  readonly workspace: Workspace;
  /** Path of the file. */
  readonly path: string;
  readonly schemas: SchemaStore;
  readonly root: Node;
  readonly field: Field;
}

/** Each reads the schema of a kind. */
const mostTried = 24;

/**
 * For the kind in the target of a patch that is written: whether its objects have the fields of the patch. Undefined at any
 * other field. The likeliest kinds are to be asked about first; what is left after some is none.
 */
export function takesPatch(place: Place): ((kind: string) => boolean) | undefined {
  const { schemas, root, field } = place;
  if (field.path.at(-1) !== 'kind') return undefined;
  const at = rowPath(field.path);
  const text = textFieldsOf(field.kind.gvk).find(
    (one) => one.target !== undefined && at === `${one.at.slice(0, one.at.lastIndexOf('.'))}.${one.target}.kind`,
  );
  const manifest = text && patchAt(place);
  if (!text || !manifest?.root || manifest.template || manifest.findings.length > 0) return undefined;
  const target = nodeAt(root, [...field.object.path, ...field.path.slice(0, -1)]);
  const [group, version] = ['group', 'version'].map((name) => stringAt(target, [name]));
  const holds = contentOf(text.holds, manifest);
  const store = partialStore(schemas);
  let tried = 0;
  return (kind) => {
    if (++tried > mostTried) return false;
    const gvks = selected({ group, version, kind }, schemas);
    const kinds = gvks.flatMap((gvk) => store.lookup(gvk) ?? []);
    if (kinds.length < gvks.length) return true;
    return problemsForKinds(manifest, holds, certainKinds(target, kinds)).length === 0;
  };
}

/** The patch beside the target: its text, or the file that it is in. */
function patchAt({ workspace, path, root, field }: Place): Manifest | undefined {
  const entry = nodeAt(root, [...field.object.path, ...field.path.slice(0, -2)]);
  const text = stringAt(entry, ['patch']);
  if (text !== undefined) return parseFilledIn(text);
  const file = resolvePath(folderOf(path), stringAt(entry, ['path']) ?? '');
  const [first, ...others] = (file === undefined ? undefined : workspace.file(file)?.documents) ?? [];
  return first && others.length === 0 ? parseManifest(first.document.text) : undefined;
}
