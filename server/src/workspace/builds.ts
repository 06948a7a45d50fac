// Builds the kustomizations and Flux Kustomizations of a workspace, and caches each result until something that the build
// read changes.

import type { Accumulated } from '../kustomize/accumulate.ts';
import type { Artifact } from '../kustomize/artifact.ts';
import { type BuildOptions, type BuildResult, buildInSteps } from '../kustomize/build.ts';
import type { BuildFiles, FileDocument } from '../kustomize/build-files.ts';
import type { BuiltMap } from '../kustomize/built.ts';
import { buildBase, type FluxBase, type FluxResult, fieldsOfBuild, finishBuild } from '../kustomize/flux-build.ts';
import type { FluxKustomization } from '../kustomize/flux-kustomization.ts';
import type { FindConfig } from '../kustomize/flux-variables.ts';
import { folderOf } from '../kustomize/paths.ts';
import { mostObjects, type Recorded, type Share } from '../kustomize/run.ts';
import { sha256 } from '../kustomize/sha256.ts';
import { signatureOf } from '../kustomize/signature.ts';
import { parseManifest } from '../syntax/manifest.ts';
import { splitDocuments } from '../syntax/split.ts';
import { atOnce, inOneStep, mapped, type Steps, within } from '../syntax/steps.ts';
import { type ArtifactFiles, artifactIn, filesOfArtifact, isUnignored, keyOf } from './artifacts.ts';
import { Held } from './held.ts';
import { type Answer, addReader, type Current, concernedBy, isSameAnswer, type Outdated, outdate } from './outdated.ts';
import { type Computed, isSameReading, type Known, nobody, none, type Reading } from './reading.ts';
import { isKustomizationFile } from './roles.ts';
import { keptRecording, withEarlier } from './same-builds.ts';
import type { Workspace } from './workspace.ts';

const noBuild: BuildResult = { objects: [], problems: [], warnings: [], incomplete: ['internal error'], reads: [] };

/** State: the cached builds of one workspace. */
export class Builds {
  readonly #workspace: Workspace;
  readonly #answers = new Map<string, Current>();
  /** That of the workspace when the answers were last compared. */
  #edition = -1;
  readonly #known = new Map<string, Known<BuildResult>>();
  readonly #bases = new Map<string, Known<FluxBase>>();
  readonly #knownBases = new WeakMap<FluxBase, Known<FluxBase>>();
  readonly #finished = new WeakMap<FluxBase, Map<string, Finished>>();
  /** What was made of the base before, most of whose objects are often the same. */
  readonly #finishedEarlier = new WeakMap<FluxBase, ReadonlyMap<string, Finished>>();
  /** The place of the path that the base was built for. */
  readonly #places = new WeakMap<FluxBase, string>();
  readonly #folders = new Map<string, Known<Recorded<Accumulated>>>();
  /** Of the folders that are being accumulated. */
  readonly #recording = new Set<string>();
  /** What the values that are being computed took from others, the innermost value last. */
  readonly #taking: Known<Recorded<Accumulated>>[][] = [];
  readonly #commonFolders = new Map<string, Known<Recorded<Accumulated>>>();
  readonly #failures = new Map<string, unknown>();
  readonly #artifacts = new Map<string, Known<ArtifactFiles>>();
  readonly #held: Held;

  constructor(workspace: Workspace, held = new Held()) {
    this.#workspace = workspace;
    this.#held = held;
  }

  /** Builds the kustomization in a folder; the root is `''`. The same value (`===`) until something it read changes. */
  of(folder: string): BuildResult {
    return atOnce(this.ofInSteps(folder));
  }

  /** The same in steps. Anything may be asked for between two of them; they must be given up when the workspace changes. */
  ofInSteps(folder: string): Steps<BuildResult> {
    const files = this.#files;
    const steps = () => buildInSteps(folder, files, this.#options(byHand));
    return this.#cached(this.#known, folder, () =>
      mapped(this.#orFailure(folder, noBuild, steps), (result) => {
        const value = withEarlier(result, this.#known.get(folder)?.value);
        return { value, reads: result.reads, objects: value.objects };
      }),
    );
  }

  /**
   * The build of a folder as it was found last, whatever changed since: soon enough for suggestions while someone types. Nothing
   * is built for it, which may take a second where no finding needed the build yet.
   */
  latest(folder: string): BuildResult | undefined {
    return this.#known.get(folder)?.value;
  }

  /** What kustomize makes of the folder of a Flux Kustomization; the same (`===`) as long as `of`. */
  *base(kustomization: FluxKustomization, artifact: Artifact): Steps<FluxBase> {
    const { spec, pathOrigin, folder } = kustomization;
    const fields = fieldsOfBuild.map((field) => (field === 'path' ? folder : signatureOf(spec.entries.get(field))));
    const key = keyOf(artifact, JSON.stringify(fields));
    const compute = () => {
      // What is encrypted is noted while files are read, so that nothing is shared.
      const sharing = spec.entries.has('decryption') ? undefined : artifact;
      const files = this.#artifact(artifact);
      const nothing: FluxBase = { ...noBuild, fluxProblems: [], listed: [], isGenerated: false };
      return this.#orFailure(pathOrigin.source.file, nothing, () =>
        buildBase(kustomization, files, this.#options(sharing, files.isIgnored)),
      );
    };
    const place = JSON.stringify(pathOrigin);
    const shared = yield* this.#base(key, place, compute);
    // Only a generated kustomization and problems refer to the place of the path.
    if (this.#places.get(shared) === place || (!shared.isGenerated && shared.fluxProblems.length === 0)) return shared;
    return yield* this.#base(`${key}${place}`, place, compute);
  }

  /** Whether a file of the workspace isn't in the artifact of its source. */
  isLeftOut(artifact: Artifact, path: string): boolean {
    return this.#artifact(artifact).isIgnored(path);
  }

  *#base(key: string, place: string, compute: () => Steps<FluxBase>): Steps<FluxBase> {
    const base = yield* this.#cached(this.#bases, key, () =>
      mapped(compute(), (made) => {
        const before = this.#bases.get(key)?.value;
        const result = withEarlier(made, before);
        const finished = before && (this.#finished.get(before) ?? this.#finishedEarlier.get(before));
        if (finished) this.#finishedEarlier.set(result, finished);
        this.#places.set(result, place);
        return { value: result, reads: result.reads, listed: result.listed, objects: result.objects };
      }),
    );
    this.#knownBases.set(base, this.#bases.get(key)!);
    return base;
  }

  /** Whether `base` would return the same. */
  isCurrent(base: FluxBase): boolean {
    this.#compareAnswers();
    const known = this.#knownBases.get(base);
    if (!known || known.state.isOutdated) return false;
    known.edition = this.#edition;
    return true;
  }

  /** Whether an artifact doesn't have a file of the workspace: it is excluded, or a link. */
  isIgnored(artifact: Artifact, path: string): boolean {
    return this.#artifact(artifact).isIgnored(path);
  }

  /** What Flux makes of the objects of a folder; the same (`===`) while the variables are. */
  *finish(kustomization: FluxKustomization, base: FluxBase, find: FindConfig, strict: boolean): Steps<FluxResult> {
    let known = this.#finished.get(base);
    if (!known) this.#finished.set(base, (known = new Map()));
    const key = `${strict} ${signatureOf(kustomization.object)}`;
    const isValid = (one: Finished | undefined) =>
      one?.found.every(({ kind, namespace, name, object }) => find(kind, namespace, name) === object) ?? false;
    const before = known.get(key);
    if (before && isValid(before)) return before.result;
    const earlier = this.#finishedEarlier.get(base)?.get(key);
    const found: Found[] = [];
    const noted: FindConfig = (kind, namespace, name) => {
      const object = find(kind, namespace, name);
      found.push({ kind, namespace, name, object });
      return object;
    };
    const nothing: FluxResult = { objects: [], problems: [], fluxProblems: [], incomplete: noBuild.incomplete };
    const result = yield* this.#orFailure(kustomization.object.origin.source.file, nothing, () =>
      finishBuild(kustomization, base, {
        find: noted,
        strict,
        ...(earlier?.result.finished && isValid(earlier) && { earlier: earlier.result.finished }),
      }),
    );
    if (known.size >= mostForms) known.clear();
    known.set(key, { found, result });
    return result;
  }

  /** What was thrown in builds that begin in a file: the kustomization of its folder, or its Flux Kustomizations. */
  failuresIn(path: string): readonly unknown[] {
    if (this.#failures.size === 0) return [];
    const places = isKustomizationFile(path) ? [path, folderOf(path)] : [path];
    return places.flatMap((place) => (this.#failures.has(place) ? [this.#failures.get(place)] : []));
  }

  /** A build that throws is one that lacks everything, which other builds and checks take as unknown. */
  *#orFailure<T>(place: string, nothing: T, compute: () => Steps<T>): Steps<T> {
    try {
      const result = yield* compute();
      if (this.#failures.size > 0) this.#failures.delete(place);
      return result;
    } catch (error) {
      this.#failures.set(place, error);
      return nothing;
    }
  }

  /**
   * Forgets what was not asked for since the last change: each edit of a Flux Kustomization may need another build, and each
   * edit of what its source excludes another one of every folder.
   */
  forgetUnused(): void {
    const inUse = new Set<string>([byHand]);
    for (const [key, known] of this.#bases) {
      if (known.edition === this.#workspace.edition) inUse.add(artifactIn(key));
      else if (this.#bases.delete(key)) this.#drop(known);
    }
    for (const [key, { edition }] of this.#artifacts)
      if (edition !== this.#workspace.edition && !inUse.has(artifactIn(key))) this.#artifacts.delete(key);
    for (const [key, known] of this.#folders) {
      if (inUse.has(artifactIn(key))) continue;
      const folder = key.slice(artifactIn(key).length + 1);
      const isCommon = this.#commonFolders.get(folder) === known;
      // Other artifacts take it from there.
      if (isCommon && !known.state.isOutdated) continue;
      if (isCommon) this.#commonFolders.delete(folder);
      if (this.#folders.delete(key)) this.#drop(known);
    }
  }

  /**
   * Builds with the same `sharing` read the same files with the same options, and share what folders accumulate. What is the
   * same regardless of them, all builds share.
   */
  #options(
    sharing: Artifact | typeof byHand | undefined,
    isIgnored: (path: string) => boolean = nothingIgnored,
  ): BuildOptions {
    const room = () => Math.min(mostObjects, this.#held.room);
    if (sharing === undefined) return { room };
    const isForAll = (recorded: Recorded<Accumulated>) => isUnignored(recorded, isIgnored);
    return { room, share: (folder, record) => this.#share(sharing, isForAll, folder, record) };
  }

  *#share(
    sharing: Artifact | typeof byHand,
    isForAll: (recorded: Recorded<Accumulated>) => boolean,
    folder: string,
    record: Parameters<Share<Accumulated>>[1],
  ): ReturnType<Share<Accumulated>> {
    const key = sharing === byHand ? `${byHand}\n${folder}` : keyOf(sharing, folder);
    if (this.#recording.has(key)) return undefined;
    this.#compareAnswers();
    const common = this.#commonFolders.get(folder);
    if (common && !common.state.isOutdated && isForAll(common.value)) return this.#taken(common);
    const steps = this.#cached(this.#folders, key, (isOwnSame) => {
      const before = this.#folders.get(key)?.value;
      return mapped(record(before, isOwnSame), (made) => {
        const value = before ? keptRecording(made, before) : made;
        return { value, own: made.own, objects: value.accumulated.objects };
      });
    });
    const recorded = yield* within(
      () => void this.#recording.add(key),
      () => void this.#recording.delete(key),
      steps,
    );
    const known = this.#folders.get(key)!;
    if (isForAll(recorded)) this.#commonFolders.set(folder, known);
    return this.#taken(known);
  }

  /** `isOwnSame`: since the value was computed last, only others that it was made of changed. */
  *#cached<T>(
    known: Map<string, Known<T>>,
    key: string,
    compute: (isOwnSame: boolean) => Steps<Computed<T>>,
  ): Steps<T> {
    this.#compareAnswers();
    const before = known.get(key);
    if (before && !before.state.isOutdated) {
      before.edition = this.#edition;
      return before.value;
    }
    // The value that is replaced leaves its room to the new one.
    if (before) this.#drop(before);
    const taken: Known<Recorded<Accumulated>>[] = [];
    const made = yield* within(
      () => void this.#taking.push(taken),
      () => void this.#taking.pop(),
      compute(before?.own.isOutdated === false),
    );
    // It was asked for, and computed at once, between two steps.
    const meanwhile = known.get(key);
    if (meanwhile && meanwhile !== before) {
      if (!meanwhile.state.isOutdated) return meanwhile.value;
      this.#drop(meanwhile);
    }
    const { value, own, reads = own ?? none, listed = none, objects = [] } = made;
    // What was asked for twice counts once.
    const others = [...new Set(taken)];
    const reading: Reading = { reads, listed, taken: others.map((one) => one.value.reads) };
    const isNoted = before !== undefined && !before.own.isOutdated && isSameReading(before.reading, reading);
    const noted = isNoted ? before.own : { isOutdated: false };
    const now: Known<T> = {
      ...{ value, edition: this.#edition, state: { isOutdated: false }, own: noted, reading },
      ...{ objects, isHeld: true },
    };
    this.#held.add(objects);
    for (const one of others) addReader(one.state, now.state);
    addReader(noted, now.state);
    if (!isNoted) {
      // What others read that this was made of is noted with them.
      const theirs = own ? nobody : new Set(reading.taken.flat());
      for (const path of reads) if (!theirs.has(path)) this.#note(path, noted);
      for (const folder of listed) this.#note(`${folder}/**`, noted);
    }
    known.set(key, now);
    return value;
  }

  /** Gives the room of a value back, once. */
  #drop(known: Known<unknown>): void {
    if (known.isHeld) this.#held.drop(known.objects);
    known.isHeld = false;
  }

  #taken(known: Known<Recorded<Accumulated>>): Recorded<Accumulated> {
    this.#taking.at(-1)?.push(known);
    return known.value;
  }

  /** After a change of the workspace, everything that read an answer that is now another is outdated. */
  #compareAnswers(): void {
    const { edition } = this.#workspace;
    if (this.#edition === edition) return;
    const changed = this.#workspace.changedSince(this.#edition);
    this.#edition = edition;
    for (const of of changed ? concernedBy(changed) : this.#answers.keys()) {
      const current = this.#answers.get(of);
      if (!current || isSameAnswer(current.answer, this.#ask(of))) continue;
      outdate(current);
      this.#answers.delete(of);
    }
  }

  /** Notes that a value depends on an answer: a path's kind and text, or the files of `folder/**`. */
  #note(of: string, reader: Outdated): void {
    let current = this.#answers.get(of);
    if (!current) this.#answers.set(of, (current = { answer: this.#ask(of) }));
    addReader(current, reader);
  }

  #ask(of: string): Answer {
    if (of.endsWith('/**')) return { kind: 'folder', text: undefined, below: this.#workspace.below(of.slice(0, -3)) };
    const kind = this.#files.kindOf(of);
    if (kind !== 'file') return { kind, text: undefined, below: undefined };
    const text = this.#text(of);
    return { kind, text: isText(text) ? text : sha256(this.#bytes(of) ?? new Uint8Array()), below: undefined };
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
    bytes: (path) => (isText(this.#text(path)) ? undefined : this.#bytes(path)),
    realPath: (path) => this.#workspace.data.realPath(path),
  };

  #bytes(path: string): Uint8Array | undefined {
    return this.#workspace.data.bytes(path);
  }

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

  #artifact(artifact: Artifact): ArtifactFiles {
    const files = () => filesOfArtifact(artifact, this.#workspace, this.#files, (path) => this.#text(path));
    return atOnce(this.#cached(this.#artifacts, keyOf(artifact, ''), () => inOneStep(files)));
  }
}

/** Of a kustomization that is built without Flux, from all files. */
const byHand = 'by hand';

const nothingIgnored = () => false;

/** A text with a NUL may be a binary file that was read as text. */
function isText(text: string | undefined): text is string {
  return text !== undefined && !text.includes('\0');
}

/** More than a folder has Flux Kustomizations: each edit of one adds a form. */
const mostForms = 500;

interface Found {
  readonly kind: 'ConfigMap' | 'Secret';
  readonly namespace: string;
  readonly name: string;
  readonly object: BuiltMap | undefined;
}

interface Finished {
  readonly found: readonly Found[];
  readonly result: FluxResult;
}
