// Findings while someone types, key by key as an editor sends it. `Typist` is an editor with one file.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { testCatalog, yaml } from '../fixture.ts';
import { LineIndex } from '../syntax/lines.ts';
import { Workspace } from '../workspace/workspace.ts';
import { diagnose, type FileFinding } from './diagnostics.ts';
import { release } from './fixture.ts';
import { WaitingFindings } from './typing.ts';

class Typist {
  readonly workspace = new Workspace(testCatalog);
  readonly #waiting = new WaitingFindings();
  text = '';
  cursor = 0;
  shown: readonly FileFinding[] = [];
  /** Errors that were shown at any time, with the text up to the cursor. */
  readonly flashed: string[] = [];

  open(marked: string): this {
    this.cursor = Math.max(0, marked.indexOf('$0'));
    this.text = marked.replace('$0', '');
    return this.#look();
  }

  /** Replaces `length` characters before the cursor in one change. */
  put(text: string, length = 0): this {
    const [start, end] = [this.cursor - length, this.cursor];
    const removed = this.text.slice(start, end);
    this.text = this.text.slice(0, start) + text + this.text.slice(end);
    this.cursor = start + text.length;
    this.#waiting.edited('a.yaml', [{ start, end, text, removed }], new LineIndex(this.text));
    return this.#look();
  }

  /** Enter repeats the indentation, and adds one step after a colon, as VS Code does. */
  enter(): this {
    const line = this.text.slice(this.text.lastIndexOf('\n', this.cursor - 1) + 1, this.cursor);
    return this.put(`\n${/^ */.exec(line)![0]}${line.trimEnd().endsWith(':') ? '  ' : ''}`);
  }

  type(keys: string): this {
    for (const [index, line] of keys.split('\n').entries()) {
      if (index > 0) this.enter();
      const indent = this.cursor - this.text.lastIndexOf('\n', this.cursor - 1) - 1;
      const wanted = /^ */.exec(line)![0].length;
      if (index > 0 && wanted < indent) this.put('', indent - wanted);
      for (const key of index === 0 ? line : line.slice(Math.min(indent, wanted))) this.put(key);
    }
    return this;
  }

  backspace(times: number): this {
    for (let time = 0; time < times; time += 1) this.put('', 1);
    return this;
  }

  to(marked: string): this {
    this.cursor = this.text.indexOf(marked) + marked.length;
    return this;
  }

  pause(): this {
    this.#waiting.paused();
    return this.#look();
  }

  get rules(): readonly string[] {
    return this.shown.map(({ start, rule }) => `${this.text.slice(0, start).split('\n').length} ${rule}`);
  }

  #look(): this {
    this.workspace.put('a.yaml', this.text);
    this.shown = this.#waiting.shown('a.yaml', new LineIndex(this.text), diagnose(this.workspace, 'a.yaml'));
    const wrong = this.shown.filter(({ severity }) => severity === 'error' || severity === 'warning');
    for (const { rule, message } of wrong)
      this.flashed.push(`${JSON.stringify(this.text.slice(0, this.cursor).slice(-30))} ${rule}: ${message}`);
    return this;
  }
}

const typist = () => new Typist();

const whole = yaml`
  ${release}spec:
    interval: 10m
    chartRef: { kind: OCIRepository, name: web }
`;

describe('nothing that is half-typed is reported', () => {
  const example = (path: string) => readFileSync(join(import.meta.dirname, '../../../examples/fleet', path), 'utf8');
  const examples = {
    HelmRelease: whole,
    'Flux objects': example('aws/entry/sync.yaml').split('---\n').slice(0, 3).join('---\n'),
    'a Cluster': example('aws/tenants/shop/base/cluster.yaml'),
  };
  test.each(Object.entries(examples))('while %s is typed from an empty file', (_, text) => {
    const { flashed, text: typed } = typist().open('').type(text);
    expect(typed).toBe(text);
    expect(flashed).toEqual([]);
  });

  test('on a new line of a valid manifest, until a pause', () => {
    const hand = typist().open(`${whole}  $0`).type('time');
    expect(hand.flashed).toEqual([]);
    expect(hand.pause().rules).toEqual(['8 syntax/missing-colon']);
  });
});

describe('what is certain is reported at once', () => {
  test('when the file is opened', () => {
    expect(typist().open(whole.replace('interval', 'intervall')).rules).toEqual(['6 schema/unknown-field']);
  });

  test('when a whole document is pasted', () => {
    const hand = typist().open('$0').put(whole.replace('  interval: 10m\n', '').replace('kind: OCI', 'kin: OCI'));
    expect(hand.rules).toEqual(['5 schema/required', '6 schema/unknown-field']);
  });

  test('when the hand moves on to the next line', () => {
    const hand = typist().open(`${whole}$0`).type('  timeout: ten');
    expect(hand.rules).toEqual([]);
    expect(hand.enter().rules).toEqual(['8 schema/pattern']);
  });

  test('when the next edit is on another line', () => {
    const hand = typist().open(whole).to('interval: 10m').put('x');
    expect(hand.rules).toEqual([]);
    expect(hand.to('name: web').put('s').rules).toEqual(['6 schema/pattern']);
  });

  test('when a value is replaced by another in one edit, as undo and fixes do', () => {
    expect(typist().open(whole).to('interval: 10m').put('ten', 3).rules).toEqual(['6 schema/pattern']);
  });

  test('while another line is half-typed', () => {
    const hand = typist().open(`${whole}  timeout: ten$0`).enter().type('inst');
    expect(hand.rules).toEqual(['8 schema/pattern']);
  });
});

describe('what is shown', () => {
  test('stays while its line is edited and it is still wrong', () => {
    const hand = typist().open(whole.replace('10m', 'ten$0'));
    for (const keys of ['t', 'o', 'n']) expect(hand.put(keys).rules).toEqual(['6 schema/pattern']);
    expect(hand.backspace(2).rules).toEqual(['6 schema/pattern']);
  });

  test('stays while lines above it are inserted', () => {
    const hand = typist().open(whole.replace('10m', 'ten')).to('name: a').enter().type('namesp');
    expect(hand.rules).toEqual(['7 schema/pattern']);
  });

  test('goes with the edit that fixes it', () => {
    const hand = typist().open(whole.replace('10m', 'ten$0')).backspace(3).type('1');
    expect(hand.type('0m').rules).toEqual([]);
  });
});

describe('what is missing', () => {
  test('is not reported of the map that is typed in, nor of those around it', () => {
    const hand = typist().open(`${release}$0`).type('spec:\n  chartRef:\n    kind: OCIRepository\n');
    expect(hand.flashed).toEqual([]);
    expect(hand.pause().rules).toEqual(['5 schema/required', '6 schema/required']);
  });

  test('is reported of a map once the hand left it', () => {
    const hand = typist().open(`${release}$0`).type('spec:\n  chartRef:\n    kind: OCIRepository\n  interval: 5m');
    expect(hand.rules).toEqual(['6 schema/required']);
  });

  test('is not reported where completion inserted an object whose values are empty', () => {
    const put = 'spec:\n  interval: \n  chartRef:\n    kind: OCIRepository\n    name: \n';
    const hand = typist().open(`${release}sp$0`).put(put, 2);
    expect(hand.rules).toEqual([]);
    // The first placeholder is filled in, and the second is still empty.
    expect(hand.to('interval: ').type('5m').rules).toEqual([]);
    expect(hand.to('name: a').type('b').rules).toEqual(['9 schema/required']);
  });
});

test('what another part of the object may still bring isn’t reported as missing', () => {
  const pod = 'apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\nspec:\n  containers:\n    - name: a\n      image: a';
  const mount = '\n      volumeMounts:\n        - name: data\n          mountPath: /data';
  const hand = typist().open('').type(`${pod}${mount}\n  volumes:`);
  expect(hand.flashed).toEqual([]);
  expect(hand.pause().rules).toEqual(['10 schema/not-found']);
});

describe('what follows from a half-typed line waits, wherever it is', () => {
  test('an opened quote that changes how the lines below are read', () => {
    const hand = typist().open(whole).to('interval: ').put('"');
    expect(hand.rules).toEqual([]);
    expect(hand.pause().rules.length).toBeGreaterThan(0);
  });

  test('a kind on the way to a longer one', () => {
    const budget = yaml`
      apiVersion: policy/v1
      kind: $0
      metadata:
        name: a
      spec:
        minAvailable: 1
    `;
    expect(typist().open(budget).pause().type('PodDisruptionBudget').rules).toEqual([]);
  });
});
