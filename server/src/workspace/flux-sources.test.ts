// Where the files of Flux sources are.
import { describe, expect, test } from 'vitest';
import { chains, fleetOf, flux, source, web } from './fixture.ts';

const generator = (name: string, copy: string) => `apiVersion: source.extensions.fluxcd.io/v1beta1
kind: ArtifactGenerator
metadata: { name: parts, namespace: flux-system }
spec:
  sources: [{ alias: fleet, kind: GitRepository, name: fleet }]
  artifacts:
    - name: "${name}"
      copy:
        - ${copy}
`;

describe('sources', () => {
  const apps = (sourceName: string, extra: string) =>
    fleetOf(
      `# file: clusters/prod/sync.yaml
${flux('flux-system', './clusters/prod')}---
${source('fleet', 'https://example.com/team/fleet')}---
${extra}---
${flux('apps', './apps/base', '', sourceName)}${web}`,
    ).fleet;

  test('are told apart by URL', () => {
    const same = apps('mirror', source('mirror', 'git@example.com:team/fleet.git'));
    expect(chains(same, 'apps/base/web.yaml')).toEqual(['prod: flux-system/flux-system > flux-system/apps']);
    const other = apps('mirror', source('mirror', 'https://example.com/team/other.git'));
    expect(chains(other, 'apps/base/web.yaml')).toEqual([]);
    expect(other.clusters()[0]!.appliers.map(({ name, result }) => [name, result.incomplete])).toEqual([
      ['flux-system/flux-system', []],
      ['flux-system/apps', ['path']],
    ]);
  });

  test('are unknown if only the root would be the folder, unless Flux is bootstrapped there', () => {
    const files = (file: string, name: string) =>
      fleetOf(`# file: ${file}\n${flux(name, './', '', 'unknown')}${web}`).fleet;
    expect(chains(files('docs/example.yaml', 'apps'), 'apps/base/web.yaml')).toEqual([]);
    expect(chains(files('flux-system/sync.yaml', 'flux-system'), 'apps/base/web.yaml')).toEqual([
      'flux-system: flux-system/flux-system',
    ]);
  });

  test('are this repository, too, where the source of another one is misspelt', () => {
    const { fleet } = fleetOf(
      `# file: clusters/prod/sync.yaml
${flux('customers', './customers', '', 'flete')}---
${flux('flux-system', './clusters/prod')}---
${source('fleet', 'https://example.com/team/fleet')}---
${flux('apps', './apps/base')}${web}# file: customers/a.yaml
kind: A
`,
    );
    expect(chains(fleet, 'apps/base/web.yaml')).toEqual(['prod: flux-system/flux-system > flux-system/apps']);
    expect(fleet.clusters().map(({ isAssumed }) => isAssumed)).toEqual([false]);
  });

  test('may be clones beside the repository', () => {
    const { fleet } = fleetOf(
      `# file: fleet/clusters/prod/sync.yaml
${flux('flux-system', './clusters/prod')}---
${source('fleet', 'https://example.com/team/fleet')}---
${source('other', 'https://example.com/team/other.git')}---
${flux('apps', './base', '', 'other')}${web.replace('apps/base', 'other/base')}`,
    );
    expect(chains(fleet, 'other/base/web.yaml')).toEqual(['prod: flux-system/flux-system > flux-system/apps']);
    expect(fleet.clusters().map(({ isAssumed }) => isAssumed)).toEqual([false]);
  });

  test('are no folder that has the name of another repository, where that is all that is known', () => {
    const { fleet } = fleetOf(
      `# file: clusters/prod/sync.yaml
${flux('flux-system', './clusters/prod')}---
${source('fleet', 'https://example.com/team/fleet')}# file: clusters/prod/snapshots/crds.yaml
${source('snapshots', 'https://example.com/others/snapshots.git')}---
${flux('apps', './', '', 'snapshots').replace('  path: ./\n', '')}${web.replace('apps/base', 'clusters/prod/snapshots')}`,
    );
    expect(chains(fleet, 'clusters/prod/snapshots/web.yaml')).toEqual(['prod: flux-system/flux-system']);
  });

  test('may be artifacts made of folders of the repository', () => {
    const generator = `apiVersion: source.extensions.fluxcd.io/v1beta1
kind: ArtifactGenerator
metadata: { name: parts, namespace: flux-system }
spec:
  sources: [{ alias: fleet, kind: GitRepository, name: fleet }]
  artifacts:
    - name: apps
      copy:
        - { from: "@fleet/apps/base/**", to: "@artifact/base/" }
        - { from: "@fleet/apps/more/**", to: "@artifact/more/" }
`;
    const { fleet } = fleetOf(
      `# file: clusters/prod/sync.yaml
${flux('flux-system', './clusters/prod')}---
${generator}---
${flux('apps', './base', '', 'apps').replace('GitRepository', 'ExternalArtifact')}${web}`,
    );
    expect(chains(fleet, 'apps/base/web.yaml')).toEqual(['prod: flux-system/flux-system > flux-system/apps']);
    // The source that bootstrap creates may be in no file.
    const copied = (folder: string) => {
      const other = generator
        .replace('name: fleet', 'name: other')
        .replace(/.*more.*\n/, '')
        .replaceAll('apps/', folder);
      const applied = flux('apps', './base', '', 'apps').replace('GitRepository', 'ExternalArtifact');
      const source = `# file: clusters/prod/sync.yaml\n${flux('flux-system', './clusters/prod')}---\n${other}---\n${applied}${web}`;
      return chains(fleetOf(source).fleet, 'apps/base/web.yaml').join();
    };
    expect(copied('apps/')).toContain('flux-system/apps');
    expect(copied('others/')).not.toContain('flux-system/apps');
  });

  test.each([
    ['of a folder with its name', '@fleet/apps/base/', '@artifact/', './base', true],
    [
      'of a folder below its own path, which kustomize finds',
      '@fleet/apps/base/',
      '@artifact/apps/base/',
      './apps/base',
      true,
    ],
    ['of contents under another name', '@fleet/apps/base/**', '@artifact/shop/', './shop', true],
    ['of all that is there', '@fleet/**', '@artifact/', './apps/base', true],
    ['of another folder', '@fleet/apps/more/**', '@artifact/shop/', './shop', false],
    ['by a pattern that may be of any files', '@fleet/apps/*/x.yaml', '@artifact/', './apps/base', false],
  ])('may be artifacts with a copy %s', (_what, from, to, path, is) => {
    const { fleet } = fleetOf(
      `# file: clusters/prod/sync.yaml
${flux('flux-system', './clusters/prod')}---
${generator('apps', `{ from: "${from}", to: "${to}" }`)}---
${flux('apps', path, '', 'apps').replace('GitRepository', 'ExternalArtifact')}${web}# file: apps/more/x.yaml
kind: X
`,
    );
    expect(chains(fleet, 'apps/base/web.yaml').join().includes('flux-system/apps')).toBe(is);
  });

  test('may be artifacts of an artifact of a folder of this repository, one for each folder of a pattern', () => {
    const artifact = (name: string) =>
      flux(`apps-${name.toLowerCase()}`, './', '', name.toLowerCase()).replace('GitRepository', 'ExternalArtifact');
    const { fleet } = fleetOf(
      `# file: kubernetes/clusters/prod/sync.yaml
${flux('flux-system', './clusters/prod')}---
${generator('{app}-{env}', '{ from: "@fleet/apps/{app}/{env}/**", to: "@artifact/" }').replace('artifacts:', 'pathPattern: "@fleet/apps/{app}/{env}"\n  artifacts:')}---
${artifact('web-prod-eu')}---
${artifact('web-qa')}${web.replace('apps/base', 'kubernetes/apps/web/prod-eu')}`,
    );
    expect(chains(fleet, 'kubernetes/apps/web/prod-eu/web.yaml')).toEqual([
      'prod: flux-system/flux-system > flux-system/apps-web-prod-eu',
    ]);
  });

  test('of a name that can be read in very many ways are looked for only so long', () => {
    const name = 'a'.repeat(240);
    const template = Array.from({ length: 12 }, (_, at) => `{p${at}}`).join('');
    const { fleet } = fleetOf(
      `# file: clusters/prod/sync.yaml
${flux('flux-system', './clusters/prod')}---
${generator(template, '{ from: "@fleet/apps/{p0}/**", to: "@artifact/" }').replace('artifacts:', 'pathPattern: "@fleet/apps/{p0}/{p11}"\n  artifacts:')}---
${flux('apps', './', '', name).replace('GitRepository', 'ExternalArtifact')}${web}`,
    );
    expect(chains(fleet, 'apps/base/web.yaml')).toEqual([]);
  });

  test('lack what a copy excludes', () => {
    const excluding = (pattern: string) =>
      chains(
        fleetOf(
          `# file: clusters/prod/sync.yaml
${flux('flux-system', './clusters/prod')}---
${generator('apps', `{ from: "@fleet/apps/**", to: "@artifact/", exclude: ["${pattern}"] }`)}---
${flux('apps', './base', '', 'apps').replace('GitRepository', 'ExternalArtifact')}${web}`,
        ).fleet,
        'apps/base/web.yaml',
      ).join();
    for (const pattern of ['web.*', 'base/*.yaml', 'apps/base/web.yaml'])
      expect(excluding(pattern)).not.toContain('flux-system/apps');
    expect(excluding('apps/more/**')).toContain('flux-system/apps');
  });
});
