// The routes between files and live objects: the client asks this server where something is written, and the cluster server
// what is live.
import { RequestType } from 'vscode-languageserver/node';
import { appliedJson } from '../features/applied-json.ts';
import { identitiesIn, writtenAt } from '../features/written.ts';
import type { LanguageRequests, Position, WrittenPlace } from '../protocol.ts';
import { LineIndex } from '../syntax/lines.ts';
import { prepared } from './prepared.ts';
import type { Program } from './programs.ts';
import { answer } from './run.ts';
import type { Session } from './session.ts';
import { rangeAt } from './texts.ts';

type WrittenRequest = LanguageRequests['capstan/written'];
type Identities = LanguageRequests['capstan/identities'];

type Applied = LanguageRequests['capstan/applied'];

const appliedRequest = new RequestType<Applied['params'], Applied['result'], void>('capstan/applied');
const writtenRequest = new RequestType<WrittenRequest['params'], WrittenRequest['result'], void>('capstan/written');
const identitiesRequest = new RequestType<Identities['params'], Identities['result'], void>('capstan/identities');

export function routeJoined(session: Session): void {
  const { connection, programs, log, client } = session;
  const positionIn = ({ workspace }: Program, file: string): ((offset: number) => Position) => {
    const lines = new LineIndex(workspace.file(file)?.text ?? '');
    return (offset) => rangeAt(lines, offset, offset, client.encoding).start;
  };
  connection.onRequest(
    writtenRequest,
    answer('written', log, [], async ({ origins }): Promise<WrittenRequest['result']> => {
      const found: WrittenPlace[] = [];
      for (const program of programs.all()) {
        await program.read;
        await prepared(program.workspace, program.working);
        for (const { file, offset, clusters, index } of writtenAt(program.workspace, origins)) {
          const uri = programs.uriOf({ program, path: file });
          found.push({ uri, position: positionIn(program, file)(offset), clusters, index });
        }
      }
      // Another repository may have only what made the object.
      const nearest = Math.min(...found.map(({ index }) => index));
      return found.filter(({ index }) => index === nearest);
    }),
  );
  connection.onRequest(
    appliedRequest,
    answer('applied', log, [], async ({ origin }): Promise<Applied['result']> => {
      const found: Applied['result'][number][] = [];
      for (const { read, workspace, working } of programs.all()) {
        await read;
        await prepared(workspace, working);
        for (const { cluster, text } of appliedJson(workspace, origin))
          found.push({ ...(cluster !== undefined && { cluster }), json: text });
      }
      return found;
    }),
  );
  connection.onRequest(
    identitiesRequest,
    answer('identities', log, [], async ({ uri }): Promise<Identities['result']> => {
      const { program, path } = programs.placeOf(uri);
      await program.read;
      await prepared(program.workspace, program.working);
      program.working(path);
      const positionOf = positionIn(program, path);
      return identitiesIn(program.workspace, path).map(({ offset, ...one }) => ({
        ...one,
        position: positionOf(offset),
      }));
    }),
  );
}
