// The kinds about which Capstan knows more than their schema: the rows of `kinds/`, by `group/Kind`. Facts in the CRDs
// (names, scope, versions) aren't repeated here.
import { type GroupKind, groupKindOf } from './identity.ts';
import type { Kind } from './kind.ts';
import { clusterApi } from './kinds/cluster-api.ts';
import { flux } from './kinds/flux.ts';
import { gateways } from './kinds/gateway.ts';
import { infrastructure } from './kinds/infrastructure.ts';
import { kubernetes } from './kinds/kubernetes.ts';
import { secrets } from './kinds/secrets.ts';

export const kindRows: readonly Kind[] = [clusterApi, infrastructure, flux, kubernetes, gateways, secrets].flat();

const rows: ReadonlyMap<GroupKind, Kind> = new Map(kindRows.map((row) => [groupKindOf(row), row]));

export function kindRow(groupKind: GroupKind): Kind | undefined {
  return rows.get(groupKind);
}
