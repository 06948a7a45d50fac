// Where it isn't known which release a cluster runs, nothing is an error that one of them accepts.
import { expect, test } from 'vitest';
import { testCatalog, yaml } from '../fixture.ts';
import type { Targets } from '../schema/load.ts';
import { layeredStore } from '../schema/store.ts';
import { parseManifest } from '../syntax/manifest.ts';
import { toValue } from '../syntax/value.ts';
import { judge } from './judge.ts';
import { sentenceOf } from './words.ts';

function found(text: string, targets: Targets = {}): readonly string[] {
  const store = layeredStore([testCatalog.at(targets)]);
  return judge(toValue(parseManifest(text).root!), store).map(({ severity, rule, path }) => {
    return `${severity} ${rule} ${path.join('.')}`;
  });
}

const release = yaml`
  apiVersion: helm.toolkit.fluxcd.io/v2
  kind: HelmRelease
  metadata:
    name: a
    namespace: b
  spec:
    interval: 1m
    colour: red
    chart:
      kind: OCIRepository
      spec:
        url: oci://example.com/a
`;

test('a field of a newer release is an info, one that none has is an error', () => {
  const unknown = 'error schema/unknown-field spec.colour';
  const elsewhere = found(release).filter((one) => one !== unknown);
  expect(found(release)).toContain(unknown);
  expect(elsewhere.length).toBeGreaterThan(0);
  expect(elsewhere.filter((one) => !one.startsWith('info info/other-version'))).toEqual([]);
});

test('where the release is known, it alone decides', () => {
  expect(found(release, { flux: '2.10' })).toEqual(['error schema/unknown-field spec.colour']);
  expect(found(release, { flux: '2.9.5' })).toContain('error schema/unknown-field spec.chart.kind');
  // A range of all minors has those of the main release and newer ones.
  expect(found(release, { flux: '2.x' })).toEqual(found(release));
});

test('a version that only an older or a newer release serves is no error', () => {
  const alert = (version: string) => yaml`
    apiVersion: notification.toolkit.fluxcd.io/${version}
    kind: Alert
    metadata: {name: a, namespace: b}
    spec: {providerRef: {name: c}, eventSources: [{kind: HelmRelease, name: d}]}
  `;
  expect(found(alert('v1beta2'))).toEqual(['warning deprecated/version apiVersion']);
  expect(found(alert('v1'))).toEqual(['info info/newer-version apiVersion']);
  expect(found(alert('v1beta2'), { flux: '2.x' })).toEqual(['error schema/unserved-version apiVersion']);
  expect(found(alert('v1'), { flux: '2.9' })).toEqual(['error schema/unserved-version apiVersion']);
  expect(found(alert('v1'), { flux: '2.10' })).toEqual([]);
});

test('the sentence names both releases', () => {
  const store = layeredStore([testCatalog.bundled]);
  const problems = judge(toValue(parseManifest(release).root!), store);
  const sentence = problems.filter(({ rule }) => rule === 'info/other-version').map(sentenceOf);
  expect(sentence[0]).toMatch(/^Only some releases accept this: flux 2\.10 does, flux 2\.9\.5 doesn’t\. /);
});
