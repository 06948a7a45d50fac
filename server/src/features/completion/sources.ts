// Values and keys from the workspace or the catalog, in addition to those in the schema, by kind and path.
import { type GroupKind, groupKindOf } from '../../kube/identity.ts';
import { folderOf } from '../../kustomize/paths.ts';
import { configName, families } from '../../workspace/config.ts';
import type { Workspace } from '../../workspace/workspace.ts';
import { type Field, rowPath } from '../place.ts';
import { imageNamesNear } from './images.ts';
import type { Candidate } from './item.ts';

interface Source {
  readonly kind: GroupKind;
  /** In the notation of the rows in kube/kinds; `*` is any key. */
  readonly path: string;
  readonly offers: 'keys' | 'values';
  /** `path` is the file's. */
  from(workspace: Workspace, path: string): readonly string[];
}

const sources: readonly Source[] = [
  {
    kind: `/${configName}`,
    path: 'severities',
    offers: 'keys',
    from: () => [...families.map((family) => `${family}/*`), '*'],
  },
  { kind: `/${configName}`, path: 'folders', offers: 'keys', from: foldersOf },
  {
    kind: `/${configName}`,
    path: 'folders.*.schemas[*]',
    offers: 'values',
    from: (workspace) => workspace.schemas.releases(),
  },
  ...(['Kustomization', 'Component'] as const).map(
    (kind): Source => ({
      ...{ kind: `kustomize.config.k8s.io/${kind}`, path: 'images[*].name', offers: 'values', from: imageNamesNear },
    }),
  ),
];

/** Keys for a map that accepts any key. */
export function sourceKeys(workspace: Workspace, path: string, field: Field): readonly string[] {
  return offered('keys', workspace, path, field);
}

export function sourceValues(workspace: Workspace, path: string, field: Field): readonly Candidate[] {
  return offered('values', workspace, path, field).map((value, rank) => ({ value, kind: 'value', rank }));
}

function offered(
  offers: Source['offers'],
  workspace: Workspace,
  file: string,
  { kind, path }: Field,
): readonly string[] {
  const own = sources.filter((source) => source.offers === offers && source.kind === groupKindOf(kind.gvk));
  return own.find((source) => matches(source.path, path))?.from(workspace, file) ?? [];
}

function matches(pattern: string, path: Field['path']): boolean {
  const steps = pattern.split(/\.|(?=\[)/);
  return (
    steps.length === path.length &&
    steps.every((step, index) => step === '*' || step === rowPath(path.slice(index, index + 1)))
  );
}

function foldersOf(workspace: Workspace): readonly string[] {
  const folders = new Set([...workspace.files()].map((file) => folderOf(file.path)));
  folders.delete('');
  return [...folders].sort().map((folder) => `${folder}/`);
}
