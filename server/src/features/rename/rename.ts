// Rename: of an anchor with its aliases, and of an object with all references to it. It is refused, with the reason, where
// something that isn't known to be a reference may use the name: then a rename would break what is applied.
import { anchorAt, anchorsIn } from '../../syntax/anchors.ts';
import { variablesIn } from '../../syntax/variables.ts';
import type { Cursor } from '../cursor.ts';
import { siteAt } from '../definition.ts';
import type { Refused, Renamed } from './edit.ts';
import { renameObject } from './object.ts';
import { nameAt } from './texts.ts';

export type Prepared = Refused | { readonly start: number; readonly end: number; readonly name: string };

/** What would be renamed, in offsets of the file; undefined where there is no name. */
export function prepareRename(cursor: Cursor): Prepared | undefined {
  const { manifest, offset, start } = cursor;
  const anchor = anchorAt(manifest, offset);
  if (anchor) {
    const mark = [anchor, ...anchor.aliases].find((one) => one.start <= offset && offset <= one.end)!;
    return { start: start + mark.start + 1, end: start + mark.end, name: anchor.name };
  }
  const variable = variablesIn(manifest.text).find((one) => one.start <= offset && offset <= one.end);
  if (variable)
    return {
      refused: `The variable ${variable.name} can’t be renamed: it may be set or used in places that are only known when Flux substitutes it.`,
    };
  const found = siteAt(cursor);
  if (!found) return undefined;
  const site = found.use ?? found.by.object;
  const name = found.use ? found.use.name : found.by.object.name;
  if (name === undefined || offset < site.start || offset > site.end) return undefined;
  const refused = renameObject(cursor.workspace, found, undefined);
  if ('refused' in refused) return refused;
  const { start: from, end: to } = nameAt(manifest.text, site);
  return { start: start + from, end: start + to, name };
}

export function rename(cursor: Cursor, name: string): Renamed {
  const { manifest, offset, start, path } = cursor;
  const anchor = anchorAt(manifest, offset);
  if (anchor) {
    if (!/^[\w-]+$/.test(name))
      return { refused: 'The name of an anchor must be letters, digits, “-” and “_”, and must not be empty.' };
    if (name !== anchor.name && anchorsIn(manifest).some((other) => other.name === name))
      return { refused: `The document already has an anchor &${name}.` };
    const marks = [anchor, ...anchor.aliases];
    return {
      edits: marks.map((one) => ({ path, start: start + one.start + 1, end: start + one.end, text: name })),
      isLocal: true,
    };
  }
  const prepared = prepareRename(cursor);
  if (prepared && 'refused' in prepared) return prepared;
  const found = prepared && siteAt(cursor);
  return found ? renameObject(cursor.workspace, found, name) : { refused: 'There is no name to rename here.' };
}
