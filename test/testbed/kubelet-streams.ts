// A node whose kubelet serves exec and port-forward (kubelet-streams/main.go), and pods that run on it as far as the API server
// knows: it proxies to the address of the node.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { program } from './cache.ts';
import type { ControlPlane } from './controlplane.ts';

export interface StreamingNode {
  readonly name: string;
  /** What was asked of the kubelet, a line for each request. */
  readonly asked: readonly string[];
  /** Ends it, with all connections. */
  stop(): Promise<void>;
}

export async function startNode(controlPlane: ControlPlane, name: string): Promise<StreamingNode> {
  const child: ChildProcess = spawn(program('kubelet-streams', 'kubelet-streams'), { stdio: ['pipe', 'pipe', 'pipe'] });
  const [line] = (await once(createInterface({ input: child.stdout! }), 'line')) as [string];
  const asked: string[] = [];
  createInterface({ input: child.stderr! }).on('line', (text) => /^(exec|forward) /.test(text) && asked.push(text));
  const metadata = { name };
  await controlPlane.request('POST', '/api/v1/nodes', { apiVersion: 'v1', kind: 'Node', metadata });
  const status = {
    addresses: [{ type: 'InternalIP', address: '127.0.0.1' }],
    daemonEndpoints: { kubeletEndpoint: { Port: Number(line) } },
  };
  const path = `/api/v1/nodes/${name}/status`;
  const answer = await controlPlane.request('PATCH', path, { status }, 'application/merge-patch+json');
  if (answer.status !== 200) throw new Error(`node ${name}: ${answer.status} ${JSON.stringify(answer.body)}`);
  return {
    name,
    asked,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    },
  };
}
