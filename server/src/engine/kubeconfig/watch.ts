// Notices changes of the kubeconfig however they are made: written in place, replaced by rename, a symlink turned, a
// file that appears. A file that is broken for a moment doesn't take contexts away: the last good reading counts on.
import { type FSWatcher, watch } from 'node:fs';
import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type KubeConfig, kubeConfigFiles, loadKubeConfig, type Selection } from './kubeconfig.ts';

/** Milliseconds a burst of writes is waited for. */
const settleTime = 150;
/** Folders can't tell of a symlink turned elsewhere, so the files' times are looked at now and then. */
const lookInterval = 3_000;
/** A file that is broken for longer than this is not being written: its trouble is told. */
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
        // A folder that isn't there yet is met by the look at the files.
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
    // Being written: half a file, or none between unlink and rename.
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
