import { expect, test } from 'vitest';
import { foundBy } from '../features/fixture.ts';

const found = (template: string, more = '') =>
  foundBy(
    /^reference\/variable/,
    `# file: class.yaml
apiVersion: cluster.x-k8s.io/v1beta2
kind: ClusterClass
metadata: { name: small }
spec:
  variables:
    - name: network
  patches:
    - name: a
${more}      definitions:
        - jsonPatches:
            - op: add
              path: /spec/template/spec/a
              valueFrom:
${template}
`,
  );

const template = (text: string) => `                template: |\n                  ${text}`;

test('a variable as the value', () => {
  expect(found('                variable: network.pods[0].cidr')).toEqual([]);
  expect(found('                variable: builtin.machinePool.topologyName')).toEqual([]);
  expect(found('                variable: netwrk.pods')).toEqual([
    'class.yaml:14 netwrk.pods warning reference/variable',
  ]);
  expect(found('                variable: builtin.cluster.nam')).toHaveLength(1);
});

test('variables in a template', () => {
  expect(found(template('a: {{ .network.pods }} {{ .builtin.cluster.metadata.labels.team }}'))).toEqual([]);
  expect(found(template('a: {{ .netwrk }}'))).toEqual(['class.yaml:15 netwrk warning reference/variable']);
  expect(found(template('a: {{ .builtin.cluster.topology.versions | quote }}'))).toEqual([
    'class.yaml:15 builtin.cluster.topology.versions warning reference/variable',
  ]);
});

test('not in what has another dot, in texts and in comments', () => {
  expect(found(template('{{ range .network.pods }}{{ .cidr }}{{ else }}{{ .network }}{{ end }}'))).toEqual([]);
  expect(found(template('{{ range .network.pods }}{{ $.netwrk }}{{ end }}'))).toHaveLength(1);
  expect(found(template('{{ $a := index .network "b" }}{{ $a.c }}{{ printf ".x %s" (first .network).y }}'))).toEqual(
    [],
  );
  expect(found(template('{{/* .x */}}{{ with .network }}{{ if .a }}{{ .b }}{{ end }}{{ end }}'))).toEqual([]);
});

test('not where an extension can define more', () => {
  const external = '      external: { discoverVariablesExtension: variables.example }\n';
  expect(found(template('a: {{ .zone }}'), external)).toEqual([]);
});

test('of a class without any variables, which an overlay adds, only builtin ones', () => {
  const bare = (name: string) =>
    foundBy(
      /^reference\/variable/,
      `# file: class.yaml
apiVersion: cluster.x-k8s.io/v1beta2
kind: ClusterClass
metadata: { name: small }
spec:
  patches: [{ name: a, definitions: [{ jsonPatches: [{ op: add, path: /spec/a, valueFrom: { variable: ${name} } }] }] }]
`,
    );
  expect(bare('zone')).toEqual([]);
  expect(bare('builtin.zone')).toHaveLength(1);
});
