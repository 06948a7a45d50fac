// The verdicts of Go's libraries on expressions, regular expressions, URLs and ranges, and ours. Each was given by
// NewExpression of github.com/fluxcd/pkg/runtime/cel 0.110.3 with cel-go 0.26.1, by regexp and net/url of Go 1.26 and by
// github.com/Masterminds/semver 3.5.0, which Flux 2.9 is built with.
import { expect, test } from 'vitest';
import { findingsIn } from '../features/fixture.ts';

const quoted = (text: string) => JSON.stringify(text);

function isFound(rule: string, source: string): boolean {
  return findingsIn(source).some((finding) => finding.endsWith(` ${rule}`));
}

const source = (kind: string, fields: string) => `apiVersion: source.toolkit.fluxcd.io/v1
kind: ${kind}
metadata: { name: a, namespace: flux-system }
spec: { interval: 10m, ${fields} }
`;

const readiness: readonly (readonly [string, boolean])[] = [
  ['dep.status.ready', false],
  ['size(dep.spec)', false],
  ["other.status == 'a'", false],
  ["dep.metadata.labels['a'] == self.spec.path", true],
  ['dep.status.ready ? true : false', true],
  ['has(dep.status.a) && dep.status.a', true],
  ["dep.status.conditions.exists(c, c.type == 'a')", true],
  ["dep.status.conditions.filter(c, c.type == 'a').all(c, c.status == 'True')", true],
  ['dyn(dep.a)', false],
  ['dep.status.x.orValue(true)', true],
  ['true || dep.a', true],
  ['!dep.a', true],
  ["dep.a in ['b']", true],
  ['1 < 1.5', true],
  ['1 == 1.5', false],
  ['self.a == null', true],
  ["dep.metadata.name.startsWith('a')", true],
  ['dep.status.observedGeneration == dep.metadata.generation', true],
];

test.each(readiness)('readyExpr %s', (text, isCompiled) => {
  const found = isFound(
    'flux/expression',
    `apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: a, namespace: flux-system }
spec:
  interval: 10m
  prune: true
  path: ./a
  sourceRef: { kind: GitRepository, name: a }
  dependsOn: [{ name: b, readyExpr: ${quoted(text)} }]
`,
  );
  expect(found).toBe(!isCompiled);
});

const patterns: readonly (readonly [string, boolean])[] = [
  ['(?!a)', false],
  ['(?<=a)b', false],
  ['a(b', false],
  ['(a)\\1', false],
  ['^(?P<ts>.*)$', true],
  ['[[:alpha:]]+', true],
  ['\\d{1,1001}', false],
  ['(?i)a', true],
  ['a**', false],
  ['x{2,1}', false],
];

test.each(patterns)('the regular expression %s', (text, isCompiled) => {
  const fields = `url: oci://registry.example.com/a, ref: { semver: '*', semverFilter: ${quoted(text)} }`;
  expect(isFound('flux/pattern', source('OCIRepository', fields))).toBe(!isCompiled);
});

const urls: readonly (readonly [string, boolean])[] = [
  ['ssh://git@github.com:a/b.git', false],
  ['ssh://github.com:b', false],
  ['https://user:word@github.com:a/b', false],
  ['ssh://git@github.com:22/a', true],
  ['http://user:word@github.com/a/b.git', true],
  ['ssh://git@[::1]:22/a', true],
  ['https://github.com/a:b', true],
];

test.each(urls)('the URL %s', (text, isParsed) => {
  const fields = `url: ${quoted(text)}, ref: { branch: main }`;
  expect(isFound('flux/source-url', source('GitRepository', fields))).toBe(!isParsed);
});

/** Whether a version is in it, of all up to 4.3.5 with their pre-releases. */
const ranges: readonly (readonly [string, boolean])[] = [
  ['>2 <3', false],
  ['<0.0.0', false],
  ['latest', false],
  ['>=2 <1', false],
  ['>=1.0.0-0', true],
  ['>1.2.3-rc.1 <1.2.3-rc.2', true],
  ['!=1.2.3', true],
  ['>1 <2 || 3.x', true],
  ['~1.2 >1.3', false],
  ['^1 <1.0.0', false],
  ['=1.2.3 !=1.2.3', false],
  ['1.x !=1.x', false],
  ['>1.2 <1.3', false],
  ['>1.2.3 <1.2.4', false],
  ['<1.0.0-0 >1', false],
  ['~0 <0', false],
  ['^0.0.1 >0.0.1', false],
  ['>=01.2.3', true],
  ['v1.x', true],
  ['1.2.3 - 1.2.1', false],
  ['<0.0.0-0', false],
];

test.each(ranges)('the range %s', (text, isSatisfied) => {
  const fields = `url: oci://registry.example.com/a, ref: { semver: ${quoted(text)} }`;
  expect(isFound('flux/version-range', source('OCIRepository', fields))).toBe(!isSatisfied);
});
