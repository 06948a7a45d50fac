// Every action in every situation reports what another client sees (actions/table.ts), and no action is missing.
import { describe, expect, test } from 'vitest';
import { commandName } from '../../server/src/live/actions/action.ts';
import { edit } from '../../server/src/live/actions/edit.ts';
import { changes } from '../../server/src/live/actions/list.ts';
import { missingPrograms, provide } from '../testbed/cache.ts';
import { subjects } from './actions/subjects.ts';
import { actionTable, leftOut, situations, tableText } from './actions/table.ts';

const missing = missingPrograms('kubernetes');
if (missing.length > 0) console.log(`skipped, not built: ${missing.join(', ')} (\`${provide('kubernetes')}\`)`);

test('the table has every action that changes a cluster', () => {
  const verbs = [...changes, edit].map(({ verb }) => commandName(verb));
  expect([...Object.keys(subjects), ...Object.keys(leftOut)].sort()).toEqual(verbs.sort());
});

describe.skipIf(missing.length > 0)('actions', () => {
  test('report what another client sees, in every situation', async () => {
    const cells = await actionTable();
    console.log(tableText(cells));
    expect(cells.length).toBe(Object.keys(subjects).length * situations.length);
    expect(cells.filter(({ lie }) => lie !== undefined)).toEqual([]);
    // Without a fault, each is done: what is refused for another reason shows nothing.
    const usual = cells.filter(({ situation }) => situation === 'no controller');
    expect(usual.filter(({ isDone }) => !isDone)).toEqual([]);
  }, 600_000);
});
