// Reads the schema of kustomize's own file, which has no CRD, from the Go types that kustomize decodes it into;
// kustomize rejects all other fields. Only facts: names and types.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { schemaOf } from '../schema/facts.ts';
import { type ReleaseFiles, storeCrds } from '../schema/stored.ts';
import { sha256 } from './crds.ts';
import { type GoModule, goModule, type ModuleFailure } from './gomodule.ts';

const api = 'sigs.k8s.io/kustomize/api';
const kyaml = 'sigs.k8s.io/kustomize/kyaml';

/** The package that declares the file's types, and the one that declares the types they embed. */
const folders = { [api]: 'types', [kyaml]: 'resid' } as const;

/** `version` is the version of both modules, which are released together. */
export async function kustomizeRelease(
  version: string,
  prose: 'keep' | 'drop' = 'drop',
): Promise<ReleaseFiles | ModuleFailure> {
  const found = await Promise.all([api, kyaml].map((path) => goModule(`${path}@v${version}`)));
  const failure = found.find((module) => 'error' in module);
  if (failure) return failure;
  const modules = found as readonly GoModule[];
  const types = typesOf(modules.map((module) => sourcesOf(module)).join('\n'));
  const schema = schemaOf(objectOf('Kustomization', types), prose);
  const sources = modules.map(({ path, version, sum }) => ({ from: `${path}@${version}`, checksum: sum }));
  const kind = (name: string, plural: string, apiVersion: string) => ({
    ...{ group: 'kustomize.config.k8s.io', kind: name, plural, scope: 'Namespaced' as const, problems: [] },
    versions: [{ name: apiVersion, served: true, storage: true, details: {}, schema }],
  });
  const kinds = [kind('Kustomization', 'kustomizations', 'v1beta1'), kind('Component', 'components', 'v1alpha1')];
  return storeCrds({ name: 'kustomize', version, sources }, kinds, sha256);
}

function sourcesOf({ path, folder }: GoModule): string {
  const source = join(folder, folders[path as keyof typeof folders]);
  if (!existsSync(source)) return '';
  const files = readdirSync(source).filter((name) => name.endsWith('.go') && !name.endsWith('_test.go'));
  return files
    .sort()
    .map((name) => readFileSync(join(source, name), 'utf8'))
    .join('\n');
}

/** The body of a struct, or the target of a type alias. */
type Types = ReadonlyMap<string, { readonly body: string } | { readonly alias: string }>;

function typesOf(source: string): Types {
  const structs = [...source.matchAll(/^type (\w+) struct \{\n(.*?)^\}/gms)];
  const aliases = [...source.matchAll(/^type (\w+) ([\w.[\]*]+)$/gm)];
  return new Map<string, { readonly body: string } | { readonly alias: string }>([
    ...aliases.map(([, name, alias]) => [name!, { alias: alias! }] as const),
    ...structs.map(([, name, body]) => [name!, { body: body! }] as const),
  ]);
}

interface GoField {
  readonly name: string;
  readonly schema: object;
}

function objectOf(name: string, types: Types): object {
  return { type: 'object', properties: Object.fromEntries(fieldsOf(name, types).map((one) => [one.name, one.schema])) };
}

/** The fields of a struct, including embedded ones; a field without a JSON name is not in the file. */
function fieldsOf(name: string, types: Types): readonly GoField[] {
  const type = types.get(name);
  if (!type || 'alias' in type) return [];
  const fields: GoField[] = [];
  let prose: string[] = [];
  for (const line of type.body.split('\n')) {
    const comment = /^\s*\/\/ ?(.*)$/.exec(line);
    const tagged = /^\s*(?:(\w+)\s+)?([\w.[\]*{}]+)\s+`json:"([^",]*)(,inline)?/.exec(line);
    if (comment) prose.push(comment[1]!);
    else if (tagged) {
      const [, , goType = '', jsonName = '', inline] = tagged;
      const description = prose.join('\n').trim();
      if (inline) fields.push(...fieldsOf(plainName(goType), types));
      else if (jsonName !== '' && jsonName !== '-')
        fields.push({
          name: jsonName,
          schema: { ...schemaOfType(goType, types), ...(description && { description }) },
        });
      prose = [];
    } else prose = [];
  }
  return fields;
}

const scalars: Readonly<Record<string, string>> = {
  string: 'string',
  bool: 'boolean',
  int: 'integer',
  int32: 'integer',
  int64: 'integer',
};

function schemaOfType(goType: string, types: Types): object {
  const type = goType.replace(/^\*/, '');
  if (type.startsWith('[]')) return { type: 'array', items: schemaOfType(type.slice(2), types) };
  const map = /^map\[string\](.+)$/.exec(type);
  if (map) return { type: 'object', ...mapOf(map[1]!, types) };
  const scalar = scalars[type];
  if (scalar !== undefined) return { type: scalar };
  const named = types.get(plainName(type));
  if (!named) return { 'x-kubernetes-preserve-unknown-fields': true };
  return 'alias' in named ? schemaOfType(named.alias, types) : objectOf(plainName(type), types);
}

function mapOf(value: string, types: Types): object {
  if (value === 'interface{}' || value === 'any') return { 'x-kubernetes-preserve-unknown-fields': true };
  return { additionalProperties: schemaOfType(value, types) };
}

/** The type's name without its package. */
function plainName(type: string): string {
  return type.slice(type.lastIndexOf('.') + 1);
}
