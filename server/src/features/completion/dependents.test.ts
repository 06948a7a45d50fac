// What would make objects wait for each other isn't suggested.
import { expect, test } from 'vitest';
import { diagnose } from '../diagnostics.ts';
import { cursorOf, fixture } from '../fixture.ts';
import { complete } from './completion.ts';
import { flux, instance } from './fixture.ts';

test('wait: true, where what is applied depends on what applies it', () => {
  const source = (dependency: string) => `${instance}# file: clusters/prod/apps.yaml
${flux('apps', './apps')}  $0
# file: apps/ks.yaml
${flux('shop', './shop')}  ${dependency}
`;
  const offered = (dependency: string) => {
    const at = fixture(source(dependency));
    for (const file of at.workspace.files()) diagnose(at.workspace, file.path);
    return complete(cursorOf(at)).find(({ label }) => label === 'wait')?.insert;
  };
  expect(offered('')).toContain('true');
  expect(offered('dependsOn: [{ name: apps }]')).not.toContain('true');
});
