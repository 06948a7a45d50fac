// Prints the results of the comparison: a table by construct, and every disagreement.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Compared } from './compare.ts';

export interface Figures {
  readonly cases: number;
  /** In percent: accepted by the server, same verdict on both sides, and same field if the server reports one. */
  readonly accepted: number;
  readonly agree: number;
  readonly sameField: number;
}

/** The required minimums, in percent. */
export const bars = { accepted: 30, custom: { agree: 100, sameField: 99 }, builtin: { agree: 99, sameField: 99 } };

export function figuresOf(compared: readonly Compared[]): Figures {
  return {
    cases: compared.length,
    accepted: share(compared.filter(({ server }) => server.accepted).length, compared.length),
    agree: share(compared.filter(({ agree }) => agree).length, compared.length),
    sameField: fieldShare(compared),
  };
}

/** Prints the results; returns the exit code. */
export function printFigures(compared: readonly Compared[], out: string | undefined): number {
  const { cases, accepted } = figuresOf(compared);
  console.log(`${cases} cases, ${accepted.toFixed(2)} % of them accepted by the server.\n`);
  let met = accepted >= bars.accepted;
  for (const builtin of [false, true]) {
    const of = compared.filter((one) => one.builtin === builtin);
    if (of.length === 0) continue;
    const bar = builtin ? bars.builtin : bars.custom;
    console.log(builtin ? 'Built-in kinds' : 'Custom resources');
    console.log(table(of));
    const { agree, sameField } = figuresOf(of);
    met &&= agree >= bar.agree && sameField >= bar.sameField;
  }
  const disagreements = compared.filter(({ agree, sameField }) => !agree || sameField === false);
  for (const one of disagreements) console.log(`\n${describe(one)}`);
  if (out) writeOut(out, disagreements);
  return met ? 0 : 1;
}

function table(compared: readonly Compared[]): string {
  const constructs = [...new Set(compared.map((one) => one.case.construct))].sort();
  const rows = [...constructs, 'all'].map((construct) => {
    const of = construct === 'all' ? compared : compared.filter((one) => one.case.construct === construct);
    const falseAlarms = of.filter(({ agree, ours }) => !agree && !ours.accepted).length;
    const missed = of.filter(({ agree, ours }) => !agree && ours.accepted).length;
    const named = of.filter(({ sameField }) => sameField !== undefined);
    const cells = [
      of.length,
      percent(of.length - falseAlarms - missed, of.length),
      falseAlarms,
      missed,
      named.length,
      percent(named.filter(({ sameField }) => sameField).length, named.length),
    ];
    return [construct.padEnd(14), ...cells.map((cell) => String(cell).padStart(12))].join('');
  });
  const head = [
    'construct'.padEnd(14),
    ...['cases', 'agree', 'false alarm', 'missed', 'named', 'same field'].map((word) => word.padStart(12)),
  ].join('');
  return [head, ...rows, ''].join('\n');
}

function fieldShare(compared: readonly Compared[]): number {
  const named = compared.filter(({ sameField }) => sameField !== undefined);
  return share(named.filter(({ sameField }) => sameField).length, named.length);
}

function share(part: number, whole: number): number {
  return whole === 0 ? 100 : (100 * part) / whole;
}

function percent(part: number, whole: number): string {
  return `${share(part, whole).toFixed(2)} %`;
}

function describe({ case: one, server, ours, agree }: Compared): string {
  const what = agree ? 'FIELD' : ours.accepted ? 'MISSED' : 'FALSE ALARM';
  const said = (message: string): string =>
    (message.length > 500 ? `${message.slice(0, 500)}…` : message) || 'accepted';
  return [
    `${what} ${one.apiVersion} ${one.kind} (${one.construct}, ${one.origin})`,
    `  server: ${said(server.message)}`,
    `  ours:   ${said(ours.message)}`,
  ].join('\n');
}

function writeOut(folder: string, disagreements: readonly Compared[]): void {
  mkdirSync(folder, { recursive: true });
  const groups = new Map<string, Compared[]>();
  for (const one of disagreements) {
    const key = `${one.builtin ? 'builtin' : 'custom'}-${one.agree ? 'field' : one.ours.accepted ? 'missed' : 'false-alarm'}`;
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  for (const key of ['builtin', 'custom'].flatMap((kind) =>
    ['field', 'missed', 'false-alarm'].map((what) => `${kind}-${what}`),
  )) {
    const blocks = (groups.get(key) ?? []).map((one) => `${describe(one)}\n${one.case.text.replace(/^/gm, '    ')}`);
    writeFileSync(join(folder, `${key}.txt`), `${blocks.join('\n\n')}\n`);
  }
}
