// The faults L10 to L19: texts, schemas and documents that are odd, and time.
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isManifestText } from '../../client/src/silentSchema.ts';
import {
  type Bed,
  changed,
  configMap,
  elapsed,
  holds,
  memoryOf,
  pulls,
  rulesOf,
  rulesOfText,
  same,
  unknownField,
  until,
  wrong,
} from './bed.ts';

export async function values(bed: Bed): Promise<string> {
  const session = await bed.started();
  const valid = [
    'x: &a { k: v }\ny: *a\n',
    'x: &a { k: v }\ny: { <<: *a, z: 1 }\n',
    'a: on\nb: 0o17\nc: 0x1F\nd: 1_000\ne: 2001-12-14\nf: "1"\n',
  ];
  for (const [index, text] of valid.entries()) same(text, await rulesOfText(session, `v${index}.yaml`, text), []);
  const began = performance.now();
  const bomb = Array.from({ length: 12 }, (_, at) => `a${at}: &a${at} [${`*a${at - 1},`.repeat(at === 0 ? 0 : 9)}b]\n`);
  const bombs = await rulesOfText(session, 'bomb.yaml', configMap('a', bomb.join('')));
  const cycles = await rulesOfText(session, 'cycle.yaml', configMap('a', 'data: &a { a: *a }\n'));
  holds(bombs.length > 0 && cycles.length > 0, 'a bomb or a cycle has no finding');
  return `${valid.length} texts without a finding; bomb: ${bombs[0]}, cycle: ${cycles[0]}, ${elapsed(began)}`;
}

export async function documents(bed: Bed): Promise<string> {
  const session = await bed.started();
  const texts = [
    '',
    '---',
    '---\n---\n',
    '# a\n',
    '...\n',
    '%YAML 1.1\n---\na: b\n',
    '---\n# a\n---\na: b',
    '\n\n',
    'a: b\n...\n',
  ];
  for (const [index, text] of texts.entries())
    same(JSON.stringify(text), await rulesOfText(session, `${index}.yaml`, text), []);
  return `${texts.length} texts without a finding`;
}

const deployment = `apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      containers:
        - { name: web, image: "web:1" }
`;

export async function halfTyped(bed: Bed): Promise<string> {
  const session = await bed.started();
  await session.open('a.yaml', '');
  let slowest = 0;
  for (let end = 1; end <= deployment.length; end += 1) {
    const lines = deployment.slice(0, end).split('\n');
    const contentChanges = [{ text: lines.join('\n') }];
    await session.connection.sendNotification('textDocument/didChange', {
      textDocument: { uri: session.uri('a.yaml'), version: end + 1 },
      contentChanges,
    });
    const began = performance.now();
    const position = { line: lines.length - 1, character: lines.at(-1)!.length };
    await session.ask('textDocument/completion', 'a.yaml', { position });
    slowest = Math.max(slowest, performance.now() - began);
  }
  same('log', session.logged, []);
  return `${deployment.length} offsets, no error, slowest ${Math.round(slowest)} ms`;
}

export async function templates(bed: Bed): Promise<string> {
  const session = await bed.started();
  const quiet = {
    'chart/templates/a.yaml': '{{- if .Values.a }}\napiVersion: v1\nkind: {{ .Kind }}\n{{- end }}\n',
    'jinja.yaml': '{% for a in b %}\na: {{ a }}\n{% endfor %}\n',
    'flux.yaml': configMap('${NAME}', 'data:\n  a: ${A:=b}\n'),
    'sops.yaml': `apiVersion: v1\nkind: Secret\nmetadata:\n  name: a\ndata:\n  a: ENC[AES256_GCM,data:aaaa,iv:aaaa,tag:aaaa,type:str]\nsops:\n  mac: ENC[a]\n  version: 3.9.0\n`,
  };
  for (const [name, text] of Object.entries(quiet)) same(name, await rulesOfText(session, name, text), []);
  const conflict = `apiVersion: v1\nkind: ConfigMap\nmetadata:\n<<<<<<< ours\n  name: a\n=======\n  name: b\n>>>>>>> theirs\n`;
  same('conflict', await rulesOfText(session, 'conflict.yaml', conflict), ['syntax/conflict']);
  return `${Object.keys(quiet).length} texts without a finding, a conflict is one`;
}

export async function oddFiles(bed: Bed): Promise<string> {
  const session = bed.session();
  const { folder } = session;
  for (const name of ['fifo.yaml', '.capstan.yaml', '.gitignore']) execFileSync('mkfifo', [join(folder, name)]);
  symlinkSync('/dev/zero', join(folder, 'zero.yaml'));
  symlinkSync('.', join(folder, 'loop'));
  mkdirSync(join(folder, 'closed'), { mode: 0 });
  writeFileSync(Buffer.concat([Buffer.from(join(folder, 'x')), Buffer.from([0xff]), Buffer.from('.yaml')]), 'a: b\n');
  const deep = join(folder, ...Array.from({ length: 100 }, () => 'deep'));
  mkdirSync(deep, { recursive: true });
  writeFileSync(join(deep, 'a.yaml'), configMap('deep'));
  const began = performance.now();
  await session.start(pulls, { 'a.yaml': wrong });
  same('findings', await rulesOfText(session, 'a.yaml', wrong), unknownField);
  await changed(session, ['fifo.yaml', 'zero.yaml'], 1);
  same('after events', await rulesOf(session, 'a.yaml').then((rules) => rules.length), 1);
  const took = elapsed(began);
  const memory = memoryOf(session);
  holds(memory < 400, `${memory} MB`);
  return `findings of the others after ${took}, ${memory} MB`;
}

const crd = (schema: string) => `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: things.example.com }
spec:
  group: example.com
  scope: Namespaced
  names: { plural: things, kind: Thing }
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          type: object
          properties:
            spec: ${schema}
`;
const thing = (spec: string) => `apiVersion: example.com/v1\nkind: Thing\nmetadata: { name: a }\nspec: ${spec}\n`;

export async function hostileSchemas(bed: Bed): Promise<string> {
  const slow: string[] = [];
  let slowest = 0;
  for (const [name, schema, spec] of [
    ['a cycle', '{ $ref: "#/definitions/a" }', '{ a: 1 }'],
    ['a pattern', '{ type: string, pattern: "^(a+)+$" }', `${'a'.repeat(30_000)}b`],
    [
      'a rule',
      `{ type: string, x-kubernetes-validations: [{ rule: "self.replace('', self).replace('', self) == ''" }] }`,
      'y'.repeat(20_000),
    ],
    ['an enum', `{ type: string, enum: [${Array.from({ length: 50_000 }, (_, at) => `v${at}`).join(', ')}] }`, 'x'],
    [
      'depth',
      `${'{ type: object, properties: { a: '.repeat(500)}{ type: string }${' } }'.repeat(500)}`,
      `${'{ a: '.repeat(500)}1${' }'.repeat(500)}`,
    ],
  ] as const) {
    const session = await bed.started({ 'crd.yaml': crd(schema) });
    await session.open('a.yaml', thing('{}'));
    await rulesOf(session, 'a.yaml');
    await session.connection.sendNotification('textDocument/didChange', {
      textDocument: { uri: session.uri('a.yaml'), version: 2 },
      contentChanges: [{ text: thing(spec) }],
    });
    const began = performance.now();
    await rulesOf(session, 'a.yaml');
    await session.ask('textDocument/completion', 'a.yaml', { position: { line: 3, character: 6 } });
    const took = performance.now() - began;
    slowest = Math.max(slowest, took);
    if (took > 3000) slow.push(`${name}: ${Math.round(took)} ms`);
  }
  holds(slow.length === 0, slow.join(', '));
  return `verdict and completion in at most ${Math.round(slowest)} ms each`;
}

export async function changingSchemas(bed: Bed): Promise<string> {
  const session = await bed.started({ 'crd.yaml': crd('{ type: object, properties: { a: { type: string } } }') });
  await until(
    'the first CRD',
    async () => (await rulesOfText(session, 'a.yaml', thing('{ a: 1 }')))[0] === 'schema/type',
  );
  session.write('crd.yaml', crd('{ type: object, properties: { a: { type: integer } } }'));
  await changed(session, ['crd.yaml'], 2);
  const other = await until('another CRD', async () => (await rulesOf(session, 'a.yaml')).length === 0);
  rmSync(join(session.folder, 'crd.yaml'));
  await changed(session, ['crd.yaml'], 3);
  await until('no CRD', async () => (await rulesOf(session, 'a.yaml')).every((rule) => rule !== 'schema/type'));
  return `the verdict followed after ${other} ms; clusters never change it`;
}

export async function oddDocuments(bed: Bed): Promise<string> {
  const session = await bed.started({ 'a.yaml': wrong });
  const uris = [
    'untitled:Untitled-1',
    'git:/a.yaml?%7B%7D',
    'vscode-notebook-cell:/a#1',
    'file:///%ZZ',
    'file://host/a.yaml',
    'a b',
    '',
  ];
  const methods = ['hover', 'completion', 'definition', 'documentSymbol', 'foldingRange', 'diagnostic'];
  let answered = 0;
  for (const uri of uris) {
    const textDocument = { uri, languageId: 'yaml', version: 1, text: wrong };
    await session.connection.sendNotification('textDocument/didOpen', { textDocument });
    for (const method of methods) {
      const params = { textDocument: { uri }, position: { line: 4, character: 2 } };
      await session.connection.sendRequest(`textDocument/${method}`, params);
      answered += 1;
    }
  }
  same('log', session.logged, []);
  return `${answered} requests about ${uris.length} URIs answered without an error`;
}

export async function neighbour(): Promise<string> {
  const texts: readonly (readonly [string, string, boolean])[] = [
    [configMap('a'), 'a.yaml', true],
    ['a: b\n', 'docker-compose.yaml', false],
    ['a: b\n', 'kustomization.yaml', true],
    [`# yaml-language-server: $schema=a\n${configMap('a')}`, 'a.yaml', false],
  ];
  for (const [text, path, isOurs] of texts) same(path, isManifestText(text, path), isOurs);
  return `${texts.length} texts are given to the right extension (the rest: silentSchema.test.ts, the host tier)`;
}

export async function soak(bed: Bed): Promise<string> {
  const session = await bed.started();
  await session.open('a.yaml', deployment);
  const at = { line: 2, character: 17 };
  const figures: number[] = [];
  let version = 2;
  for (let round = 0; round < 6; round += 1) {
    for (let edit = 0; edit < 1000; edit += 1) {
      const end = { line: 2, character: at.character + (edit % 2) };
      await session.change('a.yaml', version, at, end, edit % 2 === 0 ? 'x' : '');
      version += 1;
      if (edit % 5 === 0) await rulesOf(session, 'a.yaml');
    }
    figures.push(memoryOf(session));
  }
  const [before, after] = [Math.max(...figures.slice(1, 3)), Math.min(...figures.slice(4))];
  holds(after - before < 30, `${figures.join(', ')} MB`);
  return `6,000 edits: ${figures.join(', ')} MB`;
}
