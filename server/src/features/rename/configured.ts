// The references that the `configurations` of a kustomization declare: fields that kustomize keeps equal to the name of a
// generated object, such as the name of a ConfigMap in the values of a HelmRelease.
import { splitPath } from '../../kustomize/field-spec.ts';
import { folderOf, resolvePath } from '../../kustomize/paths.ts';
import { parseManifest } from '../../syntax/manifest.ts';
import { nodeAt } from '../../syntax/navigate.ts';
import { nodes } from '../../syntax/reader.ts';
import type { Node } from '../../syntax/tree.ts';
import type { Workspace } from '../../workspace/workspace.ts';
import type { Named } from './edit.ts';

/** A field of a kind that names objects. */
interface Field {
  readonly kind: string | undefined;
  readonly steps: readonly string[];
}

/** The fields with the old name in what a kustomization applies; undefined if a configuration can't be read. */
export function configuredNames(
  workspace: Workspace,
  kustomization: string,
  root: Node,
  kinds: ReadonlySet<string>,
  old: string,
): readonly Named[] | undefined {
  const listed = nodes.field(root, 'configurations');
  const files = listed
    ? nodes.items(listed).map((one) => resolvePath(folderOf(kustomization), nodes.text(one) ?? ''))
    : [];
  const roots = files.map((path) => path !== undefined && workspace.file(path)?.documents[0]);
  if (roots.some((one) => !one)) return undefined;
  const fields = roots.flatMap((one) => (one ? fieldsIn(parseManifest(one.document.text).root, kinds) : []));
  if (fields.length === 0) return [];
  return [...workspace.files()].flatMap(({ path, documents }) =>
    documents.flatMap(({ document }): Named[] => {
      const { objects } = document.facts;
      const own = fields.filter(({ kind }) => objects.some(({ gvk }) => kind === undefined || gvk.kind === kind));
      if (own.length === 0 || !workspace.ownership.asApplied.chainOf(path).kustomizations.has(kustomization)) return [];
      const { root: tree } = parseManifest(document.text);
      return objects.flatMap(({ path: at, gvk }) =>
        own
          .filter(({ kind }) => kind === undefined || kind === gvk.kind)
          .flatMap(({ steps }) => reached(nodeAt(tree, at), steps))
          .filter((node) => nodes.text(node) === old)
          .map(({ start, end }) => ({ path, document, start, end })),
      );
    }),
  );
}

function fieldsIn(root: Node | undefined, kinds: ReadonlySet<string>): readonly Field[] {
  const entries = root && nodes.field(root, 'nameReference');
  return (entries ? nodes.items(entries) : [])
    .filter((entry) => kinds.has(textOf(entry, 'kind') ?? ''))
    .flatMap((entry) => {
      const specs = nodes.field(entry, 'fieldSpecs');
      return specs ? nodes.items(specs) : [];
    })
    .map((spec) => ({ kind: textOf(spec, 'kind'), steps: splitPath(textOf(spec, 'path') ?? '') }));
}

/** Lists on the path are entered. */
function reached(node: Node | undefined, [step, ...rest]: readonly string[]): readonly Node[] {
  if (!node) return [];
  const items = nodes.items(node);
  if (items.length > 0) return items.flatMap((item) => reached(item, step === undefined ? [] : [step, ...rest]));
  if (step === undefined) return [node];
  return reached(nodes.field(node, step.replace(/\[\]$/, '')), rest);
}

function textOf(node: Node, key: string): string | undefined {
  const found = nodes.field(node, key);
  return found && nodes.text(found);
}
