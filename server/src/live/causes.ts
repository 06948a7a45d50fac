// Reads the API server's refusal of a pod, and a registry's refusal of an image, for the cause behind the words.

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
  | 'machine';

interface Refusal {
  readonly cause: Cause;
  readonly sentence: string;
}

/** Messages of the admission chain, first match wins. `$1` is what the pattern caught. */
const refusals: readonly { readonly pattern: RegExp; readonly cause: Cause; readonly sentence: string }[] = [
  {
    pattern: /exceeded quota: ([\w.-]+)/,
    cause: 'quota',
    sentence:
      'pods cannot be created: resource quota $1 is used up (a rolling update needs room for its surge pods too)',
  },
  {
    pattern: /failed quota: ([\w.-]+): must specify ([^;]+)/,
    cause: 'quota',
    sentence: 'pods cannot be created: resource quota $1 wants every container to state $2',
  },
  {
    pattern: /((?:minimum|maximum) [\w./-]+ usage per \w+ is [^,]+)/,
    cause: 'limit range',
    sentence: 'pods cannot be created: a limit range of the namespace says: $1',
  },
  {
    pattern: /max limit to request ratio per|[Nn]o limit is specified/,
    cause: 'limit range',
    sentence: 'pods cannot be created: a limit range of the namespace is violated',
  },
  {
    pattern: /error looking up service account ([\w.-]+\/[\w.:-]+)/,
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
    sentence: 'pods cannot be created: the namespace enforces Pod Security $1',
  },
  {
    pattern: /admission webhook "([^"]+)" denied/,
    cause: 'admission',
    sentence: 'pods cannot be created: admission webhook $1 denies them',
  },
  {
    pattern: /failed calling webhook "([^"]+)"/,
    cause: 'admission',
    sentence: 'pods cannot be created: admission webhook $1 cannot be called, which is no fault of the workload',
  },
  {
    pattern: /ValidatingAdmissionPolicy '([^']+)'/,
    cause: 'admission',
    sentence: 'pods cannot be created: admission policy $1 denies them',
  },
  {
    pattern: /is forbidden: User "([^"]+)" cannot/,
    cause: 'permission',
    sentence: 'pods cannot be created: $1 may not',
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

const imageWords: readonly (readonly [RegExp, string])[] = [
  [/manifest unknown|not found|no such image|does not exist/i, 'the registry has no such image'],
  [
    /unauthorized|denied|authentication required|no basic auth|403/i,
    'the registry wants a credential: check imagePullSecrets',
  ],
  [/toomanyrequests|rate limit|429/i, 'the registry limits the rate of pulls'],
  [/x509|certificate/i, 'the registry’s certificate is not trusted by the node'],
  [
    /no such host|i\/o timeout|connection refused|dial tcp|context deadline/i,
    'the registry cannot be reached from the node',
  ],
  [/no match for platform|exec format/i, 'the image is not made for the node’s platform'],
];

export function imageCause(image: string, reason: string, message: string): string {
  if (reason === 'InvalidImageName') return `"${image}" is no valid image name`;
  if (reason === 'ErrImageNeverPull')
    return `image ${image} is not on the node, and imagePullPolicy forbids pulling it`;
  const words = imageWords.find(([pattern]) => pattern.test(message))?.[1];
  return `image ${image} cannot be pulled${words ? `: ${words}` : ''}`;
}
