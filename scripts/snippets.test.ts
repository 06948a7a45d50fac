// Every snippet, expanded with its default placeholders, must be a manifest without findings. A snippet of a block is
// checked within a manifest.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse, parseAllDocuments, stringify } from 'yaml';
import { expand } from '../server/src/features/completion/expand.ts';
import { diagnose } from '../server/src/features/diagnostics.ts';
import { testCatalog, yaml } from '../server/src/fixture.ts';
import { Workspace } from '../server/src/workspace/workspace.ts';

interface Snippet {
  readonly prefix: string;
  readonly description: string;
  readonly body: readonly string[];
}

const folder = join(import.meta.dirname, '../snippets');
const files = readdirSync(folder).map(
  (name) => [name, JSON.parse(readFileSync(join(folder, name), 'utf8')) as Record<string, Snippet>] as const,
);
const snippets = files.flatMap(([file, named]) => Object.entries(named).map(([name, one]) => ({ file, name, ...one })));

interface Place {
  /** The snippet into whose manifest the block is inserted. */
  readonly into: string;
  /** The field. */
  readonly at: string;
  /** The manifest as the block needs it. */
  readonly given?: (manifest: string) => string;
}

const blocks: Readonly<Record<string, Place>> = {
  'flux-verify-cosign': { into: 'flux-ocirepository', at: 'spec' },
  'flux-kubeconfig': { into: 'flux-kustomization', at: 'spec' },
  'flux-depends-on': { into: 'flux-kustomization', at: 'spec' },
  'flux-post-build': { into: 'flux-kustomization', at: 'spec' },
  'flux-decryption': { into: 'flux-kustomization', at: 'spec' },
  'flux-health-check': {
    into: 'flux-kustomization',
    at: 'spec',
    given: (manifest) => manifest.replace('  wait: true\n', ''),
  },
  'flux-health-check-exprs': { into: 'flux-kustomization', at: 'spec' },
  'flux-patch': { into: 'flux-kustomization', at: 'spec' },
  'flux-values-from': { into: 'flux-helmrelease', at: 'spec' },
  'flux-remediation': { into: 'flux-helmrelease', at: 'spec' },
  'flux-drift-detection': { into: 'flux-helmrelease', at: 'spec' },
  'flux-post-renderers': { into: 'flux-helmrelease', at: 'spec' },
  'capi-worker': { into: 'capi-cluster-topology', at: 'spec.topology' },
  'capi-worker-autoscaled': { into: 'capi-cluster-topology', at: 'spec.topology' },
  'capi-health-check': { into: 'capi-cluster-topology', at: 'spec.topology.controlPlane' },
  'capi-rollout': { into: 'capi-machinedeployment', at: 'spec' },
  'capi-deletion': { into: 'capi-machinedeployment', at: 'spec.template.spec' },
  'capi-variable': { into: 'capi-clusterclass', at: 'spec' },
  'capi-patch': {
    into: 'capi-clusterclass',
    at: 'spec',
    given: (manifest) => manifest.replaceAll('imageRepository', 'instanceType'),
  },
  'kubeadm-files': { into: 'capi-kubeadmcontrolplane', at: 'spec.kubeadmConfigSpec' },
  'kubeadm-files-from': { into: 'capi-kubeadmcontrolplane', at: 'spec.kubeadmConfigSpec' },
  'kubeadm-users': { into: 'capi-kubeadmconfigtemplate', at: 'spec.template.spec' },
  'kubeadm-etcd-disk': { into: 'capi-kubeadmcontrolplane', at: 'spec.kubeadmConfigSpec' },
  'capa-existing-vpc': { into: 'capa-cluster', at: 'spec' },
  'capa-eks-addons': { into: 'capa-eks', at: 'spec' },
  'capz-etcd-disk': { into: 'capz-machinetemplate', at: 'spec.template.spec' },
  'capz-spot': { into: 'capz-machinetemplate', at: 'spec.template.spec' },
  'capv-static-addresses': { into: 'capv-machinetemplate', at: 'spec.template.spec' },
  'kustomize-patch': { into: 'kustomize', at: '' },
  'kustomize-images': { into: 'kustomize', at: '' },
  'kustomize-configmap': { into: 'kustomize', at: '' },
  'k8s-container': { into: 'k8s-deployment', at: 'spec.template.spec' },
  'k8s-probes': { into: 'k8s-deployment', at: 'spec.template.spec.containers.0' },
  'k8s-resources': { into: 'k8s-deployment', at: 'spec.template.spec.containers.0' },
  'k8s-spread': { into: 'k8s-deployment', at: 'spec.template.spec' },
};

const isManifest = ({ body }: Snippet) => body[0]!.startsWith('apiVersion:');

test('each has a unique prefix and a description', () => {
  expect(snippets.length).toBeGreaterThan(100);
  const prefixes = snippets.map(({ prefix }) => prefix);
  expect(prefixes.filter((prefix, index) => prefixes.indexOf(prefix) !== index)).toEqual([]);
  expect(snippets.filter(({ description }) => description.length < 5)).toEqual([]);
  const known = Object.keys(blocks).toSorted();
  expect(
    snippets
      .filter((one) => !isManifest(one))
      .map(({ prefix }) => prefix)
      .toSorted(),
  ).toEqual(known);
});

describe.each(files)('%s', (_, named) => {
  const each = Object.values(named).flatMap((one) =>
    Array.from(
      { length: alternatives(one) },
      (_, index) => [`${one.prefix} ${index || ''}`.trim(), one, index] as const,
    ),
  );

  test.each(each)('%s', (_, one, index) => {
    const { prefix } = one;
    const text = expanded(one, index);
    expect(text).not.toMatch(/\$\{?\d|\$\{\w/);
    if (isManifest(one)) expect(findings(fileFor(text), text)).toEqual([]);
    else {
      const { into, at, given = (manifest) => manifest } = blocks[prefix]!;
      const whole = withBlock(given(expanded(snippets.find((host) => host.prefix === into)!)), at, parse(text));
      expect(whole).toContain(Object.keys(parse(text))[0]);
      expect(findings(fileFor(whole), whole)).toEqual([]);
    }
  });
});

/** The number of options in the longest choice. */
function alternatives({ body }: Snippet): number {
  const choices = [...body.join('\n').matchAll(/\$\{\d+\|([^|]*)\|\}/g)];
  return Math.max(1, ...choices.map(([, options]) => options!.split(',').length));
}

describe('the check of snippets', () => {
  test('reports an invalid manifest', () => {
    expect(
      findings('a.yaml', expanded({ prefix: '', description: '', body: ['apiVersion: v1', 'kind: Pod'] })),
    ).not.toEqual([]);
  });

  test('expands placeholders, choices, mirrors and escapes', () => {
    const body = ['${1:a}-$1-${2|x,y|}', '${3}\\$4 ${5:b\\}}$0', '${6:${7:in}ner} $2'];
    expect(expanded({ prefix: '', description: '', body })).toBe('a-a-x\n$4 b}\ninner x\n');
  });
});

const deployment = yaml`
  apiVersion: apps/v1
  kind: Deployment
  metadata:
    name: app
  spec:
    replicas: 1
    selector: { matchLabels: { app: app } }
    template:
      metadata: { labels: { app: app } }
      spec:
        containers: [{ name: app, image: app }]
`;

/** The files that kustomizations of snippets list; in the editor, their author writes them. */
const listed: Readonly<Record<string, string>> = {
  'overlay/deployment.yaml': deployment,
  'overlay/config.yaml': 'a: b\n',
  'overlay/patch.yaml': deployment.replace('replicas: 1', 'replicas: 2'),
  'base/deployment.yaml': deployment,
  'base/kustomization.yaml': 'resources: [deployment.yaml]\n',
};

function findings(path: string, text: string): readonly string[] {
  const workspace = new Workspace(testCatalog);
  workspace.put(path, text);
  for (const [file, content] of Object.entries(listed)) workspace.put(file, content);
  return diagnose(workspace, path).map(({ rule, message }) => `${rule}: ${message}`);
}

function fileFor(text: string): string {
  return text.includes('kustomize.config.k8s.io') ? 'overlay/kustomization.yaml' : 'a.yaml';
}

/** The manifest with the block's keys merged into the field. */
function withBlock(text: string, at: string, block: Readonly<Record<string, unknown>>): string {
  const steps = at === '' ? [] : at.split('.');
  const documents = parseAllDocuments(text).map((document) => document.toJS());
  // The last document with the field: the block's kind comes after the Cluster.
  const host = documents.findLast((document) => holder(document, steps) && fits(document, block));
  Object.assign(holder(host, steps)!, block);
  return stringify(host);
}

function holder(root: unknown, steps: readonly string[]): Record<string, unknown> | undefined {
  let node = root as Record<string, unknown> | undefined;
  for (const step of steps) node = node?.[step] as Record<string, unknown> | undefined;
  return node;
}

/** `addons` of EKS belong to its control plane, not to the node group that follows. */
function fits(document: { readonly kind: string }, block: object): boolean {
  return !('addons' in block) || document.kind.endsWith('ControlPlane');
}

/** The text as an editor inserts it: defaults, the given option of each choice, and mirrors filled in. */
function expanded({ body }: Snippet, alternative = 0): string {
  return expand(`${body.join('\n').replace(/\n?\$0$/, '')}\n`, alternative);
}
