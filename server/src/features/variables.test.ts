import { describe, expect, test } from 'vitest';
import { definition, references } from './definition.ts';
import { cursorOf, fixture, places } from './fixture.ts';
import { hover } from './hover.ts';
import { inlayHints } from './inlay.ts';

const cluster = (name: string, rest: string) => `# file: clusters/${name}/sync.yaml
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: flux-system, namespace: flux-system }
spec: { interval: 1m, prune: true, path: ./clusters/${name}, sourceRef: { kind: GitRepository, name: fleet } }
# file: clusters/${name}/apps.yaml
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: apps, namespace: flux-system }
spec:
  interval: 1m
  prune: true
  path: ./apps
  sourceRef: { kind: GitRepository, name: fleet }
${rest}`;

const inline = (value: string) => `  targetNamespace: shop
  postBuild:
    substitute:
      COLOR: ${value}
`;

const from = (kind: string) => `  postBuild:
    substituteFrom:
      - kind: ${kind}
        name: settings
`;

const settings = (name: string, kind: string, field: string) => `# file: clusters/${name}/settings.yaml
apiVersion: v1
kind: ${kind}
metadata: { name: settings, namespace: flux-system }
${field}:
  COLOR: blue
`;

const config = (mark = '') => `# file: apps/a.yaml
apiVersion: v1
kind: ConfigMap
metadata:
  name: web
data:
  color: "\${CO${mark}LOR:=none}"
  text: |
    $\${COLOR} \${SIZE}
`;

const two = cluster('prod', inline('red')) + cluster('test', from('ConfigMap')) + settings('test', 'ConfigMap', 'data');

describe('hover on a variable', () => {
  const text = (source: string) => hover(cursorOf(fixture(source)))?.text;

  test('shows its value in each cluster, and where it is set', () => {
    expect(text(two + config('$0'))).toBe(`**COLOR**, a variable of Flux

- **prod**: \`red\`, from clusters/prod/apps.yaml:12
- **test**: \`blue\`, from clusters/test/settings.yaml:5`);
  });

  test('keeps the values of Secrets', () => {
    const secret = cluster('prod', from('Secret')) + settings('prod', 'Secret', 'stringData');
    expect(text(secret + config('$0'))).toContain(
      '- **prod**: a secret, which isn’t shown, from clusters/prod/settings.yaml:5',
    );
  });

  test('says that it is not set', () => {
    expect(text(two + config().replace('{SIZE', '{SI$0ZE'))).toContain('- **prod**: not set');
  });

  test('says what an expression with an operator becomes', () => {
    expect(text(two + config().replace('{SIZE', '{SI$0ZE:-9'))).toContain('- **prod**: not set; here `9`');
    const upper = text(two + config().replace('{SIZE', '{CO$0LOR^^'));
    expect(upper).toContain('- **prod**: `red`, from clusters/prod/apps.yaml:12; here `RED`');
    const secret = cluster('prod', from('Secret')) + settings('prod', 'Secret', 'stringData');
    expect(text(secret + config().replace('{SIZE', '{SI$0ZE:-${COLOR}'))).not.toContain('here');
  });

  test('is none where nothing is substituted', () => {
    expect(text(cluster('prod', '') + config('$0'))).not.toContain('variable of Flux');
  });
});

test('definition goes to where it is set in each cluster', () => {
  const at = fixture(two + config('$0'));
  expect(places(at, definition(cursorOf(at)))).toEqual(['clusters/prod/apps.yaml:12', 'clusters/test/settings.yaml:5']);
});

describe('references', () => {
  const uses = ['apps/a.yaml:6', 'apps/a.yaml:8'];

  test('of an expression are all with a value from the same place', () => {
    const at = fixture(`${two}${config('$0').replace('$${COLOR}', '${COLOR/a/b}')}`);
    expect(places(at, references(cursorOf(at), false))).toEqual(uses);
    expect(places(at, references(cursorOf(at), true))).toEqual([
      ...['clusters/prod/apps.yaml:12', 'clusters/test/settings.yaml:5'],
      ...uses,
    ]);
  });

  test('of where a variable is set are the expressions that it gives their value', () => {
    const source = `${two}${config().replace('$${COLOR}', '${COLOR/a/b}')}`;
    for (const set of ['COLOR: red', 'COLOR: blue']) {
      const at = fixture(source.replace(set, set.replace('COL', 'COL$0')));
      expect(places(at, references(cursorOf(at), false))).toEqual(uses);
    }
    const other = fixture(source.replace('name: web', 'na$0me: web'));
    expect(references(cursorOf(other), false)).toEqual([]);
  });
});

describe('inlay hints', () => {
  const hints = (source: string, path = 'apps/a.yaml') => {
    const { workspace } = fixture(source);
    const { text } = workspace.file(path)!;
    return inlayHints(workspace, path, { start: 0, end: text.length }).map(
      ({ offset, label }) => `${text.slice(0, offset).split('\n').at(-1)} ${label}`,
    );
  };

  test('are values and namespaces that all clusters have alike', () => {
    expect(hints(cluster('prod', inline('red')) + cluster('test', inline('red')) + config())).toEqual([
      '  name: web in shop',
      '  color: "${COLOR:=none} = red',
    ]);
    expect(hints(two + config())).toEqual([]);
  });

  test('are what the expression becomes', () => {
    const source = cluster('prod', inline('red')) + config().replace('{SIZE}', '{COLOR^^} ${SIZE:=9}');
    expect(hints(source).at(-1)).toBe('    $${COLOR} ${COLOR^^} = RED');
  });

  test('are none for values of Secrets, and where nothing is substituted', () => {
    const secret = cluster('prod', from('Secret')) + settings('prod', 'Secret', 'stringData');
    expect(hints(secret + config())).toEqual([]);
    expect(hints(config())).toEqual([]);
  });
});
