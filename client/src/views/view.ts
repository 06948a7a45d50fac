// The views of the container, built from the list in protocol.ts: their ids in package.json, the when-clause for menus on
// their rows, and the context key for their welcome content.
import { views as listed, type ViewId } from '../../../server/src/protocol.ts';

export interface View {
  readonly id: ViewId;
  /** In package.json and when-clauses. */
  readonly vscodeId: string;
  readonly title: string;
}

export const views: readonly View[] = listed.map(({ id, title }) => ({ id, vscodeId: `capstan.${id}`, title }));

/** The view of contexts. */
export const viewId = 'capstan.clusters';

/** The view that opens first and whose badge counts what is wrong. */
export const problemsId = 'capstan.problems';

/** When-clause that matches rows of every view. */
export const ofOurViews = 'view =~ /^capstan\\./';

/** Values of the context key `capstan.<view>.empty`: why the view is empty. */
export type Empty = 'noContexts' | 'failed' | 'noneOpen';
