// Names of parts of the same object.
import { describe, expect, test } from 'vitest';
import { testCatalog } from '../../fixture.ts';
import { ownNames } from '../../kube/own-names.ts';
import { applied, labelsAt } from '../fixture.ts';
import { childSchema } from '../place.ts';

const pod = (container: string, after = '') => `apiVersion: v1
kind: Pod
metadata:
  name: a
spec:
  volumes:
    - name: config
      emptyDir: {}
    - name: cache
      emptyDir: {}
  initContainers:
    - name: setup
      image: setup:1
      ports:
        - name: setup-port
          containerPort: 9
  containers:
    - name: web
      image: web:1
      ports:
        - name: http
          containerPort: 8080
${container.replace(/^/gm, '      ')}
${after}`;

describe('names of parts of the same object', () => {
  test('volumes', () => {
    expect(labelsAt(pod('volumeMounts:\n  - mountPath: /a\n    name: $0'))).toEqual(['config', 'cache']);
  });

  test('volumes of claim templates', () => {
    expect(
      labelsAt(`apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: a
spec:
  template:
    spec:
      containers:
        - name: web
          volumeMounts:
            - name: $0
  volumeClaimTemplates:
    - metadata:
        name: data
`),
    ).toContain('data');
  });

  test('ports of the same container only, as numbers where they are', () => {
    const labels = labelsAt(pod('livenessProbe:\n  httpGet:\n    port: $0'));
    expect(labels.slice(0, 2)).toEqual(['http', '8080']);
    expect(labels).not.toContain('setup-port');
    expect(applied(pod('livenessProbe:\n  httpGet:\n    port: $0'), '8080')).toContain('port: 8080\n');
  });

  test('containers', () => {
    const env =
      'env:\n  - name: A\n    valueFrom:\n      resourceFieldRef:\n        resource: limits.cpu\n        containerName: $0';
    expect(labelsAt(pod(env))).toEqual(['web', 'setup']);
  });

  test('variables of a ClusterClass', () => {
    expect(
      labelsAt(`apiVersion: cluster.x-k8s.io/v1beta2
kind: ClusterClass
metadata:
  name: a
spec:
  variables:
    - name: region
  patches:
    - name: a
      definitions:
        - jsonPatches:
            - op: add
              valueFrom:
                variable: $0
`),
    ).toEqual(expect.arrayContaining(['region', 'builtin.controlPlane.version']));
  });

  test('of the object that a patch is for', () => {
    expect(
      labelsAt(`# file: kustomization.yaml
resources: [pod.yaml]
patches:
  - target: { kind: Pod }
    patch: |
      spec:
        containers:
          - name: web
            volumeMounts:
              - name: $0
# file: pod.yaml
${pod('stdin: true')}`),
    ).toEqual(['config', 'cache']);
  });
});

test('a Service is offered the ports of the pods that it selects', () => {
  const deployment = (name: string, port: number) => `# file: ${name}.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
spec:
  template:
    metadata:
      labels:
        app: ${name}
        tier: front
    spec:
      containers:
        - name: web
          ports:
            - name: ${name}-http
              containerPort: ${port}
`;
  const labels = labelsAt(`${deployment('web', 8080)}${deployment('api', 9090)}# file: service.yaml
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  selector:
    app: web
  ports:
    - port: 80
      targetPort: $0
`);
  expect(labels).toContain('web-http');
  expect(labels).toContain('8080');
  expect(labels).not.toContain('api-http');
});

test('every path of a row is one of the schema of its kind', () => {
  const versions = (kind: string) => {
    const [group = '', name = ''] = [kind.slice(0, kind.indexOf('/')), kind.slice(kind.indexOf('/') + 1)];
    return testCatalog.bundled.versions(group, name);
  };
  const steps = (path: string) => path.split(/\.|(?=\[\*\])/).map((step) => (step === '[*]' ? 0 : step));
  const missing = ownNames.flatMap(({ of, at, from, templates = [] }) =>
    [at, ...from, ...templates].filter((path) => {
      const schemas = versions(of).map(({ schema }) => schema);
      const object = (schema: (typeof schemas)[number]) =>
        steps(path).reduce<typeof schema | undefined>((found, step) => found && childSchema(found, step), schema);
      return !schemas.some((schema) => object(schema) !== undefined);
    }),
  );
  expect(missing).toEqual([]);
});
