// The file and line of what a report names, on the side that has it.
import type { OlderFiles } from '../../disk/older.ts';
import type { Origin } from '../../kustomize/built.ts';
import { LineIndex } from '../../syntax/lines.ts';
import type { Workspace } from '../../workspace/workspace.ts';
import type { PlaceOfChange } from '../output.ts';

export type PlaceOf = (origin: Origin, isOld: boolean) => PlaceOfChange;

/** `workspace` is in its current state. */
export function placesOf(workspace: Workspace, older: OlderFiles): PlaceOf {
  const known = new Map<string, LineIndex>();
  return ({ source: { file, start }, ...range }, isOld) => {
    const key = `${isOld} ${file}`;
    const old = isOld ? older.source.read(file) : undefined;
    const text = typeof old === 'string' ? old : (workspace.file(file)?.text ?? workspace.data.text(file) ?? '');
    const lines = known.get(key) ?? new LineIndex(text);
    known.set(key, lines);
    const offset = start + range.start;
    return { file, line: lines.rangeAt(offset, offset).start.line };
  };
}
