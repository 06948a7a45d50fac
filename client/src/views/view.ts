// The tree view: its id in package.json, and what it has to say while it is empty.

export const viewId = 'capstan.clusters';

/** The context key `capstan.empty` says why the tree shows nothing. */
export type Empty = 'noContexts' | 'failed';
