import { describe, expect, test } from 'vitest';
import { yaml } from '../fixture.ts';
import { unknown } from '../syntax/tree.ts';
import { builtAt, builtValue } from './built.ts';
import type { FluxResult } from './flux-build.ts';
import { fluxBuildOf, placeOf } from './flux-fixture.ts';

const kustomization = `# file: ks.yaml
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: app, namespace: apps }
spec:
  path: ./app
  sourceRef: { kind: GitRepository, name: app }
`;

function run(source: string, strict = true): FluxResult {
  return fluxBuildOf(source, 'ks.yaml', {}, strict);
}

const reasonsOf = ({ problems, fluxProblems }: FluxResult) =>
  [...problems, ...fluxProblems].map(({ reason }) => reason);

describe('substitution', () => {
  const source = yaml`
    ${kustomization}  postBuild:
        substitute: { COLOR: blue, UNUSED: x }
        substituteFrom:
          - { kind: ConfigMap, name: first }
          - { kind: ConfigMap, name: second }
          - { kind: Secret, name: keys }
    ---
    apiVersion: v1
    kind: ConfigMap
    metadata: { name: first, namespace: apps }
    data: { COLOR: red, SIZE: small, SHAPE: "round" }
    ---
    apiVersion: v1
    kind: ConfigMap
    metadata: { name: second, namespace: apps }
    data:
      SIZE: |
        lar
        ge
    ---
    apiVersion: v1
    kind: Secret
    metadata: { name: keys, namespace: apps }
    data: { USER: YWRtaW4K, CODED: "%" }
    stringData: { TOKEN: "ENC[AES256_GCM,data:x,type:str]" }
    # file: app/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata: { name: config }
    data:
      color: \${COLOR}
      size: a-\${SIZE}
      both: "\${SHAPE}: \${COLOR}"
      user: \${USER}
      token: \${TOKEN}
      coded: \${CODED}
      missing: \${MISSING}
      text: |
        one
        two \${SHAPE} \${NONE:=three}
  `;
  const result = run(source);
  const [object] = result.objects;
  const data = (key: string) => builtAt(object?.value, ['data', key]);

  test('later sources take precedence, then the Kustomization; unknown values are holes', () => {
    expect(builtValue(builtAt(object?.value, ['data'])!)).toEqual({
      color: 'blue',
      size: 'a-large',
      both: 'round: blue',
      user: 'admin',
      token: unknown,
      coded: unknown,
      missing: unknown,
      text: 'one\ntwo round three\n',
    });
    expect(reasonsOf(result)).toEqual([
      { kind: 'unset-variable', name: 'MISSING' },
      { kind: 'unused-variable', name: 'UNUSED' },
    ]);
  });

  test('a value has the place of its use and those of its variables', () => {
    const both = data('both');
    if (both?.kind !== 'scalar') throw new Error('no scalar');
    expect(placeOf(source, both.origin)).toBe('app/config.yaml:7: "${SHAPE}: ${COLOR}"');
    expect(both.variables?.map(({ name, origin }) => `${name} ${placeOf(source, origin)}`)).toEqual([
      'SHAPE ks.yaml:17: "round"',
      'COLOR ks.yaml:8: blue',
    ]);
    expect(data('missing')).toMatchObject({ text: '${MISSING}' });
  });

  test('a problem is at the expression', () => {
    const inText = source.replace('${NONE:=three}', '${NONE} ${SHAPE-x}');
    expect(run(inText).fluxProblems.map(({ origin }) => placeOf(inText, origin))).toContain(
      'app/config.yaml:14: ${SHAPE-x}',
    );
    const unset = source.replace('${NONE:=three}', '${NONE}');
    expect(run(unset).fluxProblems.map(({ origin }) => placeOf(unset, origin))).toEqual([
      'app/config.yaml:11: ${MISSING}',
      'app/config.yaml:14: ${NONE}',
      'ks.yaml:8: x',
    ]);
    expect(reasonsOf(run(unset, false)).map(({ kind }) => kind)).toEqual(['unused-variable']);
  });

  test('a source that no file defines may set anything', () => {
    const open = run(source.replace('name: second', 'name: other'));
    expect(builtValue(builtAt(open.objects[0]?.value, ['data'])!)).toMatchObject({
      color: 'blue',
      size: 'a-small',
      missing: unknown,
    });
    expect(reasonsOf(open)).toEqual([
      { kind: 'missing-variables', of: 'ConfigMap', name: 'other' },
      { kind: 'unused-variable', name: 'UNUSED' },
    ]);
    const optional = source.replace(
      '{ kind: ConfigMap, name: second }',
      '{ kind: ConfigMap, name: none, optional: true }',
    );
    expect(reasonsOf(run(optional))).toEqual([{ kind: 'unused-variable', name: 'UNUSED' }]);
  });
});

test('without postBuild, an expression is applied as text, and cipher texts are unknown', () => {
  const { objects } = run(yaml`
    ${kustomization}  decryption: { provider: sops }
    # file: app/secret.yaml
    apiVersion: v1
    kind: Secret
    metadata: { name: keys }
    stringData: { a: "\${A}", b: "ENC[AES256_GCM,data:x,type:str]" }
    sops: { mac: "ENC[AES256_GCM,data:y,type:str]", version: 3.9.0 }
  `);
  expect(builtValue(objects[0]!.value)).toEqual({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name: 'keys',
      labels: { 'kustomize.toolkit.fluxcd.io/name': 'app', 'kustomize.toolkit.fluxcd.io/namespace': 'apps' },
    },
    stringData: { a: '${A}', b: unknown },
  });
});

test('a path that is unknown or missing', () => {
  expect(run(kustomization.replace('./app', './apps/${NAME}')).incomplete).toEqual(['path']);
  expect(reasonsOf(run(kustomization))).toEqual([{ kind: 'path-not-found', path: 'app' }]);
  const file = `${kustomization.replace('./app', './../app/config.yaml')}# file: app/config.yaml\n`;
  expect(reasonsOf(run(file))).toEqual([{ kind: 'path-not-a-folder', path: 'app/config.yaml' }]);
});

test('an image of the spec replaces what it sets of the image of the same name', () => {
  const { incomplete, problems, objects } = run(yaml`
    ${kustomization}  images: [{ name: a, newTag: "2" }, { name: b, digest: "sha256:1" }]
    # file: app/kustomization.yaml
    resources: [pod.yaml]
    images: [{ name: a, newName: c, digest: "sha256:0" }]
    # file: app/pod.yaml
    apiVersion: v1
    kind: Pod
    metadata: { name: a }
    spec: { containers: [{ name: a, image: "a:1" }, { name: b, image: b }] }
  `);
  expect(problems).toEqual([]);
  expect(incomplete).toEqual([]);
  expect(builtValue(builtAt(objects[0]!.value, ['spec', 'containers'])!)).toEqual([
    { name: 'a', image: 'c:2' },
    { name: 'b', image: 'b@sha256:1' },
  ]);
});

test('a generator that reads an encrypted file is incomplete only if Flux decrypts it', () => {
  const source = (rest: string) =>
    run(`${kustomization}${rest}# file: app/kustomization.yaml
secretGenerator: [{ name: keys, envs: [keys.env] }]
# file: app/keys.env
TOKEN=ENC[AES256_GCM,data:x,type:str]
sops_mac=ENC[AES256_GCM,data:y,type:str]
`);
  expect(source('  decryption: { provider: sops }\n').incomplete).toEqual(['decryption']);
  expect(source('').incomplete).toEqual([]);
});

test('common metadata is added to every object, and the owner’s labels take precedence', () => {
  const { objects } = run(yaml`
    ${kustomization}  commonMetadata:
        labels: { team: shop, kustomize.toolkit.fluxcd.io/name: other }
        annotations: { note: all }
    # file: app/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata: { name: a, annotations: { note: own, more: "1" } }
  `);
  expect(builtValue(builtAt(objects[0]!.value, ['metadata'])!)).toEqual({
    name: 'a',
    labels: {
      team: 'shop',
      'kustomize.toolkit.fluxcd.io/name': 'app',
      'kustomize.toolkit.fluxcd.io/namespace': 'apps',
    },
    annotations: { note: 'all', more: '1' },
  });
});
