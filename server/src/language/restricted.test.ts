// A workspace that the user doesn't trust: its CRDs, whose patterns and rules are programs, aren't used; everything else is.
import { rmSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { DocumentDiagnosticReport } from 'vscode-languageserver/node';
import type { LanguageOptions } from '../protocol.ts';
import { buildProgram, program, Session } from './fixture.ts';

beforeAll(() => buildProgram(), 120_000);
afterAll(() => rmSync(program, { force: true }));

let session: Session | undefined;
afterEach(() => {
  session?.child.kill('SIGKILL');
  if (session) rmSync(session.folder, { recursive: true, force: true });
});

const crd = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: things.example.com }
spec:
  group: example.com
  scope: Namespaced
  names: { plural: things, kind: Thing }
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          type: object
          properties:
            spec: { type: string, pattern: "^a+$", x-kubernetes-validations: [{ rule: "self == 'a'" }] }
`;
const thing = 'apiVersion: example.com/v1\nkind: Thing\nmetadata: { name: a }\nspec: b\n';
const wrong = 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\nwrong: 1\n';

async function rulesWith(options: LanguageOptions): Promise<readonly (readonly unknown[])[]> {
  session = new Session();
  await session.start({ textDocument: { diagnostic: {} } }, { 'crd.yaml': crd, 'a.yaml': thing }, true, options);
  const rules: (readonly unknown[])[] = [];
  for (const [name, text] of [
    ['a.yaml', thing],
    ['b.yaml', wrong],
  ] as const) {
    await session.open(name, text);
    const report = await session.ask<DocumentDiagnosticReport>('textDocument/diagnostic', name);
    rules.push(report.kind === 'full' ? report.items.map(({ code }) => code) : []);
  }
  return rules;
}

test('CRDs of the workspace judge where it is trusted, as in editors that say nothing of trust', async () => {
  expect(await rulesWith({ trusted: true })).toEqual([['schema/pattern', 'schema/rule'], ['schema/unknown-field']]);
  session!.child.kill('SIGKILL');
  expect((await rulesWith({}))[0]).toEqual(['schema/pattern', 'schema/rule']);
});

test('and don’t where it isn’t', async () => {
  expect(await rulesWith({ trusted: false })).toEqual([[], ['schema/unknown-field']]);
});
