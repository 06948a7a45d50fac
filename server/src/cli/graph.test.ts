import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { run } from './graph.ts';
import type { GraphOutput } from './output.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'capstan-graph-'));
  mkdirSync(join(folder, '.git'));
  writeFileSync(
    join(folder, 'a.yaml'),
    `apiVersion: v1
kind: ConfigMap
metadata: { name: web, namespace: shop }
---
apiVersion: v1
kind: Pod
metadata: { name: "web", namespace: shop }
spec:
  containers: [{ name: web, image: web, envFrom: [{ configMapRef: { name: web } }] }]
`,
  );
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function graph(...args: readonly string[]) {
  let stdout = '';
  let stderr = '';
  const io = {
    stdout: { write: (text: string) => (stdout += text) },
    stderr: { write: (text: string) => (stderr += text) },
    env: {},
    cwd: folder,
  };
  return { code: await run(args, io), stdout, stderr };
}

test('json has nodes with their lines, and edges between their ids', async () => {
  const { code, stdout } = await graph('.');
  expect(code).toBe(0);
  const { nodes, edges } = JSON.parse(stdout) as GraphOutput;
  expect(nodes.map(({ kind, name, namespace, file, line }) => [kind, name, namespace, file, line])).toEqual([
    ['ConfigMap', 'web', 'shop', 'a.yaml', 2],
    ['Pod', 'web', 'shop', 'a.yaml', 6],
  ]);
  expect(edges).toEqual([
    {
      from: nodes[1]!.id,
      to: nodes[0]!.id,
      kind: 'reference',
      field: 'spec.containers[*].envFrom[*].configMapRef',
    },
  ]);
});

test('dot and mermaid draw the same', async () => {
  expect((await graph('a.yaml', '--format', 'dot')).stdout).toContain('[label="Pod shop/web"];');
  expect((await graph('a.yaml', '--format', 'mermaid')).stdout).toBe(`flowchart LR
    n0["ConfigMap shop/web"]
    n1["Pod shop/web"]
  n1 -.->|reference| n0
`);
});

test('wrong usage is refused', async () => {
  expect((await graph('--format', 'svg')).code).toBe(2);
  expect((await graph('none')).code).toBe(2);
});
