// The view of problems: everything that failed, over all open contexts.
import { expandedRows } from './rows.ts';
import type { View } from './view.ts';

export const problems: View = (fleet, now) =>
  [...fleet.sessions].flatMap(([context, session]) =>
    expandedRows({ session, readOnly: fleet.isReadOnly(context), now })
      .filter(({ row }) => row.state === 'failed' && row.ref !== undefined)
      .map(({ row }) => row),
  );
