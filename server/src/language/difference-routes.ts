// The route of what differs in what clusters get: since a revision of Git, or between two clusters.
import { RequestType } from 'vscode-languageserver/node';
import { compareSides, surroundingsOf } from '../change/comparison.ts';
import { asMarkdown } from '../change/markdown.ts';
import { reportOf } from '../change/report.ts';
import { type CurrentFiles, filesOfRevision } from '../disk/older.ts';
import { type Sides, sidesInSteps } from '../disk/states.ts';
import { differencesAt, differencesOfClusters } from '../features/differences.ts';
import type { Differences, LanguageRequests } from '../protocol.ts';
import type { Catalog } from '../schema/load.ts';
import { largestFile } from '../workspace/document.ts';
import type { Program } from './programs.ts';
import { answer, inSlices } from './run.ts';
import { fleetKnown, locate, type Session } from './session.ts';

type Requested = LanguageRequests['capstan/differences'];

const differencesRequest = new RequestType<Requested['params'], Requested['result'], void>('capstan/differences');

export function routeDifferences(session: Session, catalog: Catalog): void {
  const { connection, log, programs } = session;
  connection.onRequest(
    differencesRequest,
    answer('differences', log, null, async ({ uri, position, between }): Promise<Differences | null> => {
      const { program, path } = programs.placeOf(uri);
      if (between.is === 'clusters') {
        await fleetKnown(session, uri);
        const cursor = locate(session, uri, position)?.cursor;
        if (!cursor) return null;
        const { old, now } = between;
        const offset = cursor.start + cursor.offset;
        return { is: 'texts', name: old, ...differencesOfClusters(program.workspace, path, offset, [old, now]) };
      }
      const sides = await sidesSince(program, between.revision, catalog);
      if ('problem' in sides) return { is: 'problem', problem: sides.problem };
      const { workspace, old, now, name } = sides;
      const surroundings = surroundingsOf(workspace);
      const compared = compareSides(old, now, surroundings);
      if (between.is === 'repository')
        return { is: 'report', markdown: asMarkdown(reportOf(compared, surroundings), name) };
      const cursor = locate(session, uri, position)?.cursor;
      const offset = cursor ? cursor.start + cursor.offset : 0;
      return { is: 'texts', name, ...differencesAt(workspace, compared, path, offset) };
    }),
  );
}

/** More edits in between are taken as they come: what is shown may then miss some of them. */
const mostAttempts = 3;

/** Made in slices, and again if files changed in the meantime. */
async function sidesSince(
  program: Program,
  revision: string,
  catalog: Catalog,
): Promise<(Sides & { readonly name: string }) | { readonly problem: string }> {
  const { workspace: live } = program;
  for (let attempt = 1; ; attempt += 1) {
    const current = await currentFiles(program);
    if (!current) return { problem: 'The file is in no folder whose files are read.' };
    const { edition } = live;
    const older = await filesOfRevision(current, revision, process.env);
    if ('problem' in older) return older;
    const known = { catalog, charts: live.charts, usesCrds: live.usesCrds, file: (one: string) => live.file(one) };
    const sides = await inSlices(sidesInSteps(current, older, known));
    if (live.edition === edition || attempt === mostAttempts) return { ...sides, name: older.name };
  }
}

/** As the editor has them. Undefined for documents that belong to no root, or before its files are read. */
async function currentFiles({ root, source, workspace, ready }: Program): Promise<CurrentFiles | undefined> {
  await ready;
  if (root === undefined || !workspace.isWhole) return undefined;
  const read = (path: string) => workspace.file(path)?.text ?? source.read(path);
  return { root, source: { ...source, read }, listed: workspace.paths(), largest: largestFile.bytes };
}
