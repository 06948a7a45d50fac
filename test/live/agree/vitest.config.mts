// `npm run agree`: rollouts, trees and tables side by side with kubectl, clusterctl and flux, longer than in the live tier.
import { mergeConfig } from 'vitest/config';
import live from '../vitest.config.mts';

const include = ['test/live/rollout.live.ts', 'test/live/causes.live.ts', 'test/live/agree/*.agree.ts'];
export default mergeConfig({ ...live, test: { ...live.test, include: [] } }, { test: { include } });
