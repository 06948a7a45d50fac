// Sets the number of replicas of a workload or of a MachineDeployment.
import { rolloutOf } from '../rollout.ts';
import { type Change, nameOf, offered, refused } from './action.ts';

export const scale: Change<'scale'> = {
  is: 'change',
  verb: 'scale',
  title: 'Scale',
  icon: 'symbol-number',
  menu: { group: '2_act@3', inline: 3 },
  summary: 'set the number of replicas',
  parameters: [
    {
      name: 'replicas',
      title: 'Replicas',
      initial: ({ spec }) => String(spec.replicas ?? 1),
      problem: (value) => (/^\d{1,6}$/.test(value) ? undefined : `replicas takes a whole number, not "${value}"`),
    },
  ],
  needs: [{ verb: 'patch' }],
  offeredFor: (object) =>
    rolloutOf(object) !== undefined && object.groupKind !== 'apps/DaemonSet'
      ? offered
      : refused(`${nameOf(object)} has no replicas to set.`),
  change: (_, { values }) => ({ body: { spec: { replicas: Number(values.replicas) } }, asSeen: true }),
  preview: ({ spec }) =>
    `spec.replicas, now ${spec.replicas ?? 1}, is set; its controller starts or ends the difference.`,
  settled({ written, now }) {
    if (now.spec.replicas !== written.spec.replicas)
      return { outcome: 'failed', message: `${nameOf(now)} was scaled by somebody else meanwhile.` };
    const rollout = rolloutOf(now);
    return rollout?.is === 'done' && now.generation >= written.generation
      ? { outcome: 'handled', message: `${nameOf(now)} has ${now.spec.replicas} replicas.` }
      : undefined;
  },
  words: {
    doing: 'Scaling',
    progress: ({ now }) => rolloutOf(now)?.message,
    pending: ({ now }) => `${nameOf(now)}: ${rolloutOf(now)?.message ?? 'not scaled yet'}`,
  },
};
