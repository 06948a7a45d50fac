import { describe, expect, test } from 'vitest';
import { yaml } from '../../fixture.ts';
import { diagnose } from '../diagnostics.ts';
import { edited, fixture } from '../fixture.ts';
import { codeActions } from './code-action.ts';

const release = `apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: a
spec:
  chartRef: {kind: OCIRepository, name: c}
`;
const job = yaml`
  apiVersion: batch/v1
  kind: CronJob
  metadata:
    name: a
  spec:
`;
const jobTemplate =
  '  jobTemplate: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: a, image: b}]}}}}\n';
const role = yaml`
  apiVersion: rbac.authorization.k8s.io/v1
  kind: Role
  metadata:
    name: a
  rules:
`;
const pod = yaml`
  apiVersion: v1
  kind: Pod
  metadata:
    name: a
  spec:
    containers:
`;

/** The title of the first fix of the first finding, and the text after it. */
function fixed(text: string): readonly [string | undefined, string] {
  const { workspace } = fixture(text);
  const [finding] = diagnose(workspace, 'a.yaml');
  const action = codeActions(workspace, 'a.yaml', 0, text.length).find((one) => one.preferred);
  expect(action?.finding).toEqual(finding);
  return [action?.title, action ? edited(text, action.edits) : text];
}

const cases: readonly (readonly [string, string, string])[] = [
  [
    'Indent with spaces',
    `${release}  install:\n\t\tcrds: Skip\n`,
    yaml`
      ${release}  install:
          crds: Skip
    `,
  ],
  [
    'Indent with spaces',
    `${pod}    - name: x\n      ports:\n\t\t- containerPort: 80\n`,
    yaml`
      ${pod}
          - name: x
            ports:
              - containerPort: 80
    `,
  ],
  ['Add a space after the colon', `${release}  interval:1m\n`, `${release}  interval: 1m\n`],
  [
    'Add a space after the colon',
    yaml`
      ${release}  interval:1m
        timeout: 1m
    `,
    yaml`
      ${release}  interval: 1m
        timeout: 1m
    `,
  ],
  [
    'Add a space after the colon',
    yaml`
      apiVersion: v1
      kind: Pod
      metadata:
        name:a
    `,
    yaml`
      apiVersion: v1
      kind: Pod
      metadata:
        name: a
    `,
  ],
  // The list stays a list, and what is quoted already as it is.
  [
    'Put it in quotes',
    `${pod}    - name: x\n      args: [--a, \${A}, "\${B}", x-\${C}-\${D:=e}] # [\${E}]\n`,
    `${pod}    - name: x\n      args: [--a, "\${A}", "\${B}", "x-\${C}-\${D:=e}"] # [\${E}]\n`,
  ],
  ['Put it in quotes', `${release}  values: {a: \${A}}\n`, `${release}  values: {a: "\${A}"}\n`],
  ['Add a colon after interval', `${release}  interval 1m\n`, `${release}  interval: 1m\n`],
  [
    'Add a colon after install',
    yaml`
      ${release}  install
          crds: Skip
    `,
    yaml`
      ${release}  install:
          crds: Skip
    `,
  ],
  [
    'Add a space after the dash',
    yaml`
      ${pod}
          -name: x
           image: i
    `,
    yaml`
      ${pod}
          - name: x
            image: i
    `,
  ],
  // YAML, but of the wrong type: a map with a key that begins with a dash.
  ['Add a space after the dash', `${pod}    -name: x\n`, `${pod}    - name: x\n`],
  [
    'Align it with the lines around it',
    yaml`
      ${release}  interval: 1m
         timeout: 1m
    `,
    yaml`
      ${release}  interval: 1m
        timeout: 1m
    `,
  ],
  // Column 0 is equally near, but the schema has the key in spec.
  [
    'Align it with the lines around it',
    yaml`
      ${release}  interval: 1m
       timeout: 1m
    `,
    yaml`
      ${release}  interval: 1m
        timeout: 1m
    `,
  ],
  [
    'Align it with the lines around it',
    yaml`
      ${pod}
          - name: x
           image: i
    `,
    yaml`
      ${pod}
          - name: x
            image: i
    `,
  ],
  [
    'Align it with the lines around it',
    yaml`
      ${release}   install:
           crds: Skip
    `,
    yaml`
      ${release}  install:
          crds: Skip
    `,
  ],
  // A key that slipped out of its map, and with it the ones below.
  [
    'Align it with the lines around it',
    yaml`
      ${release}  values:
          image: a
        podSecurityContext:
            fsGroup: 2000
            runAsUser: 1000
          nodeSelector: {}
          tolerations: []
    `,
    yaml`
      ${release}  values:
          image: a
          podSecurityContext:
            fsGroup: 2000
            runAsUser: 1000
          nodeSelector: {}
          tolerations: []
    `,
  ],
  // The misaligned line is the one before it, or the first of its map.
  [
    'Align it with the lines around it',
    `${pod.replace('  name: a', '   name: a\n  labels: {}')}    - {name: x, image: i}\n`,
    `${pod.replace('  name: a', '  name: a\n  labels: {}')}    - {name: x, image: i}\n`,
  ],
  [
    'Align it with the lines around it',
    `${pod.replace('  name: a', 'name: a\n  labels: {}')}    - {name: x, image: i}\n`,
    `${pod.replace('  name: a', '  name: a\n  labels: {}')}    - {name: x, image: i}\n`,
  ],
  ['Close the quote', `${release}  interval: "1m # often\n`, `${release}  interval: "1m" # often\n`],
  ['Close it with ]', `${release}  dependsOn: [{name: b}\n`, `${release}  dependsOn: [{name: b}]\n`],
  [
    'Put it in quotes',
    `${job}  schedule: */5 * * * * # often\n${jobTemplate}`,
    `${job}  schedule: "*/5 * * * *" # often\n${jobTemplate}`,
  ],
  [
    'Put it in quotes',
    `${role}  - {verbs: [*], apiGroups: [""], resources: [pods]}\n`,
    `${role}  - {verbs: ["*"], apiGroups: [""], resources: [pods]}\n`,
  ],
  [
    'Put it in quotes',
    yaml`
      apiVersion: v1
      kind: ConfigMap
      data:
        a: b: c
    `,
    yaml`
      apiVersion: v1
      kind: ConfigMap
      data:
        a: "b: c"
    `,
  ],
  ['Put it in quotes', `${job}  schedule: @daily # often\n`, `${job}  schedule: "@daily" # often\n`],
  ['Put it in quotes', `${role}  - verbs: [%a, b]\n`, `${role}  - verbs: ["%a", b]\n`],
  [
    'Remove this interval',
    yaml`
      ${release}  interval: 1m
        interval: 2m
    `,
    `${release}  interval: 1m\n`,
  ],
  [
    'Remove this install',
    yaml`
      ${release}  install:
          crds: Skip
        interval: 1m
        install:
          crds: Create
        timeout: 1m
    `,
    yaml`
      ${release}  install:
          crds: Skip
        interval: 1m
        timeout: 1m
    `,
  ],
  [
    'Remove this name',
    yaml`
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: a, name: b}
    `,
    yaml`
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: a}
    `,
  ],
];

describe.each([
  ['LF', '\n'],
  ['CRLF', '\r\n'],
])('%s', (_, eol) => {
  test.each(cases)('%s: %j', (title, before, after) => {
    expect(fixed(before.replaceAll('\n', eol))).toEqual([title, after.replaceAll('\n', eol)]);
  });
});

test('a finding in a later document of the file is fixed', () => {
  const first = yaml`
    ${release}  interval: 1m
    ---
  `;
  expect(fixed(`${first}${release}  interval 1m\n`)[1]).toBe(`${first}${release}  interval: 1m\n`);
});

test('no fix is offered if none leaves fewer errors', () => {
  const { workspace, text } = fixture(yaml`
    ${release}  install: &a {}
      upgrade:
        <<: [*a, [b]]
  `);
  expect(codeActions(workspace, 'a.yaml', 0, text.length)).toEqual([]);
});

test('an entry beside a merge key overrides the merged one, and isn’t removed', () => {
  const { workspace, text } = fixture(yaml`
    ${pod}
        - &base
          name: one
          image: a
        - <<: *base
          name: two
  `);
  const titles = codeActions(workspace, 'a.yaml', 0, text.length).map(({ title }) => title);
  expect(titles.filter((title) => title.startsWith('Remove'))).toEqual([]);
});

test('a value that only the API server’s code restricts is replaced by the nearest allowed one', () => {
  const service = yaml`
    apiVersion: v1
    kind: Service
    metadata:
      name: a
    spec:
  `;
  expect(fixed(`${service}  ports: [{port: 80, protocol: tcp}]\n`)[1]).toContain('protocol: TCP');
  expect(
    fixed(yaml`
      ${service}
        type: NodePorts
        ports: [{port: 80}]
    `)[1],
  ).toContain('type: NodePort\n');
});
