// How often a HelmRelease that isn't ready was tried, and whether it will be again: of the action that failed, as helm-controller
// counts it (github.com/fluxcd/helm-controller/api, InstallRemediation and UpgradeRemediation, RetriesExhausted).
import type { GroupKind } from '../kube/identity.ts';
import { at, number, text } from './fields.ts';
import type { LiveObject } from './object.ts';

const helmRelease: GroupKind = 'helm.toolkit.fluxcd.io/HelmRelease';

/** `retry 3 of 5`, `all 5 retries failed`; empty if nothing has failed since the last success. */
export function retryWords({ groupKind, spec, status }: LiveObject): string {
  if (groupKind !== helmRelease) return '';
  // A release that was installed once is upgraded from then on.
  const action = (number(status, 'upgradeFailures') ?? 0) > 0 ? 'upgrade' : 'install';
  const failures = number(status, `${action}Failures`) ?? 0;
  if (failures === 0) return '';
  if (text(spec, action, 'strategy', 'name') === 'RetryOnFailure')
    return `retry ${failures}, every ${text(spec, action, 'strategy', 'retryInterval') ?? '5m'}`;
  const retries = number(at(spec, action, 'remediation'), 'retries') ?? 0;
  if (retries < 0) return `retry ${failures}, without a limit`;
  if (retries === 0) return 'not retried';
  if (failures > retries) return retries === 1 ? 'the only retry failed' : `all ${retries} retries failed`;
  return `retry ${failures} of ${retries}`;
}
