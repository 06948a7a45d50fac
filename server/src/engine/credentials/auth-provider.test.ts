// Providers of kubeconfigs run shell commands: none does, and the user is told what to write instead.
import { expect, test } from 'vitest';
import type { Target } from '../kubeconfig/kubeconfig.ts';
import { CredentialStore } from './credentials.ts';

test.each(['gcp', 'azure'])('the provider %s is refused with a remedy', async (name) => {
  const allow = () => {
    throw new Error('nothing is to be run');
  };
  const target = {
    cluster: { server: 'https://localhost' },
    user: {
      name: 'u',
      file: '/config',
      authProvider: { name, config: { 'cmd-path': '/bin/sh', 'cmd-args': '-c evil' } },
    },
  } as unknown as Target;
  const result = await new CredentialStore({ allow, env: {}, terminal: false }).for(target).get();
  expect(result).toMatchObject({ ok: false, failure: { kind: 'credential', remedy: expect.stringMatching(/./) } });
});
