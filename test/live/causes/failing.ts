// Workloads whose pods don't start, don't stay up, or aren't ready.
import {
  type Broken,
  type ContainerState,
  containersIn,
  daemonSet,
  deployment,
  ended,
  inState,
  isUnavailable,
  job,
  over,
  podOf,
  running,
  statefulSet,
  type Told,
  waitingFor,
} from './situation.ts';

/** A Deployment with one pod, whose container is in a state. */
function oneIn(
  name: string,
  cause: Broken['cause'],
  says: RegExp,
  of: ContainerState,
  events: readonly Told[] = [],
  phase = 'Running',
): Broken {
  return {
    ...{ name, cause, says, until: isUnavailable },
    ...{ workload: deployment(name), report: inState(of, events, phase) },
  };
}

const backedOff = (terminated: object): ContainerState => ({
  ...waitingFor('CrashLoopBackOff', 'back-off 5m0s restarting failed container=web pod=web'),
  ...{ lastState: { terminated }, restartCount: 6 },
});

const unhealthy = (message: string, seconds = 5): Told => ({ reason: 'Unhealthy', message, ago: seconds });

const pull = (name: string, says: RegExp, message: string): Broken =>
  oneIn(
    name,
    'image',
    says,
    waitingFor('ImagePullBackOff', 'Back-off pulling image "registry.example/web:1"'),
    [{ reason: 'Failed', message: `Failed to pull image "registry.example/web:1": ${message}` }],
    'Pending',
  );

const starting = (name: string, cause: Broken['cause'], says: RegExp, reason: string, message: string): Broken =>
  oneIn(name, cause, says, waitingFor('ContainerCreating'), [{ reason, message }], 'Pending');

/** The kubelet can't start the containers. */
export const unstarted: readonly Broken[] = [
  pull('no-image', /not found in the registry/, 'rpc error: code = NotFound desc = manifest unknown'),
  pull('no-access', /requires valid credentials/, 'unexpected status from HEAD request: 401 Unauthorized'),
  pull('no-registry', /cannot reach the registry/, 'dial tcp: lookup registry.example: no such host'),
  pull('rate-limit', /rate limit/, 'toomanyrequests: You have reached your pull rate limit'),
  pull(
    'certificate',
    /does not trust/,
    'tls: failed to verify certificate: x509: certificate signed by unknown authority',
  ),
  oneIn(
    'image-name',
    'image',
    /is invalid/,
    waitingFor('InvalidImageName', "couldn't parse image name"),
    [],
    'Pending',
  ),
  oneIn(
    'never-pulled',
    'image',
    /forbids pulling/,
    waitingFor('ErrImageNeverPull', "Container image isn't present"),
    [],
    'Pending',
  ),
  oneIn(
    'no-config',
    'configuration',
    /configmap "settings" not found/,
    waitingFor('CreateContainerConfigError', 'configmap "settings" not found'),
    [],
    'Pending',
  ),
  oneIn(
    'no-key',
    'configuration',
    /couldn't find key token/,
    waitingFor('CreateContainerConfigError', "couldn't find key token in Secret no-key/keys"),
    [],
    'Pending',
  ),
  oneIn(
    'no-command',
    'start',
    /executable file not found/,
    waitingFor(
      'RunContainerError',
      'failed to create containerd task: exec: "serve": executable file not found in $PATH',
    ),
    [],
    'Pending',
  ),
  oneIn(
    'no-mount-point',
    'start',
    /mount point/,
    waitingFor('CreateContainerError', 'failed to generate spec: mount point is not a directory'),
    [],
    'Pending',
  ),
  starting(
    'no-secret',
    'volume',
    /secret "keys" not found/,
    'FailedMount',
    'MountVolume.SetUp failed for volume "keys" : secret "keys" not found',
  ),
  starting(
    'attached-twice',
    'volume',
    /Multi-Attach error/,
    'FailedAttachVolume',
    'Multi-Attach error for volume "pvc-1" Volume is already exclusively attached to one node',
  ),
  starting(
    'no-network',
    'sandbox',
    /cni plugin not initialized/i,
    'FailedCreatePodSandBox',
    'Failed to create pod sandbox: rpc error: cni plugin not initialized',
  ),
];

/** The containers don't stay up. */
export const crashed: readonly Broken[] = [
  oneIn('crash', 'crash', /exit code 1/, backedOff(ended(1))),
  oneIn('not-a-command', 'crash', /exit code 127 \(command not found\)/, backedOff(ended(127))),
  oneIn('segfault', 'crash', /segmentation fault/, backedOff(ended(139))),
  oneIn('memory', 'out of memory', /exceeds its memory limit/, backedOff(ended(137, 'OOMKilled'))),
  oneIn('done-too-soon', 'crash', /completes successfully/, backedOff(ended(0, 'Completed'))),
  oneIn('liveness', 'liveness', /liveness probe fails/, backedOff(ended(137)), [
    unhealthy('Liveness probe failed: HTTP probe failed with statuscode: 500', 40),
  ]),
  oneIn('startup', 'liveness', /startup probe fails/, { ...running(), started: false }, [
    unhealthy('Startup probe failed: dial tcp 10.1.2.3:80: connect: connection refused'),
  ]),
  {
    ...{ name: 'init', cause: 'crash', says: /container migrate crashes with exit code 2/, until: isUnavailable },
    workload: deployment('init', podOf({ initContainers: [{ name: 'migrate', image: 'registry.example/web:1' }] })),
    report: ({ spec }) => ({
      status: {
        phase: 'Pending',
        conditions: [
          { type: 'PodScheduled', status: 'True' },
          { type: 'Initialized', status: 'False' },
        ],
        initContainerStatuses: containersIn(backedOff(ended(2)), [
          { name: 'migrate', image: 'registry.example/web:1' },
        ]),
        containerStatuses: containersIn(waitingFor('PodInitializing'), spec.containers),
      },
    }),
  },
  {
    ...{ name: 'crash-of-a-set', cause: 'crash', says: /exit code 1/, until: ({ replicas }) => replicas === 1 },
    ...{ workload: statefulSet('crash-of-a-set'), report: inState(backedOff(ended(1))) },
  },
  {
    ...{ name: 'crash-on-nodes', cause: 'crash', says: /exit code 1/ },
    ...{ workload: daemonSet('crash-on-nodes'), report: inState(backedOff(ended(1))) },
    until: ({ numberUnavailable }) => numberUnavailable === 1,
  },
  {
    ...{ name: 'job', cause: 'crash', says: /exit code 3/, workload: job('job') },
    report: ({ spec }) => ({
      status: {
        phase: 'Failed',
        containerStatuses: containersIn({ state: { terminated: ended(3) } }, spec.containers),
      },
    }),
    until: ({ conditions }) => JSON.stringify(conditions ?? []).includes('BackoffLimitExceeded'),
  },
];

const outOfCpu = { reason: 'OutOfcpu', message: 'Pod was rejected: Node didn’t have enough resource: cpu' };

/** A readiness probe fails: that may take its time. */
const unanswered = (name: string, says: RegExp, of: ContainerState, events: readonly Told[]): Broken => ({
  ...oneIn(name, 'readiness', says, of, events),
  state: 'progressing',
});

/** They are up, but not ready. */
export const notReady: readonly Broken[] = [
  unanswered('readiness', /status code 503/, running(), [
    unhealthy('Readiness probe failed: HTTP probe failed with statuscode: 503'),
  ]),
  unanswered('unreachable-port', /nothing listens/, running(), [
    unhealthy('Readiness probe failed: dial tcp 10.1.2.3:8080: connect: connection refused'),
  ]),
  unanswered('slow-answer', /does not respond in time/, running(), [
    unhealthy('Readiness probe failed: Get "http://10.1.2.3:8080/": context deadline exceeded'),
  ]),
  {
    ...{
      name: 'readiness-gate',
      cause: 'readiness',
      says: /readiness gate/,
      state: 'progressing',
      until: isUnavailable,
    },
    workload: deployment('readiness-gate', podOf({ readinessGates: [{ conditionType: 'example.com/balanced' }] })),
    report: ({ spec }) => ({
      status: {
        phase: 'Running',
        conditions: [
          { type: 'PodScheduled', status: 'True' },
          { type: 'ContainersReady', status: 'True' },
          {
            ...{ type: 'Ready', status: 'False', reason: 'ReadinessGatesNotReady' },
            message: 'corresponding condition of pod readiness gate "example.com/balanced" does not exist.',
          },
        ],
        containerStatuses: containersIn(running({ ready: true }), spec.containers),
      },
    }),
  },
  {
    ...{ name: 'lost-node', cause: 'node', says: /does not report/, until: isUnavailable },
    workload: deployment('lost-node'),
    report: ({ spec }) => ({
      status: {
        phase: 'Running',
        conditions: [
          { type: 'PodScheduled', status: 'True' },
          { type: 'ContainersReady', status: 'True' },
          { type: 'Ready', status: 'False' },
        ],
        containerStatuses: containersIn(running({ ready: true }), spec.containers),
      },
    }),
  },
  {
    ...{ name: 'refused-by-node', cause: 'node', says: /node refuses them \(OutOfcpu\)/, until: isUnavailable },
    workload: deployment('refused-by-node'),
    // The next one has no status yet.
    report: (pod, index) => (index < 2 ? over('Failed', outOfCpu)(pod, index) : undefined),
  },
  {
    ...{ name: 'blocking', cause: 'blocking pod', says: /blocking-0/ },
    workload: statefulSet('blocking', podOf({}, { image: 'registry.example/web:bad' })),
    report: inState(waitingFor('ImagePullBackOff', 'manifest unknown'), [], 'Pending'),
    afterwards: statefulSet('blocking'),
    until: ({ currentRevision, updateRevision }) => currentRevision !== updateRevision,
  },
];
