import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ClusterQuestions } from '../../protocol.ts';
import type { Exec, User } from '../kubeconfig/file.ts';
import { Consents } from './consent.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'capstan-consent-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const plugin: Exec = {
  command: 'aws',
  args: ['eks', 'get-token', '--cluster-name', 'one', '--region=eu-west-1'],
  env: [{ name: 'AWS_PROFILE', value: 'dev' }],
  apiVersion: 'client.authentication.k8s.io/v1',
  provideClusterInfo: false,
  interactiveMode: 'Never',
};
const user = (name = 'u', file = '/kube/config') => ({ name, file }) as User;

/** Consents with an answer for every question, and the questions. */
function asked(answer = true, file?: string) {
  const questions: ClusterQuestions['consent']['params'][] = [];
  const ask = async (question: ClusterQuestions['consent']['params']) => {
    questions.push(question);
    return answer;
  };
  const consents = new Consents(ask, { HOME: folder }, file);
  const allow = async (exec: Partial<Exec> = {}, program = '/bin/aws', by = user()) =>
    (await consents.allow(program, { ...plugin, ...exec }, by)).ok;
  return { questions, allow };
}

describe('a consent', () => {
  test.each<[what: string, exec: Partial<Exec>]>([
    ['another argument', { args: [...plugin.args, '--debug'] }],
    ['another value', { args: ['eks', 'get-token', '--cluster-name', 'one', '--profile=x'] }],
    ['fewer arguments', { args: plugin.args.slice(0, -1) }],
    ['another order', { args: plugin.args.toReversed() }],
    ['a name that is a flag', { args: ['eks', 'get-token', '--cluster-name', '--debug', '--region=eu-west-1'] }],
    ['a name that is a path', { args: ['eks', 'get-token', '--cluster-name', '../x', '--region=eu-west-1'] }],
    ['a name with a command', { args: ['eks', 'get-token', '--cluster-name', 'a;b', '--region=eu-west-1'] }],
    ['another environment', { env: [{ name: 'AWS_PROFILE', value: 'prod' }] }],
    ['more environment', { env: [...plugin.env, { name: 'LD_PRELOAD', value: '/tmp/x.so' }] }],
  ])('is not for %s', async (_, exec) => {
    const { allow, questions } = asked();
    expect(await allow()).toBe(true);
    expect(await allow(exec)).toBe(true);
    expect(questions).toHaveLength(2);
    expect(questions[1]!.detail).toContain('Since then:');
  });

  test('is not for another program or another kubeconfig', async () => {
    const { allow, questions } = asked();
    await allow();
    await allow({}, '/tmp/aws');
    await allow({}, '/bin/aws', user('u', '/other'));
    expect(questions).toHaveLength(3);
    expect(questions[1]!.detail).not.toContain('Since then:');
  });

  test('is for all clusters of a fleet, which differ in name and region, and for all users', async () => {
    const { allow, questions } = asked();
    for (const name of ['one', 'two', 'arn:aws:eks:eu-west-1:1234:cluster/three'])
      for (const region of ['eu-west-1', 'us-east-2'])
        expect(
          await allow(
            { args: ['eks', 'get-token', '--cluster-name', name, `--region=${region}`] },
            '/bin/aws',
            user(name),
          ),
        ).toBe(true);
    expect(questions).toHaveLength(1);
  });

  test('that is refused is asked again', async () => {
    const { allow, questions } = asked(false);
    expect(await allow()).toBe(false);
    expect(await allow()).toBe(false);
    expect(questions).toHaveLength(2);
  });

  test('is remembered in a file that only the user reads, and an old or broken file means no consent', async () => {
    const file = join(folder, 'state/consents.json');
    await asked(true, file).allow();
    const later = asked(true, file);
    expect(await later.allow()).toBe(true);
    expect(later.questions).toEqual([]);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toHaveLength(1);
  });
});

describe('the question', () => {
  test('shows all arguments and the environment, however long', async () => {
    const { allow, questions } = asked();
    const args = ['-c', `true${' '.repeat(2_000)}; evil`, ...Array.from({ length: 100 }, (_, at) => `arg${at}`)];
    await allow({ args, env: [{ name: 'A', value: 'b'.repeat(5_000) }] });
    const { detail } = questions[0]!;
    for (const text of [...args.slice(2), '; evil', 'b'.repeat(5_000)]) expect(detail).toContain(text);
  });

  test('shows what changed', async () => {
    const { allow, questions } = asked();
    await allow({ args: ['-c', 'harmless'] });
    await allow({ args: ['-c', 'harmful'], env: [] });
    const lines = questions[1]!.detail.split('\n');
    expect(lines).toContain('- argument  harmless');
    expect(lines).toContain('+ argument  harmful');
    expect(lines).toContain('- environment  AWS_PROFILE=dev');
  });

  test('hides the value of a secret variable, but asks again when it changes', async () => {
    const file = join(folder, 'consents.json');
    const { allow, questions } = asked(true, file);
    for (const value of ['hunter2', 'hunter2', 'hunter3']) await allow({ env: [{ name: 'LOGIN_SECRET', value }] });
    expect(questions).toHaveLength(2);
    expect(JSON.stringify(questions) + readFileSync(file, 'utf8')).not.toContain('hunter');
    expect(questions[1]!.detail).toMatch(/^\+ environment {2}LOGIN_SECRET=hidden:\w+$/m);
  });

  test('has no line that an argument made', async () => {
    const { allow, questions } = asked();
    await allow({ args: ['a\n\nprogram  /bin/true\u202e\u001b[2J'] }, '/bin/x\ny', user('u\nv'));
    const { detail, title } = questions[0]!;
    expect(title).not.toContain('\n');
    expect(detail).not.toMatch(/[\u001b\u202e]/);
    expect(detail.split('\n').filter((line) => line.startsWith('program'))).toHaveLength(1);
  });
});
