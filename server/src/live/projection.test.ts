import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { beside } from './projection.ts';

const of = (wanted: string, live: string) => beside(parse(wanted), parse(live));

describe('a live object beside what Git says', () => {
  test('has only what Git sets', () => {
    const { wanted, live } = of(
      'spec: { replicas: 2 }',
      'spec: { replicas: 5, paused: false }\nstatus: { replicas: 5 }',
    );
    expect(wanted).toEqual({ spec: { replicas: 2 } });
    expect(live).toEqual({ spec: { replicas: 5 } });
  });

  test('lacks what the cluster lacks', () => {
    expect(of('{ a: 1, b: { c: 2 } }', '{ a: 1 }')).toEqual({ wanted: { a: 1, b: { c: 2 } }, live: { a: 1 } });
    expect(of('a: { b: 1 }', 'a: text')).toEqual({ wanted: { a: { b: 1 } }, live: { a: 'text' } });
  });

  test('has the items of lists by their keys, without those that others add', () => {
    const live = 'c: [{ name: sidecar, image: s:1 }, { name: web, image: "web:2", tty: false }]';
    expect(of('c: [{ name: web, image: "web:1" }]', live)).toEqual({
      wanted: { c: [{ name: 'web', image: 'web:1' }] },
      live: { c: [{ name: 'web', image: 'web:2' }] },
    });
    expect(of('c: [{ name: a }, { name: b }]', 'c: [{ name: b }]').live).toEqual({ c: [{ name: 'b' }] });
  });

  test('has a list without keys whole', () => {
    expect(of('args: [a, b]', 'args: [a, c, d]').live).toEqual({ args: ['a', 'c', 'd'] });
  });

  test('takes equal quantities, durations and ports as equal, and nothing else', () => {
    const same = (wanted: string, live: string) => {
      const found = of(wanted, live);
      return JSON.stringify(found.wanted) === JSON.stringify(found.live);
    };
    expect(same('requests: { cpu: 1000m, memory: 1024Mi }', 'requests: { cpu: "1", memory: 1Gi }')).toBe(true);
    expect(same('interval: 1h', 'interval: 1h0m0s')).toBe(true);
    expect(same('port: "80"', 'port: 80')).toBe(true);
    expect(same('tag: "1.10"', 'tag: "1.1"')).toBe(false);
    expect(same('on: "true"', 'on: true')).toBe(false);
    expect(same('requests: { cpu: 1000m }', 'requests: { cpu: 2 }')).toBe(false);
    expect(same('data: { timeout: 60s }', 'data: { timeout: 1m }')).toBe(false);
    expect(same('constructor: { a: 1 }', 'b: 1')).toBe(false);
  });

  test('lacks what is empty on both sides, and shows nothing of what is hidden', () => {
    expect(of('{ hostNetwork: false, args: [], labels: {}, a: 1 }', 'a: 1')).toEqual({
      wanted: { a: 1 },
      live: { a: 1 },
    });
    expect(of('hostNetwork: false', 'hostNetwork: true')).toEqual({
      wanted: { hostNetwork: false },
      live: { hostNetwork: true },
    });
    const { wanted, live } = of('data: { key: "***" }', 'data: { key: value }');
    expect([wanted, live]).toEqual([{ data: { key: '***' } }, { data: { key: '***' } }]);
  });

  test('is equal where the value of Git is unknown or hidden', () => {
    expect(of('{ a: null, b: 1 }', '{ a: { secret: x }, b: 2 }')).toEqual({
      wanted: { a: { secret: 'x' }, b: 1 },
      live: { a: { secret: 'x' }, b: 2 },
    });
  });
});
