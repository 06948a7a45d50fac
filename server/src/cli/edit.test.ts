import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { type FluxApi, startFluxApi } from '../engine/actions/fixture.ts';
import { configFor } from '../engine/fixture.ts';
import { run as actions } from './actions.ts';
import { run } from './edit.ts';

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

async function started() {
  const api = await startFluxApi();
  const folder = mkdtempSync(join(tmpdir(), 'capstan-edit-test-'));
  writeFileSync(join(folder, 'config'), configFor(api.url));
  ends.push(api.stop, () => rmSync(folder, { recursive: true, force: true }));
  /** `editor`: the body of a program that changes `text`. */
  const edit = async (editor: string, flags = '', verb = run) => {
    const program = join(folder, 'editor.mjs');
    writeFileSync(
      program,
      `import { readFileSync, writeFileSync } from 'node:fs';
const file = process.argv.at(-1);
let text = readFileSync(file, 'utf8');
${editor}
writeFileSync(file, text);`,
    );
    let [out, err] = ['', ''];
    const io = {
      stdout: { write: (text: string) => (out += text) },
      stderr: { write: (text: string) => (err += text) },
      env: { KUBECONFIG: join(folder, 'config'), HOME: folder, EDITOR: `${process.execPath} ${program}` },
      cwd: folder,
    };
    const args = verb === run ? ['ks/apps', '-n', 'fleet', '--context', 'c', ...flags.split(' ')] : flags.split(' ');
    const code = await verb(
      args.filter((one) => one !== ''),
      io,
    );
    return { code, out, err };
  };
  return { api, edit };
}

const path = "text = text.replace('./apps', './other');";
const writes = ({ asked }: FluxApi) => asked.filter((one) => one === 'PATCH apps');

test('what was changed is tried, written and recorded', async () => {
  const { api, edit } = await started();
  expect(await edit(path)).toEqual({
    code: 0,
    out: 'Kustomization fleet/apps on c\n  spec.path from "./apps" to "./other"\nKustomization fleet/apps is changed on c.\n',
    err: '',
  });
  expect([api.object.spec.path, api.object.spec.prune]).toEqual(['./other', true]);
  const { out } = await edit('', '--format json', actions);
  expect(JSON.parse(out)).toMatchObject([{ context: 'c', verb: 'edit', name: 'apps', outcome: 'handled' }]);
});

test.each([
  ['nothing was changed', '', '', 'Nothing was changed.\n'],
  ['a dry run', path, '--dry-run', expect.stringContaining('Nothing was changed (dry run).')],
])('%s: nothing is written', async (_, editor, flags, out) => {
  const { api, edit } = await started();
  expect(await edit(editor, flags)).toEqual({ code: 0, out, err: '' });
  expect(writes(api)).toEqual([]);
});

test.each([
  ['text that is no YAML', "text += '{';", 'the text is not YAML'],
  ['another name', "text = text.replace('name: apps', 'name: b');", 'metadata.name of an object cannot be changed'],
])('%s: the text is kept', async (_, editor, why) => {
  const { api, edit } = await started();
  const { code, err } = await edit(editor);
  const kept = /What you wrote is in (\S+)\./.exec(err)?.[1] ?? '';
  ends.push(() => rmSync(join(kept, '..'), { recursive: true, force: true }));
  expect([code, err, writes(api)]).toEqual([1, expect.stringContaining(why), []]);
  expect(existsSync(kept) && readFileSync(kept, 'utf8')).toContain('kind: Kustomization');
});

test('a field that somebody else changed in the meantime is a conflict', async () => {
  const { api, edit } = await started();
  api.onPatch = (isDryRun) => {
    if (!isDryRun) return undefined;
    api.onPatch = () => undefined;
    const { metadata, spec } = api.object;
    api.object = {
      ...api.object,
      metadata: { ...metadata, resourceVersion: '9', generation: 2 },
      spec: { ...spec, path: './x' },
    };
    return undefined;
  };
  const { code, err } = await edit(path);
  const kept = /What you wrote is in (\S+)\./.exec(err)?.[1] ?? '';
  ends.push(() => rmSync(join(kept, '..'), { recursive: true, force: true }));
  expect([code, api.object.spec.path]).toEqual([1, './x']);
  expect(err).toContain('was changed or replaced in the meantime: spec.path from "./apps" to "./x"');
});

test('an editor that fails changes nothing and leaves no file', async () => {
  const { api, edit } = await started();
  expect(await edit(`${path} writeFileSync(file, text); process.exit(3);`)).toMatchObject({
    code: 1,
    err: expect.stringContaining('ended with exit code 3'),
  });
  expect(writes(api)).toEqual([]);
});
