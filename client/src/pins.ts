// The objects that the user has pinned in this workspace. The cluster server shows them first in their views; it is told them
// when it starts and when they change.
import type * as vscode from 'vscode';
import type { Pin, Row } from '../../server/src/protocol.ts';
import type { ClusterServer } from './cluster.ts';

export interface Pins extends vscode.Disposable {
  readonly add: (rows: readonly Row[]) => Promise<void>;
  readonly remove: (rows: readonly Row[]) => Promise<void>;
}

/** Where they are kept: VS Code's memento of the workspace, or another in tests. */
export interface PinStore {
  get(): readonly Pin[];
  set(pins: readonly Pin[]): void;
}

export function createPins(cluster: Pick<ClusterServer, 'request' | 'onReady' | 'opened'>, store: PinStore): Pins {
  const send = async () => void (await cluster.request('pins', { pins: store.get() }));
  const change = async (pins: readonly Pin[]) => {
    store.set(pins);
    await send();
  };
  const subscription = cluster.onReady(() => {
    if (store.get().length > 0) void send().catch(() => undefined);
  });
  return {
    add: (rows) => {
      const known = new Set(store.get().map(keyOf));
      const added = rows.flatMap(({ context, ref }) =>
        ref === undefined || known.has(keyOf({ context, ref })) ? [] : [{ context, ref }],
      );
      return change([...store.get(), ...added]);
    },
    remove: (rows) => {
      const gone = new Set(rows.flatMap(({ context, ref }) => (ref === undefined ? [] : [keyOf({ context, ref })])));
      return change(store.get().filter((pin) => !gone.has(keyOf(pin))));
    },
    dispose: () => subscription.dispose(),
  };
}

/** A cluster that was made again under its context has the same pins. */
function keyOf({ context, ref: { groupKind, namespace, name } }: Pin): string {
  return JSON.stringify([context, groupKind, namespace ?? '', name]);
}
