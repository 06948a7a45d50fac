// A node whose kubelet serves the logs of its pods, for an API server that asks it: kubectl logs, and whoever else follows them.
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { authority } from './certificates.ts';
import type { ControlPlane } from './controlplane.ts';

export interface LogNode {
  stop(): Promise<void>;
}

/** `logOf` has the text of a pod's container; the path of a request is that of the kubelet (pkg/kubelet/server). */
export async function startLogNode(
  controlPlane: ControlPlane,
  name: string,
  logOf: (pod: string, container: string) => string,
): Promise<LogNode> {
  const { certificate, key } = authority('kubelet').issue({ name, hosts: ['127.0.0.1'] });
  const server = createServer({ cert: certificate, key }, (incoming, outgoing) => {
    const [, what, , pod = '', container = ''] = (incoming.url ?? '').split('?')[0]!.split('/');
    outgoing.writeHead(what === 'containerLogs' ? 200 : 404).end(logOf(pod, container));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  await controlPlane.apply({ apiVersion: 'v1', kind: 'Node', metadata: { name } });
  const status = {
    addresses: [{ type: 'InternalIP', address: '127.0.0.1' }],
    daemonEndpoints: { kubeletEndpoint: { Port: (server.address() as AddressInfo).port } },
    conditions: [
      { type: 'Ready', status: 'True', reason: 'KubeletReady', lastHeartbeatTime: new Date().toISOString() },
    ],
  };
  const path = `/api/v1/nodes/${name}/status`;
  const answer = await controlPlane.request('PATCH', path, { status }, 'application/merge-patch+json');
  if (answer.status !== 200) throw new Error(`node ${name}: ${answer.status} ${JSON.stringify(answer.body)}`);
  return {
    stop: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}
