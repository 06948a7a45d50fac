// Reports what kustomize refuses in a kustomization. It decodes the file strictly, so an unknown field or a number instead
// of a string fails the build (sigs.k8s.io/kustomize/api/types/kustomization.go, Unmarshal and EnforceFields).
import type { Gvk } from '../kube/identity.ts';
import { nearest } from '../schema/nearest.ts';
import type { SchemaStore } from '../schema/schema.ts';
import type { Finding, RuleId } from '../syntax/finding.ts';
import type { Manifest } from '../syntax/manifest.ts';
import { isObject, type ObjectValue, own, toValue } from '../syntax/value.ts';
import { checkDecoding, type Decoding } from '../validation/decode.ts';
import { explained } from '../validation/judge.ts';
import { errorAt, type Problem } from '../validation/problem.ts';
import { findingOf } from '../validation/report.ts';
import { isReadable, type Located } from '../validation/validate.ts';

const group = 'kustomize.config.k8s.io';
const versions: Readonly<Record<string, string>> = { Kustomization: 'v1beta1', Component: 'v1alpha1' };

/** The kind of a kustomization. Both apiVersion and kind are optional, and each implies the other. */
export function kustomizationKind({ apiVersion, kind }: Pick<Manifest, 'apiVersion' | 'kind'>): Gvk {
  const isComponent = kind === 'Component' || apiVersion === `${group}/v1alpha1`;
  const name = isComponent ? 'Component' : 'Kustomization';
  return { group, version: versions[name]!, kind: name };
}

/** How kustomize's decoding differs from the API server's. */
const decoding: Decoding = {
  // encoding/json matches field names case-insensitively.
  anyCase: true,
  // The first format listed patch files by name; later ones accepted that for a long time.
  textItems: new Set(['patches']),
};

const rules: Readonly<Record<string, RuleId>> = { 'schema/unknown-field': 'kustomize/unknown-field' };

/** The findings of a kustomization, including those about its YAML syntax. */
export function kustomizationFindings(manifest: Manifest, store: SchemaStore): readonly Finding[] {
  const { text } = manifest;
  const found = manifest.findings.map((finding) => asKustomizeReads(finding, text));
  return [...found, ...kustomizationProblems(manifest, store).map(({ problem }) => findingOf(problem, manifest, []))];
}

/** The problems behind the findings that aren't about the syntax. */
export function kustomizationProblems(manifest: Manifest, store: SchemaStore): readonly Located[] {
  const object = manifest.root && isReadable(manifest) ? toValue(manifest.root) : undefined;
  if (!isObject(object)) return [];
  return judgeKustomization(object, store).map((problem) => ({ problem, object, prefix: [] }));
}

/** Unlike the API server, kustomize accepts a key that is set twice. */
function asKustomizeReads(finding: Finding, text: string): Finding {
  if (finding.rule !== 'syntax/duplicate-key') return finding;
  const key = text.slice(finding.start, finding.end);
  const message = `Duplicate key “${key}”: it is set twice in this map, and kustomize uses only one of them. Remove the other.`;
  return { ...finding, severity: 'warning', message };
}

function judgeKustomization(object: ObjectValue, store: SchemaStore): readonly Problem[] {
  const [apiVersion, kind] = [own(object, 'apiVersion'), own(object, 'kind')];
  const gvk = kustomizationKind({
    apiVersion: typeof apiVersion === 'string' ? apiVersion : undefined,
    kind: typeof kind === 'string' ? kind : undefined,
  });
  const schema = store.lookup(gvk)?.schema;
  if (!schema) return [];
  const problems: Problem[] = [];
  checkHead(apiVersion, kind, (problem) => problems.push(problem));
  const decoded: Problem[] = [];
  checkDecoding(object, schema, [], (problem) => decoded.push(problem), decoding);
  const refused = explained(decoded, object, schema);
  return [...problems, ...refused.map((one) => ({ ...one, rule: rules[one.rule] ?? 'kustomize/type' }) as const)];
}

function checkHead(apiVersion: unknown, kind: unknown, report: (problem: Problem) => void): void {
  if (typeof kind !== 'string') return;
  const version = versions[kind];
  if (version === undefined) {
    const meant = nearest(kind, Object.keys(versions)) ?? 'Kustomization';
    const sentence = `kind must be Kustomization or Component, not “${kind}”; kustomize refuses the file.`;
    report(errorAt('kustomize/kind', ['kind'], { is: 'check', sentence }, [{ kind: 'replace', value: meant }]));
  } else if (typeof apiVersion === 'string' && apiVersion !== `${group}/${version}`) {
    const wanted = `${group}/${version}`;
    const sentence = `apiVersion must be ${wanted} for a ${kind}, not “${apiVersion}”; kustomize refuses the file.`;
    report(
      errorAt('kustomize/api-version', ['apiVersion'], { is: 'check', sentence }, [{ kind: 'replace', value: wanted }]),
    );
  }
}
