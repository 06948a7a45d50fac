// Items inserted into what is already written: JSON style, existing lines below, anchors, tags and lists.

import { describe, expect, test } from 'vitest';
import { yaml } from '../../fixture.ts';
import { applied, labelsAt } from '../fixture.ts';

describe('in JSON style', () => {
  const object = '{"apiVersion": "apps/v1", "kind": "Deployment", ';

  test('keys and kinds keep their quotes', () => {
    expect(applied(`${object}"sp$0"}`, 'spec')).toMatch(
      /, "spec": \{ "selector": \{ "matchLabels": \{ +\} \}, "template": \{ .*"containers": \[\{ "name": , "image": +\}\] \} \} \}\}$/,
    );
    expect(applied(`${object}"spec": {"repl$0": 3}}`, 'replicas')).toBe(`${object}"spec": {"replicas": 3}}`);
    expect(applied('{"apiVersion": "v1", "kind": "Con$0"}', 'ConfigMap')).toBe(
      '{"apiVersion": "v1", "kind": "ConfigMap"}',
    );
    expect(applied('kind: "Dep$0"\nmetadata: {}\n', 'Deployment')).toBe(yaml`
      apiVersion: apps/v1
      kind: "Deployment"
      metadata: {}
    `);
  });

  test('a key in a flow list gets the braces of its map', () => {
    const spec = `${object}spec: {template: {spec: {containers: [`;
    expect(applied(`${spec}$0]}}}}`, 'name')).toBe(`${spec}{ name:  }]}}}}`);
    expect(applied(`${spec}{$0}]}}}}`, 'name')).toBe(`${spec}{name: }]}}}}`);
  });
});

describe('with existing lines below', () => {
  const release = yaml`
    apiVersion: helm.toolkit.fluxcd.io/v2
    kind: HelmRelease
    spec:
      install:
  `;

  test('they become the value of a new key', () => {
    expect(
      applied(
        yaml`
          apiVersion: apps/v1
          kind: Deployment
          sp$0
            replicas: 1
        `,
        'spec',
      ),
    ).toBe(
      yaml`
        apiVersion: apps/v1
        kind: Deployment
        spec:
          replicas: 1
      `,
    );
  });

  test('at a smaller column, the new key becomes their sibling', () => {
    expect(
      applied(
        yaml`
          ${release}   $0
              crds: Skip
        `,
        'timeout',
      ),
    ).toBe(yaml`
      ${release}    timeout:\x20
          crds: Skip
    `);
  });

  test('nothing is suggested after the colon', () => {
    expect(
      labelsAt(
        release.replace(
          /\n$/,
          yaml`
            $0
                crds: Skip
          `,
        ),
      ),
    ).toEqual([]);
  });

  test('nothing is suggested between a dash and the text after it', () => {
    const pod = yaml`
      apiVersion: v1
      kind: Pod
      spec:
        containers:
    `;
    expect(labelsAt(`${pod}    -$0 name: a\n`)).toEqual([]);
    expect(labelsAt(`${pod}    -$0 # a\n`)[0]).toBe('name');
  });

  test('no list item is suggested beside keys', () => {
    expect(
      labelsAt(yaml`
        apiVersion: v1
        kind: Pod
        spec:
          containers:
            $0
            name: a
      `),
    ).toEqual([]);
  });
});

test('an item of a list inserts its missing dash', () => {
  const claim = 'apiVersion: v1\nkind: PersistentVolumeClaim\nspec:\n  accessModes:\n    ';
  expect(applied(`${claim}Read$0\n`, 'ReadWriteOnce')).toBe(`${claim}- ReadWriteOnce\n`);
  expect(applied(`${claim}- ReadWriteMany\n    Read$0\n`, 'ReadWriteOnce')).toBe(
    `${claim}- ReadWriteMany\n    - ReadWriteOnce\n`,
  );
  expect(labelsAt(`${claim}$0\n`)).toEqual(['- ']);
});

describe('an anchor, a tag and a byte order mark', () => {
  const pod = yaml`
    apiVersion: v1
    kind: Pod
    spec:
  `;

  test('anchors and tags are kept, and the value follows them', () => {
    expect(applied(`${pod}  restartPolicy: &policy $0\n`, 'Never')).toBe(`${pod}  restartPolicy: &policy Never\n`);
    expect(applied(`${pod}  restartPolicy: !!str Al$0ways\n`, 'Never')).toBe(`${pod}  restartPolicy: !!str Never\n`);
    expect(applied(`${pod}  containers: [&c {na$0}]\n`, 'name')).toBe(`${pod}  containers: [&c {name: }]\n`);
    expect(
      labelsAt(yaml`
        ${pod}  containers:
            - &c
              $0
      `)[0],
    ).toBe('name');
    expect(labelsAt(`${pod}  restartPolicy: &pol$0 Always\n`)).toEqual([]);
    expect(
      labelsAt(yaml`
        ${pod}  securityContext: &context $0
            runAsUser: 1
      `),
    ).toEqual([]);
  });

  test('a byte order mark takes no column', () => {
    expect(applied('\uFEFF$0', 'Namespace')).toBe('\uFEFFapiVersion: v1\nkind: Namespace\nmetadata:\n  name: example');
    expect(labelsAt('\uFEFF# a$0\n')).toEqual([]);
  });
});

test('a value is suggested on the line below its key', () => {
  const release = 'apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nspec:\n  install:\n    crds:\n      ';
  expect(applied(`${release}$0\n`, 'Create')).toBe(`${release}Create\n`);
});

test('a key on a line of its own in flow style ends with the comma that the next one needs', () => {
  const head = '{\n  apiVersion: apps/v1,\n  kind: Deployment,\n';
  const lines = (rest: string) => `${head}  spec: {\n${rest}\n}}\n`;
  expect(applied(lines('    $0\n    # how many\n    replicas: 1'), 'paused')).toBe(
    lines('    paused: true,\n    # how many\n    replicas: 1'),
  );
  expect(applied(lines('    $0\n    "template": {}'), 'selector')).toBe(
    lines('    selector: { matchLabels: {  } },\n    "template": {}'),
  );
  expect(applied(lines('    replicas: 1,\n    $0,'), 'selector')).toBe(
    lines('    replicas: 1,\n    selector: { matchLabels: {  } },'),
  );
  expect(applied(lines('    replicas: 1,\n    $0'), 'paused')).toBe(lines('    replicas: 1,\n    paused: true'));
  expect(applied('{\n  $0\n  kind: Deployment }\n', 'apiVersion')).toBe(
    '{\n  apiVersion: apps/v1,\n  kind: Deployment }\n',
  );
});

test('in flow style, with what they and their values need', () => {
  const head = `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\nspec: {selector: {matchExpressions: [`;
  expect(applied(`${head}{key: a, operator: $0}]}}\n`, 'In')).toBe(`${head}{key: a, operator: In, values: []}]}}\n`);
  expect(applied(`${head}{"key": "a", "operator": "$0"}]}}\n`, 'In')).toBe(
    `${head}{"key": "a", "operator": "In", "values": []}]}}\n`,
  );
  expect(applied(`${head}{key: a, operator: $0, values: [b]}]}}\n`, 'In')).toBe(
    `${head}{key: a, operator: In, values: [b]}]}}\n`,
  );
  expect(applied(`${head}{key: a, operator: $0}]}}\n`, 'Exists')).toBe(`${head}{key: a, operator: Exists}]}}\n`);
  expect(applied(`${head}{key: a, $0}]}}\n`, 'operator')).toBe(`${head}{key: a, operator: In, values: []}]}}\n`);
  const block = `apiVersion: apps/v1\nkind: Deployment\nspec:\n  selector:\n    matchExpressions:\n      - key: a\n        `;
  expect(applied(`${block}$0\n`, 'operator')).toBe(`${block}operator: In\n        values:\n          - \n`);
});

test('in flow style, a key comes with what it requires', () => {
  expect(applied('{apiVersion: v1, kind: Namespace, meta$0}', 'metadata')).toBe(
    '{apiVersion: v1, kind: Namespace, metadata: { name:  }}',
  );
});
