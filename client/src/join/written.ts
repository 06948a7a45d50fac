// From a live object to the file and the line that made it.
import * as vscode from 'vscode';
import { kindName } from '../../../server/src/kube/identity.ts';
import type { Origin, Row, WrittenPlace } from '../../../server/src/protocol.ts';
import type { App } from '../app.ts';
import { plain } from '../plain.ts';

interface Choice extends vscode.QuickPickItem {
  readonly place: WrittenPlace;
}

export async function openWritten(
  { cluster, language }: App,
  { context, ref }: Pick<Row, 'context' | 'ref'>,
): Promise<void> {
  if (ref === undefined) return;
  const { origins } = await cluster.request('origins', { context, ref });
  const places = await language.request('capstan/written', { origins });
  const own = nameOf(ref);
  if (places.length === 0) {
    const others = origins.slice(1).map(nameOf);
    const made = others.length === 0 ? '' : `, nor what it comes from (${others.join(', ')})`;
    void vscode.window.showInformationMessage(plain(`No file of the workspace defines ${own}${made}.`));
    return;
  }
  const place = places.length === 1 ? places[0] : await choose(places, own, context);
  if (place === undefined) return;
  const { line, character } = place.position;
  const at = new vscode.Position(line, character);
  await vscode.window.showTextDocument(vscode.Uri.parse(place.uri), { selection: new vscode.Range(at, at) });
  const origin = origins[place.index];
  if (place.index > 0 && origin)
    vscode.window.setStatusBarMessage(plain(`${own} comes from ${nameOf(origin)}`), 10_000);
}

/** What the cluster has of what files set in the object, beside what they say. */
export async function compareWithFiles(
  { cluster, language, differences }: App,
  { context, ref }: Pick<Row, 'context' | 'ref'>,
): Promise<void> {
  if (ref === undefined) return;
  const { origins } = await cluster.request('origins', { context, ref });
  const [origin, ...makers] = origins;
  const forms = origin ? await language.request('capstan/applied', { origin }) : [];
  const own = nameOf(ref);
  if (forms.length === 0) {
    const maker = makers[0] ? ` It comes from ${nameOf(makers[0])}.` : '';
    void vscode.window.showInformationMessage(plain(`No file of the workspace defines ${own}.${maker}`));
    return;
  }
  const items = forms.map((form) => ({ label: plain(form.cluster ?? 'as it is written'), form }));
  const placeHolder = 'As which cluster of the files';
  const { form } =
    items.length === 1 ? items[0]! : ((await vscode.window.showQuickPick(items, { title: own, placeHolder })) ?? {});
  if (form === undefined) return;
  const { wanted, live } = await cluster.request('compare', { context, ref, wanted: form.json });
  if (wanted === live) {
    void vscode.window.showInformationMessage(plain(`${context} has ${own} as the files say.`));
    return;
  }
  const from = form.cluster === undefined || items.length === 1 ? 'files' : `files of ${form.cluster}`;
  await differences.compare(own, { from, text: wanted }, { from: context, text: live });
}

/** Where it isn't known which of several clusters the context is, that of its name comes first. */
async function choose(
  places: readonly WrittenPlace[],
  own: string,
  context: string,
): Promise<WrittenPlace | undefined> {
  const isOfContext = ({ clusters }: WrittenPlace) => clusters.includes(context);
  const items = places
    .toSorted((a, b) => Number(isOfContext(b)) - Number(isOfContext(a)))
    .map((place): Choice => {
      const { uri, position, clusters } = place;
      const path = vscode.workspace.asRelativePath(vscode.Uri.parse(uri));
      return { label: plain(`${path}:${position.line + 1}`), description: plain(clusters.join(', ')), place };
    });
  const title = `${own} is in Several Files`;
  return (await vscode.window.showQuickPick(items, { title, placeHolder: 'Select a file' }))?.place;
}

function nameOf({ groupKind, namespace, name }: Pick<Origin, 'groupKind' | 'namespace' | 'name'>): string {
  return `${kindName(groupKind)} ${namespace === undefined ? name : `${namespace}/${name}`}`;
}
