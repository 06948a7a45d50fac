// What a check throws becomes one finding; everything else is checked.
import { expect, test, vi } from 'vitest';
import { yaml } from '../fixture.ts';
import type { Subject } from '../rules/rule.ts';
import { sync } from '../rules/rule.ts';
import { isObject } from '../syntax/value.ts';
import { diagnose } from './diagnostics.ts';
import { fixture } from './fixture.ts';
import { findingsAtRest, findingsWhileTyping } from './latest-findings.ts';

const fault = vi.hoisted(() => (place: string, text: unknown) => {
  if (String(text).includes(`fails-in-${place}`)) throw new TypeError(`no 'secret-value' in ${place}`);
});

vi.mock('../validation/judge.ts', async (original) => {
  const { judge, ...others } = await original<typeof import('../validation/judge.ts')>();
  const failing: typeof judge = (value, ...rest) => {
    fault('judge', isObject(value) && isObject(value.metadata) && value.metadata.name);
    return judge(value, ...rest);
  };
  return { ...others, judge: failing };
});

vi.mock('../workspace/facts.ts', async (original) => {
  const { factsOf, ...others } = await original<typeof import('../workspace/facts.ts')>();
  const failing: typeof factsOf = (text) => {
    fault('facts', text);
    return factsOf(text);
  };
  return { ...others, factsOf: failing };
});

vi.mock('../kustomize/build.ts', async (original) => {
  const { buildInSteps, ...others } = await original<typeof import('../kustomize/build.ts')>();
  const failing: typeof buildInSteps = (folder, ...rest) => {
    fault('build', folder);
    return buildInSteps(folder, ...rest);
  };
  return { ...others, buildInSteps: failing };
});

vi.mock('../rules/rules.ts', async (original) => {
  const known = await original<typeof import('../rules/rules.ts')>();
  const check = ({ manifest }: Subject) => {
    fault('rule', manifest.text);
    return [];
  };
  const inCluster = ({ home }: { home: { objects: readonly { name: string }[] } }) => {
    fault(
      'cluster',
      home.objects.map(({ name }) => name),
    );
    return [];
  };
  const head = { severity: 'error', docs: { text: '', bad: '', good: '' } };
  return {
    ...known,
    rules: [{ ...head, id: 'info/first', check }, ...known.rules],
    clusterRules: [{ ...head, id: 'info/of-clusters', check: inCluster }, ...known.clusterRules],
  };
});

const configMap = (name: string, more = '') => `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n${more}`;

function foundIn(source: string, path: string): readonly string[] {
  const { workspace } = fixture(source);
  return diagnose(workspace, path).map(
    ({ rule, start }) => `${rule} ${workspace.file(path)!.text.slice(start).split('\n')[0]}`,
  );
}

test.each(['judge', 'facts'])('an error in %s is one finding of its document, and others are judged', (place) => {
  const source = `# file: a.yaml\n${configMap(`fails-in-${place}`)}---\n${configMap('b', 'wrong: 1\n')}`;
  expect(foundIn(source, 'a.yaml')).toEqual(['info/internal apiVersion: v1', 'schema/unknown-field wrong: 1']);
});

test('an error in a rule leaves the verdict and the other rules', () => {
  const source = `# file: a.yaml\n${configMap('fails-in-rule', 'wrong: 1\n')}`;
  expect(foundIn(source, 'a.yaml')).toEqual(['info/internal apiVersion: v1', 'schema/unknown-field wrong: 1']);
});

test('an error in a build is a finding of its kustomization, and files of the folder are judged', () => {
  const source = yaml`
    # file: fails-in-build/kustomization.yaml
    resources: [a.yaml]
    # file: fails-in-build/a.yaml
    ${configMap('a', 'wrong: 1\n')}
  `;
  expect(foundIn(source, 'fails-in-build/kustomization.yaml')).toEqual(['info/internal resources: [a.yaml]']);
  expect(foundIn(source, 'fails-in-build/a.yaml')).toEqual(['schema/unknown-field wrong: 1']);
});

test('an error in a rule about clusters is one finding, beside those of the other rules', () => {
  const pod = `apiVersion: v1\nkind: Pod\nmetadata:\n  name: fails-in-cluster\n  namespace: default\nspec:\n  containers: [{ name: a, image: b, envFrom: [{ configMapRef: { name: gone } }] }]\n`;
  const source = `${sync}# file: clusters/prod/pod.yaml\n${pod}`;
  const { workspace } = fixture(source);
  const all = [...workspace.files()].flatMap(({ path }) => diagnose(workspace, path).map(({ rule }) => rule));
  const about = new Set(['info/internal', 'reference/missing']);
  expect(all.filter((rule) => about.has(rule))).toEqual(['info/internal', 'reference/missing']);
});

test('an error in the verdict on an applied form stands at its object', () => {
  const source = `${sync}# file: clusters/prod/a.yaml\n${configMap('fails-in-judge')}---\n${configMap('b', 'wrong: 1\n')}`;
  expect(foundIn(source, 'clusters/prod/a.yaml')).toEqual([
    'info/internal apiVersion: v1',
    'schema/unknown-field wrong: 1',
  ]);
});

test('the message names the error and the check, without quotations', () => {
  const { workspace } = fixture(`# file: a.yaml\n${configMap('fails-in-rule')}`);
  expect(diagnose(workspace, 'a.yaml')[0]!.message).toMatch(
    /^An error in Capstan ended the rule info\/first: TypeError: no “…” in rule \(in [\w.]+\)\. Everything else is checked\. Please report/,
  );
});

test('while somebody types, an error is a finding too, and gone with its cause', () => {
  const { workspace } = fixture(`# file: a.yaml\n${configMap('a')}`);
  const rules = () => findingsWhileTyping(workspace, 'a.yaml').map(({ rule }) => rule);
  findingsAtRest(workspace, 'a.yaml');
  workspace.put('a.yaml', configMap('fails-in-judge'));
  expect(rules()).toEqual(['info/internal']);
  workspace.put('a.yaml', configMap('b'));
  expect(rules()).toEqual([]);
});
