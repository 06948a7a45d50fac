import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Row, RowId } from '../../../server/src/protocol.ts';
import { type Node, RowTree, topmost } from './rowTree.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A server with the rows of `children` that records subscriptions and requests. */
function source(children: Record<string, readonly (string | [string, string])[]>) {
  const subscribed = new Set<string>();
  const requested: string[] = [];
  const top = { subscribed: false };
  return {
    children,
    subscribed,
    requested,
    rows: async (id: RowId | undefined) => {
      requested.push(id ?? '');
      if (id !== undefined) subscribed.add(id);
      else top.subscribed = true;
      return (children[id ?? ''] ?? []).map((entry) => {
        const [name, description] = typeof entry === 'string' ? [entry, ''] : entry;
        return row(name, description, name in children);
      });
    },
    top,
    release: (ids: readonly (RowId | null)[]) => {
      for (const id of ids) {
        if (id === null) top.subscribed = false;
        else subscribed.delete(id);
      }
    },
  };
}

function row(id: string, description: string, branch: boolean): Row {
  return { id, label: id, description, state: 'ready', tooltip: '', branch, actions: [], kind: 'x', context: 'c' };
}

function tree(of: Record<string, readonly (string | [string, string])[]>) {
  const server = source(of);
  const painted: (readonly string[] | 'all')[] = [];
  const rows = new RowTree(server, (nodes) => painted.push(nodes === undefined ? 'all' : nodes.map(({ id }) => id)));
  return { server, rows, painted };
}

const settle = () => vi.advanceTimersByTimeAsync(1000);
const ids = (nodes: readonly Node[]) => nodes.map(({ id }) => id);

test('a changed row keeps its node, and only it is refreshed', async () => {
  const { server, rows, painted } = tree({ '': ['a'], a: ['x', ['y', '1/3']] });
  const [a] = await rows.children();
  const [x, y] = await rows.children(a);
  server.children.a = ['x', ['y', '2/3']];
  rows.changed(['a']);
  await settle();
  expect(painted).toEqual([['y']]);
  expect(await rows.children(a)).toEqual([x, y]);
  expect(y!.row.description).toBe('2/3');
});

test('an added or removed row refreshes only its parent', async () => {
  const { server, rows, painted } = tree({ '': ['a'], a: ['x'], x: [['deep', '1']] });
  const [a] = await rows.children();
  const [x] = await rows.children(a);
  await rows.children(x);
  server.children.a = ['x', 'new'];
  server.children.x = [['deep', '2']];
  rows.changed(['a', 'x']);
  await settle();
  expect(painted).toEqual([['a']]);
  server.children.a = ['new'];
  rows.changed(['a']);
  await settle();
  expect(ids(await rows.children(a))).toEqual(['new']);
  expect(rows.node('x')).toBeUndefined();
  expect([...server.subscribed]).toEqual(['a']);
});

test('a change of the top level refreshes the whole tree', async () => {
  const { server, rows, painted } = tree({ '': ['a'] });
  await rows.children();
  server.children[''] = ['a', 'b'];
  rows.changed([null]);
  await settle();
  expect(painted).toEqual(['all']);
});

test('collapsing releases all descendants; expanding requests those that were expanded', async () => {
  const { server, rows, painted } = tree({ '': ['a'], a: ['b'], b: [['x', '1']] });
  const [a] = await rows.children();
  const [b] = await rows.children(a);
  await rows.children(b);
  rows.collapse(a!);
  expect([...server.subscribed]).toEqual([]);
  server.children.b = [['x', '2']];
  rows.changed(['b']);
  await settle();
  expect(painted).toEqual([]);
  rows.expand(a!);
  await settle();
  expect([...server.subscribed].sort()).toEqual(['a', 'b']);
  expect(painted).toEqual([['x']]);
});

test('a hidden view has no subscriptions; expanded rows are requested again when it reappears', async () => {
  const { server, rows } = tree({ '': ['a'], a: ['b'], b: ['x'] });
  const [a] = await rows.children();
  await rows.children(a);
  rows.setVisible(false);
  expect([[...server.subscribed], server.top.subscribed]).toEqual([[], false]);
  rows.changed([null, 'a']);
  await settle();
  expect([[...server.subscribed], server.top.subscribed]).toEqual([[], false]);
  rows.setVisible(true);
  await settle();
  expect([[...server.subscribed], server.top.subscribed]).toEqual([['a'], true]);
});

test('a row collapsed while its request is pending is released', async () => {
  const { server, rows } = tree({ '': ['a'], a: ['b'] });
  const [a] = await rows.children();
  const requested = rows.children(a);
  rows.collapse(a!);
  await requested;
  expect([...server.subscribed]).toEqual([]);
});

test('a failed request keeps the current rows and does not prevent later updates', async () => {
  const { server, rows, painted } = tree({ '': ['a'], a: [['x', '1']] });
  const [a] = await rows.children();
  await rows.children(a);
  const { rows: working } = server;
  server.rows = async () => Promise.reject(new Error('gone'));
  rows.changed(['a']);
  await settle();
  expect(ids(await rows.children(a))).toEqual(['x']);
  server.rows = working;
  server.children.a = [['x', '2']];
  rows.changed(['a']);
  await settle();
  expect(painted).toEqual([['x']]);
});

test('many changes at once result in at most two requests and one refresh', async () => {
  const { server, rows, painted } = tree({ '': ['a'], a: [['x', '0']] });
  const [a] = await rows.children();
  await rows.children(a);
  server.requested.length = 0;
  server.children.a = [['x', '1']];
  for (let time = 0; time < 100; time++) rows.changed(['a']);
  await settle();
  expect(server.requested.length).toBeLessThanOrEqual(2);
  expect(painted).toEqual([['x']]);
});

test('a row is reached by its path, also on a further page', async () => {
  const { rows } = tree({ '': ['a'], a: ['b', 'a+1'], 'a+1': ['c', 'a+2'], 'a+2': ['d'] });
  expect((await rows.reach(['a', 'b']))?.id).toBe('b');
  expect((await rows.reach(['a', 'd']))?.id).toBe('d');
  expect((await rows.reach(['a', 'gone']))?.id).toBe('a');
  expect(await rows.reach([])).toBe(undefined);
});

test('after any sequence of changes the tree matches the server', async () => {
  const names = fc.subarray(['p', 'q', 'r', 's']);
  const step = fc.record({ group: fc.constantFrom('', 'a', 'b'), rows: names, toggle: fc.boolean() });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 20 }), async (steps) => {
      const { server, rows } = tree({ '': ['a', 'b'], a: [], b: [] });
      const tops = await rows.children();
      for (const top of tops) await rows.children(top);
      for (const { group, rows: below, toggle } of steps) {
        const top = rows.node(group);
        if (toggle && top) {
          if (top.expanded) rows.collapse(top);
          else rows.expand(top);
        }
        // A row has one parent, so its name has the group's name as prefix.
        server.children[group] = group === '' ? ['a', 'b'] : below.map((name) => `${group}-${name}`);
        rows.changed([group === '' ? null : group]);
        await vi.advanceTimersByTimeAsync(toggle ? 0 : 300);
      }
      await settle();
      for (const top of tops) {
        expect(server.subscribed.has(top.id)).toBe(top.expanded);
        if (top.expanded) expect(ids(await rows.children(top))).toEqual(server.children[top.id]);
      }
    }),
    { numRuns: 200 },
  );
});

test('topmost omits nodes below another node of the list', async () => {
  const { rows } = tree({ '': ['a'], a: ['b'], b: ['x'] });
  const [a] = await rows.children();
  const [b] = await rows.children(a);
  const [x] = await rows.children(b);
  expect(ids(topmost([x!, b!]))).toEqual(['b']);
  expect(ids(topmost([x!, a!, b!]))).toEqual(['a']);
});
