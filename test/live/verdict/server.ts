// A real API server for the verdict: etcd and kube-apiserver on loopback, with the admission plugins off whose answer
// depends on what else a cluster holds.
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash, generateKeyPairSync } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { Agent, request } from 'node:https';
import { createServer } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Answer {
  readonly status: number;
  /** The `Status` or the object. */
  readonly body: Record<string, unknown>;
}

export interface ApiServer {
  send(method: string, path: string, body?: string, contentType?: string): Promise<Answer>;
  stop(): Promise<void>;
}

/** Existence of priority classes, service accounts, quotas and so on is no property of a manifest. */
const disabledAdmission =
  'ServiceAccount,NamespaceLifecycle,Priority,RuntimeClass,ResourceQuota,LimitRanger,PodSecurity,CertificateSubjectRestriction,CertificateApproval,CertificateSigning,DefaultIngressClass,DefaultStorageClass,StorageObjectInUseProtection,PersistentVolumeClaimResize,TaintNodesByCondition,ClusterTrustBundleAttest,DefaultTolerationSeconds';

/** The folder with `kube-apiserver` and `etcd`, as the environment or the cache of the test bed has it. */
export function binaries(): string | undefined {
  const cache = process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache');
  const folders = [process.env.KUBEBUILDER_ASSETS, join(cache, 'capstan/testbed/kubernetes-1.36.3')];
  return folders.find((folder) => folder !== undefined && existsSync(join(folder, 'kube-apiserver')));
}

export async function startApiServer(folder: string): Promise<ApiServer> {
  const home = mkdtempSync(join(tmpdir(), 'capstan-verdict-'));
  const [etcdPort, peerPort, port] = await freePorts(3);
  const token = createHash('sha256').update(home).digest('hex');
  const key = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const file = (name: string, text: string): string => {
    writeFileSync(join(home, name), text);
    return join(home, name);
  };
  const privateKey = file('sa.key', key.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
  const publicKey = file('sa.pub', key.publicKey.export({ type: 'spki', format: 'pem' }).toString());
  mkdirSync(join(home, 'certs'));
  const etcd = start(join(folder, 'etcd'), home, [
    `--data-dir=${join(home, 'etcd')}`,
    `--listen-client-urls=http://127.0.0.1:${etcdPort}`,
    `--advertise-client-urls=http://127.0.0.1:${etcdPort}`,
    `--listen-peer-urls=http://127.0.0.1:${peerPort}`,
    '--unsafe-no-fsync',
    '--log-level=error',
  ]);
  const server = start(join(folder, 'kube-apiserver'), home, [
    `--etcd-servers=http://127.0.0.1:${etcdPort}`,
    `--secure-port=${port}`,
    '--bind-address=127.0.0.1',
    `--cert-dir=${join(home, 'certs')}`,
    `--service-account-key-file=${publicKey}`,
    `--service-account-signing-key-file=${privateKey}`,
    '--service-account-issuer=https://kubernetes.default.svc',
    `--token-auth-file=${file('tokens.csv', `${token},admin,1,"system:masters"\n`)}`,
    '--authorization-mode=RBAC',
    '--service-cluster-ip-range=10.0.0.0/16',
    '--allow-privileged',
    '--max-requests-inflight=0',
    '--max-mutating-requests-inflight=0',
    '--enable-priority-and-fairness=false',
    '--runtime-config=api/all=true',
    `--disable-admission-plugins=${disabledAdmission}`,
  ]);
  const agent = new Agent({ keepAlive: true, maxSockets: 8, rejectUnauthorized: false });
  const send: ApiServer['send'] = (method, path, body, contentType = 'application/json') =>
    new Promise((resolve, reject) => {
      const headers = {
        authorization: `Bearer ${token}`,
        accept: 'application/json',
        ...(body !== undefined && { 'content-type': contentType, 'content-length': Buffer.byteLength(body) }),
      };
      const sent = request({ host: '127.0.0.1', port, method, path, agent, headers }, (response) =>
        read(response).then(resolve, reject),
      );
      sent.on('error', reject);
      sent.end(body);
    });
  const stop = async (): Promise<void> => {
    agent.destroy();
    for (const child of [server, etcd]) await end(child);
    rmSync(home, { recursive: true, force: true });
  };
  try {
    await ready(send, server);
  } catch (error) {
    await stop();
    throw error;
  }
  return { send, stop };
}

async function read(response: IncomingMessage): Promise<Answer> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString('utf8');
  let body: Record<string, unknown>;
  try {
    body = JSON.parse(text) as Record<string, unknown>;
  } catch {
    body = { message: text };
  }
  return { status: response.statusCode ?? 0, body };
}

function start(program: string, cwd: string, args: readonly string[]): ChildProcess {
  return spawn(program, args, { cwd, stdio: 'ignore' });
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), 10_000);
  await ended;
  clearTimeout(timer);
}

async function ready(send: ApiServer['send'], server: ChildProcess): Promise<void> {
  for (let tries = 0; tries < 120; tries += 1) {
    if (server.exitCode !== null) throw new Error(`kube-apiserver ended with ${server.exitCode} before it was ready.`);
    const answer = await send('GET', '/readyz').catch(() => undefined);
    if (answer?.status === 200) return;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  throw new Error('kube-apiserver was not ready within a minute.');
}

async function freePorts(count: number): Promise<readonly number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  const ports = await Promise.all(
    servers.map(
      (server) =>
        new Promise<number>((resolve) =>
          server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port)),
        ),
    ),
  );
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
