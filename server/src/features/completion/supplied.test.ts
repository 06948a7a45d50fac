// What is tried in a list: what it must not have, and what it has from other files.
import { expect, test } from 'vitest';
import { yaml } from '../../fixture.ts';
import { labelsAt } from '../fixture.ts';
import { labels } from './fixture.ts';

test('a value that a list must not have', () => {
  const policy = yaml`
    apiVersion: admissionregistration.k8s.io/v1
    kind: MutatingAdmissionPolicy
    metadata:
      name: a
    spec:
      matchConstraints:
        resourceRules:
          - apiGroups: ['']
            apiVersions: [v1]
            resources: [pods]
            operations:
              - $0
  `;
  expect(labelsAt(policy)).toEqual(expect.arrayContaining(['CREATE', 'UPDATE']));
  expect(labelsAt(policy)).not.toContain('DELETE');
});

test('a name that an item of another file has', () => {
  const base = `# file: other/app.yaml
apiVersion: apps/v1
kind: Deployment
metadata: { name: other }
spec:
  selector: { matchLabels: { app: other } }
  template:
    metadata: { labels: { app: other } }
    spec:
      containers:
        - name: web
          image: web
          ports:
            - { containerPort: 8080, name: web }
            - { containerPort: 9443, name: hook }
# file: base/kustomization.yaml
resources: [app.yaml]
patches: [{ path: patch.yaml }]
# file: base/patch.yaml
apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  template:
    spec:
      containers:
        - { name: web, ports: [{ name: hook, containerPort: 9443 }] }
# file: base/app.yaml
apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      containers:
        - name: web
          image: web
          ports:
            - containerPort: 8080
              name: $0
`;
  const [before, after] = labels(base);
  expect(before).toContain('hook');
  expect(after).not.toContain('hook');
});
