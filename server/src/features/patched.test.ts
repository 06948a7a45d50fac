// Findings in a file that kustomizations change before it is applied.

import { describe, expect, test } from 'vitest';
import { yaml } from '../fixture.ts';
import { findingsIn } from './fixture.ts';

const broken = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: "3"
  selector: { matchLabels: { app: web } }
  template: { metadata: { labels: { app: web } }, spec: { containers: [{ name: web, image: web }] } }
`;

describe('a kustomization fixes a finding', () => {
  const release = yaml`
    apiVersion: helm.toolkit.fluxcd.io/v2
    kind: HelmRelease
    metadata:
      name: a
    spec:
      chartRef: { kind: OCIRepository, name: a }
  `;
  const base = yaml`
    # file: base/r.yaml
    $0${release}# file: base/kustomization.yaml
    resources: [r.yaml]
  `;
  const missing = ['5 error schema/required'];

  test('not without a change in an overlay', () => {
    expect(findingsIn(base)).toEqual(missing);
    expect(
      findingsIn(yaml`
        ${base}# file: o/kustomization.yaml
        resources: [../base]
      `),
    ).toEqual(missing);
  });

  test('a file beside a kustomization that lists a missing one may be that patch', () => {
    const overlay = (file: string) => yaml`
      # file: o/p.yaml
      $0${release}# file: o/kustomization.yaml
      resources: [../base]
      patches: [{ path: ${file} }]
      ${base.replace('$0', '')}`;
    expect(findingsIn(overlay('p-old.yaml'))).toEqual([]);
    expect(findingsIn(overlay('../p.yaml'))).toEqual(missing);
  });

  test('by a patch in an overlay: inline, with a target or in a file', () => {
    const overlay = yaml`
      ${base}# file: o/kustomization.yaml
      resources: [../base]
      patches:
    `;
    // Without the file nothing is built: any patch could supply the field.
    expect(findingsIn(`${overlay}  - { path: p.yaml, target: { kind: HelmRelease } }\n`)).toEqual([]);
    const file = (text: string) =>
      findingsIn(yaml`
        ${overlay}
          - path: p.yaml
        # file: o/p.yaml
        ${text}`);
    expect(file(`${release}  interval: 1h\n`)).toEqual([]);
    expect(file(release)).toEqual(missing);
    // kustomize refuses a patch for an object that isn't there, and builds nothing.
    expect(file(`${release}  interval: 1h\n`.replace('name: a', 'name: b'))).toEqual([]);
    expect(file(`${release}  $patch: replace\n`)).toEqual([]);
    expect(
      findingsIn(yaml`
        ${overlay}
          - path: p.yaml
        # file: o/p.yaml
        ${broken}`),
    ).toEqual([]);
    const inline = (name: string, patch: string, target = '') =>
      findingsIn(
        yaml`
          ${overlay}
            - patch: |
                apiVersion: helm.toolkit.fluxcd.io/v2
                kind: HelmRelease
                metadata: { name: ${name} }
                ${patch}
          ${target}`,
      );
    expect(inline('a', 'spec: { interval: 1h }')).toEqual([]);
    expect(inline('a', 'spec: { timeout: 1h }')).toEqual(missing);
    expect(inline('b', 'spec: { interval: 1h }')).toEqual([]);
    expect(inline('any', 'spec: { interval: 1h }', '    target: { kind: HelmRelease }\n')).toEqual([]);
  });

  test('by targets with regular expressions, JSON patches and replacements', () => {
    const overlay = yaml`
      ${base}# file: o/kustomization.yaml
      resources: [../base]
    `;
    const targeted = (target: string, path: string) =>
      findingsIn(yaml`
        ${overlay}
        patches:
          - target: ${target}
            patch: '[{ "op": "add", "path": "${path}", "value": "1h" }]'
      `);
    expect(targeted('{ kind: Helm.*, name: "a|b" }', '/spec/interval')).toEqual([]);
    expect(targeted('{ kind: HelmRelease }', '/spec')).toEqual([]);
    expect(targeted('{ kind: HelmRelease }', '/spec/timeout')).toEqual(missing);
    expect(targeted('{ kind: HelmRelease, name: b }', '/spec/interval')).toEqual(missing);
    expect(targeted('{ kind: HelmRelease, name: "(" }', '/spec/interval')).toEqual([]);
    const replaced = (path: string) =>
      findingsIn(
        yaml`
          ${overlay}
          configMapGenerator: [{ name: c, literals: [interval=1h] }]
          replacements:
            - source: { kind: ConfigMap, name: c, fieldPath: data.interval }
              targets: [{ select: { kind: HelmRelease }, fieldPaths: [${path}], options: { create: true } }]
        `,
      );
    expect(replaced('spec.interval')).toEqual([]);
    expect(replaced('spec.timeout')).toEqual(missing);
    // A patch comes before the prefix, so that the name with it is no target.
    expect(
      findingsIn(
        yaml`
          ${overlay}
          namePrefix: x-
          patches:
            - target: { name: x-a }
              patch: '[{ "op": "add", "path": "/spec/interval", "value": "1h" }]'
        `,
      ),
    ).toEqual(missing);
  });

  test('by an inline patch with variables, whose other values are known', () => {
    const merge = `apiVersion: helm.toolkit.fluxcd.io/v2
          kind: HelmRelease
          metadata: { name: any }`;
    const patches = (patch: string) => `
      - target: { kind: HelmRelease }
        patch: |
          ${patch}`;
    const overlay = (patch: string) =>
      findingsIn(`${base}# file: o/kustomization.yaml\nresources: [../base]\npatches:${patches(patch)}\n`);
    const flux = (patch: string) =>
      findingsIn(`${base}# file: o/apps.yaml
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: apps, namespace: flux-system }
spec:
  interval: 1h
  path: ./base
  prune: true
  sourceRef: { kind: GitRepository, name: flux-system }
  patches:${patches(patch)}
`);
    for (const findings of [overlay, flux]) {
      expect(
        findings(`${merge}
          spec: { interval: 5m, values: { environment: "\${ENVIRONMENT}" } }`),
      ).toEqual([]);
      expect(
        findings(`${merge}
          spec: { values: { environment: "\${ENVIRONMENT}" } }`),
      ).toEqual(missing);
      expect(findings('- { op: add, path: /spec/interval, value: "${INTERVAL}" }')).toEqual([]);
      expect(findings('- { op: add, path: /spec/timeout, value: "${TIMEOUT}" }')).toEqual(missing);
    }
  });

  test('by a patch that replaces the value', () => {
    const overlay = yaml`
      # file: base/kustomization.yaml
      resources: [d.yaml]
      # file: o/kustomization.yaml
      resources: [../base]
      patches:
    `;
    const named = (spec: string) => `{ apiVersion: apps/v1, kind: Deployment, metadata: { name: any }, spec: ${spec} }`;
    const patched = (patch: string) =>
      findingsIn(
        yaml`
          # file: base/d.yaml
          $0${broken}${overlay}
            - patch: |
                ${patch}
              target: { kind: Deployment }
        `,
      );
    expect(patched('- { op: replace, path: /spec/replicas, value: 3 }')).toEqual([]);
    expect(patched(named('{ replicas: 3 }'))).toEqual([]);
    expect(patched(named('{ paused: true }'))).toEqual(['6 error schema/type']);
  });

  test('by vars', () => {
    const files = (host: string) => yaml`
      # file: ingress.yaml
      $0apiVersion: networking.k8s.io/v1
      kind: Ingress
      metadata: { name: web }
      spec:
        defaultBackend: { service: { name: web, port: { number: 80 } } }
        rules: [{ host: ${host} }]
      # file: kustomization.yaml
      resources: [ingress.yaml]
      configMapGenerator: [{ name: c, literals: [host=example.com] }]
    `;
    const vars = yaml`
      vars:
        - name: HOST
          objref: { apiVersion: v1, kind: ConfigMap, name: c }
          fieldref: { fieldpath: data.host }
    `;
    expect(findingsIn(files('$(HOST)'))).toEqual(['6 error schema/invalid']);
    expect(findingsIn(files('$(HOST)') + vars)).toEqual([]);
    expect(findingsIn(files('A_B') + vars)).toEqual(['6 error schema/invalid']);
  });

  test('by labels that add a selector', () => {
    const bare = broken.replace('"3"', '3').replace(/ {2}selector.*\n/, '');
    const files = yaml`
      # file: d.yaml
      $0${bare}# file: kustomization.yaml
      resources: [d.yaml]
      labels:
        - pairs: { app: web }
    `;
    expect(findingsIn(files)).toEqual(['5 error schema/required']);
    expect(findingsIn(`${files}    includeSelectors: true\n`)).toEqual([]);
  });

  test('by components and by the patches of a Flux Kustomization', () => {
    const component = yaml`
      # file: c/kustomization.yaml
      kind: Component
      patches: [{ path: p.yaml, target: { kind: HelmRelease } }]
    `;
    expect(
      findingsIn(yaml`
        ${base}# file: o/kustomization.yaml
        resources: [../base]
        components: [../c]
        ${component}`),
    ).toEqual([]);
    const flux = yaml`
      # file: f.yaml
      apiVersion: kustomize.toolkit.fluxcd.io/v1
      kind: Kustomization
      metadata: { name: f, namespace: flux-system }
      spec:
        path: ./base
        sourceRef: { kind: GitRepository, name: fleet }
    `;
    expect(findingsIn(`${base}${flux}  patches: []\n`)).toEqual(missing);
    const patch =
      '{ apiVersion: helm.toolkit.fluxcd.io/v2, kind: HelmRelease, metadata: { name: a }, spec: { interval: 1h } }';
    const patching = `${flux}  patches: [{ patch: "${patch}", target: { kind: HelmRelease } }]\n`;
    expect(findingsIn(`${base}${patching}`)).toEqual([]);
    expect(findingsIn(`${base}${patching.replace('interval', 'timeout')}`)).toEqual(missing);
    // A path that leads nowhere: it isn't known what applies the file.
    expect(findingsIn(`${base}${flux.replace('./base', './fleet/base')}`)).toEqual([]);
    expect(findingsIn(`${base.replaceAll('base/', 'fleet/base/')}${flux}`)).toEqual([]);
    // A folder without a kustomization is applied with everything in it.
    expect(findingsIn(`${base.replaceAll('base/', 'base/app/')}${patching}`)).toEqual([]);
    expect(findingsIn(`${base.replaceAll('base/', 'base/app/')}${flux}`)).toEqual(missing);
    expect(
      findingsIn(yaml`
        ${base}${flux}  components: [../c]
        ${component}`),
    ).toEqual([]);
  });

  test('by a namespace, which renames Namespaces', () => {
    const namespace = yaml`
      # file: ns.yaml
      $0apiVersion: v1
      kind: Namespace
      metadata:
        name: _
      # file: kustomization.yaml
      resources: [ns.yaml]
    `;
    expect(findingsIn(namespace)).toEqual(['4 error schema/name']);
    expect(findingsIn(`${namespace}namespace: shop\n`)).toEqual([]);
  });
});
