// Builds a Flux Kustomization in the form that a cluster gets with real programs: `flux build` and the modules of
// kustomize-controller. Both read copies of the repository; the controller's has what is in the artifact.
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { builtValue, textAt, withEntry, withoutEntry } from '../../../server/src/kustomize/built.ts';
import { fluxKustomizationOf } from '../../../server/src/kustomize/flux-kustomization.ts';
import { isEncrypted } from '../../../server/src/kustomize/flux-variables.ts';
import { idOf } from '../../../server/src/kustomize/objects.ts';
import { unknown, type Value } from '../../../server/src/syntax/tree.ts';
import { hasUnknown, isObject, own } from '../../../server/src/syntax/value.ts';
import type { Applier, Cluster } from '../../../server/src/workspace/cluster.ts';
import { program } from '../../testbed/cache.ts';
import { runProgram } from '../../testbed/controlplane.ts';
import type { ControllerBuild } from './controller.ts';
import { built, type Outcome, outcomeOf } from './outcome.ts';

/** Why a build can't be compared. */
export function leftOut(applier: Applier): readonly string[] {
  const { result, flux: kustomization } = applier;
  if (result.incomplete.length > 0) return result.incomplete;
  if (hasUnknown(builtValue(kustomization!.object))) return ['unknown value in the Kustomization'];
  return variablesOf(applier) === undefined ? ['unknown variable'] : [];
}

/** Undefined if any is unknown. */
function variablesOf({ result: { variables } }: Applier): ReadonlyMap<string, string> | undefined {
  const values = new Map<string, string>();
  for (const [name, { value }] of variables?.byName ?? []) {
    if (typeof value !== 'string') return undefined;
    values.set(name, value);
  }
  return variables?.isOpen ? undefined : values;
}

/** Without a cluster, `flux build` reads no ConfigMaps: all variables are inlined. */
export async function fluxBuild(applier: Applier, root: string, scratch: string): Promise<Outcome> {
  const { flux: kustomization, folder } = applier;
  const { name, namespace, object, spec } = kustomization!;
  const file = join(scratch, 'kustomization.yaml');
  const variables = [...variablesOf(applier)!];
  const written = plain(builtValue(withEntry(object, 'spec', withoutEntry(spec, 'postBuild')))) as Plain;
  const strategy = own((own(builtValue(spec) as never, 'postBuild') ?? {}) as never, 'substituteStrategy');
  const postBuild =
    variables.length > 0 || strategy
      ? {
          postBuild: {
            substitute: Object.fromEntries(variables),
            ...(strategy ? { substituteStrategy: strategy } : {}),
          },
        }
      : {};
  writeFileSync(file, stringify({ ...written, spec: { ...(written.spec as object), ...postBuild } }));
  const ran = await runProgram(program('flux', 'flux'), [
    ...['build', 'kustomization', name, '--namespace', namespace || 'default', '--path', join(root, folder!)],
    ...['--kustomization-file', file, '--dry-run', '--strict-substitute'],
  ]);
  const theirs = outcomeOf(ran);
  if ('refusal' in theirs) return theirs;
  // `flux build` masks encrypted objects, and prints the strings of a Secret without quotes.
  const masked = encrypted(applier);
  const compared = [...theirs.objects].filter(([title]) => !masked.has(title));
  return { objects: new Map(compared.map(([title, object]) => [title, withTexts(object)])) };
}

/** State: the artifacts that were unpacked from one repository. */
export class Artifacts {
  readonly #roots = new Map<string, string>();
  readonly #repository: string;
  readonly #scratch: string;
  readonly #controller: ControllerBuild;

  constructor(repository: string, scratch: string, controller: ControllerBuild) {
    this.#repository = repository;
    this.#scratch = scratch;
    this.#controller = controller;
  }

  /** What the controller builds, given the ConfigMaps and Secrets that the cluster gets. */
  async build(applier: Applier, cluster: Cluster): Promise<Outcome> {
    const { object, spec, source } = applier.flux!;
    const objects = cluster.appliers
      .filter((one) => one.cluster === applier.cluster || one === applier)
      .flatMap(({ result }) => result.objects.map(({ value }) => value));
    const found = objects.find((one) => {
      const { gvk, namespace, name } = idOf(one);
      return gvk.kind === source.kind && namespace === source.namespace && name === source.name;
    });
    const inArtifact = fluxKustomizationOf(object)!.folder ?? '';
    const { folder } = applier;
    const top = inArtifact === '' ? folder! : folder!.slice(0, -inArtifact.length).replace(/\/$/, '');
    const root = await this.#rootOf(top, textAt(found, ['spec', 'ignore']) ?? '');
    const kinds = (kind: string) =>
      objects.filter((one) => textAt(one, ['kind']) === kind && textAt(one, ['apiVersion']) === 'v1').map(builtValue);
    const { objects: values, error } = await this.#controller.build({
      ...{ root, strict: true, kustomization: plain(builtValue(withEntry(object, 'spec', spec))) },
      configMaps: kinds('ConfigMap').map((one) => withData(one as never, String)),
      // The API server refuses a Secret whose data isn't base64.
      secrets: kinds('Secret')
        .map((one) => withData(one as never, String, base64))
        .filter(({ data }) =>
          Object.values(data as Plain).every((one) => /^[A-Za-z\d+/\s]*={0,2}\s*$/.test(String(one))),
        ),
    });
    if (error !== undefined) return { refusal: error };
    const masked = encrypted(applier);
    const theirs = outcomeOf({
      code: 0,
      stdout: (values ?? []).map((one) => `${JSON.stringify(one)}\n`).join('---\n'),
      stderr: '',
    });
    if ('refusal' in theirs) return theirs;
    return { objects: new Map([...theirs.objects].filter(([title]) => !masked.has(title))) };
  }

  async #rootOf(folder: string, ignore: string): Promise<string> {
    const key = `${folder}\n${ignore}`;
    const root = this.#roots.get(key) ?? join(this.#scratch, `artifact-${this.#roots.size}`);
    this.#roots.set(key, root);
    if (!existsSync(root)) await this.#controller.unpack(join(this.#repository, folder), ignore, root);
    return root;
  }
}

/**
 * The outcome as `flux build` prints it (maskSopsData of internal/build/build.go of flux2): without the values that SOPS
 * encrypted, which `theirs` shows by a mask, and without the `data` of a Secret that has none.
 */
export function asFluxPrints(ours: Outcome, theirs: Outcome): Outcome {
  if ('refusal' in ours || 'refusal' in theirs) return ours;
  const masked = [...ours.objects].map(
    ([title, object]) => [title, withMasks(object, theirs.objects.get(title))] as const,
  );
  return { objects: new Map(masked) };
}

const masks: readonly Value[] = ['**SOPS**', Buffer.from('**SOPS**').toString('base64')];

function withMasks(object: Value, printed: Value | undefined): Value {
  if (!isObject(object) || object.kind !== 'Secret') return object;
  const { data, ...others } = object;
  if (isObject(data) && Object.keys(data).length === 0) return others;
  const shown = isObject(printed) && isObject(printed.data) ? printed.data : {};
  if (!isObject(data)) return object;
  const values = Object.entries(data).map(([key, value]) => {
    const other = own(shown, key);
    return [key, other !== undefined && masks.includes(other) ? other : value] as const;
  });
  return { ...object, data: Object.fromEntries(values) };
}

type Plain = Record<string, unknown>;

/** The metadata and data of a ConfigMap or Secret, as the API server would store them. */
function withData(object: Plain, text: (value: unknown) => string, encode = text): Plain {
  const { name, namespace } = object.metadata as Plain;
  const mapped = (field: string, by: (value: unknown) => string) =>
    Object.entries((object[field] ?? {}) as Plain).map(([key, value]) => [key, by(value)]);
  const data = [...mapped('data', text), ...mapped('stringData', encode)];
  return { metadata: { name, namespace }, data: Object.fromEntries(data) };
}

function base64(value: unknown): string {
  return Buffer.from(String(value)).toString('base64');
}

/** The titles of objects that are encrypted. */
function encrypted({ base, result }: Applier): ReadonlySet<string> {
  const outcome = built(result.objects.filter((_object, index) => isEncrypted(base.objects[index]!.value)));
  return new Set('objects' in outcome ? outcome.objects.keys() : []);
}

function withTexts(object: Value): Value {
  if (!isObject(object) || !isObject(object.stringData)) return object;
  const texts = Object.entries(object.stringData).map(([key, value]) => [key, String(value)]);
  return { ...object, stringData: Object.fromEntries(texts) };
}

function plain(value: Value): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (value === unknown) return '?';
  if (Array.isArray(value)) return value.map(plain);
  if (isObject(value)) return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, plain(one)]));
  return value;
}
