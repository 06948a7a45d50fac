// Makes a release of what the user names: files of CRDs, a release Capstan knows where to find, or any Go module.
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
  /** What is wrong with which argument, and what to do, in a sentence or two. */
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
      return { error: `${paths.join(', ')} holds no CustomResourceDefinition of apiextensions.k8s.io/v1.${why}` };
    }
    return { ...storeCrds({ ...named, sources: [{ from: 'CRD files', checksum }] }, crds, sha256), problems };
  } catch (error) {
    return { error: `${paths.join(', ')} can't be read: ${(error as Error).message}` };
  }
}

/** `release` is `name@version` or a Go module's `path@version`; a version may be cut short (`2.8`) or left out. */
export async function namedRelease(release: string, as?: Named): Promise<ReleaseWithProblems | ImportFailure> {
  const at = release.lastIndexOf('@');
  const name = at < 0 ? release : release.slice(0, at);
  const wanted = at < 0 ? '' : release.slice(at + 1).replace(/^v(?=\d)/, '');
  const result = await fetched(name, wanted, as);
  if (!('error' in result)) return result;
  if (!('noGo' in result)) return result;
  const remedy = 'give a file or folder of its CRDs instead: capstan schemas add FILE --as NAME@VERSION';
  if (result.noGo) return { error: `${release} is fetched with the go command, which is not on the PATH; ${remedy}.` };
  return { error: `${release} can't be fetched: ${result.error}. Another version may be, or ${remedy}.` };
}

type Fetched = ReleaseWithProblems | ModuleFailure | ImportFailure;

async function fetched(name: string, wanted: string, as?: Named): Promise<Fetched> {
  if (wanted !== '' && !isPlainName(wanted)) return { error: `"${wanted}" is no version; name one such as 2.9.0.` };
  if (name === 'kubernetes')
    return as ? { error: 'kubernetes can have no other name; leave --as out.' } : kubernetesFor(wanted);
  if (name === 'flux') return fluxFor(wanted, as);
  const project = Object.hasOwn(projects, name) ? projects[name] : undefined;
  if (project) {
    const { path, major = 1, ...files } = project;
    const listed = moduleAt(path, wanted || `${major}`).replace(/@.*/, '');
    const version = await newest(listed, wanted);
    if (typeof version !== 'string') return version;
    return moduleRelease(as ?? { name, version }, [{ module: moduleAt(path, version), ...files }]);
  }
  // The first part of a Go module's path is a host name.
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
    error: `"${name}" is neither a file nor a release known by name. Give a file of CRDs, or one of: ${known}.`,
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
  if (!version) return { error: `Flux ${wanted} is not among the releases at hand: ${versions.join(', ')}.` };
  const source = { module: `${operator.path}@${operator.version}`, files: fluxFiles(version) };
  return moduleRelease(as ?? { name: 'flux', version }, [source]);
}

/** A whole version stands as it is: it may be obtainable though not listed. */
async function newest(path: string, wanted: string): Promise<string | ModuleFailure> {
  if (/^\d+\.\d+\.\d+/.test(wanted)) return wanted;
  const listed = await goVersions(path);
  if ('error' in listed) return listed;
  const plain = listed.map((version) => version.replace(/^v/, ''));
  const released = plain.filter((version) => !version.includes('-'));
  const found = released.findLast((version) => matches(version, wanted));
  return found ?? { error: `of ${path} these versions are listed: ${plain.join(', ') || 'none'}`, noGo: false };
}

function matches(version: string, wanted: string): boolean {
  return wanted === '' || version === wanted || version.startsWith(`${wanted}.`);
}
