// What the language server was working on when it hung: the server names it in a file, since it can't say it anymore. The next
// server leaves it alone, so that one document can't stop all others from being checked.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LanguageOptions } from '../../server/src/protocol.ts';

export class SetAside {
  readonly #folder = mkdtempSync(join(tmpdir(), 'capstan-at-work-'));
  readonly #uris = new Set<string>();

  /** For a server that starts now; nothing is worked on yet. */
  options(): Required<Pick<LanguageOptions, 'atWork' | 'setAside'>> {
    writeFileSync(this.#file, '\n', { mode: 0o600 });
    return { atWork: this.#file, setAside: [...this.#uris] };
  }

  /** Sets aside what the server that hung was working on, and returns its URI; undefined if that isn't known. */
  add(): string | undefined {
    const [uri = ''] = this.#text().split('\n');
    if (uri === '') return undefined;
    this.#uris.add(uri);
    return uri;
  }

  forget(): void {
    this.#uris.clear();
  }

  dispose(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  get #file(): string {
    return join(this.#folder, 'document');
  }

  #text(): string {
    try {
      return readFileSync(this.#file, 'utf8');
    } catch {
      return '';
    }
  }
}
