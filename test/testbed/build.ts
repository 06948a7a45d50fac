// Builds the test bed's programs from Go modules into the cache: `npm run testbed -- kubernetes kubelet-streams
// cluster-api flux controller-build kubeconform kustomize helm` (all sets without a name). Requires Go 1.26 or newer. A cold
// build on 2 cores takes about 10, 1, 5, 15, 3, 1, 1 and 1 minutes; existing sets are skipped. `kubernetes@1.34.4` builds the
// API server of another version, for `npm run verdict -- --target kubernetes=1.34`.
import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import {
  apiServer,
  apiServerFolder,
  cacheFolder,
  missingPrograms,
  programs,
  type SetName,
  setFolder,
  versions,
} from './cache.ts';

const env = { ...process.env, CGO_ENABLED: '0', GOFLAGS: '-mod=mod' };
const stripped = '-s -w';
const controllerVersion = 'v1.9.5';
/** What source-controller packs an artifact with. */
const artifactModule = 'github.com/fluxcd/pkg/artifact@v0.18.1';
const artifactModules = [artifactModule, 'github.com/fluxcd/pkg/sourceignore@v0.18.0'];

const builders: Readonly<Record<SetName, (out: string) => void>> = {
  kubernetes: (out) => buildKubernetes(out, versions.kubernetes, programs.kubernetes),
  'kubelet-streams': buildKubeletStreams,
  'cluster-api': buildClusterApi,
  flux: buildFlux,
  'controller-build': buildControllerBuild,
  kubeconform: (out) =>
    run('go', ['install', `github.com/yannh/kubeconform/cmd/kubeconform@v${versions.kubeconform}`], cacheFolder(), {
      GOBIN: out,
    }),
  kustomize: buildKustomize,
  helm: (out) => run('go', ['install', `helm.sh/helm/v4/cmd/helm@v${versions.helm}`], cacheFolder(), { GOBIN: out }),
};

const asked = process.argv.slice(2);
const otherServer = /^kubernetes@(\d+\.\d+\.\d+)$/;
const unknown = asked.filter((name) => !Object.hasOwn(programs, name) && !otherServer.test(name));
if (unknown.length > 0) fail(`${unknown.join(', ')} is unknown; the sets are ${Object.keys(programs).join(', ')}.`);
if (spawnSync('go', ['version']).error)
  fail('Go is not on the PATH; it is required to build the test bed. Install Go 1.26 or newer.');
mkdirSync(cacheFolder(), { recursive: true });
for (const name of asked.length > 0 ? asked : Object.keys(programs)) {
  const version = otherServer.exec(name)?.[1];
  const set = name as SetName;
  if (version === undefined) provide(name, setFolder(set), missingPrograms(set).length === 0, builders[set]);
  else {
    const folder = apiServerFolder(version);
    const isBuilt = apiServer.every((one) => existsSync(join(folder, one)));
    provide(name, folder, isBuilt, (out) => buildKubernetes(out, version, apiServer));
  }
}

/** Builds beside the final folder and renames it at the end, so that an existing folder is always complete. */
function provide(name: string, final: string, isBuilt: boolean, build: (out: string) => void): void {
  if (isBuilt) {
    console.log(`${name}: already built (${final})`);
    return;
  }
  const started = Date.now();
  const out = join(cacheFolder(), `${name}.building-${process.pid}`);
  mkdirSync(out, { recursive: true });
  console.log(`${name}: building ...`);
  build(out);
  rmSync(final, { recursive: true, force: true });
  renameSync(out, final);
  console.log(`${name}: built in ${Math.round((Date.now() - started) / 1000)} s (${final})`);
}

/** Kubernetes' go.mod replaces its staging modules with folders of its own tree; the published modules are used instead. */
function buildKubernetes(out: string, version: string, wanted: readonly string[]): void {
  const goMod = readFileSync(join(moduleFolder('k8s.io/kubernetes', `v${version}`), 'go.mod'), 'utf8');
  const staging = [...goMod.matchAll(/^\t(k8s\.io\/[a-z0-9-]+) => \.\/staging/gm)].map((match) => match[1]!);
  const twin = `v0${version.slice(1)}`;
  const servers = wanted.filter((name) => name.startsWith('kube-'));
  inModule(
    {
      requires: [`k8s.io/kubernetes v${version}`, `k8s.io/kubectl ${twin}`, 'go.etcd.io/etcd/server/v3 v3.6.8'],
      replaces: staging.map((name) => `${name} => ${name} ${twin}`),
      mains: {
        etcd: 'package main\n\nimport (\n\t"os"\n\n\t"go.etcd.io/etcd/server/v3/etcdmain"\n)\n\nfunc main() { etcdmain.Main(os.Args) }\n',
        kubectl:
          'package main\n\nimport (\n\t"os"\n\n\t"k8s.io/component-base/cli"\n\t"k8s.io/kubectl/pkg/cmd"\n)\n\nfunc main() { os.Exit(cli.Run(cmd.NewDefaultKubectlCommand())) }\n',
      },
      packages: servers.map((name) => `k8s.io/kubernetes/cmd/${name}/app`),
    },
    (folder) => {
      const [major, minor] = version.split('.');
      const facts = {
        gitVersion: `v${version}`,
        gitMajor: major,
        gitMinor: minor,
        gitTreeState: 'clean',
        buildDate: '1970-01-01T00:00:00Z',
      };
      const stamps = ['k8s.io/component-base/version', 'k8s.io/client-go/pkg/version'].flatMap((name) =>
        Object.entries(facts).map(([key, value]) => `-X ${name}.${key}=${value}`),
      );
      const flags = [stripped, ...stamps].join(' ');
      for (const name of servers) goBuild(folder, join(out, name), `k8s.io/kubernetes/cmd/${name}`, flags);
      goBuild(folder, join(out, 'kubectl'), './kubectl', flags);
      goBuild(folder, join(out, 'etcd'), './etcd', stripped);
    },
  );
}

/** A program of our own, with the packages that kubelets and container runtimes serve streams with. */
function buildKubeletStreams(out: string): void {
  const main = readFileSync(join(import.meta.dirname, 'kubelet-streams/main.go'), 'utf8');
  const requires = [`k8s.io/cri-streaming v0${versions.kubernetes.slice(1)}`];
  inModule({ requires, replaces: [], mains: { streams: main }, packages: [] }, (folder) =>
    goBuild(folder, join(out, 'kubelet-streams'), './streams', stripped),
  );
}

function buildClusterApi(out: string): void {
  const version = `v${versions.clusterApi}`;
  const root = 'sigs.k8s.io/cluster-api';
  const mains: Readonly<Record<string, string>> = {
    'capi-core': 'core',
    'capi-kubeadm-bootstrap': 'bootstrap/kubeadm',
    'capi-kubeadm-control-plane': 'controlplane/kubeadm',
    'capi-dev': 'test/infrastructure/docker',
    clusterctl: 'cmd/clusterctl',
  };
  inModule(
    {
      requires: [root, `${root}/api`, `${root}/test`].map((name) => `${name} ${version}`),
      replaces: [root, `${root}/api`].map((name) => `${name} => ${name} ${version}`),
      mains: {},
      packages: Object.values(mains).map((path) => `${root}/${path}`),
    },
    (folder) => {
      for (const [name, path] of Object.entries(mains)) goBuild(folder, join(out, name), `${root}/${path}`, stripped);
    },
  );
}

/** Each controller is a main module; its go.mod replaces the api module with a folder that its archive doesn't contain. */
function buildFlux(out: string): void {
  const controllers: readonly (readonly [string, string, string, string?])[] = [
    [
      'source-controller',
      'github.com/fluxcd/source-controller',
      'v1.9.6',
      `github.com/fluxcd/pkg/artifact=${artifactModule}`,
    ],
    ['kustomize-controller', 'github.com/fluxcd/kustomize-controller', controllerVersion],
    ['helm-controller', 'github.com/fluxcd/helm-controller', 'v1.6.4'],
    ['notification-controller', 'github.com/fluxcd/notification-controller', 'v1.9.3'],
    ['flux', 'github.com/fluxcd/flux2/v2', `v${versions.flux}`],
  ];
  for (const [name, module, version, replace] of controllers) {
    const folder = mkdtempSync(join(tmpdir(), 'capstan-build-'));
    cpSync(moduleFolder(module, version), folder, { recursive: true });
    writable(folder);
    const goMod = join(folder, 'go.mod');
    writeFileSync(goMod, readFileSync(goMod, 'utf8').replace(/^.*=> \.\/api$/gm, ''));
    if (replace) run('go', ['mod', 'edit', '-replace', replace], folder);
    if (name === 'flux') {
      // The command embeds install manifests generated by a release step; the test bed installs the CRDs itself.
      mkdirSync(join(folder, 'cmd/flux/manifests'), { recursive: true });
      writeFileSync(join(folder, 'cmd/flux/manifests/empty.yaml'), '---\n');
    }
    console.log(`  ${name}`);
    goBuild(folder, join(out, name), name === 'flux' ? './cmd/flux' : '.', stripped);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A program of our own, with the modules and versions that kustomize-controller is made of. */
function buildControllerBuild(out: string): void {
  const folder = mkdtempSync(join(tmpdir(), 'capstan-build-'));
  const source = moduleFolder('github.com/fluxcd/kustomize-controller', controllerVersion);
  const goMod = readFileSync(join(source, 'go.mod'), 'utf8').replace(/^.*=> \.\/api$/gm, '');
  writeFileSync(join(folder, 'go.mod'), goMod.replace(/^module .*/, 'module testbed'));
  cpSync(join(source, 'go.sum'), join(folder, 'go.sum'));
  cpSync(join(import.meta.dirname, 'controller-build/main.go'), join(folder, 'main.go'));
  for (const module of artifactModules) run('go', ['mod', 'edit', '-require', module], folder);
  goBuild(folder, join(out, 'controller-build'), '.', stripped);
  rmSync(folder, { recursive: true, force: true });
}

/**
 * kustomize's modules require Go 1.27 but use nothing of it, and one module they name isn't published; copies of them build
 * with Go 1.26 as well.
 */
function buildKustomize(out: string): void {
  const root = 'sigs.k8s.io/kustomize';
  const modules: Readonly<Record<string, string>> = {
    'kustomize/v5': versions.kustomize,
    api: '0.21.3',
    kyaml: '0.21.3',
    'cmd/config': '0.21.3',
  };
  const folder = mkdtempSync(join(tmpdir(), 'capstan-build-'));
  for (const [name, version] of Object.entries(modules)) {
    const copy = join(folder, name);
    cpSync(moduleFolder(`${root}/${name}`, `v${version}`), copy, { recursive: true });
    writable(copy);
    const goMod = join(copy, 'go.mod');
    writeFileSync(goMod, readFileSync(goMod, 'utf8').replace(/^go 1\.27.*$/m, 'go 1.26.0'));
  }
  const main = join(folder, 'kustomize/v5');
  for (const name of Object.keys(modules).slice(1))
    run('go', ['mod', 'edit', '-replace', `${root}/${name}=${join(folder, name)}`], main);
  const openapi = 'k8s.io/kube-openapi';
  run('go', ['mod', 'edit', '-replace', `${openapi}=${openapi}@v0.0.0-20260603220949-865597e52e25`], main);
  const stamp = `${stripped} -X ${root}/api/provenance.version=v${versions.kustomize}`;
  goBuild(main, join(out, 'kustomize'), '.', stamp);
  rmSync(folder, { recursive: true, force: true });
}

interface GoModule {
  readonly requires: readonly string[];
  readonly replaces: readonly string[];
  /** Maps a folder to its `main.go`. */
  readonly mains: Readonly<Record<string, string>>;
  /** Other packages that are built, so that `go mod tidy` keeps their modules. */
  readonly packages: readonly string[];
}

function inModule(module: GoModule, build: (folder: string) => void): void {
  const folder = mkdtempSync(join(tmpdir(), 'capstan-build-'));
  const block = (word: string, rows: readonly string[]) => `${word} (\n${rows.map((row) => `\t${row}\n`).join('')})\n`;
  writeFileSync(
    join(folder, 'go.mod'),
    `module testbed\n\ngo 1.26.0\n\n${block('require', module.requires)}\n${block('replace', module.replaces)}`,
  );
  const imports = module.packages.map((name) => `\t_ "${name}"\n`).join('');
  writeFileSync(join(folder, 'tools.go'), `//go:build tools\n\npackage testbed\n\nimport (\n${imports})\n`);
  for (const [name, text] of Object.entries(module.mains)) {
    mkdirSync(join(folder, name));
    writeFileSync(join(folder, name, 'main.go'), text);
  }
  // `-e`: tidy also reads the tests of dependencies, some of whose modules are unavailable.
  spawnSync('go', ['mod', 'tidy', '-e'], { cwd: folder, env, stdio: 'ignore' });
  build(folder);
  rmSync(folder, { recursive: true, force: true });
}

function goBuild(cwd: string, out: string, target: string, flags: string): void {
  run('go', ['build', '-trimpath', '-ldflags', flags, '-o', out, target], cwd);
}

function moduleFolder(module: string, version: string): string {
  const download = ['mod', 'download', '-json', `${module}@${version}`];
  const { status, stdout } = spawnSync('go', download, { cwd: tmpdir(), env, encoding: 'utf8' });
  if (status === 0) return (JSON.parse(stdout) as { readonly Dir: string }).Dir;
  // A module for a newer Go is downloaded all the same.
  const cache = execFileSync('go', ['env', 'GOMODCACHE'], { encoding: 'utf8' }).trim();
  const folder = join(cache, `${module}@${version}`);
  return existsSync(folder) ? folder : fail(`go ${download.join(' ')} failed:\n${stdout}`);
}

/** The module cache is read-only, and so are copies of it. */
function writable(folder: string): void {
  chmodSync(folder, 0o755);
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) writable(path);
    else chmodSync(path, 0o644);
  }
}

function run(command: string, args: readonly string[], cwd: string, more: Readonly<Record<string, string>> = {}): void {
  mkdirSync(dirname(cwd), { recursive: true });
  const { status } = spawnSync(command, [...args], {
    cwd,
    env: { ...env, ...more },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (status !== 0) fail(`${command} ${args.join(' ')} failed in ${cwd}; see its output above.`);
}

function fail(message: string): never {
  console.error(message);
  process.exit(1);
}
