// The routes behind `Fetch Charts...`: the charts that aren't known, and that some were fetched.
import { RequestType } from 'vscode-languageserver/node';
import type { LanguageRequests } from '../protocol.ts';
import { chartsWanted, chartUse } from '../workspace/wanted-charts.ts';
import { answer } from './run.ts';
import type { Session } from './session.ts';

type Missing = LanguageRequests['capstan/missingCharts'];

const missingRequest = new RequestType<Missing['params'], Missing['result'], void>('capstan/missingCharts');
const fetchedRequest = new RequestType<null, null, void>('capstan/chartsFetched' satisfies keyof LanguageRequests);

export function routeCharts({ connection, log, programs, diagnostics }: Session): void {
  connection.onRequest(
    missingRequest,
    answer('missingCharts', log, [], async ({ uri }) => {
      const { program } = programs.placeOf(uri);
      await program.ready;
      const missing = chartsWanted(program.workspace).filter(({ known }) => known === undefined);
      return missing.filter(({ address }) => address.is === 'repository').map(chartUse);
    }),
  );
  connection.onRequest(
    fetchedRequest,
    answer('chartsFetched', log, null, () => {
      programs.chartsChanged();
      diagnostics.refresh();
      return null;
    }),
  );
}
