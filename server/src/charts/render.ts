// What Helm makes of a release: what is asked of it, and its answer as objects. Who asks gets what is known; a program of the
// user's renders the rest, if the user agreed (`disk/helm.ts`).
import { parseManifest } from '../syntax/manifest.ts';
import { splitDocuments } from '../syntax/split.ts';
import type { Value } from '../syntax/tree.ts';
import { isObject, type ObjectValue, toValue } from '../syntax/value.ts';
import type { Chart } from './chart.ts';

export interface RenderRequest {
  readonly chart: Chart;
  /** Instead of the chart's own `values.yaml`. */
  readonly defaults: ObjectValue | undefined;
  /** Nothing in them is unknown. */
  readonly values: ObjectValue;
  /** Names as Kubernetes has them. */
  readonly name: string;
  readonly namespace: string;
  /** Such as `1.36.0`; undefined for the one that Helm assumes. */
  readonly kubernetes: string | undefined;
  /** Whether the objects in `crds/` are applied. */
  readonly hasCrds: boolean;
  /** Asks for another run of the same, to see what differs from run to run. */
  readonly again?: true;
}

export interface RenderedObject {
  /** The path of the template, from the folder that the chart is in. */
  readonly template: string;
  readonly value: ObjectValue;
  /** YAML, without the line that names the template. */
  readonly text: string;
}

export type Rendered =
  | { readonly is: 'objects'; readonly objects: readonly RenderedObject[] }
  /** In Helm's words, which may quote values. */
  | { readonly is: 'refused'; readonly why: string }
  /** Helm couldn't be run, or took too long. */
  | { readonly is: 'failed' };

/** Synchronous; never throws. */
export interface Renders {
  /** Whether the user agreed that releases are rendered. */
  readonly isOn: boolean;
  /** Undefined as long as it isn't known; the same (`===`) for equal requests afterwards. */
  rendered(request: RenderRequest): Rendered | undefined;
}

export const noRenders: Renders = { isOn: false, rendered: () => undefined };

/** The objects in what `helm template` prints. */
export function renderedObjects(output: string): readonly RenderedObject[] {
  return splitDocuments(output).flatMap(({ text: printed }): readonly RenderedObject[] => {
    const { root } = parseManifest(printed);
    const value: Value | undefined = root && toValue(root);
    const [line = '', template = ''] = /^# Source: (.+)\n?/m.exec(printed) ?? [];
    return isObject(value) ? [{ template, value, text: printed.replace(line, '') }] : [];
  });
}

/** Whether all subcharts are there, as Helm requires. */
export function isWhole({ dependencies }: Chart): boolean {
  return dependencies.every(({ chart }) => chart !== undefined && isWhole(chart));
}

/** Whether templates ask for what is in the cluster, which isn't known: what they give may differ there. */
export function asksCluster({ files, dependencies }: Chart, kubernetes: string | undefined): boolean {
  const asks = kubernetes === undefined ? /\.Capabilities\b|\blookup\s/ : /\.Capabilities\.APIVersions\b|\blookup\s/;
  const own = files.paths.some((path) => /^templates\//.test(path) && asks.test(files.text(path) ?? ''));
  return own || dependencies.some(({ chart }) => chart !== undefined && asksCluster(chart, kubernetes));
}

/** Whether templates may give something else each time. Source: the functions of Sprig that are random or tell the time. */
export function mayVary({ files, dependencies }: Chart): boolean {
  const varies =
    /\b(?:rand[A-Z]\w+|gen(?:CA|PrivateKey|SelfSignedCert|SignedCert)\w*|uuidv4|shuffle|bcrypt|htpasswd|encryptAES|now|ago)\b/;
  const own = files.paths.some(
    (path) => /^(?:templates\/|values\.yaml$)/.test(path) && varies.test(files.text(path) ?? ''),
  );
  return own || dependencies.some(({ chart }) => chart !== undefined && mayVary(chart));
}
