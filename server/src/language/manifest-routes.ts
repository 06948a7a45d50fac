// The routes behind `New Manifest...`: kinds to choose from, the proposed file, and its line in a kustomization.
import { RequestType } from 'vscode-languageserver/node';
import { kindChoices, listingOf, proposeManifest } from '../features/new-manifest.ts';
import { gvkOf } from '../kube/identity.ts';
import type { LanguageRequests } from '../protocol.ts';
import { LineIndex } from '../syntax/lines.ts';
import { answer } from './run.ts';
import type { Session } from './session.ts';
import { rangeAt } from './texts.ts';

type Kinds = LanguageRequests['capstan/kinds'];
type NewManifest = LanguageRequests['capstan/newManifest'];
type Listed = LanguageRequests['capstan/listing'];

const kindsRequest = new RequestType<Kinds['params'], Kinds['result'], void>('capstan/kinds');
const newManifestRequest = new RequestType<NewManifest['params'], NewManifest['result'], void>('capstan/newManifest');
const listingRequest = new RequestType<Listed['params'], Listed['result'], void>('capstan/listing');

export function routeManifests({ connection, log, programs, client, snippets }: Session): void {
  connection.onRequest(
    kindsRequest,
    answer('kinds', log, [], async ({ uri }) => {
      const { program, path } = programs.placeOf(uri);
      await program.ready;
      return kindChoices(program.workspace, path);
    }),
  );
  connection.onRequest(
    newManifestRequest,
    answer('newManifest', log, null, ({ uri, apiVersion, kind }) => {
      const { program, path } = programs.placeOf(uri);
      const gvk = gvkOf(apiVersion, kind);
      const proposal = gvk && proposeManifest(program.workspace, snippets(), gvk, path);
      return proposal ? { uri: programs.uriOf({ program, path: proposal.path }), snippet: proposal.snippet } : null;
    }),
  );
  connection.onRequest(
    listingRequest,
    answer('listing', log, null, ({ uri }) => {
      const { program, path } = programs.placeOf(uri);
      const listing = listingOf(program.workspace, path);
      const file = listing && program.workspace.file(listing.path);
      if (!listing || !file) return null;
      const { start } = rangeAt(new LineIndex(file.text), listing.at, listing.at, client.encoding);
      return { uri: programs.uriOf({ program, path: listing.path }), position: start, text: listing.text };
    }),
  );
}
