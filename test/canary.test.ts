// The values of Secrets are in no finding, title of a fix, hover or list of completions, whatever is wrong with the text around
// them: slips of the hand and faults are planted in Secrets whose values are recognised wherever they appear.
import { expect, test } from 'vitest';
import { complete } from '../server/src/features/completion/completion.ts';
import { cursorAt } from '../server/src/features/cursor.ts';
import { diagnose } from '../server/src/features/diagnostics.ts';
import { fixesFor } from '../server/src/features/fixes/code-action.ts';
import { hover } from '../server/src/features/hover.ts';
import { testCatalog, yaml } from '../server/src/fixture.ts';
import { gvkOf } from '../server/src/kube/identity.ts';
import { parseManifest } from '../server/src/syntax/manifest.ts';
import { Workspace } from '../server/src/workspace/workspace.ts';
import { slips as plantedSlips, slip as plantSlip } from './live/planted/slips.ts';
import { slips } from './live/slips/slip.ts';
import { randomOf } from './live/verdict/random.ts';

const secret = yaml`
  apiVersion: v1
  kind: Secret
  metadata:
    name: a
    namespace: web
  type: Opaque
  data:
    encoded: Q0FOQVJZLWVuY29kZWQ=
    plain: canary-plain
  stringData:
    password: canary-password
    quoted: "canary quoted: value"
    single: 'canary-single'
    number: "8800990011"
    config.yaml: |
      canary: text
      nested:
        canary-key: canary-value
      last: canary
    folded: >-
      canary folded
      text
`;

/** Other shapes, as people write them. */
const shapes: readonly string[] = [
  secret.replace('  password: canary-password', '  password: {a: [canary-a, {b: canary-b}]}'),
  secret.replace('  plain: canary-plain', '  plain: [canary-a, canary-b]\n  port: 8800990011\n  yes: true'),
  secret.replace('stringData:', 'stringdata:'),
  secret.replace('  stringData:', '    stringData:').replace('  data:', 'Data:'),
  secret.replace('type: Opaque', 'type: kubernetes.io/dockerconfigjson'),
  secret.replace('type: Opaque', 'type: kubernetes.io/tls\nimmutable: "canary"').replace('canary"', 'no"'),
  secret.replace('  password:', '  - password:'),
  secret.replace('  single:', '  password: canary-again\n  single:'),
  secret.replace('password: canary-password', 'password: canary-password\n  pass word: canary: b'),
  secret.replace('password: canary-password', 'password: &x canary-password\n  <<: canary-merge'),
  secret.replace('password: canary-password', 'password: !!int canary-password'),
  ...['@', '`', '%', '!', '&', '*', '|', '>', '{', '[', '? ', '- ', ', ', '"', "'", 'a: ', '-', '!!float '].map(
    (sign) => secret.replace('password: canary-password', `password: ${sign}canary-password`),
  ),
  secret.replace('password: canary-password', 'password: canary-password"'),
  secret.replace('password: canary-password', 'password: "canary-\\q"'),
  secret.replace('password: canary-password', 'password: [${CANARY}]'),
  `apiVersion: v1\nkind: List\nitems:\n${secret.replace(/^/gm, '  ').replace('  apiVersion', '- apiVersion').trimEnd()}\n`,
  yaml`
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    secretGenerator:
      - name: a
        literals: [password=canary-password, canary-no-value, {a: canary}]
        behavior: nothing
  `,
];

const workspace = new Workspace(testCatalog);

/** What is said of the text that has a canary in it. */
function leaksOf(text: string, path = 'a.yaml'): readonly string[] {
  workspace.put(path, text);
  const file = workspace.file(path)!;
  const findings = diagnose(workspace, path);
  const said = findings.flatMap((finding) => [
    finding.message,
    ...(finding.fixes ?? []).map(({ title }) => title),
    ...fixesFor(workspace, file, finding, { snippets: true }).map(({ title }) => title),
  ]);
  return said.filter(isLeak);
}

/** What is shown at every place of the text. */
function shownIn(text: string, path = 'a.yaml'): readonly string[] {
  workspace.put(path, text);
  const leaks: string[] = [];
  for (let offset = 0; offset <= text.length; offset += 3) {
    const cursor = cursorAt(workspace, path, offset)!;
    const items = complete(cursor).flatMap(({ label, detail = '' }) => [label, detail]);
    leaks.push(...[hover(cursor)?.text ?? '', ...items].filter(isLeak));
  }
  return [...new Set(leaks)];
}

/** A value as it is written or encoded. */
function isLeak(text: string): boolean {
  return /canary|Q0FOQVJZ|Y2FuYXJ5|8800990011/i.test(text);
}

function pathOf(text: string): string {
  return text.includes('secretGenerator') ? 'kustomization.yaml' : 'a.yaml';
}

test.each(shapes.map((shape, index) => [index, shape] as const))('shape %i', (_, shape) => {
  expect(leaksOf(shape, pathOf(shape))).toEqual([]);
  // Behind an open brace, a question mark or a dash, words are read as keys, whose hover names them.
  if (!/(?:\{|[?-] |, )canary/.test(shape)) expect(shownIn(shape, pathOf(shape))).toEqual([]);
});

const possible = Object.entries(slips).filter(([name]) => !/bracket|dash/.test(name));

test.each(possible)('slips of the hand: %s', { timeout: 120_000 }, (_, slip) => {
  const random = randomOf(3);
  const manifest = parseManifest(secret);
  let planted = 0;
  for (let tries = 0; planted < 12 && tries < 100; tries += 1) {
    const slipped = slip(manifest, random);
    if (!slipped) continue;
    planted += 1;
    expect(leaksOf(slipped.text), slipped.text).toEqual([]);
  }
  expect(planted).toBeGreaterThan(0);
});

test.each(plantedSlips.filter((one) => one !== 'map for list' && one !== 'enum case'))(
  'planted: %s',
  { timeout: 120_000 },
  (fault) => {
    const random = randomOf(5);
    const manifest = parseManifest(secret);
    const kind = workspace.schemas.storeFor('a.yaml').lookup(gvkOf('v1', 'Secret')!)!;
    let planted = 0;
    for (let tries = 0; planted < 12 && tries < 100; tries += 1) {
      const slipped = plantSlip(manifest, kind, fault, random);
      if (!slipped) continue;
      planted += 1;
      expect(leaksOf(slipped.text), slipped.text).toEqual([]);
    }
    expect(planted).toBeGreaterThan(0);
  },
);
