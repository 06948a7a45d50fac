import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { catalogOnDisk } from '../disk/catalog.ts';
import { diskFiles } from '../disk/reader.ts';
import { yaml } from '../fixture.ts';
import { largestFile } from '../workspace/document.ts';
import { lintPaths } from './lint/check.ts';
import { type Share, ShareRun } from './lint/share.ts';
import { run } from './lint.ts';
import type { LintFinding } from './output.ts';
import { asSarif, report } from './report.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'capstan-lint-'));
  mkdirSync(join(folder, '.git'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, content: string | Buffer): void {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), content);
}

async function lint(...args: readonly string[]) {
  let stdout = '';
  let stderr = '';
  const io = {
    stdout: { write: (text: string) => (stdout += text) },
    stderr: { write: (text: string) => (stderr += text) },
    env: {},
    cwd: folder,
  };
  const code = await run(args, io);
  return { code, stdout, stderr };
}

async function found(...args: readonly string[]): Promise<readonly string[]> {
  const { stdout } = await lint(...args, '--format', 'json');
  return (JSON.parse(stdout) as LintFinding[]).map(({ file, range, rule }) => `${file}:${range.start.line} ${rule}`);
}

const wrong = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\ndata:\n  a: 1\n';
const right = wrong.replace('a: 1', 'a: "1"');

/** A Kustomization that waits for another one of the same namespace. */
function kustomization(name: string, dependency: string): string {
  return yaml`
    apiVersion: kustomize.toolkit.fluxcd.io/v1
    kind: Kustomization
    metadata:
      name: ${name}
      namespace: flux-system
    spec:
      interval: 10m
      prune: true
      path: ./${name}
      sourceRef:
        kind: GitRepository
        name: fleet
      dependsOn:
        - name: ${dependency}
  `;
}

describe('exit codes', () => {
  test('0 clean, 1 problems, 2 wrong usage or a missing PATH', async () => {
    write('a.yaml', right);
    expect(await lint('a.yaml')).toEqual({ code: 0, stdout: 'no problems\n', stderr: '' });
    write('b.yaml', wrong);
    expect((await lint()).code).toBe(1);
    expect((await lint('--format', 'xml')).code).toBe(2);
    expect((await lint('--nonsense')).code).toBe(2);
    const absent = await lint('a.yaml', 'absent.yaml');
    expect([absent.code, absent.stderr]).toEqual([2, 'capstan lint: absent.yaml: no such file or folder\n']);
  });

  test('warnings fail with --fail-on warning', async () => {
    write('a.yaml', wrong);
    write('.capstan.yaml', 'severities: { "schema/*": warning }\n');
    expect((await lint()).code).toBe(0);
    expect((await lint('--fail-on', 'warning')).code).toBe(1);
  });
});

test('a finding names the object that contains it', async () => {
  const list = `apiVersion: v1\nkind: List\nitems:\n${['a', 'b'].map((name) => `  - apiVersion: v1\n    kind: ConfigMap\n    metadata: {name: ${name}}\n    data: {x: ${name === 'b' ? 1 : 'y1'}}\n`).join('')}`;
  write('list.yaml', list);
  const { stdout } = await lint('list.yaml', '--format', 'json');
  const [finding] = JSON.parse(stdout) as LintFinding[];
  expect(finding?.resource).toEqual({ apiVersion: 'v1', kind: 'ConfigMap', name: 'b' });
});

test('no result is printed for a missing PATH', async () => {
  expect(await lint('absent.yaml')).toMatchObject({ code: 2, stdout: '' });
});

describe('files', () => {
  test('are named as PATH is given, and a PATH below its root uses the whole root', async () => {
    write('apps/a.yaml', wrong);
    write('kustomization.yaml', 'resources: ["https://example.com/a?ref=v1"]\npatches: [{ path: apps/a.yaml }]\n');
    expect(await found('apps')).toEqual(['apps/a.yaml:5 schema/type']);
    write('kustomization.yaml', 'resources: [apps/a.yaml]\n');
    expect(await found('apps')).toEqual(['apps/a.yaml:5 schema/type']);
    expect(await found('./apps/a.yaml')).toEqual(['./apps/a.yaml:5 schema/type']);
    expect(await found(join(folder, 'apps'))).toEqual([`${join(folder, 'apps/a.yaml')}:5 schema/type`]);
  });

  test('outside a repository use the files beside them, and other files of the current folder only if named', async () => {
    rmSync(join(folder, '.git'), { recursive: true });
    write('a/kustomization.yaml', 'resources: ["https://example.com/a?ref=v1"]\npatches:\n  - path: part.yaml\n');
    write('a/part.yaml', 'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: a\n');
    write('b/ship.yaml', 'apiVersion: example.com/v1\nkind: Ship\nmetadata:\n  name: a\nmast: 1\n');
    const schema = '{ openAPIV3Schema: { type: object } }';
    write(
      'b/crds/ship.yaml',
      'apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata:\n  name: ships.example.com\nspec:\n' +
        '  group: example.com\n  scope: Namespaced\n  names: { kind: Ship, plural: ships, singular: ship, listKind: ShipList }\n' +
        `  versions: [{ name: v1, served: true, storage: true, schema: ${schema} }]\n`,
    );
    expect(await found('a/part.yaml')).toEqual([]);
    rmSync(join(folder, 'a/kustomization.yaml'));
    expect(await found('a/part.yaml')).not.toEqual([]);
    expect(await found('b/ship.yaml')).toEqual([]);
    expect(await found('b/ship.yaml', 'b/crds/ship.yaml')).toEqual(['b/ship.yaml:4 schema/unknown-field']);
    expect(await found('b')).toEqual(['b/ship.yaml:4 schema/unknown-field']);
  });

  test('that git ignores are skipped unless they are named', async () => {
    write('.gitignore', 'out/\n*.gen.yaml\n!kept.gen.yaml\n');
    write('out/a.yaml', wrong);
    write('b.gen.yaml', wrong);
    write('kept.gen.yaml', wrong);
    write('sub/.gitignore', 'c.yaml\n');
    write('sub/c.yaml', wrong);
    expect(await found('.')).toEqual(['kept.gen.yaml:5 schema/type']);
    expect(await found('b.gen.yaml')).toEqual(['b.gen.yaml:5 schema/type']);
  });

  test('that can’t be read get one finding each, and the others are checked', async () => {
    write('binary.yaml', Buffer.from([0x50, 0x4b, 0, 1, 2, 0xff]));
    write('huge.yaml', 'a: b\n'.repeat(4_100_000));
    write('long.yaml', 'a: b\n'.repeat(50_001));
    write('latin1.yaml', Buffer.from('a: \xe9\n', 'latin1'));
    write('wrong.yaml', wrong);
    symlinkSync(folder, join(folder, 'loop'));
    symlinkSync('nowhere', join(folder, 'dangling.yaml'));
    mkdirSync(join(folder, 'folder.yaml'));
    expect(await found('.')).toEqual([
      'binary.yaml:0 syntax/not-text',
      'huge.yaml:0 info/unreadable',
      'latin1.yaml:0 info/unreadable',
      'long.yaml:0 info/too-large',
      'wrong.yaml:5 schema/type',
    ]);
  });

  test.skipIf(process.getuid?.() === 0)('without read permission are reported, and are refused as a PATH', async () => {
    write('a.yaml', wrong);
    write('b/c.yaml', wrong);
    chmodSync(join(folder, 'a.yaml'), 0);
    chmodSync(join(folder, 'b'), 0);
    try {
      expect(await found('.')).toEqual(['a.yaml:0 info/unreadable', 'b:0 info/unreadable']);
      for (const path of ['a.yaml', 'b', 'b/c.yaml'])
        expect(await lint(path)).toEqual({
          code: 2,
          stdout: '',
          stderr: `capstan lint: ${path}: can't be read (EACCES). Check its permissions and those of all folders above it.\n`,
        });
    } finally {
      chmodSync(join(folder, 'b'), 0o700);
    }
  });

  test('that are link loops or have no name are refused as a PATH', async () => {
    symlinkSync('loop.yaml', join(folder, 'loop.yaml'));
    write('a.yaml', wrong);
    expect(await lint('loop.yaml')).toMatchObject({ code: 2, stderr: expect.stringContaining('(ELOOP)') });
    expect(await lint('')).toMatchObject({ code: 2, stderr: expect.stringContaining('empty') });
    expect(await lint('-')).toMatchObject({ code: 2, stderr: expect.stringContaining('/dev/stdin') });
    expect(await lint('a.yaml', 'loop.yaml')).toMatchObject({ code: 2, stdout: expect.stringContaining('a.yaml:6') });
  });
});

test('two threads report the same findings as one, in the same order', async () => {
  for (let index = 0; index < 450; index += 1) write(`d${index % 7}/f${index}.yaml`, index % 9 === 0 ? wrong : right);
  write('d1/kustomization.yaml', 'patches: [{ path: f99.yaml }, { path: f36.yaml }]\n');
  write('broken.yaml', 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: x\n');
  const program = new URL('./main.ts', import.meta.url);
  const one = await lintPaths(['.'], folder, {}, undefined);
  const two = await lintPaths(['.'], folder, {}, program, 100);
  expect(one.findings.length).toBeGreaterThan(45);
  expect(two).toEqual(one);
});

test('two threads report the same findings as one if overlays and CRDs cross the split', async () => {
  write(
    'crds/ship.yaml',
    `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: ships.example.com }
spec:
  group: example.com
  scope: Namespaced
  names: { kind: Ship, plural: ships, singular: ship, listKind: ShipList }
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          type: object
          required: [mast, keel]
          properties: { mast: { type: string }, keel: { type: string } }
`,
  );
  for (let index = 0; index < 120; index += 1) {
    const folder = `fleet/s${index}`;
    write(`${folder}/base/ship.yaml`, `apiVersion: example.com/v1\nkind: Ship\nmetadata: { name: s${index} }\n`);
    write(`${folder}/base/kustomization.yaml`, 'resources: [ship.yaml]\n');
    const patch = index % 2 === 0 ? 'mast: oak\n' : 'mast: oak\nkeel: iron\n';
    const head = `apiVersion: example.com/v1\nkind: Ship\nmetadata: { name: s${index} }\n`;
    write(`${folder}/prod/mast.yaml`, head + patch);
    write(`${folder}/prod/kustomization.yaml`, 'resources: [../base]\npatches: [{ path: mast.yaml }]\n');
  }
  const one = await lintPaths(['.'], folder, {}, undefined);
  const two = await lintPaths(['.'], folder, {}, new URL('./main.ts', import.meta.url), 50);
  expect(one.findings.map(({ rule }) => rule)).toEqual(Array(60).fill('schema/required'));
  expect(two).toEqual(one);
});

test('a share finds cycles through files that only the other share has read', () => {
  const files = ['a.yaml', 'b.yaml', 'c.yaml'];
  write('a.yaml', kustomization('a', 'b'));
  write('b.yaml', kustomization('b', 'c'));
  write('c.yaml', kustomization('c', 'a'));
  const shareOf = (own: readonly string[]): Share => ({
    root: folder,
    files: own,
    others: files.filter((file) => !own.includes(file)),
    given: new Set(),
    shown: new Map(files.map((file) => [file, file])),
    taken: new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)),
  });
  const catalog = catalogOnDisk({});
  const [whole, first, second] = [files, ['a.yaml'], ['b.yaml', 'c.yaml']].map((own) => {
    const run = new ShareRun(shareOf(own), catalog, diskFiles(folder, largestFile.bytes));
    run.read();
    return run;
  }) as [ShareRun, ShareRun, ShareRun];
  // As a message port copies them.
  const [toFirst, toSecond] = [structuredClone(second.outlines()), structuredClone(first.outlines())];
  first.take(toFirst);
  second.take(toSecond);
  const found = [...first.check(), ...second.check()];
  expect(found.map(({ file, rule }) => `${file} ${rule}`)).toEqual(files.map((file) => `${file} reference/cycle`));
  expect(found).toEqual(whole.check());
});

describe.skipIf(process.platform === 'win32')('a path that is not a regular file, or is outside the root,', () => {
  test.each(['.capstan.yaml', '.gitignore', 'pipe.yaml'])('does not stop a lint under the name %s', async (name) => {
    execFileSync('mkfifo', [join(folder, name)]);
    symlinkSync('/dev/zero', join(folder, 'zero.yaml'));
    write('a.yaml', wrong);
    expect(await found('.')).toEqual(['a.yaml:5 schema/type']);
  });

  test('is reported if it is a link to a file, and read if the user names it', async () => {
    const outside = `${folder}-outside.yaml`;
    writeFileSync(outside, wrong);
    try {
      symlinkSync(outside, join(folder, 'link.yaml'));
      expect(await found('.')).toEqual(['link.yaml:0 info/unreadable']);
      expect(await found('link.yaml')).toEqual(['link.yaml:5 schema/type']);
    } finally {
      rmSync(outside);
    }
  });

  test('is read if it is a pipe that the user names', async () => {
    write('source', wrong);
    execFileSync('mkfifo', [join(folder, 'pipe')]);
    const writer = spawn('sh', ['-c', 'cat source > pipe'], { cwd: folder });
    expect(await found('pipe')).toEqual(['pipe:5 schema/type']);
    writer.kill();
  });
});

describe('formats', () => {
  const finding: LintFinding = {
    file: 'a b/ü.yaml',
    range: { start: { line: 0, character: 2 }, end: { line: 1, character: 0 } },
    severity: 'error',
    rule: 'schema/type',
    message: '50% of it,\nor: \u001b[31mred',
    resource: { apiVersion: 'v1', kind: 'ConfigMap', name: 'a' },
  };
  const printed = (format: 'text' | 'json' | 'github') => {
    let text = '';
    report(format, [finding, { ...finding, severity: 'hint' }], { write: (part) => (text += part) });
    return text;
  };

  test('text is one line per finding, without control characters', () => {
    expect(printed('text')).toBe(
      'a b/ü.yaml:1:3 error schema/type 50% of it,\\u000aor: \\u001b[31mred\n' +
        'a b/ü.yaml:1:3 hint schema/type 50% of it,\\u000aor: \\u001b[31mred\n' +
        '1 error, 1 hint\n',
    );
  });

  test('json is the findings themselves', () => {
    expect(JSON.parse(printed('json'))[0]).toEqual(finding);
  });

  test('github escapes characters that its commands reserve, and those that a log would act on', () => {
    expect(printed('github').split('\n')[0]).toBe(
      '::error file=a b/ü.yaml,line=1,col=3,endLine=2,endColumn=1,title=schema/type::50%25 of it,%0Aor: \\u001b[31mred',
    );
    expect(printed('github').split('\n')[1]).toMatch(/^::notice /);
  });

  test('sarif positions start at one, file names are encoded, and rule indexes match', () => {
    const log = asSarif([finding, { ...finding, rule: 'info/crd-copies', severity: 'info' }]);
    const [run] = log.runs;
    const { rules } = run!.tool.driver;
    expect(log.version).toBe('2.1.0');
    expect(run!.results!.map(({ ruleIndex, ruleId }) => rules![ruleIndex!]!.id === ruleId)).toEqual([true, true]);
    expect(run!.results!.map(({ level }) => level)).toEqual(['error', 'note']);
    expect(run!.results![0]!.locations![0]!.physicalLocation).toEqual({
      artifactLocation: { uri: 'a%20b/%C3%BC.yaml' },
      region: { startLine: 1, startColumn: 3, endLine: 2, endColumn: 1 },
    });
  });

  test.skipIf(process.platform === 'win32').each([
    ['./a b.yaml', './a%20b.yaml'],
    ['a:b#c?d%.yaml', 'a%3Ab%23c%3Fd%25.yaml'],
    ['x/back\\slash.yaml', 'x/back%5Cslash.yaml'],
    ['/x/a#b.yaml', 'file:///x/a%23b.yaml'],
  ])('sarif encodes %s as a valid URI', (file, uri) => {
    const [result] = asSarif([{ ...finding, file }]).runs[0]!.results!;
    expect(result!.locations![0]!.physicalLocation!.artifactLocation).toEqual({ uri });
  });
});

describe('--against', () => {
  const git = (...args: readonly string[]) => {
    const author = ['-c', 'user.name=test', '-c', 'user.email=test@example.org', '-c', 'commit.gpgsign=false'];
    execFileSync('git', ['-C', folder, ...author, ...args], { stdio: 'ignore' });
  };
  beforeEach(() => {
    rmSync(join(folder, '.git'), { recursive: true });
    write('old.yaml', wrong);
    git('init');
    git('add', '--all');
    git('commit', '--message', 'state');
  });

  test('reports only what the change brings, wherever the lines of the rest are now', async () => {
    write('old.yaml', `# One more line.\n${wrong}  b: 2\n`);
    write('new.yaml', wrong);
    expect(await found('.', '--against', 'HEAD')).toEqual(['new.yaml:5 schema/type', 'old.yaml:7 schema/type']);
    expect((await lint('.', '--against', 'HEAD')).code).toBe(1);
  });

  test('nothing is new in a file that was only moved', async () => {
    rmSync(join(folder, 'old.yaml'));
    write('moved/new.yaml', wrong);
    expect(await lint('.', '--against', 'HEAD')).toEqual({ code: 0, stdout: 'no problems\n', stderr: '' });
  });

  test('a removed file brings findings where something names it', async () => {
    write('kustomization.yaml', 'resources: [old.yaml]\n');
    git('add', '--all');
    git('commit', '--message', 'state');
    rmSync(join(folder, 'old.yaml'));
    expect(await found('.', '--against', 'HEAD')).toEqual(['kustomization.yaml:0 kustomize/build']);
  });

  test('a revision that is none is refused', async () => {
    expect((await lint('.', '--against', 'none')).code).toBe(2);
  });
});
