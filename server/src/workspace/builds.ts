// Builds the kustomizations of a workspace, and caches each result until something that the build read changes.

import { type BuildResult, build } from '../kustomize/build.ts';
import type { BuildFiles, FileDocument } from '../kustomize/build-files.ts';
import { parseManifest } from '../syntax/manifest.ts';
import { splitDocuments } from '../syntax/split.ts';
import type { Workspace } from './workspace.ts';

/** State: the cached builds of one workspace. */
export class Builds {
  readonly #workspace: Workspace;
  readonly #known = new Map<string, Known>();

  constructor(workspace: Workspace) {
    this.#workspace = workspace;
  }

  /** Builds the kustomization in a folder; the root is `''`. The same value (`===`) until something it read changes. */
  of(folder: string): BuildResult {
    const known = this.#known.get(folder);
    if (known && [...known.answers].every(([path, answer]) => isSame(answer, this.#answer(path)))) return known.result;
    const { bundled } = this.#workspace.schemas;
    const result = build(folder, this.#files, {
      schemaOf: (gvk) => {
        const kind = bundled.lookup(gvk);
        return kind?.builtin ? kind.schema : undefined;
      },
    });
    const answers = new Map(result.reads.map((path) => [path, this.#answer(path)]));
    this.#known.set(folder, { result, answers });
    return result;
  }

  #answer(path: string): Answer {
    const kind = this.#files.kindOf(path);
    return { kind, text: kind === 'file' ? this.#text(path) : undefined };
  }

  #text(path: string): string | undefined {
    return this.#workspace.file(path)?.text ?? this.#workspace.data.text(path);
  }

  readonly #files: BuildFiles = {
    kindOf: (path) => {
      if (this.#workspace.file(path)) return 'file';
      if (this.#workspace.hasFolder(path)) return 'folder';
      return this.#workspace.data.kindOf(path);
    },
    documents: (path) => this.#documents(path),
    text: (path) => this.#text(path),
  };

  #documents(path: string): readonly FileDocument[] | undefined {
    const file = this.#workspace.file(path);
    if (file?.unread) return undefined;
    if (file) {
      return file.documents.map(({ start, document }) => ({ start, manifest: parseManifest(document.text) }));
    }
    const text = this.#workspace.data.text(path);
    if (text === undefined) return undefined;
    return splitDocuments(text).map((segment) => ({ start: segment.start, manifest: parseManifest(segment.text) }));
  }
}

interface Known {
  readonly result: BuildResult;
  readonly answers: ReadonlyMap<string, Answer>;
}

/** The kind of a path, and the text of a file. */
interface Answer {
  readonly kind: 'file' | 'folder' | undefined;
  readonly text: string | undefined;
}

function isSame(a: Answer, b: Answer): boolean {
  return a.kind === b.kind && a.text === b.text;
}
