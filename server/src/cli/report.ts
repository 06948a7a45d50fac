// Prints findings as text, as JSON or SARIF 2.1.0 for programs, and as GitHub's workflow annotations.
import { isAbsolute, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Log } from 'sarif';
import { forOneLine, forTerminal } from '../syntax/shown.ts';
import type { Output } from './io.ts';
import type { LintFinding } from './output.ts';

export const formats = ['text', 'json', 'sarif', 'github'] as const;
export type Format = (typeof formats)[number];

export function report(format: Format, findings: readonly LintFinding[], out: Output): void {
  switch (format) {
    case 'text':
      out.write(asText(findings));
      break;
    case 'json':
      out.write(`${JSON.stringify(findings, null, 2)}\n`);
      break;
    case 'sarif':
      out.write(`${JSON.stringify(asSarif(findings), null, 2)}\n`);
      break;
    case 'github':
      out.write(findings.map(asAnnotation).join(''), 'exact');
      break;
  }
}

/** Lines of `file:line:column severity rule message`, 1-based as in editors and terminals, and a summary. */
function asText(findings: readonly LintFinding[]): string {
  const lines = findings.map(({ file, range, severity, rule, message }) => {
    const { line, character } = range.start;
    return `${forOneLine(file)}:${line + 1}:${character + 1} ${severity} ${rule} ${forOneLine(message)}\n`;
  });
  const counts = (['error', 'warning', 'info', 'hint'] as const).flatMap((severity) => {
    const count = findings.filter((finding) => finding.severity === severity).length;
    return count === 0 ? [] : [`${count} ${plural[severity][count === 1 ? 0 : 1]}`];
  });
  return lines.join('') + (counts.length === 0 ? 'no problems\n' : `${counts.join(', ')}\n`);
}

const plural = {
  error: ['error', 'errors'],
  warning: ['warning', 'warnings'],
  info: ['info', 'infos'],
  hint: ['hint', 'hints'],
} as const;

const levels = { error: 'error', warning: 'warning', info: 'note', hint: 'note' } as const;

/** SARIF 2.1.0, https://docs.oasis-open.org/sarif/sarif/v2.1.0/: columns are 1-based UTF-16 units. */
export function asSarif(findings: readonly LintFinding[]): Log {
  const rules = [...new Set(findings.map(({ rule }) => rule))].sort();
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'capstan', rules: rules.map((id) => ({ id })) } },
        columnKind: 'utf16CodeUnits',
        results: findings.map(({ file, range, severity, rule, message }) => ({
          ruleId: rule,
          ruleIndex: rules.indexOf(rule),
          level: levels[severity],
          message: { text: message },
          locations: [
            {
              physicalLocation: {
                artifactLocation: { uri: uriOf(file) },
                region: {
                  startLine: range.start.line + 1,
                  startColumn: range.start.character + 1,
                  endLine: range.end.line + 1,
                  endColumn: range.end.character + 1,
                },
              },
            },
          ],
        })),
      },
    ],
  };
}

/** Relative paths stay relative; they are escaped, since a colon in the first part would be read as a scheme. */
function uriOf(file: string): string {
  if (isAbsolute(file)) return pathToFileURL(file).href;
  return file.split(sep).join('/').split('/').map(encodeURIComponent).join('/');
}

/** https://docs.github.com/actions/reference/workflow-commands-for-github-actions */
function asAnnotation({ file, range, severity, rule, message }: LintFinding): string {
  const command = severity === 'error' ? 'error' : severity === 'warning' ? 'warning' : 'notice';
  const { start, end } = range;
  const properties = {
    file,
    line: start.line + 1,
    col: start.character + 1,
    endLine: end.line + 1,
    endColumn: end.character + 1,
    title: rule,
  };
  const written = Object.entries(properties).map(([name, value]) => `${name}=${escapeProperty(String(value))}`);
  return `::${command} ${written.join(',')}::${escapeData(message)}\n`;
}

function escapeData(text: string): string {
  return forTerminal(text).replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
