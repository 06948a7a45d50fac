// The views of the container, made from the one list in protocol.ts: their ids in package.json, when-clauses for menus on
// their rows, and what they have to say while they are empty.
import { views as listed, type ViewId } from '../../../server/src/protocol.ts';

export interface View {
  readonly id: ViewId;
  /** In package.json and when-clauses. */
  readonly vscodeId: string;
  readonly title: string;
}

export const views: readonly View[] = listed.map(({ id, title }) => ({ id, vscodeId: `capstan.${id}`, title }));

/** The view of contexts, where they are opened and closed. */
export const viewId = 'capstan.clusters';

/** Holds for rows of every view. */
export const ofOurViews = 'view =~ /^capstan\\./';

/** The context key `capstan.<view>.empty` says why the view shows nothing. */
export type Empty = 'noContexts' | 'failed';
