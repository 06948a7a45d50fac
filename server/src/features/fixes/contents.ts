// The values in a map or list that got another shape: those of a wrong type are reshaped as well, so that `rules: {verbs: get}`
// becomes a list of rules with a list of verbs.
import { parseManifest } from '../../syntax/manifest.ts';
import type { Path } from '../../syntax/tree.ts';
import { fixesOf } from '../../validation/fixes.ts';
import { reworded } from '../../workspace/document.ts';
import { changedPart } from './relocate.ts';
import { reshaped } from './shapes.ts';
import { applied, type Candidate, fieldOf, problemsIn, type Subject } from './subject.ts';

/** Each value costs a verdict on the document. */
const mostValues = 20;

/** The candidate with the values below `path` in the types that the schema wants; undefined if they have them. */
export function withContents(subject: Subject, path: Path, candidate: Candidate): Candidate | undefined {
  const { text } = subject.document;
  let now = applied(text, candidate.edits);
  let changes = 0;
  while (changes < mostValues && !subject.effort.isSpent) {
    const next = nextValue(subject, now, path);
    if (next === undefined || next === now) break;
    now = next;
    changes += 1;
  }
  return changes === 0 ? undefined : { ...candidate, edits: [changedPart(text, now)] };
}

function nextValue(subject: Subject, text: string, path: Path): string | undefined {
  const manifest = parseManifest(text);
  const at: Subject = { ...subject, document: reworded(subject.document, text), manifest };
  subject.effort.spend(text.length);
  for (const { problem, prefix } of problemsIn(at)) {
    const place = [...prefix, ...problem.path];
    const isBelow = place.length > path.length && path.every((step, index) => step === place[index]);
    if (problem.facts.is !== 'type' || !isBelow) continue;
    const quoted = fixesOf(problem.remedies?.filter(({ kind }) => kind === 'quote') ?? [], manifest, place, prefix);
    const schema = fieldOf(at, place)?.schema;
    const [fix] = quoted.length > 0 || !schema ? quoted : reshaped(at, place, schema);
    if (fix) return applied(text, fix.edits);
  }
  return undefined;
}
