// Measures linting many files: `capstan lint` and kubeconform on the same 3,000 one-document files, each a cold process, in
// alternating order. kubeconform uses schemas built from the same facts, so that both validate every file.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { testCatalog } from '../../server/src/fixture.ts';
import { layeredStore } from '../../server/src/schema/store.ts';
import { benchFile, benchKinds } from './documents.ts';
import { jsonSchema } from './peer.ts';

const kubeconformVersion = 'v0.8.0';

export interface Bulk {
  readonly files: number;
  /** Milliseconds; medians of the runs. */
  readonly ours: number;
  readonly theirs: number;
  /** Errors found by each; the same number is planted for both. */
  readonly found: { readonly ours: number; readonly theirs: number; readonly planted: number };
}

/** Returns the reason if kubeconform isn't available. */
export function measureBulk(folder: string, cli: string, runs: number): Bulk | string {
  const kubeconform = buildKubeconform();
  if (typeof kubeconform !== 'string' || !existsSync(kubeconform))
    return 'kubeconform could not be built (is Go installed?)';
  const files = 3000;
  const planted = 10;
  const manifests = join(folder, 'bulk');
  rmSync(manifests, { recursive: true, force: true });
  writeManifests(manifests, files, planted);
  const schemas = join(folder, 'kubeconform-schemas');
  writeSchemas(schemas);
  const location = `${schemas}/{{.Group}}_{{.ResourceAPIVersion}}_{{.ResourceKind}}.json`;
  const times: { ours: number[]; theirs: number[] } = { ours: [], theirs: [] };
  const found = { ours: 0, theirs: 0, planted };
  for (let round = 0; round < runs; round++) {
    const sides = round % 2 === 0 ? (['ours', 'theirs'] as const) : (['theirs', 'ours'] as const);
    for (const side of sides) {
      const began = performance.now();
      const output =
        side === 'ours'
          ? run(process.execPath, [cli, 'lint', manifests, '--format', 'json'])
          : run(kubeconform, ['-strict', '-output', 'json', '-n', '2', '-schema-location', location, manifests]);
      times[side].push(performance.now() - began);
      const report = JSON.parse(output) as unknown;
      found[side] =
        side === 'ours'
          ? (report as { severity: string }[]).filter((finding) => finding.severity === 'error').length
          : (report as { resources: { status: string }[] }).resources.filter((one) => one.status === 'statusInvalid')
              .length;
    }
  }
  return { files, ours: median(times.ours), theirs: median(times.theirs), found };
}

function run(command: string, args: readonly string[]): string {
  const { stdout, error } = spawnSync(command, [...args], { encoding: 'utf8', maxBuffer: 1 << 28 });
  if (error) throw error;
  return stdout;
}

function buildKubeconform(): string | undefined {
  const cache = process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache');
  const folder = join(cache, 'capstan/testbed', `kubeconform-${kubeconformVersion.slice(1)}`);
  const binary = join(folder, 'kubeconform');
  if (existsSync(binary)) return binary;
  mkdirSync(folder, { recursive: true });
  const built = spawnSync('go', ['install', `github.com/yannh/kubeconform/cmd/kubeconform@${kubeconformVersion}`], {
    env: { ...process.env, GOBIN: folder },
    stdio: 'inherit',
  });
  return built.status === 0 ? binary : undefined;
}

function writeManifests(folder: string, files: number, planted: number): void {
  mkdirSync(folder, { recursive: true });
  // Without its own repository, the folder would belong to a repository above it.
  mkdirSync(join(folder, '.git'), { recursive: true });
  const documents = benchFile(files * 60)
    .text.split('---\n')
    .slice(0, files);
  for (const [index, document] of documents.entries()) {
    const broken = index % (files / planted) === 7;
    const text = broken ? document.replace(/^spec:$/m, 'spec:\n  unknownToAll: true') : document;
    writeFileSync(join(folder, `manifest-${index}.yaml`), text);
  }
}

function writeSchemas(folder: string): void {
  mkdirSync(folder, { recursive: true });
  const store = layeredStore([testCatalog.bundled]);
  for (const gvk of benchKinds) {
    const known = store.lookup(gvk);
    if (!known) throw new Error(`no bundled schema for ${gvk.kind}`);
    const name = `${gvk.group}_${gvk.version}_${gvk.kind.toLowerCase()}.json`;
    writeFileSync(join(folder, name), JSON.stringify(jsonSchema(known.schema)));
  }
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
