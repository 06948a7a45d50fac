// Values that were probably intended, searched for only on request. Each candidate is put into the text, and is offered
// only if the API server's verdict on the result is better.
import { apiVersionOf } from '../../kube/identity.ts';
import { nearest } from '../../schema/nearest.ts';
import type { SchemaStore } from '../../schema/schema.ts';
import type { Finding, Fix } from '../../syntax/finding.ts';
import { type Manifest, parseManifest } from '../../syntax/manifest.ts';
import { placeAt } from '../../syntax/navigate.ts';
import type { Path } from '../../syntax/tree.ts';
import { fixesOf } from '../../validation/fixes.ts';
import { validateDocument } from '../../validation/validate.ts';
import { fieldAt, objectAt } from '../place.ts';
import { applied } from './syntax-fixes.ts';

/** In characters. To verify a fix, the document is validated again; in longer documents fixes are not verified. */
const longest = 60_000;

/** The first candidate that solves the finding. `finding` and the fixes use offsets of the document. */
export function valueFixes(text: string, finding: Finding, schemas: SchemaStore, helps: Helps): readonly Fix[] {
  const manifest = parseManifest(text);
  const place = placeAt(manifest.root, finding.start);
  if (place?.node.type !== 'scalar' || place.onKey || text.length > longest) return [];
  const found = candidates(finding, place.node.text, place.path, manifest, schemas)
    .filter((value) => value !== '')
    .flatMap((value) => replacing(value, place.path, manifest))
    .find(helps);
  return found ? [found] : [];
}

function replacing(value: string, path: Path, manifest: Manifest): readonly Fix[] {
  return fixesOf([{ kind: 'replace', value }], manifest, path);
}

export type Helps = (fix: Fix) => boolean;

/**
 * Whether a fix solves a problem that the API server rejects, instead of only changing the reason. An added field may be
 * empty: its author fills it in.
 */
export function helpsIn(text: string, { rule, path, start, end }: Finding, schemas: SchemaStore): Helps {
  if (!/^(?:schema|deprecated)\//.test(rule) || path === undefined || text.length > longest) return () => true;
  const isSame = (other: Finding) => isWithin(other.path, path) && (rule !== 'schema/required' || other.rule === rule);
  const verdictOn = (one: string) => validateDocument(parseManifest(one), schemas);
  let before: readonly Finding[] | undefined;
  return (fix) => {
    before ??= verdictOn(text);
    const after = verdictOn(applied(text, fix.edits));
    const own = before.filter((other) => isSame(other) && start <= other.start && other.start <= end);
    // A newer version can require other fields.
    if (rule === 'deprecated/version' && errors(after) > errors(before)) return false;
    return own.length === 0 || after.filter(isSame).length <= before.filter(isSame).length - own.length;
  };
}

function errors(findings: readonly Finding[]): number {
  return findings.filter(({ severity }) => severity === 'error').length;
}

function isWithin(path: string | undefined, outer: string): boolean {
  return path?.startsWith(outer) === true && /^(?:$|[.[])/.test(path.slice(outer.length));
}

function candidates(
  { rule }: Finding,
  written: string,
  path: Path,
  { root }: Manifest,
  schemas: SchemaStore,
): readonly string[] {
  switch (rule) {
    case 'schema/unserved-version':
    case 'deprecated/version': {
      const { gvk } = objectAt(root, path);
      const served = gvk ? schemas.versions(gvk.group, gvk.kind).filter((one) => one.served) : [];
      return served.toSorted((a, b) => Number(b.storage) - Number(a.storage)).map((one) => apiVersionOf(one.gvk));
    }
    case 'schema/enum': {
      const allowed = fieldAt(root, path, schemas)?.schema.enum ?? [];
      const meant = nearest(
        written,
        allowed.filter((value) => typeof value === 'string'),
      );
      return meant === undefined ? [] : [meant];
    }
    case 'schema/format':
    case 'schema/pattern':
      return [...measured(written), named(written)];
    case 'schema/name':
    case 'schema/invalid':
      return [named(written)];
    default:
      return [];
  }
}

/** Common spellings of units, the unit in Kubernetes quantities or Go durations, and the factor for the number. */
const units: readonly (readonly [RegExp, string, number])[] = [
  [/^k$|^kb$/i, 'k', 1],
  [/^kib?$/i, 'Ki', 1],
  [/^mb$/i, 'M', 1],
  [/^mib?$/i, 'Mi', 1],
  [/^gb?$/i, 'G', 1],
  [/^gib?$/i, 'Gi', 1],
  [/^tb?$/i, 'T', 1],
  [/^tib?$/i, 'Ti', 1],
  [/^(?:cores?|cpus?)$/i, '', 1],
  [/^s(?:ecs?|econds?)?$/i, 's', 1],
  [/^m(?:ins?|inutes?)?$/i, 'm', 1],
  [/^h(?:rs?|ours?)?$/i, 'h', 1],
  [/^h(?:rs?|ours?)?$/i, 'm', 60],
  [/^d(?:ays?)?$/i, 'h', 24],
  [/^d(?:ays?)?$/i, 'm', 1440],
  [/^w(?:eeks?)?$/i, 'h', 168],
];

function measured(written: string): readonly string[] {
  const [, number = '', unit = ''] = /^(\d+(?:\.\d+)?)\s*([a-z]+)$/i.exec(written.trim()) ?? [];
  const fitting = units.filter(
    ([pattern, , factor]) => pattern.test(unit) && (factor === 1 || /^\d{1,6}$/.test(number)),
  );
  return fitting.map(([, symbol, factor]) => `${factor === 1 ? number : Number(number) * factor}${symbol}`);
}

/** In the form of the names of objects, hosts and ports. */
function named(written: string): string {
  return written
    .toLowerCase()
    .replace(/[^a-z0-9.-]+/g, '-')
    .replace(/^[-.]+|[-.]+$/g, '');
}
