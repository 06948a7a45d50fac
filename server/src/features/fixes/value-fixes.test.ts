import { describe, expect, test } from 'vitest';
import { yaml } from '../../fixture.ts';
import { edited, fixture } from '../fixture.ts';
import { codeActions } from './code-action.ts';

/** The preferred fixes, and the text after the first of them. */
function fixes(text: string): { readonly titles: readonly string[]; readonly after: string } {
  const { workspace } = fixture(text);
  const actions = codeActions(workspace, 'a.yaml', 0, text.length).filter(({ preferred }) => preferred);
  return { titles: actions.map(({ title }) => title), after: edited(text, actions[0]?.edits ?? []) };
}

const source = yaml`
  apiVersion: source.toolkit.fluxcd.io/v1
  kind: GitRepository
  metadata:
    name: a
  spec:
    url: https://a
`;
const pod = yaml`
  apiVersion: v1
  kind: Pod
  metadata:
    name: a
  spec:
    containers:
      - name: a
        image: b
`;

describe('a value is replaced by the intended one', () => {
  test.each([
    ['git@github.com:a/b.git', 'ssh://git@github.com/a/b.git'],
    ['github.com:a/b', 'ssh://github.com/a/b'],
  ])('the short form %s of a Git URL', (written, meant) => {
    const git = (url: string) => `${source.replace('https://a', url)}  interval: 1m\n`;
    expect(fixes(git(written)).after).toBe(git(`"${meant}"`));
  });

  test.each([
    ['1 d', '24h'],
    ['5 min', '5m'],
    ['1hour', '1h'],
    ['2w', '336h'],
  ])('an interval of %s', (written, meant) => {
    expect(fixes(`${source}  interval: ${written}\n`).after).toBe(`${source}  interval: ${meant}\n`);
  });

  test('a timeout that allows no hours', () => {
    expect(
      fixes(yaml`
        ${source}  interval: 1h
          timeout: 1h
      `).after,
    ).toContain('timeout: 60m\n');
  });

  test.each([
    ['1gi', '1Gi'],
    ['500MB', '500M'],
    ['2 Gi', '2Gi'],
  ])('%s of memory', (written, meant) => {
    const limits = yaml`
      ${pod}
            resources:
              limits:
                memory:\x20`;
    expect(fixes(`${limits}${written}\n`).after).toBe(`${limits}${meant}\n`);
  });

  test('invalid names', () => {
    expect(
      fixes(yaml`
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: My_App
      `).after,
    ).toContain('name: my-app\n');
    expect(fixes(pod.replace('- name: a', '- name: Web App')).after).toBe(pod.replace('- name: a', '- name: web-app'));
  });

  test('a version that is no longer served', () => {
    const deployment = yaml`
      kind: Deployment
      metadata:
        name: a
    `;
    expect(
      fixes(yaml`
        apiVersion: apps/v1beta1
        ${deployment}
      `).after,
    ).toBe(yaml`
      apiVersion: apps/v1
      ${deployment}
    `);
    const release = yaml`
      kind: HelmRelease
      metadata:
        name: a
      spec:
        interval: 1m
    `;
    const chart =
      '  chart:\n    spec:\n      chart: a\n      sourceRef:\n        kind: HelmRepository\n        name: a\n';
    const old = 'apiVersion: helm.toolkit.fluxcd.io/v2beta1\n';
    expect(fixes(old + release + chart).after).toContain('helm.toolkit.fluxcd.io/v2\n');
    // A field that has another name in the served version is renamed with it.
    const tested = fixes(old + release + chart.replace('      chart: a', '      chart: a\n      valuesFile: a.yaml'));
    expect(tested.titles).toEqual(['Change to helm.toolkit.fluxcd.io/v2 and move its fields']);
    expect(tested.after).toContain('      valuesFiles:\n        - a.yaml\n');
  });

  test('yes instead of true', () => {
    expect(fixes(`${pod}      tty: "yes"\n`).after).toBe(`${pod}      tty: true\n`);
  });
});

describe('a change that only replaces one problem by another is not offered', () => {
  test('a quoted number for a duration', () => {
    expect(fixes(`${source}  interval: 5\n`).titles).toEqual(['Change to 5s']);
    expect(
      fixes(yaml`
        ${source}  interval: 5m
          suspend: false
          ref: {tag: 1}
      `).titles,
    ).toEqual(['Put it in quotes']);
  });

  test('a quoted boolean that is not an allowed value', () => {
    expect(
      fixes(yaml`
        ${source}  interval: 5m
          provider: true
      `).titles,
    ).toEqual([]);
  });

  test('an added field is given the first value that isn’t rejected', () => {
    const job = yaml`
      apiVersion: batch/v1
      kind: Job
      metadata:
        name: a
      spec:
        template:
          spec:
            containers: [{name: a, image: b}]
    `;
    // “Always”, which is what most pods have, is rejected in a Job.
    expect(fixes(job).titles).toEqual(['Add restartPolicy']);
    expect(fixes(job).after).toMatch(/^ {6}restartPolicy: (?:OnFailure|Never)$/m);
    const scaler = yaml`
      apiVersion: autoscaling/v2
      kind: HorizontalPodAutoscaler
      metadata:
        name: a
      spec:
        scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: a}
    `;
    expect(fixes(scaler).titles).toEqual([]);
    expect(fixes(source).titles).toEqual(['Add interval']);
  });

  test('a map made a list item whose schema has other keys', () => {
    expect(
      fixes(yaml`
        ${pod}
              env:
                A: b
                C: d
      `).titles,
    ).toEqual(['Make it a list with name']);
    expect(
      fixes(yaml`
        ${pod}
              ports:
                containerPort: 80
      `).titles,
    ).toEqual(['Make it a list']);
    const ports = yaml`
      ${pod}
            ports:
              -containerPort: 80
               name: web
    `;
    expect(fixes(ports).after).toBe(yaml`
      ${pod}
            ports:
              - containerPort: 80
                name: web
    `);
  });
});

test('fixes for a file with many findings are verified together', () => {
  const variables = Array.from({ length: 400 }, (_, index) => `        - {name: A${index}, value: ${index}}\n`).join(
    '',
  );
  const { workspace, text } = fixture(yaml`
    ${pod}
          env:
    ${variables}`);
  const began = process.cpuUsage();
  const actions = codeActions(workspace, 'a.yaml', 0, text.length);
  const { user } = process.cpuUsage(began);
  expect(actions.filter(({ preferred }) => preferred)).toHaveLength(400);
  expect(user / 1000).toBeLessThan(1000);
});

test('a fix that is refused isn’t offered among many either', () => {
  const numbers = Array.from({ length: 25 }, () => `${source}  interval: 5\n`).join('---\n');
  const { workspace, text } = fixture(numbers);
  const titles = codeActions(workspace, 'a.yaml', 0, text.length).map(({ title }) => title);
  expect(titles.filter((title) => title.startsWith('Put'))).toEqual([]);
});
