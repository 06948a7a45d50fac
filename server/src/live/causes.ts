// Finds the cause behind an error message: why the API server rejects a pod, why an image cannot
// be pulled, and why a probe fails.

export type Cause =
  | 'not observed'
  | 'paused'
  | 'quota'
  | 'limit range'
  | 'service account'
  | 'pod security'
  | 'admission'
  | 'permission'
  | 'refused'
  | 'unschedulable'
  | 'volume'
  | 'sandbox'
  | 'image'
  | 'configuration'
  | 'start'
  | 'crash'
  | 'out of memory'
  | 'liveness'
  | 'readiness'
  | 'old pods'
  | 'scheduling gate'
  | 'node'
  | 'minimum ready time'
  | 'blocking pod'
  | 'finalizer'
  | 'template'
  | 'bootstrap'
  | 'infrastructure'
  | 'credentials'
  | 'health check'
  | 'drain'
  | 'remediation'
  | 'deletion'
  | 'upgrade'
  | 'source'
  | 'build'
  | 'substitution'
  | 'validation'
  | 'health'
  | 'dependency'
  | 'helm'
  | 'controller'
  | 'missing'
  | 'suspended'
  | 'machine';

interface Refusal {
  readonly cause: Cause;
  readonly sentence: string;
}

/** Messages of the admission chain; the first match wins. `$1` is the pattern's first group. */
const refusals: readonly { readonly pattern: RegExp; readonly cause: Cause; readonly sentence: string }[] = [
  {
    pattern: /exceeded quota: ([\w.-]+)/,
    cause: 'quota',
    sentence:
      'pods cannot be created: they would exceed resource quota $1 (a rolling update also needs quota for its surge pods)',
  },
  {
    pattern: /failed quota: ([\w.-]+): must specify ([^;]+)/,
    cause: 'quota',
    sentence: 'pods cannot be created: resource quota $1 requires every container to specify $2',
  },
  {
    pattern: /((?:minimum|maximum) [\w./-]+ usage per \w+ is [^,]+)/,
    cause: 'limit range',
    sentence: 'pods cannot be created: they violate a limit range of the namespace: $1',
  },
  {
    pattern: /max limit to request ratio per|[Nn]o limit is specified/,
    cause: 'limit range',
    sentence: 'pods cannot be created: they violate a limit range of the namespace',
  },
  {
    pattern: /error looking up service account ([\w.-]+\/[\w.-]+)/,
    cause: 'service account',
    sentence: 'pods cannot be created: service account $1 does not exist',
  },
  {
    pattern: /serviceaccount "([^"]+)" not found/,
    cause: 'service account',
    sentence: 'pods cannot be created: service account $1 does not exist',
  },
  {
    pattern: /violates PodSecurity "([^"]+)"/,
    cause: 'pod security',
    sentence: 'pods cannot be created: they violate Pod Security level $1, which the namespace enforces',
  },
  {
    pattern: /admission webhook "([^"]+)" denied/,
    cause: 'admission',
    sentence: 'pods cannot be created: admission webhook $1 denies them',
  },
  {
    pattern: /failed calling webhook "([^"]+)"/,
    cause: 'admission',
    sentence: 'pods cannot be created: admission webhook $1 cannot be called; the workload is not at fault',
  },
  {
    pattern: /ValidatingAdmissionPolicy '([^']+)'/,
    cause: 'admission',
    sentence: 'pods cannot be created: admission policy $1 denies them',
  },
  {
    pattern: /is forbidden: User "([^"]+)" cannot/,
    cause: 'permission',
    sentence: 'pods cannot be created: user $1 does not have permission',
  },
];

export function refusalCause(message: string): Refusal | undefined {
  for (const { pattern, cause, sentence } of refusals) {
    const match = pattern.exec(message);
    if (match)
      return { cause, sentence: sentence.replace(/\$(\d)/g, (_whole, index: string) => match[Number(index)] ?? '') };
  }
  return undefined;
}

const pullFailures: readonly (readonly [RegExp, string])[] = [
  [/manifest unknown|not found|no such image|does not exist/i, 'not found in the registry'],
  [
    /unauthorized|denied|authentication required|no basic auth|403/i,
    'the registry requires valid credentials; check imagePullSecrets',
  ],
  [/toomanyrequests|rate limit|429/i, 'the registry’s rate limit is exceeded'],
  [/x509|certificate/i, 'the node does not trust the registry’s certificate'],
  [/no such host|i\/o timeout|connection refused|dial tcp|context deadline/i, 'the node cannot reach the registry'],
  [/no match for platform|exec format/i, 'the image does not support the node’s platform'],
];

export function imageCause(image: string, reason: string, message: string): string {
  if (reason === 'InvalidImageName') return `image name "${image}" is invalid`;
  if (reason === 'ErrImageNeverPull')
    return `image ${image} is not present on the node, and its imagePullPolicy forbids pulling it`;
  const failure = pullFailures.find(([pattern]) => pattern.test(message))?.[1];
  return `image ${image} cannot be pulled${failure ? `: ${failure}` : ''}`;
}

/** From the message of an `Unhealthy` event. */
export function probeFailure(message: string): string {
  if (/connection refused/.test(message)) return 'nothing listens at the probed address';
  if (/statuscode: (\d+)/.test(message)) return `it responds with status code ${/statuscode: (\d+)/.exec(message)![1]}`;
  if (/deadline exceeded|timeout|timed out/i.test(message)) return 'it does not respond in time';
  return 'its probe fails';
}

/** Whether a scheduler's message is about the pod's volumes and not about room, taints or affinity. */
export function isAboutVolumes(message: string): boolean {
  return (
    /persistentvolumeclaim|volume node affinity|storageclass|bind volumes/i.test(message) &&
    !/Insufficient/.test(message)
  );
}
