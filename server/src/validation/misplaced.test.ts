import { describe, expect, test } from 'vitest';
import { diagnose } from '../features/diagnostics.ts';
import { codeActions } from '../features/fixes/code-action.ts';
import { edited, fixture } from '../features/fixture.ts';
import { yaml } from '../fixture.ts';

const template = yaml`
  apiVersion: infrastructure.cluster.x-k8s.io/v1beta2
  kind: AWSMachineTemplate
  metadata:
    name: a
  spec:
`;
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
function fixed(source: string): { readonly text: string; readonly titles: readonly string[] } {
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

describe('a misplaced key moves', () => {
  test('to a map around it', () => {
    const source = yaml`
      apiVersion: v1
      kind: ConfigMap
      metadata:
        name: a
        data:
          a: b
    `;
    expect(messages(source)).toEqual([
      'The field metadata.data is unknown; the API server refuses the object. It belongs at the top level; check the indentation.',
    ]);
    expect(fixed(source).text).toBe(yaml`
      apiVersion: v1
      kind: ConfigMap
      metadata:
        name: a
      data:
        a: b
    `);
  });

  test('to the map before it, with the one beside it', () => {
    const source = yaml`
      apiVersion: v1
      kind: ConfigMap
      metadata:
        name: a
      namespace: b
      labels:
        x: c
      data: {}
    `;
    const { text, titles } = fixed(source);
    expect(text).toBe(
      yaml`
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: a
          namespace: b
          labels:
            x: c
        data: {}
      `,
    );
    expect(titles).toEqual(['Move into metadata']);
  });

  test('to a missing map one level down, whose required fields are not reported as missing', () => {
    const source = yaml`
      ${deployment}    # ours
          containers:
            - name: x
              image: i
          volumes: []
    `;
    expect(messages(source)).toHaveLength(2);
    expect(fixed(source).text).toBe(
      yaml`
        ${deployment}    # ours
            spec:
              containers:
                - name: x
                  image: i
              volumes: []
      `,
    );
    expect(fixed(`${template}  instanceType: m5.large\n`).text).toBe(
      yaml`
        ${template}  template:
            spec:
              instanceType: m5.large
      `,
    );
  });

  test('under the empty key before it', () => {
    const source = yaml`
      ${deployment}    spec:
          containers:
            - name: x
              image: i
    `;
    expect(fixed(source).text).toBe(
      yaml`
        ${deployment}    spec:
              containers:
                - name: x
                  image: i
      `,
    );
  });

  test('with CRLF', () => {
    const source = yaml`
      ${template}  template:
          instanceType: m5.large
          rootVolume:
            size: 80
    `;
    expect(fixed(source.replaceAll('\n', '\r\n')).text).toBe(
      yaml`
        ${template}  template:
            spec:
              instanceType: m5.large
              rootVolume:
                size: 80
      `.replaceAll('\n', '\r\n'),
    );
  });

  test('only to a map that does not have such a key', () => {
    const chart = yaml`
      apiVersion: helm.toolkit.fluxcd.io/v2
      kind: HelmRelease
      metadata:
        name: a
      spec:
        interval: 1m
    `;
    const source = yaml`
      ${chart}  chart:
          chart: c
          sourceRef:
            kind: HelmRepository
            name: r
    `;
    expect(fixed(source).text).toBe(
      yaml`
        ${chart}  chart:
            spec:
              chart: c
              sourceRef:
                kind: HelmRepository
                name: r
      `,
    );
  });

  test('nowhere if several maps have such a field', () => {
    const source = yaml`
      apiVersion: cluster.x-k8s.io/v1beta2
      kind: Cluster
      metadata:
        name: a
      spec:
        paused: true
      metadate: {}
    `;
    expect(messages(source).filter((message) => message.includes('belongs'))).toEqual([]);
  });
});

test('the keys of a map that must be a list are not moved', () => {
  const release = yaml`
    apiVersion: helm.toolkit.fluxcd.io/v2
    kind: HelmRelease
    metadata:
      name: a
    spec:
      interval: 1m
  `;
  const chart = '  chartRef: {kind: OCIRepository, name: c}\n';
  const { text, titles } = fixed(yaml`
    ${release}${chart}
      dependsOn:
        name: b
  `);
  expect(titles).toEqual(['Make it a list']);
  expect(text).toBe(yaml`
    ${release}${chart}
      dependsOn:
        - name: b
  `);
});

test('a key that begins with a dash gets a space and is not moved', () => {
  const release = yaml`
    apiVersion: helm.toolkit.fluxcd.io/v2
    kind: HelmRelease
    metadata:
      name: a
    spec:
      interval: 1m
  `;
  const chart = '  chartRef: {kind: OCIRepository, name: c}\n';
  const { text, titles } = fixed(yaml`
    ${release}${chart}
      dependsOn:
        -name: b
  `);
  expect(titles).toEqual(['Add a space after the dash']);
  expect(text).toBe(yaml`
    ${release}${chart}
      dependsOn:
        - name: b
  `);
});
