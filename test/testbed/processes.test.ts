import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Processes, until } from './controlplane.ts';

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** A program that is available wherever the tests run, and keeps running. */
const idle = [process.execPath, ['-e', 'setInterval(() => {}, 1000)']] as const;

test.skipIf(process.platform === 'win32')(
  'processes end with the process that started them, even if it is killed',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'capstan-processes-'));
    const code = `
    import { Processes } from ${JSON.stringify(new URL('./controlplane.ts', import.meta.url).href)};
    const processes = new Processes(${JSON.stringify(folder)});
    const [ended, left] = ['a', 'b'].map((name) => processes.start(name, ...${JSON.stringify(idle)}));
    await processes.end(ended);
    console.log(left.pid);
    setInterval(() => {}, 1000);`;
    const args = ['--disable-warning=MODULE_TYPELESS_PACKAGE_JSON', '--input-type=module', '--eval', code];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    try {
      const pid = Number(await new Promise((done) => child.stdout.once('data', (data) => done(String(data)))));
      expect(isAlive(pid)).toBe(true);
      child.kill('SIGKILL');
      await until('its end', undefined, async () => !isAlive(pid), 10);
    } finally {
      child.kill('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    }
  },
);

test('after a normal end no process is left to kill', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'capstan-processes-'));
  const processes = new Processes(folder);
  const child = processes.start('a', ...idle);
  expect(isAlive(child.pid!)).toBe(true);
  await processes.stop();
  expect(isAlive(child.pid!)).toBe(false);
  rmSync(folder, { recursive: true, force: true });
});

test('a missing program is reported, and nothing else is killed', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'capstan-processes-'));
  const processes = new Processes(folder);
  expect(() => processes.start('etcd', join(folder, 'etcd'), [])).toThrow(/etcd could not be started.*does not exist/);
  await processes.stop();
  rmSync(folder, { recursive: true, force: true });
});
