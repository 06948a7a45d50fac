import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Chart } from '../charts/chart.ts';
import { chartOf } from '../charts/fixture.ts';
import type { RenderRequest } from '../charts/render.ts';
import { helmRenders } from './helm.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'capstan-helm-test-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const chart = chartOf('# file: values.yaml\nreplicas: 1\n# file: templates/a.yaml\nkind: A\n');

const request = (more: Partial<RenderRequest> = {}): RenderRequest => ({
  ...{ chart, defaults: undefined, values: { replicas: 2n, ratio: 0.5 }, name: 'shop', namespace: 'prod' },
  ...{ kubernetes: '1.36.0', hasCrds: true, ...more },
});

/** A program that reports what it is called with, in a folder of the PATH. */
function helm(template: string, version = 'v3.16.2', at = 'bin'): string {
  const file = join(folder, at, 'helm');
  mkdirSync(dirname(file), { recursive: true });
  const script = `#!/bin/sh\nif [ "$1" = version ]; then echo ${version}; exit; fi\n${template}\n`;
  writeFileSync(file, script);
  chmodSync(file, 0o755);
  return join(folder, at);
}

async function answerOf(bin: string, one: RenderRequest = request()) {
  const renders = helmRenders({ PATH: bin, KUBECONFIG: '/secret' });
  const first = renders.rendered(one);
  await renders.render();
  return { first, answer: renders.rendered(one), problems: renders.problems, renders };
}

test('a release is rendered with its chart, values and names, without anything of the user', async () => {
  const report = join(folder, 'report');
  const bin = helm(
    `/bin/cat "$3/templates/a.yaml" "$7" > ${report}; echo "$@" >> ${report}; /usr/bin/env >> ${report}\nprintf -- '---\\n# Source: shop/templates/a.yaml\\nkind: A\\n---\\n# Source: shop/templates/b.yaml\\n# nothing\\n'`,
  );
  const { first, answer, problems } = await answerOf(bin);
  expect(first).toBeUndefined();
  expect(answer).toEqual({
    is: 'objects',
    objects: [{ template: 'shop/templates/a.yaml', value: { kind: 'A' }, text: '---\nkind: A\n' }],
  });
  expect(problems).toEqual([]);
  const reported = readFileSync(report, 'utf8');
  expect(reported).toContain('kind: A\n{"replicas":2,"ratio":0.5}');
  expect(reported).toMatch(
    /template shop \S+ --namespace prod --values \S+ --skip-schema-validation --skip-tests --include-crds --kube-version 1\.36\.0$/m,
  );
  expect(reported).not.toContain('/secret');
  const [, staged] = /template shop (\S+)/.exec(reported)!;
  expect(existsSync(staged!)).toBe(false);
});

test('equal requests are rendered once', async () => {
  const count = join(folder, 'count');
  const { answer, renders } = await answerOf(helm(`echo >> ${count}`));
  expect(
    renders.rendered(
      request({ chart: chartOf('# file: values.yaml\nreplicas: 1\n# file: templates/a.yaml\nkind: A\n') }),
    ),
  ).toBe(answer);
  expect(await renders.render()).toBe(false);
  expect(renders.rendered(request({ name: 'other' }))).toBeUndefined();
  expect(await renders.render()).toBe(true);
  expect(readFileSync(count, 'utf8')).toBe('\n\n');
});

test('values files take the place of the chart’s own', async () => {
  const report = join(folder, 'report');
  await answerOf(helm(`/bin/cp "$3/values.yaml" ${report}`), request({ defaults: { replicas: 7n } }));
  expect(readFileSync(report, 'utf8')).toBe('{"replicas":7}');
});

test('what Helm refuses is in its words', async () => {
  const { answer } = await answerOf(helm('echo "Error: size is required" >&2; exit 1'));
  expect(answer).toEqual({ is: 'refused', why: 'size is required' });
});

test('without a Helm that is new enough nothing is known, and it is said once', async () => {
  const old = helm('exit 1', 'v3.15.0');
  expect(await answerOf(old)).toMatchObject({
    answer: { is: 'failed' },
    problems: [expect.stringContaining('isn’t Helm 3.16 or newer')],
  });
  expect(await answerOf(folder)).toMatchObject({
    problems: [expect.stringContaining('no program helm on the PATH')],
  });
});

test('a program of the current folder is never run', async () => {
  helm('echo', 'v3.16.0', '.');
  const before = process.cwd();
  process.chdir(folder);
  try {
    expect((await answerOf('.')).answer).toEqual({ is: 'failed' });
    expect((await answerOf('')).answer).toEqual({ is: 'failed' });
  } finally {
    process.chdir(before);
  }
});

test('a chart whose paths lead out of it isn’t written', async () => {
  const { files } = chart;
  const outside: Chart = {
    ...chart,
    files: { ...files, paths: ['../../../../escaped'], bytes: () => Buffer.from('a') },
  };
  const { answer } = await answerOf(helm('echo'), request({ chart: outside }));
  expect(answer).toEqual({ is: 'failed' });
});

test.each([{ name: '--post-renderer=/bin/sh' }, { namespace: '-n' }, { kubernetes: '--kubeconfig=/x' }])(
  'what a repository names is never a flag of Helm: %j',
  async (more) => {
    const report = join(folder, 'report');
    const { answer } = await answerOf(helm(`echo "$@" >> ${report}`), request(more));
    expect(answer).toEqual({ is: 'failed' });
    expect(existsSync(report)).toBe(false);
  },
);
