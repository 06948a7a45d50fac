// Entry of the tests inside VS Code: runs the suites with mocha and writes the counts where CAPSTAN_HOST_RESULT says.
// VS Code runs it as its extension tests; it throws when a test failed.
import { writeFileSync } from 'node:fs';
import { format } from 'node:util';

/** Before each line of ours, so that run.ts can tell it from the workbench's own. */
const mark = process.env.CAPSTAN_HOST_MARK ?? '';

export async function run(): Promise<void> {
  // From node_modules at run time: mocha is an ES module that finds its own parts.
  const { default: Mocha } = await import('mocha');
  const mocha = new Mocha({
    ui: 'tdd',
    timeout: 90_000,
    slow: 10_000,
    color: false,
    grep: process.env.CAPSTAN_HOST_GREP ?? '',
  });
  mocha.suite.emit('pre-require', globalThis, '', mocha);
  await import('./extension.ts');
  await import('./language.ts');
  await import('./clusters.ts');

  Mocha.reporters.Base.consoleLog = (...parts) => console.log(mark + format(...parts));
  const counts = await new Promise<{ passed: number; failed: number; skipped: number }>((done) => {
    const runner = mocha.run(() => {
      const { passes = 0, failures = 0, pending = 0 } = runner.stats ?? {};
      done({ passed: passes, failed: failures, skipped: pending });
    });
  });
  const file = process.env.CAPSTAN_HOST_RESULT;
  if (file !== undefined) writeFileSync(file, `${JSON.stringify(counts)}\n`);
  if (counts.failed > 0 || counts.passed === 0) throw new Error(`${counts.failed} of the tests inside VS Code failed.`);
}
