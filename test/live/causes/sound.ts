// Workloads with nothing wrong, and such as merely take time.
import {
  ago,
  becomesReady,
  containersIn,
  daemonSet,
  deployment,
  ended,
  type Fields,
  firstThen,
  inState,
  isUnavailable,
  job,
  over,
  podOf,
  running,
  type Sound,
  statefulSet,
  waitingFor,
} from './situation.ts';

const isAvailable = ({ availableReplicas }: Fields) => Number(availableReplicas) > 0;

const readyConditions = ['PodScheduled', 'Initialized', 'ContainersReady', 'Ready'].map((type) => ({
  ...{ type, status: 'True', lastTransitionTime: ago(60) },
}));

export const sound: readonly Sound[] = [
  {
    ...{ name: 'ready', state: 'ready', until: isAvailable },
    ...{ workload: deployment('ready'), report: becomesReady },
  },
  {
    ...{ name: 'ready-set', state: 'ready', until: isAvailable },
    ...{ workload: statefulSet('ready-set'), report: becomesReady },
  },
  {
    ...{ name: 'ready-on-nodes', state: 'ready', until: ({ numberAvailable }) => numberAvailable === 1 },
    ...{ workload: daemonSet('ready-on-nodes'), report: becomesReady },
  },
  {
    ...{ name: 'none-wanted', state: 'ready', until: ({ observedGeneration }) => observedGeneration === 1 },
    workload: deployment('none-wanted', podOf(), { replicas: 0 }),
  },
  {
    ...{ name: 'restarted-before', state: 'ready', until: isAvailable, workload: deployment('restarted-before') },
    report: ({ spec }) => ({
      status: {
        ...{ phase: 'Running', conditions: readyConditions },
        containerStatuses: containersIn(
          running({ ready: true, restartCount: 3, lastState: { terminated: ended(1) } }),
          spec.containers,
        ),
      },
      events: [{ reason: 'BackOff', message: 'Back-off restarting failed container web', ago: 600 }],
    }),
  },
  {
    ...{ name: 'evicted-before', state: 'ready', until: isAvailable, workload: deployment('evicted-before') },
    report: firstThen(
      over('Failed', { reason: 'Evicted', message: 'The node was low on resource: memory.' }),
      becomesReady,
    ),
  },
  {
    ...{ name: 'job-done', state: 'ready', workload: job('job-done'), report: over('Succeeded', {}) },
    until: ({ succeeded, conditions }) => succeeded === 1 && JSON.stringify(conditions).includes('"Complete"'),
  },
  {
    ...{ name: 'job-retried', state: 'ready', workload: job('job-retried', { backoffLimit: 3 }) },
    report: firstThen(
      ({ spec }) => ({
        status: {
          phase: 'Failed',
          containerStatuses: containersIn({ state: { terminated: ended(1) } }, spec.containers),
        },
      }),
      over('Succeeded', {}),
    ),
    until: ({ conditions }) => JSON.stringify(conditions ?? []).includes('"Complete"'),
  },
  {
    ...{ name: 'job-runs', state: 'progressing', workload: job('job-runs'), until: ({ active }) => active === 1 },
    report: ({ spec }) => ({
      status: {
        ...{ phase: 'Running', conditions: readyConditions },
        containerStatuses: containersIn(running({ ready: true }), spec.containers),
      },
    }),
  },
  {
    ...{ name: 'pulls', state: 'progressing', until: isUnavailable, workload: deployment('pulls') },
    report: inState(
      waitingFor('ContainerCreating'),
      [{ reason: 'Pulling', message: 'Pulling image "registry.example/web:1"' }],
      'Pending',
    ),
  },
  {
    ...{ name: 'mounted-late', state: 'progressing', until: isUnavailable, workload: deployment('mounted-late') },
    report: inState(
      waitingFor('ContainerCreating'),
      [
        {
          reason: 'FailedMount',
          message: 'MountVolume.SetUp failed for volume "keys" : secret "keys" not found',
          ago: 30,
        },
        { reason: 'Pulling', message: 'Pulling image "registry.example/web:1"' },
      ],
      'Pending',
    ),
  },
  {
    ...{ name: 'starts', state: 'progressing', until: isUnavailable, workload: deployment('starts') },
    report: inState({ ...running(), started: false }),
  },
  {
    ...{ name: 'initializes', state: 'progressing', until: isUnavailable },
    workload: deployment(
      'initializes',
      podOf({ initContainers: [{ name: 'migrate', image: 'registry.example/web:1' }] }),
    ),
    report: ({ spec }) => ({
      status: {
        phase: 'Pending',
        initContainerStatuses: containersIn(running(), [{ name: 'migrate', image: 'registry.example/web:1' }]),
        containerStatuses: containersIn(waitingFor('PodInitializing'), spec.containers),
      },
    }),
  },
  {
    ...{ name: 'half-way', state: 'progressing', workload: deployment('half-way', podOf(), { replicas: 2 }) },
    report: firstThen(becomesReady, inState(waitingFor('ContainerCreating'), [], 'Pending')),
    until: ({ readyReplicas, unavailableReplicas }) => readyReplicas === 1 && unavailableReplicas === 1,
  },
  {
    ...{ name: 'not-long-enough', state: 'progressing', report: becomesReady },
    workload: deployment('not-long-enough', podOf(), { minReadySeconds: 3600, progressDeadlineSeconds: 7200 }),
    until: ({ readyReplicas }) => readyReplicas === 1,
  },
  {
    ...{ name: 'paused', state: 'suspended', workload: deployment('paused'), report: becomesReady },
    afterwards: { ...deployment('paused', podOf({}, { image: 'registry.example/web:2' }), { paused: true }) },
    until: ({ observedGeneration, availableReplicas }) => observedGeneration === 2 && availableReplicas === 1,
  },
];
