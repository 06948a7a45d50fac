import { describe, expect, test } from 'vitest';
import { diagnose } from '../diagnostics.ts';
import { edited, fixture } from '../fixture.ts';
import { codeActions, fixesFor } from './code-action.ts';

const web = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  selector:
    matchLabels: { app: web }
  template:
    metadata:
      labels: { app: web }
    spec:
      containers: [{ name: web, image: nginx }]
`;

const merge = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  template:
    spec:
      priorityClassName: high
      nodeName: a
`;
const operations = `- op: add
  path: /spec/replicas
  value: 2
- op: add
  path: /spec/paused
  value: true
`;

const kustomization = (patch: string) => `resources:
  - web.yaml
patches:
  - target: { kind: Deployment }
    patch: |
${patch.replace(/^(?=.)/gm, '      ')}`;
const delivery = (patch: string) => `apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: web
  namespace: web
spec:
  interval: 10m
  prune: true
  sourceRef: { kind: GitRepository, name: web }
  patches:
    - target: { kind: Deployment }
      patch: |
${patch.replace(/^(?=.)/gm, '        ')}`;

/** What the first fix of each finding makes of the text. */
function fixed(path: string, text: string): readonly string[] {
  const { workspace } = fixture(`\n# file: web.yaml\n${web}# file: ${path}\n${text}`);
  const findings = diagnose(workspace, path).filter(({ severity }) => severity === 'error');
  expect(findings).toHaveLength(1);
  return codeActions(workspace, path, 0, text.length, { snippets: true })
    .filter(({ preferred }) => preferred)
    .map(({ edits }) => edited(workspace.file(path)!.text, edits));
}

test.each([
  ['a colon that is missing after a key', merge, 'metadata:', 'metadata'],
  ['a colon that is missing before a value', merge, 'kind: Deployment', 'kind Deployment'],
  ['a space that is missing after a colon', merge, 'priorityClassName: high', 'priorityClassName:high'],
  ['a column too few', merge, '      nodeName', '     nodeName'],
  ['a quote that isn’t closed', merge, 'high', '"high'],
  ['a colon that is missing in an operation', operations, 'path: /spec/replicas', 'path /spec/replicas'],
  ['a key that isn’t aligned with its operation', operations, '  value: 2', ' value: 2'],
])('%s in the text of a patch', (_, patch, right, wrong) => {
  const slipped = patch.replace(right, wrong);
  expect(slipped).not.toBe(patch);
  const whole = wrong.includes('"') ? patch.replace(right, '"high"') : patch;
  expect(fixed('kustomization.yaml', kustomization(slipped))).toEqual([kustomization(whole)]);
  expect(fixed('delivery.yaml', delivery(slipped))).toEqual([delivery(whole)]);
});

test('a text in quotes has no fix, since its lines aren’t those of the document', () => {
  const text = kustomization('').replace('|\n', '"kind: Deployment\\nmetadata\\n  name: web"\n');
  expect(fixed('kustomization.yaml', text)).toEqual([]);
});

test('the line that makes a file that a kustomization lists an object', () => {
  for (const [right, wrong] of [
    ['apiVersion: apps/v1', 'apiVersion apps/v1'],
    ['kind: Deployment', 'kind Deployment'],
  ] as const) {
    const { workspace } = fixture(`# file: kustomization.yaml\nresources: [web.yaml]\n# file: web.yaml\n`);
    workspace.put('web.yaml', web.replace(right, wrong));
    expect(diagnose(workspace, 'web.yaml').map(({ rule }) => rule)).toEqual(['kustomize/build']);
    const [fix] = codeActions(workspace, 'web.yaml', 0, web.length);
    expect(edited(workspace.file('web.yaml')!.text, fix!.edits)).toBe(web);
  }
});

describe('a value that a build is refused for', () => {
  const refused = (text: string) => {
    const { workspace } = fixture(
      `# file: kustomization.yaml\nnamespace: shop\nresources: [a.yaml]\n# file: a.yaml\n${text}`,
    );
    const [finding] = diagnose(workspace, 'a.yaml');
    expect(finding?.rule).toBe('kustomize/build');
    const fixes = fixesFor(workspace, workspace.file('a.yaml')!, finding!, { snippets: true });
    return fixes.map(({ title, edits }) => [title, edits[0]!.text.trim()]);
  };

  test('has the fixes of its schema', () => {
    const claim = (name: string) => `apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: a}
spec:
  storageClassName: ${name}
`;
    expect(refused(claim('{}'))).toEqual([['Enter a value for storageClassName', 'storageClassName: $1']]);
  });

  test('is added where it is missing', () => {
    const binding = `apiVersion: v1
kind: ServiceAccount
metadata: {name: web}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: other}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: a}
subjects: [{kind: Group, name: admins}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: a}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: a}
subjects:
  - kind: ServiceAccount
    namespace: shop
`;
    expect(refused(binding)).toEqual([['Add name', 'name: ${1:web}']]);
  });
});

describe('a finding about what is applied, in other words than about what is written', () => {
  const files = (fields: string, text: string) =>
    fixture(`# file: kustomization.yaml
resources: [web.yaml]
${fields}
# file: web.yaml
${text}`);

  test('a name that gets a prefix', () => {
    const { workspace } = files('namePrefix: a-', web.replace('name: web', 'name: web server'));
    const [finding] = diagnose(workspace, 'web.yaml');
    expect(finding).toMatchObject({ rule: 'schema/name', message: expect.stringContaining('a-web server') });
    const [fix] = codeActions(workspace, 'web.yaml', finding!.start, finding!.end);
    expect(edited(workspace.file('web.yaml')!.text, fix!.edits)).toContain('name: webserver');
  });
});
