import { writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { SetAside } from './setAside.ts';

test('what the server names is left alone by the next one, until it is forgotten', () => {
  const aside = new SetAside();
  try {
    const { atWork, setAside } = aside.options();
    expect(setAside).toEqual([]);
    expect(aside.add()).toBeUndefined();
    // The server doesn't cut the file: a longer name may be after its own.
    writeFileSync(atWork, 'file:///a.yaml\nyaml\n');
    expect(aside.add()).toBe('file:///a.yaml');
    expect(aside.options().setAside).toEqual(['file:///a.yaml']);
    // The name is of the server before.
    expect(aside.add()).toBeUndefined();
    aside.forget();
    expect(aside.options().setAside).toEqual([]);
  } finally {
    aside.dispose();
  }
  expect(aside.add()).toBeUndefined();
});
