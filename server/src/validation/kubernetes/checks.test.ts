// Runs the checks of built-in kinds against the API server's verdict on each case; `npm run verdict` sends the same cases
// to a real API server.
import { describe, expect, test } from 'vitest';
import { testCatalog } from '../../fixture.ts';
import { layeredStore } from '../../schema/store.ts';
import { parseManifest } from '../../syntax/manifest.ts';
import { validateDocument } from '../validate.ts';
import { changed, type Json, type KindCases } from './cases/case.ts';
import { corners } from './cases/corners.ts';
import { gated } from './cases/gated.ts';
import { machinery } from './cases/machinery.ts';
import { network } from './cases/network.ts';
import { platform } from './cases/platform.ts';
import { pods } from './cases/pods.ts';
import { workloads } from './cases/workloads.ts';

const main = layeredStore([testCatalog.bundled]);

/** The fields reported as errors. JSON is parsed as YAML. */
function blamed(object: Json, store = main): readonly (string | undefined)[] {
  const manifest = parseManifest(JSON.stringify(object));
  return [...manifest.findings, ...validateDocument(manifest, store)]
    .filter(({ severity }) => severity === 'error')
    .map(({ path }) => path);
}

const all: readonly KindCases[] = [...workloads, ...pods, ...corners, ...network, ...platform, ...machinery];

describe.each(all.map((cases) => [titleOf(cases), cases] as const))('%s', (_title, { good, bad }) => {
  test('the valid object has no errors', () => expect(blamed(good)).toEqual([]));
  test.each(bad.map((one) => [`${one[0]}: ${JSON.stringify(one[1])}`, one] as const))(
    '%s',
    (_name, [path, value, field = path]) => {
      expect(blamed(changed(good, path, value))).toContain(field);
    },
  );

  // An unknown value is never reported, wherever it is.
  test('an unknown value in any place is not reported', () => {
    const found = places(good).filter((path) => blamed(changed(good, path, '${HOLE}')).length > 0);
    expect(found).toEqual([]);
  });
});

describe.each(gated.map((cases) => [`${titleOf(cases)} from 1.${cases.since} on`, cases] as const))(
  '%s',
  (_title, { good, bad, since }) => {
    const at = (minor: number) => layeredStore([testCatalog.at({ kubernetes: `1.${minor}` })]);
    test('the valid object has no errors in any release', () => {
      for (const minor of [34, 35, 36, 37]) expect(blamed(good, at(minor))).toEqual([]);
    });
    test.each(bad.map((one) => [`${one[0]}: ${JSON.stringify(one[1])}`, one] as const))(
      '%s',
      (_name, [path, value, field = path]) => {
        expect(blamed(changed(good, path, value), at(since))).toContain(field);
        if (since > 34) expect(blamed(changed(good, path, value), at(since - 1))).toEqual([]);
      },
    );
  },
);

function titleOf({ good }: KindCases): string {
  const { kind, spec } = good as { kind: string; spec?: { type?: string } };
  return spec?.type ? `${kind} ${spec.type}` : kind;
}

/** The path of every value except apiVersion and kind. */
function places(value: Json, path = ''): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  const inner = Array.isArray(value)
    ? value.map((item, index) => [`${path}[${index}]`, item as Json] as const)
    : Object.entries(value).map(
        ([key, item]) => [/[.[\]]/.test(key) ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`, item] as const,
      );
  return inner
    .filter(([here]) => here !== 'apiVersion' && here !== 'kind')
    .flatMap(([here, item]) => [here, ...places(item, here)]);
}
