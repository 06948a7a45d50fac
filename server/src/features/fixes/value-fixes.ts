// Values that were probably meant: with the right unit, type, case or characters. Whoever offers one puts it into the text
// and verifies the result.

import { apiVersionOf } from '../../kube/identity.ts';
import { parseDuration } from '../../kube/values/duration.ts';
import { nearest } from '../../schema/nearest.ts';
import type { Schema } from '../../schema/schema.ts';
import { nodeAt } from '../../syntax/navigate.ts';
import type { Node, Path, ScalarNode } from '../../syntax/tree.ts';
import { booleanOf, type Problem } from '../../validation/problem.ts';
import { isDuration } from '../describe.ts';
import { objectAt } from '../place.ts';
import { encoded } from './shapes.ts';
import { fieldOf, type Subject } from './subject.ts';

export interface Meant {
  readonly value: unknown;
  /** Instead of one that quotes the value. */
  readonly title?: string;
  /** The same value in the right form. */
  readonly certain?: true;
}

/** What the scalar at `path`, a path from the document's root, was probably meant as; the likeliest first. */
export function meantValues(subject: Subject, problem: Problem, path: Path): readonly Meant[] {
  const node = nodeAt(subject.manifest.root, path);
  if (node?.type !== 'scalar') return [];
  const schema = fieldOf(subject, path)?.schema ?? {};
  const written = problem.on === 'key' ? String(path.at(-1)) : node.text;
  return [...labelsElsewhere(subject, path, written), ...valuesFor(problem, schema, node, written)].filter(
    ({ value }) => value !== '' && value !== written,
  );
}

/** The value that a selector or another list of labels in the document has for the same label. */
function labelsElsewhere({ manifest }: Subject, path: Path, written: string): readonly Meant[] {
  const key = path.at(-1);
  if (path.at(-2) !== 'labels' || typeof key !== 'string') return [];
  const found = new Set<string>();
  const pending: Node[] = manifest.root ? [manifest.root] : [];
  for (let at = pending.pop(); at; at = pending.pop()) {
    if (at.type === 'seq') pending.push(...at.items);
    if (at.type !== 'map') continue;
    for (const { key: name, value } of at.entries) {
      if (name.text === key && value.type === 'scalar' && typeof value.value === 'string') found.add(value.text);
      pending.push(value);
    }
  }
  const plain = (text: string) => text.toLowerCase().replace(/[^a-z0-9]/g, '');
  return [...found].filter((text) => text !== written && plain(written).startsWith(plain(text))).map(guess);
}

function valuesFor(
  { facts, rule, path }: Problem,
  schema: Schema,
  node: ScalarNode,
  written: string,
): readonly Meant[] {
  switch (facts.is) {
    case 'enum':
      return meantChoice(written, facts.allowed);
    case 'type':
      // A number in the data of a Secret.
      if (schema.format === 'byte') return [inBase64(written)];
      return [
        ...asExpected(facts.expected, node, String(path.at(-1))),
        ...measured(written, schema),
        ...inForm(written, schema),
      ];
    case 'range':
      return [guess(facts.exclusive ? facts.limit + (facts.bound === 'least' ? 1 : -1) : facts.limit)];
    case 'length':
      return facts.bound === 'most' && facts.of === 'character' ? shortened(written, facts.limit) : [];
    case 'format':
      if (facts.format === 'byte') return [inBase64(written)];
      break;
    case 'unidentified':
    case 'unknown-kind':
    case 'unserved':
    case 'deprecated':
    case 'missing':
      return [];
  }
  if (rule === 'schema/enum') return meantChoice(written, schema.enum ?? []);
  if (rule === 'schema/label' || rule === 'schema/annotation') return labelled(written);
  return [...measured(written, schema), ...inForm(written, schema), ...named(written)];
}

function inBase64(written: string): Meant {
  return { value: encoded(written), title: 'Encode it as base64' };
}

function guess(value: unknown): Meant {
  return { value };
}

/** The other served versions of the kind at the path of an apiVersion, the stored one first. */
export function servedVersions({ manifest, schemas }: Subject, path: Path): readonly string[] {
  const { gvk } = objectAt(manifest.root, path);
  const served = gvk ? schemas.versions(gvk.group, gvk.kind).filter((one) => one.served) : [];
  return served.toSorted((a, b) => Number(b.storage) - Number(a.storage)).map((one) => apiVersionOf(one.gvk));
}

/** Few enough to show each as a fix. */
const mostChoices = 3;

function meantChoice(written: string, allowed: readonly unknown[]): readonly Meant[] {
  const texts = allowed.filter((value) => typeof value === 'string' && value !== '') as readonly string[];
  const plain = (text: string) => text.toLowerCase().replace(/[^a-z0-9]/g, '');
  const same = texts.filter((text) => plain(text) === plain(written));
  if (same.length > 0) return same.map((value) => ({ value, certain: true }));
  const near = nearest(written, texts);
  const short = plain(written);
  const begun = texts.filter(
    (text) => short.length > 1 && (plain(text).startsWith(short) || short.startsWith(plain(text))),
  );
  const all = texts.length <= mostChoices ? texts : [];
  return [...new Set([...(near === undefined ? [] : [near]), ...begun, ...all])].map(guess);
}

/** Nanoseconds of the units that names of fields end with. */
const namedUnits: readonly (readonly [RegExp, bigint])[] = [
  [/(?:Millis|Milliseconds|Ms)$/, 1_000_000n],
  [/Seconds$/, 1_000_000_000n],
  [/Minutes$/, 60_000_000_000n],
  [/Hours$/, 3_600_000_000_000n],
];

/** `30s` in a field such as `timeoutSeconds`. */
function inUnit(text: string, field: string): bigint | undefined {
  const unit = namedUnits.find(([pattern]) => pattern.test(field))?.[1];
  const duration = unit === undefined ? undefined : parseDuration(text.replace(/\s+/g, ''));
  return unit !== undefined && duration?.ok && duration.value % unit === 0n ? duration.value / unit : undefined;
}

/** `"3"`, `3.0`, `yes` and `30s` as the expected type of the field. */
function asExpected(expected: readonly string[], { text, value }: ScalarNode, field: string): readonly Meant[] {
  const found: Meant[] = [];
  if (expected.includes('boolean')) {
    const meant = booleanOf(text.trim()) ?? (text === '1' ? true : text === '0' ? false : undefined);
    if (meant !== undefined) found.push({ value: meant, certain: true });
  }
  if (expected.includes('integer')) {
    const counted = inUnit(text, field);
    if (counted !== undefined) found.push({ value: counted, certain: true });
    else if (/^\s*-?\d{1,18}\s*$/.test(text)) found.push({ value: BigInt(text.trim()), certain: true });
    else if (typeof value === 'number' && Number.isFinite(value)) found.push(guess(BigInt(Math.round(value))));
    else if (/^\d{1,18}\b/.test(text)) found.push(guess(BigInt(/^\d+/.exec(text)![0])));
  }
  if (expected.includes('number') && /^\s*-?\d+(?:\.\d+)?\s*$/.test(text)) {
    found.push({ value: Number(text), certain: true });
  }
  return found;
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
  [/^(?:millicores?|mcpus?)$/i, 'm', 1],
  [/^ms(?:ecs?)?$|^milliseconds?$/i, 'ms', 1],
  [/^s(?:ecs?|econds?)?$/i, 's', 1],
  [/^m(?:ins?|inutes?)?$/i, 'm', 1],
  [/^h(?:rs?|ours?)?$/i, 'h', 1],
  [/^h(?:rs?|ours?)?$/i, 'm', 60],
  [/^d(?:ays?)?$/i, 'h', 24],
  [/^d(?:ays?)?$/i, 'm', 1440],
  [/^w(?:eeks?)?$/i, 'h', 168],
];

/** A number with a unit that is spelled differently; a duration without a unit is in seconds. */
function measured(written: string, schema: Schema): readonly Meant[] {
  const compact = written.replace(/[\s_]+/g, '');
  const [, number = '', unit = ''] = /^(\d+(?:[.,]\d+)?)([a-z]*)$/i.exec(compact) ?? [];
  if (number === '') return several(compact);
  if (unit === '') return isDuration(schema) ? [guess(`${number}s`), guess(`${number}m`)] : [];
  const fitting = units.filter(
    ([pattern, , factor]) => pattern.test(unit) && (factor === 1 || /^\d{1,6}$/.test(number)),
  );
  const digits = number.replace(',', '.');
  return [
    { value: `${digits}${unit}`, certain: true },
    ...fitting.map(([, symbol, factor]): Meant => {
      return { value: `${factor === 1 ? digits : Number(digits) * factor}${symbol}`, certain: true };
    }),
  ];
}

/** `1h 30min`: several numbers with units. */
function several(compact: string): readonly Meant[] {
  if (!/^(?:\d+[a-z]+){2,4}$/i.test(compact)) return [];
  const parts = compact.match(/\d+[a-z]+/gi)!.map((part) => {
    const [, number = '', unit = ''] = /^(\d+)([a-z]+)$/i.exec(part)!;
    const known = units.find(
      ([pattern, symbol, factor]) => factor === 1 && /^[smh]$/.test(symbol) && pattern.test(unit),
    );
    return known ? number + known[1] : part;
  });
  return [{ value: parts.join(''), certain: true }];
}

/** Without white space, in the case or with the prefix or suffix that the pattern asks for. */
function inForm(written: string, { pattern = '', format }: Schema): readonly Meant[] {
  const trimmed = written.trim();
  const [, host, path] = /ssh/.test(pattern) ? (/^((?:[\w.-]+@)?[\w.-]+):([^/\d][^:]*)$/.exec(trimmed) ?? []) : [];
  // The short form of Git: what follows the colon is a path.
  if (host !== undefined) return [{ value: `ssh://${host}/${path}`, certain: true }];
  const found: Meant[] = [
    { value: trimmed, certain: true },
    { value: trimmed.replace(/\s+/g, ''), certain: true },
  ];
  if (format === 'cidr' || /cidr/i.test(pattern)) found.push(guess(`${trimmed}/32`));
  if (/https?|ssh/.test(pattern) || format === 'uri')
    found.push(guess(`https://${trimmed.replace(/^\w*:?\/*/, '')}`), guess(`https://${trimmed}`));
  if (/\boci\b|oci:/.test(pattern)) found.push(guess(`oci://${trimmed.replace(/^\w*:\/*/, '')}`));
  if (/^\^?\(?v/.test(pattern)) found.push(guess(`v${trimmed.replace(/^v/i, '')}`));
  found.push(guess(trimmed.toLowerCase()), guess(trimmed.toUpperCase()));
  return found;
}

const longestName = 63;

/** In the form of the names of objects, hosts and ports; at last in that of labels, without dots. */
function named(written: string): readonly Meant[] {
  const slug = written
    .toLowerCase()
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/[^a-z0-9.-]+/g, '-')
    .replace(/^[-.]+|[-.]+$/g, '');
  const label = slug.replace(/\.+/g, '-').replace(/-{2,}/g, '-');
  return [slug, label, ...shortSlugs(label), `a-${label}`].map(guess);
}

function shortSlugs(slug: string): readonly string[] {
  return [longestName, 52, 15].filter((length) => slug.length > length).map((length) => cut(slug, length));
}

function shortened(written: string, limit: number): readonly Meant[] {
  return limit > 0 && limit < written.length ? [guess(cut(written, limit))] : [];
}

function cut(text: string, length: number): string {
  return text.slice(0, length).replace(/[^A-Za-z0-9]+$/, '');
}

/** In the form of keys and values of labels: `domain/name`, with at most 63 characters in the name. */
function labelled(written: string): readonly Meant[] {
  const parts = written.split('/').filter((part) => part !== '');
  const name = (parts.at(-1) ?? '')
    .trim()
    .replace(/[^A-Za-z0-9_.-]+/g, '-')
    .replace(/^[^A-Za-z0-9]+|[^A-Za-z0-9]+$/g, '');
  const domain =
    parts.length > 1
      ? parts
          .slice(0, -1)
          .join('.')
          .toLowerCase()
          .replace(/[^a-z0-9.-]+/g, '-')
      : '';
  const short = cut(name, longestName);
  return [...(domain === '' ? [] : [`${domain}/${short}`]), short].map(guess);
}
