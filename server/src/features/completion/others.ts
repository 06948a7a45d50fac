// What is known apart from the document that is being written: the same from line to line.
import type { Document } from '../../workspace/document.ts';
import { fleetOf } from '../../workspace/fleets.ts';
import { latestHomes } from '../../workspace/homes.ts';
import type { Workspace } from '../../workspace/workspace.ts';

/** All of it is the same (`===`) while nothing changes but the contents of objects in the document, which is `edited`. */
export function othersOf(workspace: Workspace, path: string, edited: Document): readonly unknown[] {
  return [
    path,
    workspace.editionApartFrom(edited),
    // What others know of the document itself.
    edited.facts.objects.map(({ groupKind }) => groupKind).join(),
    workspace.schemas.edition,
    // They follow later than the edition.
    ...fleetOf(workspace).latest(),
    ...latestHomes(workspace),
  ];
}
