// What is typed while a list is open: the editor keeps filtering the list it has, and Enter accepts the first item.

import { describe, expect, test } from 'vitest';
import { workOf } from '../../../../test/work.ts';
import { yaml } from '../../fixture.ts';
import { configMap, cursorOf, fixture, podUsing } from '../fixture.ts';
import { complete } from './completion.ts';
import type { Completion } from './item.ts';
import { type Offered, offered } from './offered.ts';

describe('a word that is complete as typed', () => {
  test.each(['apiVersion: $0', 'kind: $0', 'apiVersion: v1\nkind: $0', 'kind: "$0'])(
    'leaves the list before it is complete, at %s',
    (source) => {
      const wrong: string[] = [];
      const lists = new Map<string, Offered>();
      const listAfter = (word: string) => {
        if (!lists.has(word)) lists.set(word, at(source.replace('$0', `${word}$0`)));
        return lists.get(word)!;
      };
      for (const { filter, label } of complete(cursorOf(fixture(source)))) {
        const word = filter ?? label;
        // The list may have been opened after any of the word's first characters.
        for (const asked of [0, 1, 3].filter((length) => length < word.length)) {
          const left = matching(listAfter(word.slice(0, asked)), word);
          if (left.length > 0) wrong.push(`${word} after ${asked}: ${left.join(' ')}`);
        }
      }
      expect(wrong).toEqual([]);
    },
  );

  test('is in the list until then', () => {
    const source = 'apiVersion: apps/v1\nkind: $0';
    expect(matching(at(source), 'Deploymen')).toContain('Deployment');
    expect(matching(at(source), 'Deployment')).toEqual([]);
  });

  // VS Code also reads it with two letters in the wrong order.
  test('leaves the list as another word that it is with two letters swapped', () => {
    const list = at('kind: $0');
    expect(matching(list, 'Rel')).toContain('Reloader');
    expect(matching(list, 'Rloe')).toEqual([]);
  });

  test('ends the list although longer ones begin with it', () => {
    expect(at('kind: Cluste$0').items.map(({ label }) => label)).toContain('ClusterClass');
    expect(at('kind: Cluster$0').items).toEqual([]);
    expect(at('kind: ClusterC$0').items.map(({ label }) => label)).toContain('ClusterClass');
  });

  test('may be any word in a field of open values: the first letter closes the list', () => {
    const source = (word: string) => yaml`
      # file: a.yaml
      ${configMap('settings-common')}
      # file: b.yaml
      ${podUsing('', undefined, `${word}$0`)}
    `;
    const list = at(source(''));
    expect(list.items.map(({ label }) => label)).toEqual(['settings-common']);
    expect(matching(list, 's')).toEqual([]);
    expect(at(source('set')).items).toEqual([]);
    expect(matching(at(source('set'), { asked: true }), 'settings')).toEqual(['settings-common']);
  });

  test('in editors that select nothing by themselves, open values stay', () => {
    expect(at('apiVersion: v1\nkind: Pod\nmetadata:\n  namespace: d$0', { selectsFirst: false }).items).toEqual([]);
    const source = `# file: a.yaml\n${configMap('x', 'default')}# file: b.yaml\n${configMap('y', 'd$0')}`;
    expect(at(source, { selectsFirst: false }).items.map(({ label }) => label)).toEqual(['default']);
    expect(at(source).items).toEqual([]);
  });
});

test('the keys of a map are offered on the line below the key, not after its colon', () => {
  const source = 'apiVersion: v1\nkind: Pod\nspec: $0';
  expect(at(source).items).toEqual([]);
  expect(at(source, { asked: true }).items.map(({ label }) => label)).toContain('containers');
});

describe('a list that isn’t whole', () => {
  const labels = ({ items }: Offered) => items.map(({ label }) => label);
  const fitting = (word: string, how = {}) =>
    at(`apiVersion: v1\nkind: ${word}$0\nmetadata:\n  name: a\nspec:\n  suspend: true\n`, how);

  test('has the best items first, and the others as the word gets longer', () => {
    const start = at('$0');
    expect(start.items.length).toBeGreaterThan(30);
    expect(start.items.length).toBeLessThanOrEqual(200);
    expect(labels(start)).not.toContain('PodDisruptionBudget');
    expect(labels(at('PodD$0'))).toContain('PodDisruptionBudget');
  });

  test('of the kinds that fit what is written below, has the likeliest', () => {
    expect(labels(fitting(''))).toContain('HelmRelease');
    expect(labels(fitting(''))).not.toContain('Job');
    expect(labels(fitting('Jo'))).toContain('Job');
  });

  test('has the kinds of the apiVersion that is written, and others once more is typed', () => {
    const kinds = (word: string) =>
      at(`apiVersion: apps/v1\nkind: ${word}$0\nmetadata:\n  name: a\nspec:\n  replicas: 1\n`);
    expect(labels(kinds(''))).toEqual(expect.arrayContaining(['Deployment', 'StatefulSet']));
    expect(labels(kinds(''))).not.toContain('MachineDeployment');
    expect(labels(kinds('Machine'))).toContain('MachineDeployment');
  });

  // VS Code shows a list that says so as it is until the next answer, and Enter accepts its first item: an apiVersion that
  // was complete once more, and a `kind` below it.
  test('never says so to an editor that selects its first item, and closes after a letter', () => {
    for (const list of [at('$0'), fitting(''), at('kind: $0')]) expect(list.isIncomplete).toBe(false);
    expect(matching(at('$0'), 'G')).toContain('GitRepository');
    expect(matching(at('$0'), 'Gi')).toEqual([]);
    expect(matching(fitting(''), 'He')).toEqual([]);
    expect(matching(fitting('H'), 'HelmR')).toEqual([]);
  });

  test('says so where nothing is accepted by Enter alone, or where it was asked for', () => {
    expect([at('$0', { selectsFirst: false }).isIncomplete, fitting('', { asked: true }).isIncomplete]).toEqual([
      true,
      true,
    ]);
    expect(matching(at('$0', { selectsFirst: false }), 'Gi')).toContain('GitRepository');
  });
});

// A busy editor asks by itself so late that it seems to be a person.
test('a list that was asked for has no word that is complete, and its words leave it before they are', () => {
  const asked = (word: string) => at(`apiVersion: ${word}$0\n`, { asked: true });
  const version = 'notification.toolkit.fluxcd.io/v1beta3';
  expect(matching(asked(version), version)).toEqual([]);
  expect(matching(asked('notification'), 'notification.toolkit')).toContain(version);
  expect(matching(asked('notification'), version)).toEqual([]);
  expect(matching(at('kind: Cluster$0\n', { asked: true }), 'Cluster')).not.toContain('Cluster');
  expect(matching(at('kind: Cluster$0\n', { asked: true }), 'Cluster')).toContain('ClusterClass');
});

describe('a list of very many values', () => {
  const item = (text: string): Completion => ({
    label: text,
    kind: 'enum',
    sort: text,
    insert: text,
    start: 0,
    end: 0,
  });
  const items = Array.from({ length: 20_000 }, (_, at) => item(`v${at}`));
  const typing = (before: string, asked = false) => offered(items, { before, asked, selectsFirst: true });

  test('is cut, whether somebody types or asks', () => {
    for (const list of [typing(''), typing('v'), typing('', true)]) expect(list.items).toHaveLength(1000);
    expect(typing('', true).isIncomplete).toBe(true);
    expect(typing('v1999', true).items.map(({ label }) => label)).toContain('v19990');
  });

  test('ends at a value that is complete, and each item leaves it before one could be', () => {
    expect(typing('v17').items).toEqual([]);
    for (const { label, filter = label } of typing('v').items) expect(filter.length, label).toBeLessThanOrEqual(2);
  });

  test('takes work in proportion to its length', () => {
    const work = (count: number) =>
      workOf(() => offered(items.slice(0, count), { before: 'v', asked: false, selectsFirst: true }));
    work(100);
    expect(work(8000)).toBeLessThan(6 * work(2000));
  });
});

function at(source: string, how: { readonly asked?: boolean; readonly selectsFirst?: boolean } = {}): Offered {
  const cursor = cursorOf(fixture(source));
  const before = cursor.document.text.slice(0, cursor.offset);
  return offered(complete(cursor), { before, asked: false, selectsFirst: true, ...how });
}

/** Labels of the items that an editor keeps when the word is typed while the list is open. */
function matching({ items }: Offered, word: string): readonly string[] {
  const keeps = ({ filter, label }: Completion) => {
    let from = 0;
    for (const char of word.toLowerCase()) {
      const found = (filter ?? label).toLowerCase().indexOf(char, from);
      if (found === -1) return false;
      from = found + 1;
    }
    return true;
  };
  return items.filter(keeps).map(({ label }) => label);
}
