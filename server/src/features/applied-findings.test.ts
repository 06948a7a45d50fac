// The verdict is on what clusters get: a finding stands where the value at fault is written.
import { describe, expect, test } from 'vitest';
import { yaml } from '../fixture.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { diagnose, type FileFinding } from './diagnostics.ts';
import { fixture } from './fixture.ts';

/** `path:line "text" rule message` of every finding in the workspace; the text is that which is underlined. */
function found(source: string): readonly string[] {
  const { workspace } = fixture(source);
  return foundIn(workspace);
}

/** Without the rules on references and builds: the sources of these fixtures are not in them. */
function verdictOn(workspace: Workspace, path: string): readonly FileFinding[] {
  return diagnose(workspace, path).filter(({ rule }) => !/^(?:reference|flux)\//.test(rule));
}

function foundIn(workspace: Workspace): readonly string[] {
  return [...workspace.files()]
    .flatMap(({ path, text }) => verdictOn(workspace, path).map((finding) => ({ path, text, finding })))
    .map(({ path, text, finding: { start, end, rule } }) => {
      return `${path}:${lineOf(text, start)} ${text.slice(start, end)} ${rule}`;
    });
}

function messagesIn(source: string): readonly string[] {
  const { workspace } = fixture(source);
  return [...workspace.files()].flatMap(({ path }) => verdictOn(workspace, path).map(({ message }) => message));
}

function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}

const deployment = yaml`
  apiVersion: apps/v1
  kind: Deployment
  metadata:
    name: web
  spec:
    replicas: 1
    selector: { matchLabels: { app: web } }
    template:
      metadata: { labels: { app: web } }
      spec:
        containers:
          - name: web
            image: web
`;

const base = yaml`
  # file: base/web.yaml
  ${deployment}# file: base/kustomization.yaml
  resources: [web.yaml]
`;

/** An overlay of the base; its files are in its folder. */
const overlay = (name: string, rest: string) => yaml`
  # file: ${name}/kustomization.yaml
  resources: [../base]
  ${rest}`;

const patchOf = (spec: string) => yaml`
  apiVersion: apps/v1
  kind: Deployment
  metadata:
    name: web
  spec:
    ${spec}
`;

describe('a value of a patch is at fault', () => {
  test('in a file of its own', () => {
    expect(
      found(
        `${base}${overlay('prod', 'patches: [{ path: p.yaml }]\n')}# file: prod/p.yaml\n${patchOf('replicas: many')}`,
      ),
    ).toEqual(['prod/p.yaml:6 many schema/type']);
  });

  test('in the text of a kustomization, for the key of an unknown field', () => {
    const patches =
      'patches:\n  - patch: |\n      apiVersion: apps/v1\n      kind: Deployment\n      metadata: { name: web }\n';
    expect(found(base + overlay('prod', `${patches}      spec:\n        replica: 2\n`))).toEqual([
      'prod/kustomization.yaml:8 replica schema/unknown-field',
    ]);
  });

  test('in a JSON patch', () => {
    const patch = '- { op: replace, path: /spec/replicas, value: many }';
    expect(
      found(base + overlay('prod', `patches:\n  - target: { kind: Deployment }\n    patch: |\n      ${patch}\n`)),
    ).toEqual(['prod/kustomization.yaml:5 many schema/type']);
  });

  test('and the finding links the object', () => {
    const { workspace } = fixture(
      `${base}${overlay('prod', 'patches: [{ path: p.yaml }]\n')}# file: prod/p.yaml\n${patchOf('replicas: many')}`,
    );
    const [finding] = verdictOn(workspace, 'prod/p.yaml');
    expect(finding?.related?.map(({ file, start }) => `${file} ${start}`)).toEqual(['base/web.yaml 0']);
    expect(finding?.object).toMatchObject({ gvk: { kind: 'Deployment' }, name: 'web' });
  });

  test('while the value that it replaces is not', () => {
    const wrong = base.replace('replicas: 1', 'replicas: many');
    expect(found(wrong)).toEqual(['base/web.yaml:6 many schema/type']);
    expect(found(wrong + overlay('prod', 'replicas: [{ name: web, count: 3 }]\n'))).toEqual([]);
  });

  test('which adds an item to a list with merge keys', () => {
    const added =
      'template:\n    spec:\n      containers:\n        - name: side\n          image: side\n          imagePullPolicy: Sometimes';
    expect(
      found(`${base}${overlay('prod', 'patches: [{ path: p.yaml }]\n')}# file: prod/p.yaml\n${patchOf(added)}`),
    ).toEqual(['prod/p.yaml:11 Sometimes schema/enum']);
  });
});

describe('what a kustomization changes is at fault', () => {
  test('a prefix', () => {
    expect(found(base + overlay('prod', 'namePrefix: A_\n'))).toEqual(['prod/kustomization.yaml:2 A_ schema/name']);
  });

  test('not a prefix of a name that is invalid without it', () => {
    const wrong = base.replace('name: web', 'name: A_');
    expect(found(wrong + overlay('prod', 'namePrefix: x-\n'))).toEqual(['base/web.yaml:4 A_ schema/name']);
  });

  test('a generated object', () => {
    expect(found('# file: kustomization.yaml\nconfigMapGenerator:\n  - name: A_B\n    literals: [a=b]\n')).toEqual([
      'kustomization.yaml:2 A_B schema/name',
    ]);
  });
});

describe('only some forms have the problem:', () => {
  test('the message names the overlay', () => {
    // The selector no longer matches the labels of the pods.
    const patch = '- { op: replace, path: /spec/selector/matchLabels/app, value: other }';
    const wrong = overlay('prod', `patches:\n  - target: { kind: Deployment }\n    patch: |\n      ${patch}\n`);
    const messages = messagesIn(base + overlay('test', 'namePrefix: t-\n') + wrong);
    expect(messages).toHaveLength(1);
    expect(messages[0]).toMatch(/^In prod: /);
    expect(messagesIn(base + wrong)[0]).not.toMatch(/^In /);
  });

  test('the message names the cluster', () => {
    const everywhere = fleet.replace('replicas: 1', 'replicas: many');
    expect(messagesIn(cluster('prod') + cluster('test') + everywhere)[0]).not.toMatch(/^In /);
    // The selector no longer matches the labels of the pods.
    const patch = '[{ "op": "replace", "path": "/spec/selector/matchLabels/app", "value": "other" }]';
    const wrong = `  patches: [{ target: { kind: Deployment }, patch: '${patch}' }]\n`;
    expect(messagesIn(cluster('prod', wrong) + cluster('test') + fleet)).toEqual([
      expect.stringMatching(/^In cluster prod: /),
    ]);
  });
});

/** Applied by `clusters/NAME`, which applies itself. */
const cluster = (name: string, rest = '') => yaml`
  # file: clusters/${name}/flux-system/sync.yaml
  apiVersion: kustomize.toolkit.fluxcd.io/v1
  kind: Kustomization
  metadata: { name: flux-system, namespace: flux-system }
  spec:
    interval: 1h
    path: ./clusters/${name}
    prune: true
    sourceRef: { kind: GitRepository, name: flux-system }
  # file: clusters/${name}/apps.yaml
  apiVersion: kustomize.toolkit.fluxcd.io/v1
  kind: Kustomization
  metadata: { name: apps, namespace: flux-system }
  spec:
    interval: 1h
    path: ./apps
    prune: true
    sourceRef: { kind: GitRepository, name: flux-system }
  ${rest}`;

const fleet = yaml`
  # file: apps/web.yaml
  ${deployment}`;

describe('a variable of Flux', () => {
  const replicas = fleet.replace('replicas: 1', 'replicas: ${REPLICAS}');
  const substitute = (value: string) => `  postBuild:\n    substitute:\n      REPLICAS: ${value}\n`;

  test('has a wrong value, which is in the Kustomization', () => {
    const { workspace } = fixture(cluster('prod', substitute('many')) + replicas);
    expect(foundIn(workspace)).toEqual(['clusters/prod/apps.yaml:11 many schema/type']);
    const [finding] = verdictOn(workspace, 'clusters/prod/apps.yaml') as [FileFinding];
    const { text } = workspace.file('apps/web.yaml')!;
    expect(finding.related?.map(({ file, start, end }) => `${file} ${text.slice(start, end)}`)).toEqual([
      'apps/web.yaml ${REPLICAS}',
    ]);
    expect(found(cluster('prod', substitute('"2"')) + replicas)).toEqual([]);
  });

  test('has a wrong value, which is in a ConfigMap that the cluster gets', () => {
    const from = '  postBuild:\n    substituteFrom: [{ kind: ConfigMap, name: settings }]\n';
    const settings = yaml`
      # file: clusters/prod/settings.yaml
      apiVersion: v1
      kind: ConfigMap
      metadata: { name: settings, namespace: flux-system }
      data:
        REPLICAS: many
    `;
    expect(found(cluster('prod', from) + replicas + settings)).toEqual([
      'clusters/prod/settings.yaml:5 many schema/type',
    ]);
  });

  test('has a wrong value that comes from a Secret, which the message keeps to itself', () => {
    const from = '  postBuild:\n    substituteFrom: [{ kind: Secret, name: settings }]\n';
    const settings = yaml`
      # file: clusters/prod/settings.yaml
      apiVersion: v1
      kind: Secret
      metadata: { name: settings, namespace: flux-system }
      stringData:
        REPLICAS: hunter2
    `;
    const messages = messagesIn(cluster('prod', from) + replicas + settings);
    expect(messages).toHaveLength(1);
    expect(messages[0]).not.toContain('hunter2');
  });

  test('is unknown', () => {
    const from = '  postBuild:\n    substituteFrom: [{ kind: ConfigMap, name: made-by-hand }]\n';
    expect(found(cluster('prod', from) + replicas)).toEqual([]);
  });

  test('is text if nothing is substituted', () => {
    expect(found(cluster('prod') + replicas)).toEqual(['apps/web.yaml:6 ${REPLICAS} schema/type']);
  });
});

describe('what is not known', () => {
  const bare = yaml`
    apiVersion: helm.toolkit.fluxcd.io/v2
    kind: HelmRelease
    metadata:
      name: a
    spec:
      chartRef: { kind: OCIRepository, name: a }
  `;
  const file = `# file: app/a.yaml\n${bare}`;

  test('is what a remote component supplies', () => {
    const listed = `${file}# file: app/kustomization.yaml\nresources: [a.yaml]\n`;
    expect(found(listed)).toEqual(['app/a.yaml:5 spec schema/required']);
    expect(found(`${listed}components: ["https://example.com/c?ref=v1"]\n`)).toEqual([]);
    expect(found(`${listed}components: ["../c"]\n`).filter((one) => !one.includes('kustomize/'))).toEqual([]);
  });

  test('is a value that a transformer, a component or a patch may replace that cannot be read', () => {
    const replaced = `${file.replace('name: a', 'name: .invalid')}# file: app/kustomization.yaml\nresources: [a.yaml]\n`;
    const placed = (fields: string) => found(replaced + fields).filter((one) => one.startsWith('app/a.yaml'));
    const name = 'app/a.yaml:4 .invalid schema/name';
    expect(placed('')).toContain(name);
    expect(placed('configMapGenerator: [{ name: b, files: [b] }]\n')).toContain(name);
    expect(placed('transformers: [t.yaml]\n')).toEqual([]);
    expect(placed('patches: [{ path: p.yaml }]\n')).toEqual([]);
    expect(placed('components: [../c]\n')).toEqual([]);
    expect(placed('transformers: [../t]\n# file: t/kustomization.yaml\nresources: [t.yaml]\n')).toEqual([]);
  });

  test('is what applies a file in a repository of Flux that Flux does not apply', () => {
    expect(found(cluster('prod') + fleet + file).filter((one) => !one.includes('info/'))).toEqual([]);
    expect(found(cluster('prod') + file.replace('app/', 'apps/'))).toEqual(['apps/a.yaml:5 spec schema/required']);
  });

  test('is what the text means while it is not valid', () => {
    const listed = `${file}a: [\n# file: app/kustomization.yaml\nresources: [a.yaml]\n`;
    expect(found(listed).filter((one) => one.includes('schema/'))).toEqual([]);
  });
});

test('an edit of a patch changes the findings of the other files', () => {
  const source = `${base}${overlay('prod', 'patches: [{ path: p.yaml }]\n')}# file: prod/p.yaml\n${patchOf('replicas: many')}`;
  const { workspace } = fixture(source);
  expect(foundIn(workspace)).toEqual(['prod/p.yaml:6 many schema/type']);
  workspace.put('base/web.yaml', deployment.replace('kind: Deployment', 'kind: Deploymnt'));
  expect(foundIn(workspace).map((one) => one.split(' ')[0])).toContain('base/web.yaml:2');
  workspace.put('base/web.yaml', deployment);
  workspace.put('prod/p.yaml', patchOf('replicas: 2'));
  expect(foundIn(workspace)).toEqual([]);
});
