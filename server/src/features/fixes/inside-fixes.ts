// Fixes for a text inside a document that isn't valid YAML: those that it would have in a file, at their places in the
// document.
import type { TextEdit } from '../../syntax/finding.ts';
import { innerText } from '../../syntax/inner-text.ts';
import { parseFilledIn } from '../../syntax/manifest.ts';
import { splitDocuments } from '../../syntax/split.ts';
import type { FileFinding } from '../diagnostics.ts';
import { editOutside } from '../inside/complete.ts';
import { holdersIn, textsIn } from '../inside/inside.ts';
import { knownIn, readingOf } from '../inside/reading.ts';
import { fieldAt } from '../place.ts';
import type { Candidate, Subject } from './subject.ts';
import { syntaxCandidates } from './syntax-fixes.ts';

/** Undefined if the finding is in no such text. Only the text of a literal is in the document verbatim. */
export function insideCandidates(subject: Subject, finding: FileFinding): Iterable<Candidate> | undefined {
  const { workspace, path, document, original, manifest } = subject;
  const role = workspace.role(path, original);
  if (role !== 'manifest' && role !== 'kustomization') return undefined;
  const isAround = ({ start, end }: { readonly start: number; readonly end: number }) =>
    start < finding.start && finding.start <= end;
  const place = textsIn(manifest.root, holdersIn(workspace, role, manifest, document)).find(({ scalar }) =>
    isAround(scalar),
  );
  if (!place) return undefined;
  const inner = innerText(place.scalar, document.text);
  const { column } = inner;
  if (column === undefined) return [];
  for (const segment of splitDocuments(inner.text)) {
    const text = parseFilledIn(segment.text);
    const outer = (offset: number) => inner.outer(segment.start + offset);
    const found = text.findings.find(({ rule, start }) => rule === finding.rule && outer(start) === finding.start);
    if (!found) continue;
    const reading = readingOf(place, manifest.root, text, { ...knownIn(workspace, path), objects: () => [] });
    const candidates = syntaxCandidates(
      segment.text,
      found,
      (root, at) => fieldAt(root, at, reading.schemas(root, at), reading.assumed) !== undefined,
    );
    return placed(candidates, (edit) => editOutside(edit, { place: outer, column }));
  }
  return [];
}

function* placed(candidates: Iterable<Candidate>, place: (edit: TextEdit) => TextEdit): Iterable<Candidate> {
  for (const candidate of candidates) yield { ...candidate, edits: candidate.edits.map(place) };
}
