// A fix for a HelmRelease whose `chart` names an OCIRepository, which only `chartRef` can (helm.toolkit.fluxcd.io/v2). The
// version of the chart is set in the OCIRepository.
import { entryAt, nodeAt, stringAt } from '../../syntax/navigate.ts';
import type { Located } from '../../validation/validate.ts';
import { writeScalar } from '../completion/skeleton.ts';
import { changedPart } from './relocate.ts';
import { applied, type Candidate, type Subject } from './subject.ts';

const suffix = ['spec', 'chart', 'spec', 'sourceRef', 'kind'];

export function chartReferenced(subject: Subject, { problem, prefix }: Located): readonly Candidate[] {
  const { root } = subject.manifest;
  const isChart = problem.path.join('.') === suffix.join('.');
  if (!isChart || stringAt(root, [...prefix, ...suffix]) !== 'OCIRepository') return [];
  const at = [...prefix, 'spec', 'chart'];
  const entry = entryAt(root, at);
  const spec = nodeAt(root, [...at, 'spec']);
  const name = stringAt(root, [...at, 'spec', 'sourceRef', 'name']);
  if (!entry || entry.value.type !== 'map' || entry.value.flow || spec?.type !== 'map' || name === undefined) return [];
  // What chartRef has no place for isn't dropped.
  if (spec.entries.some(({ key }) => !dropped.has(key.text))) return [];
  const namespace = stringAt(root, [...at, 'spec', 'sourceRef', 'namespace']);
  const { text } = subject.document;
  const indent = ' '.repeat(entry.key.start - text.lastIndexOf('\n', entry.key.start - 1) - 1);
  const fields = ['kind: OCIRepository', `name: ${writeScalar(name)}`];
  if (namespace !== undefined) fields.push(`namespace: ${writeScalar(namespace)}`);
  const written = text.slice(entry.key.start, entry.value.end);
  const trailing = /\s*$/.exec(written)![0];
  const edit = {
    start: entry.key.start,
    end: entry.value.end,
    text: ['chartRef:', ...fields.map((field) => `${indent}  ${field}`)].join('\n') + trailing,
  };
  return [{ title: 'Use chartRef instead of chart', kind: 'move', edits: [changedPart(text, applied(text, [edit]))] }];
}

/** Of the chart, what the OCIRepository decides. */
const dropped: ReadonlySet<string> = new Set(['chart', 'version', 'sourceRef', 'interval', 'reconcileStrategy']);
