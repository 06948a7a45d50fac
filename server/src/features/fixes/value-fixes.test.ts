import { describe, expect, test } from 'vitest';
import { edited, fixture } from '../fixture.ts';
import { codeActions } from './code-action.ts';

/** The preferred fixes, and the text after the first of them. */
function fixes(text: string): { readonly titles: readonly string[]; readonly after: string } {
  const { workspace } = fixture(text);
  const actions = codeActions(workspace, 'a.yaml', 0, text.length).filter(({ preferred }) => preferred);
  return { titles: actions.map(({ title }) => title), after: edited(text, actions[0]?.edits ?? []) };
}

const source =
  'apiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepository\nmetadata:\n  name: a\nspec:\n  url: https://a\n';
const pod = 'apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\nspec:\n  containers:\n    - name: a\n      image: b\n';

describe('what was probably meant', () => {
  test.each([
    ['1 d', '24h'],
    ['5 min', '5m'],
    ['1hour', '1h'],
    ['2w', '336h'],
  ])('an interval of %s', (written, meant) => {
    expect(fixes(`${source}  interval: ${written}\n`).after).toBe(`${source}  interval: ${meant}\n`);
  });

  test('a time-out that takes no hours', () => {
    expect(fixes(`${source}  interval: 1h\n  timeout: 1h\n`).after).toContain('timeout: 60m\n');
  });

  test.each([
    ['1gi', '1Gi'],
    ['500MB', '500M'],
    ['2 Gi', '2Gi'],
  ])('%s of memory', (written, meant) => {
    const limits = `${pod}      resources:\n        limits:\n          memory: `;
    expect(fixes(`${limits}${written}\n`).after).toBe(`${limits}${meant}\n`);
  });

  test('names as they must be written', () => {
    expect(fixes('apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: My_App\n').after).toContain('name: my-app\n');
    expect(fixes(pod.replace('- name: a', '- name: Web App')).after).toBe(pod.replace('- name: a', '- name: web-app'));
  });

  test('a version that is served', () => {
    const deployment = 'kind: Deployment\nmetadata:\n  name: a\n';
    expect(fixes(`apiVersion: apps/v1beta1\n${deployment}`).after).toBe(`apiVersion: apps/v1\n${deployment}`);
    const release = 'kind: HelmRelease\nmetadata:\n  name: a\nspec:\n  interval: 1m\n';
    const chart =
      '  chart:\n    spec:\n      chart: a\n      sourceRef:\n        kind: HelmRepository\n        name: a\n';
    const old = 'apiVersion: helm.toolkit.fluxcd.io/v2beta1\n';
    expect(fixes(old + release + chart).after).toContain('helm.toolkit.fluxcd.io/v2\n');
    // Whose fields have other names there isn't done with the version.
    const tested = `${old}${release}${chart}  valuesFrom: [{kind: ConfigMap, name: a}]\n  postRenderers: []\n`;
    expect(fixes(tested.replace('      chart: a', '      chart: a\n      valuesFile: a.yaml')).titles).toEqual([]);
  });

  test('yes for true', () => {
    expect(fixes(`${pod}      tty: "yes"\n`).after).toBe(`${pod}      tty: true\n`);
  });
});

describe('what only changes the reason is no fix', () => {
  test('a number in quotes where a duration is asked for', () => {
    expect(fixes(`${source}  interval: 5\n`).titles).toEqual([]);
    expect(fixes(`${source}  interval: 5m\n  suspend: false\n  ref: {tag: 1}\n`).titles).toEqual(['Put it in quotes']);
  });

  test('a word in quotes that isn’t one of those allowed', () => {
    expect(fixes(`${source}  interval: 5m\n  provider: true\n`).titles).toEqual([]);
  });

  test('a field that is added with what is refused', () => {
    const job =
      'apiVersion: batch/v1\nkind: Job\nmetadata:\n  name: a\nspec:\n  template:\n    spec:\n      containers: [{name: a, image: b}]\n';
    expect(fixes(job).titles).toEqual([]);
    const scaler =
      'apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata:\n  name: a\nspec:\n  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: a}\n';
    expect(fixes(scaler).titles).toEqual([]);
    expect(fixes(source).titles).toEqual(['Add interval']);
  });

  test('a map made the item of a list that has other keys', () => {
    expect(fixes(`${pod}      env:\n        A: b\n        C: d\n`).titles).toEqual([]);
    expect(fixes(`${pod}      ports:\n        containerPort: 80\n`).titles).toEqual(['Make it a list']);
    const ports = `${pod}      ports:\n        -containerPort: 80\n         name: web\n`;
    expect(fixes(ports).after).toBe(`${pod}      ports:\n        - containerPort: 80\n          name: web\n`);
  });
});

test('of a file full of faults all at once, without a verdict on each', () => {
  const variables = Array.from({ length: 400 }, (_, index) => `        - {name: A${index}, value: ${index}}\n`).join(
    '',
  );
  const { workspace, text } = fixture(`${pod}      env:\n${variables}`);
  const began = process.cpuUsage();
  const actions = codeActions(workspace, 'a.yaml', 0, text.length);
  const { user } = process.cpuUsage(began);
  expect(actions.filter(({ preferred }) => preferred)).toHaveLength(400);
  expect(user / 1000).toBeLessThan(1000);
});
