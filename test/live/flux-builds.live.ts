// Compares our builds of Flux Kustomizations with those of `flux build` and of kustomize-controller's modules: one for each expression of the substitution and
// for each field of the spec, and a problem wherever Flux refuses.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { BuildOptions } from '../../server/src/kustomize/build.ts';
import { builtValue } from '../../server/src/kustomize/built.ts';
import { textsOf } from '../../server/src/kustomize/fixture.ts';
import { fluxBuildOf } from '../../server/src/kustomize/flux-fixture.ts';
import { expressions, values } from '../../server/src/kustomize/substitute-fixture.ts';
import { parseManifest } from '../../server/src/syntax/manifest.ts';
import { splitDocuments } from '../../server/src/syntax/split.ts';
import type { Value } from '../../server/src/syntax/tree.ts';
import { isObject, type ObjectValue, toTextValue, valueAt } from '../../server/src/syntax/value.ts';
import { missingPrograms, program, provide } from '../testbed/cache.ts';
import { runProgram } from '../testbed/controlplane.ts';
import { missingForFlux } from '../testbed/flux.ts';
import { ControllerBuild } from './build/controller.ts';
import { fluxFixtures } from './build/flux.ts';

const missing = [...missingForFlux(), ...missingPrograms('controller-build')];
if (missing.length > 0)
  console.log(`skipped, not built: ${missing.join(', ')} (\`${provide('flux')} controller-build\`)`);

const options: BuildOptions = {};

let root: string;
let builder: ControllerBuild | undefined;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'capstan-flux-build-'));
  if (missing.length === 0) builder = new ControllerBuild();
});
afterAll(async () => {
  await builder?.stop();
  rmSync(root, { recursive: true, force: true });
});

type Outcome = { readonly objects: ReadonlyMap<string, Value> } | { readonly refusal: string };

/** Writes the files and builds the Kustomization in `ks.yaml`, whose path is `app`. */
async function flux(name: string, source: string, strict = true): Promise<Outcome> {
  const folder = join(root, name.replace(/\W+/g, '-'));
  for (const [path, text] of textsOf(source)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const { code, stdout, stderr } = await runProgram(program('flux', 'flux'), [
    ...['build', 'kustomization', 'app', '--namespace', 'apps', '--path', join(folder, 'app')],
    ...['--kustomization-file', join(folder, 'ks.yaml'), '--dry-run', ...(strict ? ['--strict-substitute'] : [])],
  ]);
  return code === 0 ? { objects: byTitle(valuesIn(stdout)) } : { refusal: stderr };
}

/** What the controller makes of the files that `flux` wrote, packed as an artifact. */
async function controller(name: string, source: string): Promise<Outcome> {
  const folder = join(root, name.replace(/\W+/g, '-'));
  await builder!.unpack(folder, '', `${folder}-artifact`);
  const [kustomization] = valuesIn(textsOf(source).get('ks.yaml')!);
  const { objects, error } = await builder!.build({ root: `${folder}-artifact`, kustomization, strict: true });
  const text = (objects ?? []).map((object) => `${JSON.stringify(object)}\n`).join('---\n');
  return error === undefined ? { objects: byTitle(valuesIn(text)) } : { refusal: error };
}

function valuesIn(text: string): readonly ObjectValue[] {
  return splitDocuments(text).flatMap((document): ObjectValue[] => {
    const { root: node } = parseManifest(document.text);
    const value = node && toTextValue(node);
    return isObject(value) ? [value] : [];
  });
}

function byTitle(objects: readonly ObjectValue[]): ReadonlyMap<string, Value> {
  const titled = objects.map((object) => {
    const title = [['apiVersion'], ['kind'], ['metadata', 'namespace'], ['metadata', 'name']];
    return [title.map((path) => String(valueAt(object, path))).join(' '), object] as const;
  });
  return new Map(titled.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function ours(source: string, strict = true): Outcome & { readonly reasons: readonly string[] } {
  const { objects, problems, fluxProblems } = fluxBuildOf(source, 'ks.yaml', options, strict);
  const reasons = [...problems, ...fluxProblems]
    .map(({ reason }) => reason.kind)
    .filter((kind) => kind !== 'unused-variable');
  return { objects: byTitle(objects.map(({ value }) => builtValue(value)).filter(isObject)), reasons };
}

const kustomization = (spec: string) => `# file: ks.yaml
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: app, namespace: apps }
spec:
  interval: 1h
  path: ./app
  prune: true
  sourceRef: { kind: GitRepository, name: app }
${spec.replace(/^(?=.)/gm, '  ')}`;

const substitute = Object.entries(values).flatMap(([name, value]) =>
  typeof value === 'string' ? [`    "${name}": ${JSON.stringify(value)}\n`] : [],
);
const withVariables = kustomization(`postBuild:\n  substitute:\n${substitute.join('')}`);

/** The text is in a literal, which keeps it verbatim when it is printed. */
function configMap(name: string, text: string): string {
  return `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: ${name}, namespace: apps }\ndata:\n  text: |-\n    ${text}.\n    end\n`;
}

const isRefused = (result: string) => /^(?:unset|no-name|unclosed|argument) /.test(result);

describe.skipIf(missing.length > 0)('the expressions of substitution', () => {
  test('have the same results', async () => {
    const accepted = expressions.filter(([, result]) => !isRefused(result));
    const objects = accepted.map(([text], index) => configMap(`c${index}`, text));
    const source = `${withVariables}# file: app/all.yaml\n${objects.join('---\n')}`;
    const theirs = await flux('expressions', source);
    expect('refusal' in theirs && theirs.refusal).toBe(false);
    for (const [index, [text, result]] of accepted.entries()) {
      const object = 'objects' in theirs ? theirs.objects.get(`v1 ConfigMap apps c${index}`) : undefined;
      expect(`${text} is ${String(valueAt(object, ['data', 'text']))}`).toBe(`${text} is ${result}.\nend`);
    }
    expect(ours(source)).toEqual({ ...theirs, reasons: [] });
  });

  test('are lenient before Flux 2.9', async () => {
    const unset = expressions.filter(([, result]) => result.startsWith('unset '));
    const objects = unset.map(([text], index) => configMap(`c${index}`, text));
    const source = `${withVariables}# file: app/all.yaml\n${objects.join('---\n')}`;
    expect(unset.length).toBeGreaterThan(2);
    expect(ours(source, false)).toEqual({ ...(await flux('lenient', source, false)), reasons: [] });
  });

  test.each(expressions.filter(([, result]) => isRefused(result)))('%s is refused', async (text, result) => {
    const source = `${withVariables}# file: app/one.yaml\n${configMap('one', text)}`;
    expect(await flux(`refused ${expressions.findIndex(([one]) => one === text)}`, source)).toHaveProperty('refusal');
    const reason = result.startsWith('unset ') ? 'unset-variable' : 'bad-expression';
    expect(new Set(ours(source).reasons)).toEqual(new Set([reason]));
  });
});

describe.skipIf(missing.length > 0)('the fields of the spec', () => {
  test.each(fluxFixtures.map((fixture) => [fixture.name, fixture] as const))('%s', async (name, fixture) => {
    const source = `${kustomization(fixture.spec)}${fixture.files}`;
    const theirs = await flux(name, source);
    const controllers = await controller(name, source);
    if (fixture.refused === undefined) {
      expect(ours(source)).toEqual({ ...theirs, reasons: [] });
      expect(ours(source)).toEqual({ ...controllers, reasons: [] });
    } else {
      expect(theirs).toHaveProperty('refusal');
      expect(controllers).toHaveProperty('refusal');
      expect(ours(source).reasons).toContain(fixture.refused);
    }
  });
});
