import { describe, expect, test } from 'vitest';
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
const job = 'apiVersion: batch/v1\nkind: CronJob\nmetadata:\n  name: a\nspec:\n';
const role = 'apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata:\n  name: a\nrules:\n';
const pod = 'apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\nspec:\n  containers:\n';

/** The title of the first fix of the first finding, and the text after it. */
function mended(text: string): readonly [string | undefined, string] {
  const { workspace } = fixture(text);
  const [finding] = diagnose(workspace, 'a.yaml');
  const action = codeActions(workspace, 'a.yaml', 0, text.length).find((one) => one.preferred);
  expect(action?.finding).toEqual(finding);
  return [action?.title, action ? edited(text, action.edits) : text];
}

const cases: readonly (readonly [string, string, string])[] = [
  ['Indent with spaces', `${release}  install:\n\t\tcrds: Skip\n`, `${release}  install:\n    crds: Skip\n`],
  [
    'Indent with spaces',
    `${pod}    - name: x\n      ports:\n\t\t- containerPort: 80\n`,
    `${pod}    - name: x\n      ports:\n        - containerPort: 80\n`,
  ],
  ['Put a space behind the colon', `${release}  interval:1m\n`, `${release}  interval: 1m\n`],
  [
    'Put a space behind the colon',
    `${release}  interval:1m\n  timeout: 1m\n`,
    `${release}  interval: 1m\n  timeout: 1m\n`,
  ],
  [
    'Put a space behind the colon',
    'apiVersion: v1\nkind: Pod\nmetadata:\n  name:a\n',
    'apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\n',
  ],
  ['Put a colon behind interval', `${release}  interval 1m\n`, `${release}  interval: 1m\n`],
  ['Put a colon behind install', `${release}  install\n    crds: Skip\n`, `${release}  install:\n    crds: Skip\n`],
  ['Put a space behind the dash', `${pod}    -name: x\n     image: i\n`, `${pod}    - name: x\n      image: i\n`],
  // YAML, but of the wrong type: a map with a key that begins with a dash.
  ['Put a space behind the dash', `${pod}    -name: x\n`, `${pod}    - name: x\n`],
  [
    'Indent it like the lines beside it',
    `${release}  interval: 1m\n   timeout: 1m\n`,
    `${release}  interval: 1m\n  timeout: 1m\n`,
  ],
  // Column 0 is as near; the schema knows the key in spec.
  [
    'Indent it like the lines beside it',
    `${release}  interval: 1m\n timeout: 1m\n`,
    `${release}  interval: 1m\n  timeout: 1m\n`,
  ],
  [
    'Indent it like the lines beside it',
    `${pod}    - name: x\n     image: i\n`,
    `${pod}    - name: x\n      image: i\n`,
  ],
  [
    'Indent it like the lines beside it',
    `${release}   install:\n     crds: Skip\n`,
    `${release}  install:\n    crds: Skip\n`,
  ],
  // The line before it is the one that stands wrong, or the first of its map.
  [
    'Indent it like the lines beside it',
    `${pod.replace('  name: a', '   name: a\n  labels: {}')}    - {name: x, image: i}\n`,
    `${pod.replace('  name: a', '  name: a\n  labels: {}')}    - {name: x, image: i}\n`,
  ],
  [
    'Indent it like the lines beside it',
    `${pod.replace('  name: a', 'name: a\n  labels: {}')}    - {name: x, image: i}\n`,
    `${pod.replace('  name: a', '  name: a\n  labels: {}')}    - {name: x, image: i}\n`,
  ],
  ['Close the quote', `${release}  interval: "1m # often\n`, `${release}  interval: "1m" # often\n`],
  ['Close it with ]', `${release}  dependsOn: [{name: b}\n`, `${release}  dependsOn: [{name: b}]\n`],
  ['Put it in quotes', `${job}  schedule: */5 * * * * # often\n`, `${job}  schedule: "*/5 * * * *" # often\n`],
  ['Put it in quotes', `${role}  - verbs: [*]\n`, `${role}  - verbs: ["*"]\n`],
  [
    'Put it in quotes',
    'apiVersion: v1\nkind: ConfigMap\ndata:\n  a: b: c\n',
    'apiVersion: v1\nkind: ConfigMap\ndata:\n  a: "b: c"\n',
  ],
  ['Put it in quotes', `${job}  schedule: @daily # often\n`, `${job}  schedule: "@daily" # often\n`],
  ['Put it in quotes', `${role}  - verbs: [%a, b]\n`, `${role}  - verbs: ["%a", b]\n`],
  ['Remove this interval', `${release}  interval: 1m\n  interval: 2m\n`, `${release}  interval: 1m\n`],
  [
    'Remove this install',
    `${release}  install:\n    crds: Skip\n  interval: 1m\n  install:\n    crds: Create\n  timeout: 1m\n`,
    `${release}  install:\n    crds: Skip\n  interval: 1m\n  timeout: 1m\n`,
  ],
  [
    'Remove this name',
    'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, name: b}\n',
    'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n',
  ],
];

describe.each([
  ['LF', '\n'],
  ['CRLF', '\r\n'],
])('%s', (_, eol) => {
  test.each(cases)('%s: %j', (title, before, after) => {
    expect(mended(before.replaceAll('\n', eol))).toEqual([title, after.replaceAll('\n', eol)]);
  });
});

test('in a later document of the file', () => {
  const first = `${release}  interval: 1m\n---\n`;
  expect(mended(`${first}${release}  interval 1m\n`)[1]).toBe(`${first}${release}  interval: 1m\n`);
});

test('none where nothing gets better', () => {
  const { workspace, text } = fixture(`${release}  install: &a {}\n  upgrade:\n    <<: [*a, [b]]\n`);
  expect(codeActions(workspace, 'a.yaml', 0, text.length)).toEqual([]);
});

test('the nearest of the values that only the server’s code lists', () => {
  const service = 'apiVersion: v1\nkind: Service\nmetadata:\n  name: a\nspec:\n';
  expect(mended(`${service}  ports: [{port: 80, protocol: tcp}]\n`)[1]).toContain('protocol: TCP');
  expect(mended(`${service}  type: NodePorts\n  ports: [{port: 80}]\n`)[1]).toContain('type: NodePort\n');
});
