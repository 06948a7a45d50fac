// Imports a release: from files of CRDs, from a project that Capstan knows by name, or from any Go module.
import type { StoredRelease } from '../schema/stored.ts';
import { isPlainName, storeCrds } from '../schema/stored.ts';
import { readCrds, sha256, yamlFiles } from './crds.ts';
import { goModule, goVersions, type ModuleFailure } from './gomodule.ts';
import { kubernetesRelease } from './kubernetes.ts';
import {
  fluxFiles,
  fluxOperator,
  fluxVersions,
  moduleAt,
  moduleRelease,
  projects,
  type ReleaseWithProblems,
} from './releases.ts';

type Named = Pick<StoredRelease, 'name' | 'version'>;

export interface ImportFailure {
  /** One or two sentences: the argument, its problem and the fix. */
  readonly error: string;
}

export function isFailure(result: ReleaseWithProblems | ImportFailure): result is ImportFailure {
  return 'error' in result;
}

export function fileRelease(named: Named, paths: readonly string[]): ReleaseWithProblems | ImportFailure {
  try {
    const { crds, problems, checksum } = readCrds(yamlFiles(paths));
    if (crds.length === 0) {
      const why = problems.length > 0 ? ` ${problems.join(' ')}` : '';
      return { error: `${paths.join(', ')} contains no CustomResourceDefinition of apiextensions.k8s.io/v1.${why}` };
    }
    return { ...storeCrds({ ...named, sources: [{ from: 'CRD files', checksum }] }, crds, sha256), problems };
  } catch (error) {
    return { error: `${paths.join(', ')} can't be read: ${(error as Error).message}` };
  }
}

/** `release` is `name@version` or a Go module's `path@version`; the version may be partial (`2.8`) or omitted. */
export async function namedRelease(release: string, as?: Named): Promise<ReleaseWithProblems | ImportFailure> {
  const at = release.lastIndexOf('@');
  const name = at < 0 ? release : release.slice(0, at);
  const wanted = at < 0 ? '' : release.slice(at + 1).replace(/^v(?=\d)/, '');
  const result = await fetched(name, wanted, as);
  if (!('error' in result)) return result;
  if (!('noGo' in result)) return result;
  const remedy = 'import a file or folder of its CRDs instead: capstan schemas add FILE --as NAME@VERSION';
  if (result.noGo)
    return { error: `${release} can't be fetched: the go command is not on the PATH. Install Go, or ${remedy}.` };
  return { error: `${release} can't be fetched: ${result.error}. Try another version, or ${remedy}.` };
}

type Fetched = ReleaseWithProblems | ModuleFailure | ImportFailure;

async function fetched(name: string, wanted: string, as?: Named): Promise<Fetched> {
  if (wanted !== '' && !isPlainName(wanted)) return { error: `"${wanted}" is not a version; use one such as 2.9.0.` };
  if (name === 'kubernetes')
    return as ? { error: "kubernetes can't have another name; omit --as." } : kubernetesFor(wanted);
  if (name === 'flux') return fluxFor(wanted, as);
  const project = Object.hasOwn(projects, name) ? projects[name] : undefined;
  if (project) {
    const { path, major = 1, ...files } = project;
    const listed = moduleAt(path, wanted || `${major}`).replace(/@.*/, '');
    const version = await newest(listed, wanted);
    if (typeof version !== 'string') return version;
    return moduleRelease(as ?? { name, version }, [{ module: moduleAt(path, version), ...files }]);
  }
  // A Go module's path begins with a host name.
  if (/^[^/]+\.[^/]+\//.test(name)) {
    const version = await newest(name, wanted);
    if (typeof version !== 'string') return version;
    const last = name
      .replace(/\/v\d+$/, '')
      .split('/')
      .at(-1)!;
    return moduleRelease(as ?? { name: last, version }, [{ module: `${name}@v${version}` }]);
  }
  const known = ['kubernetes', 'flux', ...Object.keys(projects)].sort().join(', ');
  return {
    error: `"${name}" is neither a file nor a known release. Use a file of CRDs, or one of: ${known}.`,
  };
}

async function kubernetesFor(wanted: string): Promise<Fetched> {
  const version = await newest('k8s.io/kubernetes', wanted);
  if (typeof version !== 'string') return version;
  const made = await kubernetesRelease(version);
  return 'error' in made ? made : { ...made, problems: [] };
}

async function fluxFor(wanted: string, as?: Named): Promise<Fetched> {
  const operator = await goModule(`${fluxOperator}@latest`);
  if ('error' in operator) return operator;
  const versions = fluxVersions(operator);
  const version = versions.findLast((one) => matches(one, wanted));
  if (!version) return { error: `Flux ${wanted} is not available; use one of: ${versions.join(', ')}.` };
  const source = { module: `${operator.path}@${operator.version}`, files: fluxFiles(version) };
  return moduleRelease(as ?? { name: 'flux', version }, [source]);
}

/**
 * The newest listed version that matches; a full version is returned unchanged, since it may exist without being
 * listed.
 */
async function newest(path: string, wanted: string): Promise<string | ModuleFailure> {
  if (/^\d+\.\d+\.\d+/.test(wanted)) return wanted;
  const listed = await goVersions(path);
  if ('error' in listed) return listed;
  const plain = listed.map((version) => version.replace(/^v/, ''));
  const released = plain.filter((version) => !version.includes('-'));
  const found = released.findLast((version) => matches(version, wanted));
  return found ?? { error: `${path} has no such version; listed are ${plain.join(', ') || 'none'}`, noGo: false };
}

function matches(version: string, wanted: string): boolean {
  return wanted === '' || version === wanted || version.startsWith(`${wanted}.`);
}
