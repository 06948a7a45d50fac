// Runs what the GitHub Action, the GitLab example and the pre-commit hook run, in a checkout with a change. Programs that would
// reach a service are replaced by ones that record how they were called.
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { parse } from 'yaml';

const root = resolve(import.meta.dirname, '..');
// Each test starts Capstan several times.
vi.setConfig({ testTimeout: 120_000 });
let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'capstan-ci-'));
  prepare();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const at = (...path: readonly string[]) => join(folder, ...path);

function write(path: string, text: string): void {
  mkdirSync(dirname(at(path)), { recursive: true });
  writeFileSync(at(path), text);
}

function program(name: string, script: string): void {
  write(`bin/${name}`, `#!/bin/sh\n${script}\n`);
  chmodSync(at('bin', name), 0o755);
}

function run(command: string, env: Readonly<Record<string, string>> = {}, cwd = at('checkout')) {
  // As GitHub and GitLab run steps: the first failure ends them.
  const { status, stdout, stderr } = spawnSync('bash', ['-eo', 'pipefail', '-c', command], {
    cwd,
    encoding: 'utf8',
    env: {
      PATH: [at('bin'), dirname(process.execPath), process.env.PATH].join(delimiter),
      HOME: at('home'),
      NODE_OPTIONS: '--disable-warning=MODULE_TYPELESS_PACKAGE_JSON',
      GIT_CONFIG_NOSYSTEM: '1',
      ...env,
    },
  });
  return { status, stdout, stderr };
}

const git = (command: string, cwd?: string) => {
  const { status, stderr } = run(`git -c user.name=a -c user.email=a@example.com ${command}`, {}, cwd);
  expect([command, status, stderr]).toEqual([command, 0, expect.any(String)]);
};

const config = (color: string) =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: colors }\ndata: { color: ${color} }\n`;

/** A repository, a branch of it in a shallow checkout with a change and a finding, and Capstan as it is in a release. */
function prepare(): void {
  mkdirSync(at('home'), { recursive: true });
  write('origin/clusters/kustomization.yaml', 'resources: [colors.yaml]\n');
  write('origin/clusters/colors.yaml', config('red'));
  git('init --quiet --initial-branch=main', at('origin'));
  git('add .', at('origin'));
  git('commit --quiet -m one', at('origin'));
  run(`git clone --quiet --depth=1 file://${at('origin')} checkout`, {}, folder);
  write('checkout/clusters/colors.yaml', `${config('blue')}wrong: true\n`);
  git('commit --quiet -a -m two');
  const main = JSON.stringify(pathToFileURL(join(root, 'server/src/cli/main.ts')).href);
  write('capstan/dist/cli.js', `import(${main});\n`);
  cpSync(join(root, 'scripts/pre-commit.sh'), at('capstan/scripts/pre-commit.sh'));
}

interface Step {
  readonly name: string;
  readonly id?: string;
  readonly run: string;
  readonly env?: Readonly<Record<string, string>>;
}

interface Action {
  readonly inputs: Readonly<Record<string, { readonly default: string }>>;
  readonly runs: { readonly steps: readonly Step[] };
}

/** Runs the steps in order until one fails; returns what each printed. */
function runAction(inputs: Readonly<Record<string, string>>, event: Readonly<Record<string, string>>) {
  const action = parse(readFileSync(join(root, 'action.yml'), 'utf8')) as Action;
  expect(Object.keys(action.inputs)).toEqual(expect.arrayContaining(Object.keys(inputs)));
  const outputs: Record<string, string> = {};
  const expression = (text: string): string =>
    text.replaceAll(/\$\{\{ *([\w.-]+) *\}\}/g, (_, name: string) => {
      const [, input, step] = /^(?:inputs\.(.+)|steps\.(.+))$/.exec(name) ?? [];
      if (input !== undefined) return inputs[input] ?? expression(action.inputs[input]!.default);
      if (step !== undefined) return outputs[step] ?? '';
      return event[name] ?? '';
    });
  const printed: Record<string, string> = {};
  let status: number | null = 0;
  for (const { name, id, run: command, env = {} } of action.runs.steps) {
    writeFileSync(at('output'), '');
    const evaluated = Object.fromEntries(Object.entries(env).map(([key, text]) => [key, expression(String(text))]));
    const done = run(command, {
      ...{
        GITHUB_ACTION_PATH: at('capstan'),
        GITHUB_OUTPUT: at('output'),
        GITHUB_STEP_SUMMARY: at('summary'),
        RUNNER_TEMP: folder,
      },
      ...{ GITHUB_REPOSITORY: 'team/fleet', GITHUB_BASE_REF: event.base ?? '', CALLS: at('calls') },
      ...evaluated,
    });
    printed[name] = done.stdout + done.stderr;
    for (const line of readFileSync(at('output'), 'utf8').split('\n').filter(Boolean)) {
      const equals = line.indexOf('=');
      outputs[`${id}.outputs.${line.slice(0, equals)}`] = line.slice(equals + 1);
    }
    status = done.status;
    if (status !== 0) break;
  }
  return { status, printed, outputs };
}

const pull = { base: 'main', 'github.event.pull_request.number': '7', 'github.token': 'of-the-job' };

describe('the GitHub Action', () => {
  test('annotates findings, writes SARIF, and comments what the pull request does to clusters', () => {
    program('gh', 'echo "$GH_TOKEN $*" >> "$CALLS"');
    const { status, printed } = runAction({ path: 'clusters', sarif: 'capstan.sarif' }, pull);
    expect(status).toBe(1);
    expect(printed['Check manifests']).toMatch(/^::error file=clusters\/colors\.yaml,line=5.*wrong/m);
    const sarif = JSON.parse(readFileSync(at('checkout/capstan.sarif'), 'utf8'));
    expect(sarif.runs[0].results[0].locations[0].physicalLocation.artifactLocation.uri).toContain('colors.yaml');
    const diff = readFileSync(at('capstan-diff.md'), 'utf8');
    expect(diff).toMatch(/^<!-- capstan diff -->\n### What this change does to clusters/);
    expect(diff).toContain('blue');
    expect(readFileSync(at('summary'), 'utf8')).toBe(diff);
    expect(readFileSync(at('calls'), 'utf8').split('\n')).toEqual([
      expect.stringContaining('of-the-job api --paginate repos/team/fleet/issues/7/comments'),
      `of-the-job api --silent --method POST repos/team/fleet/issues/7/comments --field body=@${at('capstan-diff.md')}`,
      '',
    ]);
  });

  test('changes its comment of an earlier run', () => {
    program('gh', 'echo "$*" >> "$CALLS"; case "$*" in *--paginate*) echo 41; echo 42;; esac');
    runAction({}, pull);
    expect(readFileSync(at('calls'), 'utf8')).toContain('--method PATCH repos/team/fleet/issues/comments/41 ');
  });

  test('reports only what a pull request brings, if it is asked to', () => {
    program('gh', 'exit 0');
    write('checkout/clusters/colors.yaml', config('green'));
    git('commit --quiet -a -m three');
    expect(runAction({ 'only-new': 'true' }, pull).status).toBe(0);
  });

  test('only checks outside of pull requests, also names with spaces and signs', () => {
    program('gh', 'echo "$*" >> "$CALLS"; exit 1');
    write('checkout/a b$(touch x)/ok.yaml', config('red'));
    const { status, outputs, printed } = runAction({ path: 'a b$(touch x)', charts: 'true' }, {});
    expect([status, outputs, printed['Fetch charts']]).toEqual([
      0,
      { 'base.outputs.against': '' },
      'All charts are known.\n',
    ]);
    expect(run('ls x calls ../calls').status).not.toBe(0);
  });
});

test('the GitLab example checks, and writes a note in the merge request', () => {
  const { capstan } = parse(readFileSync(join(root, 'examples/ci/gitlab-ci.yml'), 'utf8')) as {
    readonly capstan: { readonly script: readonly string[]; readonly variables: Readonly<Record<string, string>> };
  };
  program('curl', 'echo "$*" >> "$CALLS"');
  cpSync(at('capstan'), at('checkout/.capstan-program'), { recursive: true });
  const { status, stdout } = run(capstan.script.join('\n'), {
    ...capstan.variables,
    ...{
      CI_MERGE_REQUEST_TARGET_BRANCH_NAME: 'main',
      CI_API_V4_URL: 'https://gitlab.example.com/api/v4',
      CALLS: at('calls'),
    },
    ...{ CI_PROJECT_ID: '1', CI_MERGE_REQUEST_IID: '2', CAPSTAN_TOKEN: 'of-the-project' },
  });
  expect([status, stdout]).toEqual([1, expect.stringMatching(/clusters\/colors\.yaml:5:1 error/)]);
  expect(readFileSync(at('checkout/capstan-diff.md'), 'utf8')).toContain('blue');
  expect(readFileSync(at('calls'), 'utf8')).toMatch(
    /body@capstan-diff\.md https:\/\/gitlab\.example\.com\/api\/v4\/projects\/1\/merge_requests\/2\/notes/,
  );
});

test('the pre-commit hook checks the files that it is given', () => {
  const [hook] = parse(readFileSync(join(root, '.pre-commit-hooks.yaml'), 'utf8')) as readonly [
    { readonly entry: string; readonly language: string; readonly files: string },
  ];
  // pre-commit runs the entry of a hook of this language in its clone of the repository.
  expect(hook.language).toBe('script');
  const files = ['clusters/colors.yaml', 'clusters/kustomization.yaml'].filter((path) =>
    new RegExp(hook.files).test(path),
  );
  const { status, stdout } = run(`${at('capstan', hook.entry)} ${files.join(' ')}`);
  expect([status, stdout]).toEqual([1, expect.stringMatching(/clusters\/colors\.yaml:5:1 error/)]);
});
