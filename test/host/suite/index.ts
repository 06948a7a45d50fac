// Entry point of the tests inside VS Code: runs the suites with mocha and writes the counts to CAPSTAN_HOST_RESULT.
// VS Code runs it as the extension's tests; it throws if a test failed.
import { writeFileSync } from 'node:fs';
import { format } from 'node:util';

/** The prefix of our lines, so that run.ts can distinguish them from the workbench's. */
const mark = process.env.CAPSTAN_HOST_MARK ?? '';

export async function run(): Promise<void> {
  // Loaded from node_modules at run time: mocha is an ES module that resolves its own modules.
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
  await import('./oncall.ts');

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
