// No message contains a value of a Secret, whatever is wrong with it or around it.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { diagnose } from '../features/diagnostics.ts';
import { fixture } from '../features/fixture.ts';
import { yaml } from '../fixture.ts';

const messages = (text: string): readonly string[] => {
  const { workspace, path } = fixture(text);
  return diagnose(workspace, path).map(({ message }) => message);
};

const secret = (data: string) => `apiVersion: v1\nkind: Secret\nmetadata:\n  name: a\n${data}\n`;

describe('the value of a Secret is not quoted', () => {
  test.each([
    ['as data that is no base64', secret('data:\n  password: hunter2-hunter2!')],
    ['as a number', secret('stringData:\n  pin: 77341999')],
    ['as a number in data', secret('data:\n  pin: 77341999')],
    ['in a list', secret('stringData: [hunter2-hunter2]')],
    ['with a tag that does not fit', secret('stringData:\n  pin: !!int hunter2-hunter2')],
    ['with an invalid quote', secret('stringData:\n  password: "hunter2" hunter2-hunter2')],
    ['that is not closed', secret('stringData:\n  password: "hunter2-hunter2\n  other: hunter3-hunter3')],
    ['after a second colon', secret('stringData:\n  password: a: hunter2-hunter2')],
    ['whose colon is missing', secret('stringData:\n  password hunter2-hunter2')],
    ['that fell out of its text', secret('stringData:\n  key: |\n    begin\n  hunter2-hunter2\n    end')],
    [
      'in a List',
      yaml`
        apiVersion: v1
        kind: List
        items:
          - apiVersion: v1
            kind: Secret
            metadata: {name: a}
            data: {password: hunter2-hunter2!}
      `,
    ],
    [
      'of a generator of kustomize',
      yaml`
        # file: kustomization.yaml
        secretGenerator:
          - name: a
            literals: hunter2-hunter2
      `,
    ],
  ])('%s', (_, text) => {
    const found = messages(text);
    expect(found.length).toBeGreaterThan(0);
    expect(found.filter((message) => /hunter2|hunter3|77341999/.test(message))).toEqual([]);
  });

  test('for any value', () => {
    const value = fc
      .string({ minLength: 6, maxLength: 30 })
      .filter((text) => /^\S/.test(text) && !/[\n\r“”…]/.test(text));
    fc.assert(
      fc.property(value, fc.constantFrom('data', 'stringData'), fc.boolean(), (text, field, quoted) => {
        const written = quoted ? `"${text}` : text;
        const found = messages(secret(`${field}:\n  password: ${written}\n  next: ok`));
        // Words of ours may contain a value that is a part of a word.
        const leaked = found.filter((message) => message.includes(`“${text.trim()}`));
        expect(leaked).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});

test('keys and names are quoted as elsewhere', () => {
  expect(messages(secret('stringData:\n  user: a\n  user: b')).join('')).toContain('Duplicate key “user”');
  expect(messages(secret('').replace('name: a', 'name: A_B')).join('')).toContain('“A_B”');
});
