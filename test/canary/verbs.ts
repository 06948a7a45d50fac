// What each verb of the command line is run with while its output is searched for secrets. A verb that isn't here fails the test.

/** Lines of arguments by verb. */
export type Lines = Readonly<Record<string, readonly string[]>>;

/** In a repository with secrets in whatever may have one, before a change of all of them and after it. */
export const inRepository: Lines = {
  lint: ['', '--format json', '--format sarif', '--format github', '--against HEAD'],
  build: ['clusters/prod', 'apps', '--cluster prod clusters/prod', 'nowhere'],
  diff: ['', '--format markdown', '--format json', '--against none'],
  migrate: ['', '--format json', '--target flux=2.9'],
  graph: ['', '--format json', '--format dot', '--format mermaid'],
  explain: ['Secret.data', 'Secret --format json', 'Thing.spec', 'Thing.spec.token'],
  charts: ['', '--format json', 'fetch'],
  schemas: ['', '--format json', 'detect', 'detect --format json', 'add apps/secret.yaml'],
};

/**
 * Prints manifests for other programs, whole: whoever applies them needs what Secrets hold, as from `kustomize build`. What it
 * says besides is searched.
 */
export const printsManifests: ReadonlySet<string> = new Set(['build']);

/** With `c`, a context of a cluster with secrets in whatever may have one, and others that fail. */
export const inClusters: Lines = {
  contexts: ['', '--format json'],
  status: ['--context c', '--context c --format json', '--context c -o wide', '--all-contexts --timeout 5s'],
  problems: ['--context c', '--context c --format json', '--all-contexts --timeout 5s'],
  follow: ['--context c --no-wait', 'none --context c --no-wait', '0123456 --context c --no-wait --format json'],
  get: [
    'secrets -A --context c',
    'secrets -A --context c -o json',
    'gitrepositories -A --context c -o wide',
    'kustomizations -A --context c -o health',
    'deployments -A --context c -o json',
    'deployment none --context c',
  ],
  tree: [
    'kustomization/planted -n fleet --context c',
    'kustomization/planted -n fleet --context c --format json',
    'cluster/c1 -n fleet --context c',
  ],
  rollout: [
    'deployment/web -n fleet --context c --watch=false',
    'deployment/web -n fleet --context c --timeout 2s --format json',
  ],
  logs: ['pod/web-1 -n fleet --context c', 'deployment/web -n fleet --context c'],
  events: ['deployment/web -n fleet --context c', 'deployment/web -n fleet --context c --format json'],
  where: ['deployment/web -n fleet --context c', 'secret/planted -n fleet --context c --format json'],
  shell: ['pod/web-1 -n fleet --context c -- env', 'pod/none -n fleet --context c'],
  'port-forward': ['pod/none 0:80 -n fleet --context c', 'pod/web-1 0:none -n fleet --context c'],
  kubeconfig: [
    'cluster/c1 -n fleet --context c -f written',
    'cluster/c1 -n fleet --context c -f written',
    'cluster/none -n fleet --context c',
  ],
  edit: [
    'secret/planted -n fleet --context c',
    'deployment/web -n fleet --context c',
    'kustomization/planted -n fleet --context c',
  ],
  reconcile: act('kustomization/planted'),
  // Without --dry-run it waits for the source, which nobody fetches here.
  'reconcile-with-source': act('kustomization/planted').slice(0, 2),
  suspend: [...act('kustomization/planted'), ...act('kustomization/planted --reason password=canary-reason')],
  resume: act('kustomization/planted'),
  restart: act('deployment/web'),
  scale: act('deployment/web --replicas 2'),
  pause: act('deployment/web'),
  undo: act('deployment/web'),
  remediate: act('machine/m1'),
  label: [...act('deployment/web --set token=canary-label'), ...act('secret/planted --set a=b')],
  annotate: [...act('deployment/web --set example.com/token=canary-annotated'), ...act('secret/planted --set a=b')],
  delete: act('pod/web-1'),
  actions: ['', '--format json', '--context c'],
};

/** What another test searches. */
export const elsewhere: Readonly<Record<string, string>> = { lsp: 'test/canary-server.test.ts' };

function act(object: string): readonly string[] {
  const [named, ...flags] = object.split(' ');
  const line = [named, '-n fleet --context c --timeout 2s', ...flags].join(' ');
  return [`${line} --dry-run`, `${line} --dry-run --format json`, line];
}
