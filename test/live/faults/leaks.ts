// Detects leaks of a context: engine timers, child processes, unhandled rejections.
import { createHook } from 'node:async_hooks';
import { readdirSync, readFileSync } from 'node:fs';

const timers = new Map<number, string>();
const rejections: string[] = [];

/** Starts recording; call it before the engine creates its first timer. */
export function watchLeaks(): void {
  createHook({
    init(id, type) {
      if (type !== 'Timeout') return;
      const { stack = '' } = new Error();
      const by = /server\/src\/engine\/[^\s)]*/.exec(stack)?.[0];
      if (by !== undefined) timers.set(id, by);
    },
    destroy(id) {
      timers.delete(id);
    },
  }).enable();
  process.on('unhandledRejection', (error) => rejections.push(String((error as Error)?.stack ?? error)));
  process.on('uncaughtException', (error) => rejections.push(String(error.stack ?? error)));
}

/** The locations at which the engine's active timers were set. */
export function engineTimers(): readonly string[] {
  return [...timers.values()];
}

/** The rejections since the last call. */
export function unhandledRejections(): readonly string[] {
  return rejections.splice(0);
}

export function isRunning(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

/** Process ids of this process's children. Empty where there is no /proc. */
export function children(): readonly number[] {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .flatMap((pid) => {
        try {
          const parent = /^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
          return Number(parent) === process.pid && isRunning(Number(pid)) ? [Number(pid)] : [];
        } catch {
          return [];
        }
      });
  } catch {
    return [];
  }
}
