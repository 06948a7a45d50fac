import { expect, test } from 'vitest';

const verbs = {
  lint: async () => (await import('./lint.ts')).run,
  explain: async () => (await import('./explain.ts')).run,
  schemas: async () => (await import('./schemas.ts')).run,
  contexts: async () => (await import('./contexts.ts')).run,
  status: async () => (await import('./status.ts')).run,
  tree: async () => (await import('./tree.ts')).run,
  rollout: async () => (await import('./rollout.ts')).run,
};

test.each(Object.entries(verbs))('%s reports wrong usage like the other verbs', async (name, load) => {
  const run = await load();
  const result = async (...args: readonly string[]) => {
    let stderr = '';
    const write = (text: string) => (stderr += text);
    const code = await run(args, { stdout: { write }, stderr: { write }, env: {}, cwd: '/' });
    return { code, lines: stderr.split('\n') };
  };
  const object = name === 'tree' || name === 'rollout' ? ['a/b'] : [];
  for (const [args, problem] of [
    [['--nonsense'], 'unknown option --nonsense'],
    [['--format'], '--format needs a value'],
    [['--help=x'], '-h, --help takes no value'],
    [[...object, '--format', 'xml'], '--format must be text'],
    [[...object, '--format', 'xml'], 'not "xml"'],
  ] as const) {
    const { code, lines } = await result(...args);
    expect([code, lines[0], lines[1]]).toEqual([2, expect.stringContaining(`capstan ${name}: `), '']);
    expect(lines[0]).toContain(problem);
    expect(lines[2]).toContain(`Usage: capstan ${name}`);
  }
});
