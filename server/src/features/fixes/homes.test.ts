import { describe, expect, test } from 'vitest';
import { yaml } from '../../fixture.ts';
import { diagnose } from '../diagnostics.ts';
import { fixture } from '../fixture.ts';
import { fixesFor } from './code-action.ts';
import { applied } from './subject.ts';

/** The titles of the fixes of the first finding, and the text after the first fix. */
function fixed(source: string): { readonly titles: readonly string[]; readonly after: string } {
  const { workspace, path, text } = fixture(source);
  const [finding] = diagnose(workspace, path).filter(({ severity }) => severity !== 'hint');
  const fixes = fixesFor(workspace, workspace.file(path)!, finding!, { snippets: true });
  return { titles: fixes.map(({ title }) => title), after: applied(text, fixes[0]?.edits ?? []) };
}

describe('a reference', () => {
  test('names a group, not a version', () => {
    const binding = yaml`
      apiVersion: rbac.authorization.k8s.io/v1
      kind: RoleBinding
      metadata: {name: a, namespace: x}
      roleRef:
        apiVersion: rbac.authorization.k8s.io/v1
        kind: Role
        name: x
    `;
    expect(fixed(binding).titles[0]).toBe('Change it to apiGroup');
    expect(fixed(binding).after).toContain('\n  apiGroup: rbac.authorization.k8s.io\n');
  });

  test('names a version, not a group', () => {
    const scaler = yaml`
      apiVersion: autoscaling/v2
      kind: HorizontalPodAutoscaler
      metadata: {name: a}
      spec:
        scaleTargetRef:
          apiGroup: apps
          kind: Deployment
          name: a
        maxReplicas: 3
    `;
    const { workspace, path } = fixture(scaler);
    const field = diagnose(workspace, path).find(({ rule }) => rule === 'schema/unknown-field')!;
    const [fix] = fixesFor(workspace, workspace.file(path)!, field, { snippets: true });
    expect(fix?.title).toBe('Change it to apiVersion');
    expect(applied(scaler, fix!.edits)).toContain('\n    apiVersion: apps/v1\n');
  });
});

describe('a field at the wrong level', () => {
  test('without a value gets the lines below it, which were beside it, back', () => {
    const pod = (indent: string) => yaml`
      apiVersion: v1
      kind: Pod
      metadata: {name: a}
      spec:
        containers:
          - name: a
            image: b
            readinessProbe:
              tcpSocket: {port: 80}
            ${indent}resources:
              limits:
                memory: 1Gi
    `;
    expect(fixed(pod('  ')).after).toBe(pod(''));
  });

  test('is moved into a map that doesn’t exist yet', () => {
    const deployment = yaml`
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: a}
      spec:
        selector: {matchLabels: {a: b}}
        containers:
          - name: a
            image: b
        template:
          metadata: {labels: {a: b}}
    `;
    expect(fixed(deployment).titles).toEqual(['Move into spec.template.spec']);
    expect(fixed(deployment).after).toBe(yaml`
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: a}
      spec:
        selector: {matchLabels: {a: b}}
        template:
          metadata: {labels: {a: b}}
          spec:
            containers:
              - name: a
                image: b
    `);
  });

  test('is moved with those beside it, where the key above them slipped', () => {
    const release = (indent: string) => yaml`
      apiVersion: helm.toolkit.fluxcd.io/v2
      kind: HelmRelease
      metadata: {name: a}
      spec:
        interval: 1h
        chart:
          ${indent}spec:
            chart: a # of this repository
            # At each commit
            reconcileStrategy: Revision
            sourceRef:
              kind: GitRepository
              name: a
    `;
    const { titles, after } = fixed(release('  '));
    expect(titles).toEqual(['Move into spec.chart.spec']);
    expect(after.slice(after.indexOf('      spec:'))).toBe(
      [
        '      spec:',
        '        chart: a # of this repository',
        '      # At each commit',
        '        reconcileStrategy: Revision',
        '        sourceRef:',
        '          kind: GitRepository',
        '          name: a',
        '',
      ].join('\n'),
    );
  });

  test('is moved to one of several maps that have it', () => {
    const release = yaml`
      apiVersion: helm.toolkit.fluxcd.io/v2
      kind: HelmRelease
      metadata: {name: shop, namespace: web}
      spec:
        interval: 10m
        chartRef: {kind: OCIRepository, name: shop}
        crds: CreateReplace
    `;
    expect(fixed(release).titles).toEqual(['Move into spec.install', 'Move into spec.upgrade', 'Remove crds']);
  });

  test('is moved to the one of them that exists', () => {
    const pod = yaml`
      apiVersion: v1
      kind: Pod
      metadata: {name: a}
      spec:
        containers:
          - name: a
            image: b
            livenessProbe:
              httpGet:
                path: /
              port: 80
    `;
    expect(fixed(pod).titles[0]).toBe('Move into spec.containers[0].livenessProbe.httpGet');
  });
});

describe('fields beside maps with keys of the author’s own', () => {
  test('are moved into the only such map', () => {
    const deployment = yaml`
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: a}
      spec:
        selector:
          a: b
          c: d
        template:
          metadata: {labels: {a: b, c: d}}
          spec:
            containers: [{name: a, image: b}]
    `;
    const source = deployment.replace('selector:', 'replicas: 1\n  selector:');
    const { workspace, path } = fixture(source);
    const field = diagnose(workspace, path).find(({ rule }) => rule === 'schema/unknown-field')!;
    const [fix] = fixesFor(workspace, workspace.file(path)!, field, { snippets: true });
    expect(fix?.title).toBe('Move into spec.selector.matchLabels');
    expect(applied(source, fix!.edits)).toContain('  selector:\n    matchLabels:\n      a: b\n      c: d\n');
  });

  test('are offered each of several such maps', () => {
    const pod = yaml`
      apiVersion: v1
      kind: Pod
      metadata: {name: a}
      spec:
        containers:
          - name: a
            image: b
            resources:
              memory: 1Gi
              cpu: 1
    `;
    expect(fixed(pod).titles).toEqual([
      'Move into spec.containers[0].resources.limits',
      'Move into spec.containers[0].resources.requests',
      'Remove resources',
    ]);
    expect(fixed(pod).after).toContain('      resources:\n        limits:\n          memory: 1Gi\n          cpu: 1\n');
  });
});

test('a key renamed in a line of braces may reveal another unknown key below it', () => {
  const pod = yaml`
    apiVersion: v1
    kind: Pod
    metadata: {name: a}
    spec:
      containers:
        - {name: a, image: b, volume_mounts: [{name: x, mount_path: /x}]}
      volumes: [{name: x, emptyDir: {}}]
  `;
  expect(fixed(pod).titles[0]).toBe('Rename to volumeMounts');
});

test('a text that is valid YAML stays valid', () => {
  const pod = yaml`
    apiVersion: v1
    kind: Pod
    metadata: {name: a}
    spec:
      containers:
        - name: a
          image: b
          nothing: x
  `;
  expect(fixed(pod).titles).toEqual(['Remove nothing']);
});

describe('what an Ingress of an older version has', () => {
  test('is moved with its version', () => {
    const ingress = yaml`
      apiVersion: extensions/v1beta1
      kind: Ingress
      metadata: {name: a}
      spec:
        backend: {serviceName: a, servicePort: http}
        rules:
          - http:
              paths:
                - path: /
                  backend:
                    serviceName: a
                    servicePort: 80
    `;
    expect(fixed(ingress).titles).toEqual(['Change to networking.k8s.io/v1 and move its fields']);
    expect(fixed(ingress).after).toContain('  defaultBackend: {service: {name: a, port: {name: http}}}\n');
    expect(fixed(ingress).after).toContain(
      '              service:\n                name: a\n                port:\n                  number: 80\n',
    );
  });
});
