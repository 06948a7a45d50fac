import { describe, expect, test } from 'vitest';
import { diagnose } from '../features/diagnostics.ts';
import { codeActions } from '../features/fixes/code-action.ts';
import { edited, fixture } from '../features/fixture.ts';

const template =
  'apiVersion: infrastructure.cluster.x-k8s.io/v1beta2\nkind: AWSMachineTemplate\nmetadata:\n  name: a\nspec:\n';
const deployment = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: a
spec:
  selector: {matchLabels: {a: b}}
  template:
    metadata: {labels: {a: b}}
`;

/** The text after the preferred fixes of all findings, one after the other. */
function mended(source: string): { readonly text: string; readonly titles: readonly string[] } {
  const titles: string[] = [];
  let { text } = fixture(source);
  for (let round = 0; round < 10; round += 1) {
    const { workspace } = fixture(text);
    const action = codeActions(workspace, 'a.yaml', 0, text.length).find(({ preferred }) => preferred);
    if (!action) break;
    titles.push(action.title);
    text = edited(text, action.edits);
  }
  return { text, titles };
}

function messages(source: string): readonly string[] {
  const { workspace } = fixture(source);
  return diagnose(workspace, 'a.yaml').map(({ message }) => message);
}

describe('a key belongs', () => {
  test('into a map around', () => {
    const source = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n  data:\n    a: b\n';
    expect(messages(source)).toEqual([
      'There is no field “data” in metadata; the API server refuses the object. It belongs at the top level: check the indentation.',
    ]);
    expect(mended(source).text).toBe('apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\ndata:\n  a: b\n');
  });

  test('into the map before it', () => {
    const source = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\nnamespace: b\nlabels:\n  x: c\ndata: {}\n';
    const { text, titles } = mended(source);
    expect(text).toBe(
      'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n  namespace: b\n  labels:\n    x: c\ndata: {}\n',
    );
    expect(titles).toEqual(['Move into metadata', 'Move into metadata']);
  });

  test('a level down that isn’t there yet; what is missing only because of that is not told', () => {
    const source = `${deployment}    # ours\n    containers:\n      - name: x\n        image: i\n    volumes: []\n`;
    expect(messages(source)).toHaveLength(2);
    expect(mended(source).text).toBe(
      `${deployment}    # ours\n    spec:\n      containers:\n        - name: x\n          image: i\n      volumes: []\n`,
    );
    expect(mended(`${template}  instanceType: m5.large\n`).text).toBe(
      `${template}  template:\n    spec:\n      instanceType: m5.large\n`,
    );
  });

  test('below the open key before it', () => {
    const source = `${deployment}    spec:\n    containers:\n      - name: x\n        image: i\n`;
    expect(mended(source).text).toBe(
      `${deployment}    spec:\n      containers:\n        - name: x\n          image: i\n`,
    );
  });

  test('with CRLF', () => {
    const source = `${template}  template:\n    instanceType: m5.large\n    rootVolume:\n      size: 80\n`;
    expect(mended(source.replaceAll('\n', '\r\n')).text).toBe(
      `${template}  template:\n    spec:\n      instanceType: m5.large\n      rootVolume:\n        size: 80\n`.replaceAll(
        '\n',
        '\r\n',
      ),
    );
  });

  test('never where such a key is already', () => {
    const chart =
      'apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata:\n  name: a\nspec:\n  interval: 1m\n';
    const source = `${chart}  chart:\n    chart: c\n    sourceRef:\n      kind: HelmRepository\n      name: r\n`;
    expect(mended(source).text).toBe(
      `${chart}  chart:\n    spec:\n      chart: c\n      sourceRef:\n        kind: HelmRepository\n        name: r\n`,
    );
  });

  test('nowhere, where several maps know it', () => {
    const source =
      'apiVersion: cluster.x-k8s.io/v1beta2\nkind: Cluster\nmetadata:\n  name: a\nspec:\n  paused: true\nmetadate: {}\n';
    expect(messages(source).filter((message) => message.includes('belongs'))).toEqual([]);
  });
});

test('of a map that ought to be a list the keys stay', () => {
  const release =
    'apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata:\n  name: a\nspec:\n  interval: 1m\n';
  const chart = '  chartRef: {kind: OCIRepository, name: c}\n';
  const { text, titles } = mended(`${release}${chart}  dependsOn:\n    name: b\n`);
  expect(titles).toEqual(['Make it a list']);
  expect(text).toBe(`${release}${chart}  dependsOn:\n    - name: b\n`);
});

test('of a map whose key begins with a dash the key stays, and gets its space', () => {
  const release =
    'apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata:\n  name: a\nspec:\n  interval: 1m\n';
  const chart = '  chartRef: {kind: OCIRepository, name: c}\n';
  const { text, titles } = mended(`${release}${chart}  dependsOn:\n    -name: b\n`);
  expect(titles).toEqual(['Put a space behind the dash']);
  expect(text).toBe(`${release}${chart}  dependsOn:\n    - name: b\n`);
});
