// Renders charts with the real Helm, without a cluster.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Value } from '../../server/src/syntax/tree.ts';

export interface Rendered {
  /** Undefined if it failed. */
  readonly output: string | undefined;
  /** By the chart's JSON Schema, or that of a subchart. */
  readonly isRefused: boolean;
}

export function rendered(helm: string, chart: string, values: Value): Rendered {
  const folder = mkdtempSync(join(tmpdir(), 'capstan-helm-'));
  try {
    const file = join(folder, 'values.json');
    writeFileSync(
      file,
      JSON.stringify(values, (_, one: unknown) => (typeof one === 'bigint' ? Number(one) : one)),
    );
    const { status, stdout, stderr } = spawnSync(helm, ['template', 'release', chart, '--values', file], {
      encoding: 'utf8',
      // Nothing of the user's own configuration takes part.
      env: {
        PATH: process.env.PATH,
        HOME: folder,
        HELM_CACHE_HOME: folder,
        HELM_CONFIG_HOME: folder,
        HELM_DATA_HOME: folder,
      },
      maxBuffer: 64 * 1024 * 1024,
    });
    return {
      output: status === 0 ? stdout : undefined,
      isRefused: /values don't meet the specifications/.test(stderr),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
