// The API server of the verdict: a control plane without the admission plugins that depend on other objects of the cluster,
// with all versions of all kinds and without rate limits.
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

/** Whether priority classes, service accounts, quotas and so on exist isn't a property of a manifest. */
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
