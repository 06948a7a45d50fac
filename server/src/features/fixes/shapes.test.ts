import { describe, expect, test } from 'vitest';
import { yaml } from '../../fixture.ts';
import { diagnose } from '../diagnostics.ts';
import { fixture } from '../fixture.ts';
import { fixesFor } from './code-action.ts';
import { applied } from './subject.ts';

/** The lines that each fix of the first finding changes or adds, and the rules that are found in the result. */
function fixed(source: string): Readonly<Record<string, readonly string[]>> {
  const { workspace, path, text } = fixture(source);
  const [finding] = diagnose(workspace, path).filter(({ severity }) => severity !== 'hint');
  const fixes = fixesFor(workspace, workspace.file(path)!, finding!, { snippets: true });
  const before = new Set(text.split('\n'));
  return Object.fromEntries(
    fixes.map(({ title, edits }) => [
      title,
      applied(text, edits)
        .split('\n')
        .filter((line) => !before.has(line))
        .map((line) => line.trim()),
    ]),
  );
}

const container = yaml`
  apiVersion: v1
  kind: Pod
  metadata: {name: a}
  spec:
    containers:
      - name: a
        image: b
`;

describe('a list of named items', () => {
  test('written as a map, with values of all kinds', () => {
    expect(
      fixed(yaml`
        ${container}
              env:
                A: b
                C: 1
                D: true
                E:
                  valueFrom:
                    fieldRef: {fieldPath: metadata.name}
      `),
    ).toEqual({
      'Make it a list with name': [
        '- name: A',
        'value: b',
        '- name: C',
        'value: "1"',
        '- name: D',
        'value: "true"',
        '- name: E',
      ],
    });
  });

  test('with items of one key', () => {
    expect(
      fixed(yaml`
        ${container}
              env:
                - A: b
      `),
    ).toEqual({ 'Make it an item with name': ['- name: A', 'value: b'] });
  });

  test('with assignments', () => {
    expect(
      fixed(yaml`
        ${container}
              env: [A=1]
      `),
    ).toEqual({ 'Make it an item with name': ['env: [{name: A, value: "1"}]'] });
  });

  test('as one number, name or word', () => {
    expect(fixed(`${container}      ports: 80\n`)).toEqual({
      'Make it a list': ['ports:', '- containerPort: 80'],
    });
    expect(fixed(`${container}      ports: [80]\n`)).toEqual({
      'Move the value to containerPort': ['ports: [{containerPort: 80}]'],
    });
    expect(fixed(`${container}  imagePullSecrets: b\n`)).toEqual({
      'Make it a list': ['imagePullSecrets:', '- name: b'],
    });
  });

  test('as several words', () => {
    expect(fixed(`${container}      command: sleep infinity\n`)).toEqual({
      'Make it a list': ['command: [sleep infinity]'],
      'Make it a list of its words': ['command:', '- sleep', '- infinity'],
    });
  });
});

test('values in a map that becomes a list are reshaped as well', () => {
  expect(
    fixed(yaml`
      apiVersion: rbac.authorization.k8s.io/v1
      kind: Role
      metadata: {name: a, namespace: x}
      rules:
        apiGroups: ""
        resources: pods
        verbs: get, list
    `),
  ).toEqual({
    'Make it a list': ['- apiGroups:', '- ""', 'resources:', '- pods', 'verbs:', '- get', '- list'],
  });
});

describe('a map with keys of the author’s own', () => {
  test('written as a list', () => {
    expect(
      fixed(yaml`
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: a
          labels:
            - a=b
            - c: d
      `),
    ).toEqual({ 'Make it a map': ['a: b', 'c: d'] });
  });

  test('with a level too many', () => {
    expect(
      fixed(yaml`
        apiVersion: v1
        kind: Service
        metadata: {name: a}
        spec:
          selector: {matchLabels: {a: b}}
          ports: [{port: 80}]
      `),
    ).toEqual({ 'Remove matchLabels around it': ['selector: {a: b}'] });
  });

  test('with a map that is meant as text', () => {
    expect(
      fixed(yaml`
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: a}
        data:
          config.yaml:
            a: b
            c: d
      `),
    ).toEqual({ 'Write it as text': ['config.yaml: |'] });
  });
});

describe('an integer with a unit', () => {
  test.each([
    ['initialDelaySeconds', '10s', '10'],
    ['periodSeconds', '1m', '60'],
  ])('%s: %s', (name, written, meant) => {
    const source = yaml`
      ${container}
            livenessProbe:
              tcpSocket: {port: 80}
              ${name}: ${written}
    `;
    expect(fixed(source)).toEqual({ [`Change to ${meant}`]: [`${name}: ${meant}`] });
  });
});

describe('the data of a Secret is encoded, and no title quotes it', () => {
  test.each([
    ['hunter2!', 'aHVudGVyMiE='],
    ['80', 'ODA='],
  ])('%s', (written, meant) => {
    const secret = yaml`
      apiVersion: v1
      kind: Secret
      metadata: {name: a}
      data:
        a: ${written}
    `;
    expect(fixed(secret)).toEqual({ 'Encode it as base64': [`a: "${meant}"`] });
  });
});
