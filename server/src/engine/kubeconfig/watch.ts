// Detects kubeconfig changes however they are made: a write in place, a replacement by rename, a retargeted symlink, a
// new file. A file that is briefly broken doesn't remove contexts: the last valid content stays in use.
import { type FSWatcher, watch } from 'node:fs';
import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type KubeConfig, kubeConfigFiles, loadKubeConfig, type Selection } from './kubeconfig.ts';

/** Milliseconds to wait for a burst of writes to end. */
const settleTime = 150;
/** Milliseconds. Folder events don't cover a retargeted symlink, so the files' timestamps are polled. */
const lookInterval = 3_000;
/** Milliseconds. A file that stays broken for longer isn't in the middle of a write: its problems are reported. */
const patience = 2_000;

export class KubeConfigWatch {
  readonly #selection: Selection;
  readonly #onChange: (config: KubeConfig) => void;
  #config: KubeConfig;
  #watchers: FSWatcher[] = [];
  #timer: NodeJS.Timeout | undefined;
  readonly #look: NodeJS.Timeout;
  #seen = '';
  #brokenSince: number | undefined;
  #closed = false;

  constructor(selection: Selection, onChange: (config: KubeConfig) => void) {
    this.#selection = selection;
    this.#onChange = onChange;
    this.#config = loadKubeConfig(selection);
    this.#watch();
    this.#look = setInterval(() => void this.#compare(), lookInterval);
    this.#look.unref();
    void this.#stamp().then((stamp) => {
      this.#seen = stamp;
    });
  }

  get config(): KubeConfig {
    return this.#config;
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    clearInterval(this.#look);
    for (const watcher of this.#watchers) watcher.close();
    this.#watchers = [];
  }

  #watch(): void {
    for (const folder of new Set(kubeConfigFiles(this.#selection).map((file) => dirname(file)))) {
      try {
        const watcher = watch(folder, { persistent: false }, () => this.#soon(settleTime));
        watcher.on('error', () => watcher.close());
        this.#watchers.push(watcher);
      } catch {
        // A folder that doesn't exist yet is detected by polling the files.
      }
    }
  }

  async #compare(): Promise<void> {
    const stamp = await this.#stamp();
    if (stamp !== this.#seen) this.#soon(settleTime);
  }

  async #stamp(): Promise<string> {
    const parts = await Promise.all(
      kubeConfigFiles(this.#selection).map(async (file) => {
        const found = await stat(file).catch(() => undefined);
        return found ? `${found.ino}:${found.size}:${found.mtimeMs}` : 'none';
      }),
    );
    return parts.join(' ');
  }

  #soon(wait: number): void {
    clearTimeout(this.#timer);
    if (this.#closed) return;
    this.#timer = setTimeout(() => void this.#read(), wait);
    this.#timer.unref();
  }

  async #read(): Promise<void> {
    this.#seen = await this.#stamp();
    if (this.#closed) return;
    const config = loadKubeConfig(this.#selection);
    const empty = config.contexts.size === 0 && this.#config.contexts.size > 0;
    // A write may be in progress: a partial file, or none between unlink and rename.
    if (config.broken || empty) {
      this.#brokenSince ??= Date.now();
      if (Date.now() - this.#brokenSince < patience) return this.#soon(patience / 4);
      if (config.broken) {
        this.#config = { ...this.#config, problems: config.problems };
        return this.#onChange(this.#config);
      }
    }
    this.#brokenSince = undefined;
    if (JSON.stringify(plain(config)) === JSON.stringify(plain(this.#config))) return;
    this.#config = config;
    this.#onChange(config);
  }
}

function plain({ contexts, clusters, users, current, problems }: KubeConfig): unknown {
  return [[...contexts], [...clusters], [...users], current, problems];
}
