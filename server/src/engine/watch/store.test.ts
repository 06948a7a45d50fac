import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { isWell } from '../../live/describe.ts';
import { type LiveObject, objectKey, outline, trim } from '../../live/object.ts';
import { type Change, Store } from './store.ts';

const machines = 'cluster.x-k8s.io/Machine';
const version = 'cluster.x-k8s.io/v1beta2';

function raw(name: string, resourceVersion = '1', uid = `uid-${name}`): object {
  const metadata = { name, namespace: 'tenants', uid, resourceVersion, labels: { a: 'b' } };
  return { apiVersion: version, kind: 'Machine', metadata, spec: { clusterName: 'one' } };
}

const machine = (...args: Parameters<typeof raw>): LiveObject => trim(raw(...args))!;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('a store without limit', () => {
  test('reports changes in batches, from the first state to the last', () => {
    const batches: ReadonlyMap<string, Change>[] = [];
    const store = new Store({ onBatch: (changes) => batches.push(changes) });
    store.put(machine('m'));
    store.put(machine('m', '2'));
    vi.advanceTimersByTime(1000);
    store.put(machine('m', '3'));
    store.remove(objectKey(machine('m')), machines);
    vi.advanceTimersByTime(1000);
    const [first, second] = batches.map((batch) => [...batch.values()]);
    expect(first).toEqual([{ key: objectKey(machine('m')), after: machine('m', '2') }]);
    expect(second).toEqual([{ key: objectKey(machine('m')), before: machine('m', '2') }]);
  });

  test('a late deletion of an earlier object with the same name keeps the new one', () => {
    const store = new Store({ onBatch: () => undefined });
    store.put(machine('m', '5', 'new'));
    store.remove(objectKey(machine('m')), machines, 'old');
    expect(store.get(objectKey(machine('m')))?.uid).toBe('new');
  });
});

describe('a store with a limit', () => {
  function limited(limit: number) {
    const room: string[] = [];
    const store = new Store({ limit, onBatch: () => undefined, onRoom: (groupKind) => room.push(groupKind) });
    return { store, room };
  }

  test('objects beyond the limit are counted, and their removal is noticed', () => {
    const { store } = limited(2);
    for (const name of ['a', 'b', 'c', 'd']) store.put(machine(name));
    expect([store.size, store.counted(), store.counted(machines), store.countOf(machines)]).toEqual([2, 2, 2, 4]);
    store.put(machine('d', '2'));
    expect(store.counted()).toBe(2);
    store.remove(objectKey(machine('d')), machines);
    expect([store.size, store.counted(), store.countOf(machines)]).toEqual([2, 1, 3]);
  });

  test('a counted object that changes takes free room', () => {
    const { store } = limited(2);
    for (const name of ['a', 'b', 'c']) store.put(machine(name));
    store.remove(objectKey(machine('a')), machines);
    store.put(machine('c', '2'));
    expect(store.get(objectKey(machine('c')))?.resourceVersion).toBe('2');
    expect([store.size, store.counted()]).toEqual([2, 0]);
  });

  test('the first objects of a long list are kept; the rest may be identities only', () => {
    const { store } = limited(3);
    store.put(machine('d'));
    const listed = ['a', 'b', 'c'].map((name) => machine(name)).concat(outline(raw('d'))!, outline(raw('e'))!);
    store.replace(machines, listed);
    expect([...store.all()].map(({ name }) => name)).toEqual(['a', 'b', 'c']);
    expect(store.counted()).toBe(2);
    store.replace(machines, listed.slice(1, 3));
    expect([store.size, store.counted()]).toEqual([2, 0]);
  });

  test('room is reported once a tenth of the limit is free, for kinds with counted objects', () => {
    const { store, room } = limited(10);
    for (let index = 0; index < 15; index += 1) store.put(machine(`m${index}`));
    vi.advanceTimersByTime(1000);
    expect(room).toEqual([]);
    store.remove(objectKey(machine('m0')), machines);
    vi.advanceTimersByTime(1000);
    expect(room).toEqual([machines]);
  });

  test('kept and counted objects are always those that were put and not removed', () => {
    const step = fc.record({ name: fc.integer({ min: 0, max: 12 }), put: fc.boolean(), version: fc.nat(5) });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 8 }), fc.array(step, { maxLength: 60 }), (limit, steps) => {
        const { store } = limited(limit);
        const there = new Set<string>();
        for (const { name, put, version: resourceVersion } of steps) {
          const object = machine(`m${name}`, String(resourceVersion));
          if (put) store.put(object);
          else store.remove(objectKey(object), machines);
          if (put) there.add(objectKey(object));
          else there.delete(objectKey(object));
          expect(store.size).toBeLessThanOrEqual(limit);
          expect(store.countOf(machines)).toBe(there.size);
          for (const kept of store.all()) expect(there.has(objectKey(kept))).toBe(true);
        }
      }),
    );
  });

  test('what is not well is what its health says, whenever it is asked for', () => {
    const step = fc.record({
      name: fc.integer({ min: 0, max: 5 }),
      does: fc.constantFrom('put', 'fail', 'remove', 'ask'),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const { store } = limited(4);
        const isRight = () =>
          expect([...store.unwell().keys()].sort()).toEqual(
            [...store.all()]
              .filter((one) => !isWell(one))
              .map(objectKey)
              .sort(),
          );
        for (const [version, { name, does }] of steps.entries()) {
          const status = { conditions: [{ type: 'Ready', status: does === 'fail' ? 'False' : 'True' }] };
          const object = trim({ ...raw(`m${name}`, String(version)), status })!;
          if (does === 'remove') store.remove(objectKey(object), machines);
          else if (does === 'ask') isRight();
          else store.put(object);
        }
        isRight();
      }),
    );
  });
});
