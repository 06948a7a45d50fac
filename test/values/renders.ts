// `npm run agree:values -- --from DIR`: makes releases of the charts of real repositories, with seeded values in a ConfigMap and
// in the release itself, and compares what Helm renders for us, with the values that we merged, with what `helm template`
// makes of the folder of the chart and of each text with values. Exits 1 if any differs.
//
//   --from DIR      a repository; may be repeated
//   --charts N      charts at most (40)
//   --values N      releases of each chart (5)
//   --seed N        seed of the random numbers (1)
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { stringify } from 'yaml';
import { defaultValues } from '../../server/src/charts/coalesce.ts';
import { renderedObjects } from '../../server/src/charts/render.ts';
import { workspaceAt } from '../../server/src/cli/lint/root.ts';
import { helmRenders } from '../../server/src/disk/helm.ts';
import type { Value } from '../../server/src/syntax/tree.ts';
import { isObject, type ObjectValue } from '../../server/src/syntax/value.ts';
import { fleetOf } from '../../server/src/workspace/fleets.ts';
import { homesOf } from '../../server/src/workspace/homes.ts';
import { renderProblems } from '../../server/src/workspace/release-renders.ts';
import { randomOf } from '../live/verdict/random.ts';
import { missingPrograms, program, provide } from '../testbed/cache.ts';
import { chartFrom, chartsBelow, mutations } from './charts.ts';

const { values: options } = parseArgs({
  options: {
    from: { type: 'string', multiple: true, default: [] },
    charts: { type: 'string', default: '40' },
    values: { type: 'string', default: '5' },
    seed: { type: 'string', default: '1' },
  },
});

const sync = `apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: { name: flux-system, namespace: flux-system }
spec: { interval: 1m, url: https://example.com/team/fleet.git }
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: flux-system, namespace: flux-system }
spec:
  interval: 10m
  prune: true
  path: ./clusters/prod
  sourceRef: { kind: GitRepository, name: flux-system }
`;

process.exitCode = await main();

async function main(): Promise<number> {
  if (missingPrograms('helm').length > 0) {
    console.error(`helm not built; \`${provide('helm')}\` builds it (needs Go).`);
    return 2;
  }
  const helm = program('helm', 'helm');
  const charts = options.from.flatMap((from) =>
    chartsBelow(resolve(from)).map((chart) => [resolve(from), chart] as const),
  );
  const random = randomOf(Number(options.seed));
  const count = { charts: 0, same: 0, refused: 0, open: 0, differing: 0 };
  for (const [from, folder] of shuffled(charts, random.next)) {
    if (count.charts >= Number(options.charts)) break;
    const chart = chartFrom(folder);
    if (
      !chart ||
      chart.isLibrary ||
      spawnSync(helm, ['template', 'release', folder], { env: { HOME: tmpdir() } }).status !== 0
    )
      continue;
    count.charts += 1;
    const changes = mutations(defaultValues(chart), 2 * Number(options.values), random.next);
    for (let at = 0; at + 1 < changes.length; at += 2) {
      const [below, above] = [changes[at]!.values, changes[at + 1]!.values];
      const found = await compare(helm, folder, below, above);
      count[found.is] += 1;
      if (found.is === 'differing')
        console.log(`${basename(from)}/${relative(from, folder)}: ${found.why}\n  ${text(below)}\n  ${text(above)}`);
    }
  }
  console.log(
    `${count.charts} charts: ${count.same} releases rendered alike, ${count.refused} refused by both, ${count.differing} differ; ${count.open} have values that aren't known, and aren't rendered`,
  );
  return count.differing > 0 ? 1 : 0;
}

interface Found {
  readonly is: 'same' | 'refused' | 'open' | 'differing';
  readonly why?: string;
}

async function compare(helm: string, chart: string, below: ObjectValue, above: ObjectValue): Promise<Found> {
  const scratch = mkdtempSync(join(tmpdir(), 'capstan-agree-values-'));
  try {
    const write = (path: string, content: string) => {
      mkdirSync(dirname(join(scratch, path)), { recursive: true });
      writeFileSync(join(scratch, path), content);
    };
    mkdirSync(join(scratch, 'fleet/.git'), { recursive: true });
    cpSync(chart, join(scratch, 'fleet/charts/one'), { recursive: true, filter: (path) => basename(path) !== '.git' });
    write('fleet/clusters/prod/flux-system/sync.yaml', sync);
    write('fleet/clusters/prod/release.yaml', `${yaml(configMap(below))}---\n${yaml(release(above))}`);
    write('below.yaml', yaml(below));
    write('above.yaml', yaml(above));
    const files = ['--values', join(scratch, 'below.yaml'), '--values', join(scratch, 'above.yaml')];
    const flags = ['--namespace', 'shop', '--include-crds', '--skip-tests', '--skip-schema-validation'];
    const theirs = spawnSync(helm, ['template', 'release', join(scratch, 'fleet/charts/one'), ...files, ...flags], {
      encoding: 'utf8',
      env: { HOME: scratch },
      maxBuffer: 256 * 1024 * 1024,
    });
    const renders = helmRenders({ PATH: dirname(helm) });
    const asked: string[] = [];
    const noting: typeof renders = {
      ...renders,
      rendered: (request) => {
        const answer = renders.rendered(request);
        if (asked.length === 0 && answer) asked.push(answer.is === 'objects' ? text(answer.objects) : answer.is);
        return answer;
      },
    };
    const { workspace } = await workspaceAt(join(scratch, 'fleet'), {}, undefined, noting);
    const [cluster] = fleetOf(workspace).clusters();
    const [home] = cluster ? homesOf(workspace, cluster) : [];
    if (!home) return { is: 'differing', why: 'no cluster' };
    renderProblems(workspace, home, 'flux-system', 'release');
    if (!(await renders.render())) return { is: 'open' };
    renderProblems(workspace, home, 'flux-system', 'release');
    const [ours] = asked;
    if (theirs.status !== 0)
      return ours === 'refused'
        ? { is: 'refused' }
        : { is: 'differing', why: `only refused by helm: ${theirs.stderr}` };
    if (ours === 'refused') return { is: 'differing', why: 'only refused for us' };
    const expected = text(renderedObjects(theirs.stdout.replaceAll(/^# Source: [^/]+\//gm, '# Source: ')));
    const given = ours?.replaceAll(/"template":"[^/"]+\//g, '"template":"');
    return given === expected ? { is: 'same' } : { is: 'differing', why: firstDifference(given ?? '', expected) };
  } finally {
    if (existsSync(scratch)) rmSync(scratch, { recursive: true, force: true });
  }
}

function firstDifference(ours: string, theirs: string): string {
  let at = 0;
  while (at < ours.length && ours[at] === theirs[at]) at += 1;
  return `…${ours.slice(Math.max(0, at - 60), at + 60)} instead of …${theirs.slice(Math.max(0, at - 60), at + 60)}`;
}

function text(value: unknown): string {
  return JSON.stringify(value, (_, one: unknown) => (typeof one === 'bigint' ? Number(one) : one));
}

function yaml(value: Value | object): string {
  return stringify(value, { intAsBigInt: true, aliasDuplicateObjects: false, lineWidth: 0 });
}

function configMap(values: ObjectValue) {
  const metadata = { name: 'below', namespace: 'flux-system' };
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { 'values.yaml': yaml(values) } };
}

function release(values: ObjectValue) {
  return {
    apiVersion: 'helm.toolkit.fluxcd.io/v2',
    kind: 'HelmRelease',
    metadata: { name: 'release', namespace: 'flux-system' },
    spec: {
      ...{ interval: '10m', releaseName: 'release', targetNamespace: 'shop' },
      chart: { spec: { chart: './charts/one', sourceRef: { kind: 'GitRepository', name: 'flux-system' } } },
      valuesFrom: [{ kind: 'ConfigMap', name: 'below' }],
      ...(isObject(values) && { values }),
    },
  };
}

function shuffled<T>(all: readonly T[], next: () => number): readonly T[] {
  return all
    .map((one) => [next(), one] as const)
    .toSorted(([a], [b]) => a - b)
    .map(([, one]) => one);
}
