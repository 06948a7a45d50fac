// The faults of a language server, L1 to L19, and those of its life: L1 to L9.
import { renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { CancellationTokenSource } from 'vscode-languageserver/node';
import { heartbeat } from '../../client/src/heartbeat.ts';
import { SetAside } from '../../client/src/setAside.ts';
import { buildLooping, type Session } from '../../server/src/language/fixture.ts';
import {
  type Bed,
  changed,
  configMap,
  elapsed,
  type Fault,
  holds,
  memoryOf,
  pulls,
  randomFrom,
  rulesOf,
  rulesOfText,
  same,
  unknownField,
  until,
  wrong,
} from './bed.ts';
import {
  changingSchemas,
  documents,
  halfTyped,
  hostileSchemas,
  neighbour,
  oddDocuments,
  oddFiles,
  soak,
  templates,
  values,
} from './texts.ts';

export const faults: readonly Fault[] = [
  { id: 'L1', what: 'the server is killed, and one hangs in an endless loop', run: killedAndLooping },
  { id: 'L2', what: 'edits that arrive while others are checked', run: manyEdits },
  { id: 'L3', what: '1,000 edits at once, 500 completions that are cancelled', run: cancelled },
  { id: 'L4', what: 'a file of 50 MB, a line of 5 MB, a list of 5 MB in one line', run: large },
  { id: 'L5', what: 'files that aren’t text in UTF-8', run: notText },
  { id: 'L6', what: 'a workspace of 5,000 files', run: manyFiles },
  { id: 'L7', what: 'a checkout of 5,000 files; folders deleted and renamed', run: checkout },
  { id: 'L8', what: 'events of files that never come', run: missedEvents },
  { id: 'L9', what: 'CRLF, BOM, tabs, emoji before the column', run: ranges },
  { id: 'L10', what: 'anchors, merge keys, cycles, numbers and booleans of YAML 1.1', run: values },
  { id: 'L11', what: 'empty documents, comments only, markers, no last line break', run: documents },
  { id: 'L12', what: 'completion at every offset of a text that ends there', run: halfTyped },
  { id: 'L13', what: 'templates, variables, SOPS; conflict markers', run: templates },
  { id: 'L14', what: 'FIFOs, devices, link loops, a folder nobody may read', run: oddFiles },
  { id: 'L15', what: 'CRDs with cycles, hostile patterns and rules', run: hostileSchemas },
  { id: 'L16', what: 'a CRD appears, changes and vanishes', run: changingSchemas },
  { id: 'L17', what: 'documents that are no files', run: oddDocuments },
  { id: 'L18', what: 'another extension for YAML', run: neighbour },
  { id: 'L19', what: 'a long time of edits', run: soak },
];

async function killedAndLooping(bed: Bed): Promise<string> {
  const first = await bed.started({ 'a.yaml': wrong });
  same('before', await rulesOfText(first, 'a.yaml', wrong), unknownField);
  first.child.kill('SIGKILL');
  const began = performance.now();
  const second = await bed.started({ 'a.yaml': wrong });
  same('after', await rulesOfText(second, 'a.yaml', wrong), unknownField);
  const recovered = elapsed(began);

  const looping = join(second.folder, 'looping.js');
  await buildLooping(looping);
  const aside = new SetAside();
  try {
    const hanging = bed.session(looping);
    const files = { 'fine.yaml': wrong, 'loops.yaml': configMap('loops') };
    await hanging.start(pulls, files, true, aside.options());
    for (const [name, text] of Object.entries(files)) await hanging.open(name, text);
    const hung = performance.now();
    void rulesOf(hanging, 'loops.yaml').catch(() => {});
    await new Promise<void>((resolve) => {
      heartbeat(
        () => hanging.connection.sendRequest('capstan/alive', null),
        () => {
          hanging.child.kill('SIGKILL');
          resolve();
        },
        500,
      );
    });
    const noticed = elapsed(hung);
    // The same folder, as a client that restarts the server opens it.
    const name = aside.add();
    same('the document', name, hanging.uri('loops.yaml'));
    const next = bed.session(looping);
    const { setAside, atWork } = aside.options();
    await next.start(pulls, files, true, { atWork, setAside: setAside.map(() => next.uri('loops.yaml')) });
    same('set aside', await rulesOfText(next, 'loops.yaml', files['loops.yaml']), ['info/internal']);
    same('others', await rulesOfText(next, 'fine.yaml', wrong), unknownField);
    return `recovered in ${recovered}; a loop ended after ${noticed} (heartbeats of 0.5 s), its document named and set aside`;
  } finally {
    aside.dispose();
  }
}

async function manyEdits(bed: Bed): Promise<string> {
  const session = await bed.started();
  const random = randomFrom(7);
  let text = `${wrong}---\n`.repeat(5);
  await session.open('a.yaml', text);
  for (let version = 2; version < 302; version += 1) {
    const inserted = random() < 0.5 ? 'x' : 'y';
    const lines = text.split('\n');
    // The names of the objects, one after the other.
    const line = 3 + 6 * (version % 5);
    const position = { line, character: lines[line]!.length };
    text = lines.with(line, `${lines[line]}${inserted}`).join('\n');
    await session.change('a.yaml', version, position, position, inserted);
    if (version % 10 === 0) void rulesOf(session, 'a.yaml');
  }
  const fresh = await bed.started();
  const wanted = await rulesOfText(fresh, 'a.yaml', text);
  await until('the same findings', async () => {
    const found = await rulesOf(session, 'a.yaml');
    return JSON.stringify(found) === JSON.stringify(wanted);
  });
  return `after 300 edits, ${wanted.length} findings as those of a new server`;
}

async function cancelled(bed: Bed): Promise<string> {
  const session = await bed.started();
  await session.open('a.yaml', configMap('a', 'data:\n  k: v\n'));
  const position = { line: 4, character: 0 };
  const began = performance.now();
  for (let version = 2; version < 1002; version += 1) await session.change('a.yaml', version, position, position, '#');
  const source = new CancellationTokenSource();
  const asked = Array.from({ length: 500 }, () =>
    session.connection
      .sendRequest('textDocument/completion', { textDocument: { uri: session.uri('a.yaml') }, position }, source.token)
      .then(
        () => 'answered',
        () => 'cancelled',
      ),
  );
  source.cancel();
  const outcomes = await Promise.all(asked);
  const last = await session.ask('textDocument/completion', 'a.yaml', { position });
  holds(last !== undefined, 'the last completion isn’t answered');
  const count = outcomes.filter((outcome) => outcome === 'cancelled').length;
  holds(count > 450, `only ${count} of 500 were cancelled`);
  return `${count} of 500 cancelled, all over after ${elapsed(began)}`;
}

async function large(bed: Bed): Promise<string> {
  const session = await bed.started();
  const before = memoryOf(session);
  const fifty = `a: |\n${`  ${'x'.repeat(98)}\n`.repeat(500_000)}`;
  same('50 MB', await rulesOfText(session, 'large.yaml', fifty), ['info/too-large']);
  const figures: string[] = [];
  for (const [name, text] of [
    ['a line of 5 MB', configMap('a', `data:\n  a: "${'x'.repeat(5_000_000)}"\n`)],
    ['a list of 5 MB', `a: [${'a,'.repeat(2_500_000)}a]\n`],
    ['braces of 1 MB', '{{'.repeat(500_000)],
  ] as const) {
    const began = performance.now();
    await rulesOfText(session, `${name.replaceAll(' ', '-')}.yaml`, text);
    figures.push(`${name} ${elapsed(began)}`);
  }
  const memory = memoryOf(session);
  holds(memory < 1000, `${memory} MB`);
  return `${figures.join(', ')}; ${before} to ${memory} MB`;
}

async function notText(bed: Bed): Promise<string> {
  const session = await bed.started();
  const texts = ['a: \0b\n', '\uFEFFa: b\n', 'a: \uD800\n', 'a: \uDC00b\n', '\uFFFDa\uFFFD: b\n', '\x1b[31m: a\n'];
  const counts: number[] = [];
  for (const [index, text] of texts.entries()) counts.push((await rulesOfText(session, `${index}.yaml`, text)).length);
  session.write('utf16.yaml', Buffer.from('kind: A\n', 'utf16le').toString('latin1'));
  holds(Math.max(...counts) <= 1, `findings: ${counts.join(' ')}`);
  return `at most ${Math.max(...counts)} finding for each of ${texts.length} texts`;
}

const many = (count: number, text: (index: number) => string): Readonly<Record<string, string>> =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`d${index % 50}/f${index}.yaml`, text(index)]));

async function symbolsOf(session: Session, query: string): Promise<number> {
  return (await session.connection.sendRequest<readonly unknown[]>('workspace/symbol', { query })).length;
}

async function manyFiles(bed: Bed): Promise<string> {
  const began = performance.now();
  const session = bed.session();
  const files = many(5000, (index) => configMap(`name-${index}`));
  for (const [name, text] of Object.entries(files)) session.write(name, text);
  const written = performance.now();
  await session.start(pulls, {});
  same('first findings', await rulesOfText(session, 'd0/new.yaml', wrong), [...unknownField]);
  const first = elapsed(written);
  const known = await until('all files known', async () => (await symbolsOf(session, 'name-4999')) === 1, 60);
  return `first findings after ${first}, all known ${known} ms later, ${memoryOf(session)} MB (${elapsed(began)} with writing)`;
}

async function checkout(bed: Bed): Promise<string> {
  const files = many(5000, (index) => configMap(`old-${index}`));
  const session = bed.session(undefined, join(import.meta.dirname, '../bench/pause-monitor.ts'));
  await session.start(pulls, files);
  await until('all files known', async () => (await symbolsOf(session, 'old-4999')) === 1, 60);
  await longestPause(session);
  for (const [index, name] of Object.keys(files).entries()) session.write(name, configMap(`new-${index}`));
  const began = performance.now();
  await changed(session, Object.keys(files), 2);
  let longest = 0;
  const known = await until(
    'the new files known',
    async () => {
      const asked = performance.now();
      const count = await symbolsOf(session, 'new-4999');
      longest = Math.max(longest, performance.now() - asked);
      return count === 1;
    },
    60,
  );
  const pause = await longestPause(session);
  holds(pause < 100, `the event loop was busy for ${pause} ms at once`);
  same('old symbols', await symbolsOf(session, 'old-1'), 0);
  renameSync(join(session.folder, 'd1'), join(session.folder, 'moved'));
  rmSync(join(session.folder, 'd2'), { recursive: true });
  await changed(session, ['d1', 'd2'], 3);
  await changed(session, ['moved'], 1);
  const settled = await until(
    'renamed and deleted',
    async () => (await symbolsOf(session, 'new-51')) > 0 && (await symbolsOf(session, 'new-4952')) === 0,
  );
  return `5,000 changes in ${known} ms (busy for ${pause} ms of CPU at once; request by request, at most ${Math.round(longest)} ms), folders in ${settled} ms; ${elapsed(began)}`;
}

/** Milliseconds of CPU time of one piece of work, since it was asked for last. */
function longestPause({ child }: Session): Promise<number> {
  const answer = new Promise<number>((resolve) =>
    child.once('message', (longest) => resolve(Math.round(Number(longest)))),
  );
  child.send('');
  return answer;
}

async function missedEvents(bed: Bed): Promise<string> {
  const session = await bed.started({ 'a.yaml': configMap('here'), 'b.yaml': configMap('zzgone') });
  await until('files known', async () => (await symbolsOf(session, 'zzgone')) === 1);
  rmSync(join(session.folder, 'b.yaml'));
  session.write('c.yaml', configMap('zzcome'));
  same('without an event', await symbolsOf(session, 'zzgone'), 1);
  // What the client sends when its window gets the focus.
  await changed(session, [''], 2);
  const took = await until('compared', async () => {
    return (await symbolsOf(session, 'zzgone')) === 0 && (await symbolsOf(session, 'zzcome')) === 1;
  });
  return `compared with the disk ${took} ms after the focus`;
}

async function ranges(bed: Bed): Promise<string> {
  const session = await bed.started();
  let checked = 0;
  for (const before of ['', '"😀": b\r\n  ', '日本: ä\r\n  ', '"e\u0301": "👩‍👩‍👧"\r\n  '])
    for (const bom of ['', '\uFEFF']) {
      const text = `${bom}apiVersion: v1\r\nkind: ConfigMap\r\nmetadata:\r\n  name: a\r\ndata:\r\n  ${before}x: y\r\nwrong😀: 1\r\n`;
      const name = `${checked}.yaml`;
      await session.open(name, text);
      const report = await session.ask<{ items: { range: Parameters<typeof slice>[1]; code: string }[] }>(
        'textDocument/diagnostic',
        name,
      );
      const field = report.items.find(({ code }) => code === 'schema/unknown-field');
      holds(field !== undefined, `no finding in ${JSON.stringify(text)}`);
      same('the text of the range', slice(text, field!.range), 'wrong😀');
      checked += 1;
    }
  return `${checked} ranges are exact in UTF-16`;
}

function slice(
  text: string,
  { start, end }: { start: { line: number; character: number }; end: { line: number; character: number } },
): string {
  holds(start.line === end.line, 'a range of several lines');
  return text.split('\n')[start.line]!.slice(start.character, end.character);
}
