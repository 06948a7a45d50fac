// The API server that the verdict asks: a control plane whose admission plugins are off where their answer depends on
// what else a cluster holds, with all versions of all kinds, and no limit to how fast it may be asked.
import { startControlPlane } from '../../testbed/controlplane.ts';

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
const disabledAdmission = [
  'ServiceAccount',
  'NamespaceLifecycle',
  'Priority',
  'RuntimeClass',
  'ResourceQuota',
  'LimitRanger',
  'PodSecurity',
  'CertificateSubjectRestriction',
  'CertificateApproval',
  'CertificateSigning',
  'DefaultIngressClass',
  'DefaultStorageClass',
  'StorageObjectInUseProtection',
  'PersistentVolumeClaimResize',
  'TaintNodesByCondition',
  'ClusterTrustBundleAttest',
  'DefaultTolerationSeconds',
];

export async function startApiServer(): Promise<ApiServer> {
  const { request, stop } = await startControlPlane({
    apiServerFlags: [
      '--max-requests-inflight=0',
      '--max-mutating-requests-inflight=0',
      '--enable-priority-and-fairness=false',
      '--runtime-config=api/all=true',
      `--disable-admission-plugins=${disabledAdmission.join(',')}`,
    ],
  });
  return {
    async send(method, path, text, contentType) {
      const { status, body } = await request(method, path, text, contentType);
      const isObject = typeof body === 'object' && body !== null;
      return { status, body: isObject ? (body as Record<string, unknown>) : { message: String(body) } };
    },
    stop,
  };
}
