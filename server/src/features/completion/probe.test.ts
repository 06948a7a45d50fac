// A document that isn't valid is parsed once for each interpretation of the cursor; in a large one, only some are tried.
import { expect, test } from 'vitest';
import { composedMore, composeNear } from '../../syntax/recompose.ts';
import { limited, mendedProbesAt, probesAt } from './probe.ts';

const slips = (count: number) => Array.from({ length: count }, (_, at) => `  k${at}: v\n   x${at}: "y\n`).join('');
const head = 'apiVersion: v1\nkind: ConfigMap\ndata:\n';

/** Hundreds of thousands of characters that were composed. */
function composedFor(text: string): number {
  const { root } = composeNear(text);
  const steps = Array.from({ length: 40 }, (_, at) => composedMore((at + 1) * 100_000));
  const isTooMuch = limited();
  const offset = text.length;
  for (const probe of probesAt(text, root, offset, isTooMuch)) expect(probe.root).toBeDefined();
  for (const probe of mendedProbesAt(text, offset, isTooMuch)) expect(probe.root).toBeDefined();
  return steps.filter((isMore) => isMore()).length;
}

test.each([`${head}${slips(400)}w`, `${head}${slips(10_000)}w`, `[\n${head}${slips(5000)}w`])(
  'a request parses a bounded part of its text again',
  (text) => {
    // One interpretation may still begin before the bound, and one is the text without its slips.
    expect(composedFor(text) * 100_000).toBeLessThan(200_000 + 3 * text.length);
  },
);
