// The custom requests between the client and the language server, in addition to LSP.
import type { KindChoice } from './features/new-manifest.ts';
import type { SchemaStatus } from './features/status.ts';
import type { Origin } from './live/origin.ts';
import type { ChartUse } from './workspace/wanted-charts.ts';

export type { ChartUse, KindChoice, SchemaStatus };

/** The client's `initializationOptions`. Other editors send none. */
export interface LanguageOptions {
  /** The first suggestion is selected while one types, so that Enter and Tab accept it. */
  readonly selectsFirst?: boolean;
  /** A list that opens on a new line selects nothing, so that Enter stays Enter. */
  readonly opensOnNewLine?: boolean;
  /** Spaces by which the editor indents a file that has no indentation yet. */
  readonly indentation?: number;
  /** A command that opens the suggestions at the cursor; it takes `{auto: true}`. */
  readonly suggestCommand?: string;
  /** Whether inlay hints are shown; by default they are. */
  readonly inlayHints?: boolean;
  /** A command that previews what clusters get; it takes `{uri, position}`. Without it, there are no code lenses. */
  readonly previewCommand?: string;
  /** The user agreed that the program `helm` runs and renders HelmReleases. */
  readonly renderReleases?: boolean;
  /** A file in which the server names what it works on, for a client that ends it when it hangs. */
  readonly atWork?: string;
  /** Whether the user trusts the workspace: if not, its CRDs aren't used. By default they do. */
  readonly trusted?: boolean;
  /** Documents and roots that earlier servers hung on: they are left alone. */
  readonly setAside?: readonly string[];
}

export interface Position {
  readonly line: number;
  readonly character: number;
}

export interface LanguageRequests {
  readonly 'capstan/alive': { readonly params: null; readonly result: null };
  /** The schema of the document at a position, for the status bar. */
  readonly 'capstan/schemaStatus': {
    readonly params: { readonly uri: string; readonly position: Position };
    readonly result: SchemaStatus | null;
  };
  /** The kinds of which a manifest can be written, those of the workspace first. `uri` is a file or folder of the root. */
  readonly 'capstan/kinds': {
    readonly params: { readonly uri: string };
    readonly result: readonly KindChoice[];
  };
  /** Where a new manifest goes and what is in it; null if the kind is unknown. */
  readonly 'capstan/newManifest': {
    readonly params: { readonly uri: string; readonly apiVersion: string; readonly kind: string };
    readonly result: { readonly uri: string; readonly snippet: string } | null;
  };
  /** The edit that lists a new file in the kustomization of its folder; null if that lists no files of the folder. */
  readonly 'capstan/listing': {
    readonly params: { readonly uri: string };
    readonly result: { readonly uri: string; readonly position: Position; readonly text: string } | null;
  };
  /**
   * The objects at a position as a cluster gets them, by default the first: on a Flux Kustomization or in a kustomization all
   * that it applies, elsewhere those of the file. Null if no cluster gets any.
   */
  readonly 'capstan/preview': {
    readonly params: { readonly uri: string; readonly position: Position; readonly cluster?: string };
    readonly result: AppliedPreview | null;
  };
  /** What differs in what clusters get at a position since a revision of Git, or between them; or in the whole `repository`. */
  readonly 'capstan/differences': {
    readonly params: {
      readonly uri: string;
      readonly position: Position;
      readonly between:
        | { readonly is: 'revision' | 'repository'; readonly revision: string }
        | { readonly is: 'clusters'; readonly old: string; readonly now: string };
    };
    readonly result: Differences | null;
  };
  /** Where the first of these is written that files have, several places if it isn't known which is meant; the origins are of `origins`. */
  readonly 'capstan/written': {
    readonly params: { readonly origins: readonly Origin[] };
    readonly result: readonly WrittenPlace[];
  };
  /** An object as files say that clusters should have it, in its different forms; of several clusters if it isn't known which. */
  readonly 'capstan/applied': {
    readonly params: { readonly origin: Origin };
    readonly result: readonly { readonly cluster?: string; readonly json: string }[];
  };
  /** The objects of a file as clusters get them, in the order of the file. */
  readonly 'capstan/identities': {
    readonly params: { readonly uri: string };
    readonly result: readonly (Origin & { readonly position: Position })[];
  };
  /** The charts that releases of the file's root use and that aren't known; the other tells that some were fetched. */
  readonly 'capstan/missingCharts': { readonly params: { readonly uri: string }; readonly result: readonly ChartUse[] };
  readonly 'capstan/chartsFetched': { readonly params: null; readonly result: null };
}

export interface WrittenPlace {
  readonly uri: string;
  readonly position: Position;
  /** The clusters that get it, as far as the files show. */
  readonly clusters: readonly string[];
  /** Of the origins. */
  readonly index: number;
}

/** Values of Secrets are hidden; texts are YAML, and `name` is what the old one is of. */
export type Differences =
  | { readonly is: 'texts'; readonly name: string; readonly old: string; readonly now: string }
  | { readonly is: 'report'; readonly markdown: string }
  | { readonly is: 'problem'; readonly problem: string };

export interface AppliedPreview {
  readonly cluster: string;
  /** All clusters that get the objects. */
  readonly clusters: readonly string[];
  /** YAML, one document for each object. */
  readonly text: string;
  /** The URIs of the files that the values are from. */
  readonly sources: readonly string[];
  /** For each line of the text, an index of `sources` and the line there that its value is from. */
  readonly lines: readonly (readonly [source: number, line: number] | null)[];
}
