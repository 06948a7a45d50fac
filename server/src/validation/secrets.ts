// Keeps the values of Secrets out of messages: they reach logs of CI, screens that are shared and reports of editors.
import type { Finding } from '../syntax/finding.ts';
import { LineIndex } from '../syntax/lines.ts';
import type { Manifest } from '../syntax/manifest.ts';
import { stringAt } from '../syntax/navigate.ts';
import { Outline } from '../syntax/outline.ts';
import type { Path } from '../syntax/tree.ts';

/** Whether a path leads to a value of a Secret. `prefix` is the path of the object in its document. */
export function isSecretValue({ root }: Manifest, prefix: Path, path: Path): boolean {
  return /^(?:data|stringData)$/.test(String(path[0])) && stringAt(root, [...prefix, 'kind']) === 'Secret';
}

/**
 * The findings without what they quote of the values of Secrets, or of the literals that kustomize makes Secrets of. Works
 * on the text, since a document that isn't valid YAML is a Secret too.
 */
export function withoutSecrets<F extends Finding>(text: string, findings: readonly F[]): readonly F[] {
  if (findings.length === 0 || !/\bkind["']?:\s*["']?Secret\b|\bsecretGenerator\b/.test(text)) return findings;
  const values = secretText(text);
  if (values === '') return findings;
  const tokens = new Set(values.split(/[\s"',:=[\]{}]+/));
  // Short ones only as a whole: they are in many words.
  const isSecret = (value: string) => (value.length < 6 ? tokens.has(value) : values.includes(value));
  return findings.map((finding) => {
    const { path = '' } = finding;
    const message = withoutQuotations(withoutBrokenKey(finding.message, path), isSecret);
    return message === finding.message ? finding : { ...finding, message };
  });
}

/** A line whose colon or quote is missing is read as a key with the value in it. */
function withoutBrokenKey(text: string, path: string): string {
  const key = /^(?:data|stringData)(\[.+\]|\..+)$/.exec(path)?.[1];
  const name = key?.replace(/^[.[]|\]$/g, '') ?? '';
  return /^[\w./-]*$/.test(name) ? text : text.replaceAll(`.${name}`, '');
}

/** A generator in flow style is one line with all of its fields. */
const beginning = /^(?:- +)*["']?(?:data|stringData|literals|secretGenerator(?=["']?:.*\bliterals\b))["']?:(.*)$/;

/** Looks only at what stands between quotation marks, which is text of the user. */
function withoutQuotations(text: string, isSecret: (value: string) => boolean): string {
  return text.replace(/“([^”]*?)(…?)”/g, (quoted, value: string) =>
    value !== '' && isSecret(value) ? 'this value' : quoted,
  );
}

/**
 * What stands below `data` and `stringData`, without the keys, and of `secretGenerator` below `literals`: `files` and `envs`
 * are names of files, which a message about a missing one needs.
 */
function secretText(text: string): string {
  const lines = new LineIndex(text);
  const outline = new Outline(lines);
  const found: string[] = [];
  const secret = new Set<number>();
  for (let line = 0; line < outline.count; line += 1) {
    const parent = outline.parent(line);
    const content = outline.content(line);
    const begins = beginning.exec(content);
    const isInside = parent !== undefined && secret.has(parent);
    if (begins || isInside) secret.add(line);
    if (begins) found.push(begins[1]!);
    else if (isInside) found.push(content.replace(/^(?:- +)*["']?[\w./-]+["']?:(?:\s+|$)/, ''));
  }
  return found.join('\n');
}
