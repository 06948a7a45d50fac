// The health of Flux objects: suspension, then the conditions Stalled, Ready and Reconciling as Flux's controllers write them
// (https://fluxcd.io/flux/components/).
import { type Condition, conditionsOf, wordsOf } from './conditions.ts';
import { flag, list, number, text } from './fields.ts';
import { fromCondition, type Health, held, sinceOf } from './health-state.ts';
import type { LiveObject } from './object.ts';
import { shortRevision } from './revision.ts';

const disabling = /^(fluxcd\.controlplane\.io|source\.extensions\.fluxcd\.io)\/reconcile$/;

export function fluxHealth(object: LiveObject): Health {
  const { spec, writers, annotations } = object;
  if (flag(spec, 'suspend')) return held('suspended', lastResult(object), writers.suspend?.time);
  // The kinds of Flux's extensions have no spec.suspend.
  if (Object.entries(annotations).some(([name, value]) => disabling.test(name) && value === 'disabled'))
    return held('reconciliation disabled by annotation', lastResult(object), undefined);
  return reconciledHealth(object);
}

/** The result of the last reconciliation before a suspension. The suspension itself is a generation that nothing observes. */
function lastResult({ status }: LiveObject): Health {
  const conditions = conditionsOf(status);
  const ready = conditions.get('Ready');
  if (ready?.status === 'False' && !isWaiting(ready)) return failure(ready, conditions.get('Stalled'));
  return { state: 'ready', reason: '' };
}

function reconciledHealth(object: LiveObject): Health {
  const { spec, status, generation } = object;
  const conditions = conditionsOf(status);
  const ready = conditions.get('Ready');
  const stalled = conditions.get('Stalled');
  if (stalled?.status === 'True' && observed(object, stalled)) return failure(ready, stalled);
  // The status's observedGeneration doesn't advance while reconciliation fails; the condition's does.
  if (ready?.status === 'False' && ready.observedGeneration && ready.observedGeneration < generation)
    return notReconciled(generation);
  if (ready?.status === 'False') return fromCondition(isWaiting(ready) ? 'progressing' : 'failed', ready);
  const reconciling = conditions.get('Reconciling');
  if (reconciling?.status === 'True')
    return fromCondition(reconciling.reason === 'ProgressingWithRetry' ? 'failed' : 'progressing', reconciling);
  if (ready === undefined) {
    // HelmRepositories of type oci have no status; any other object has not been reconciled once.
    if (text(spec, 'type') === 'oci') return { state: 'none', reason: '' };
    return { state: 'unknown', reason: 'not reconciled yet: is its controller running?' };
  }
  if (ready.status === 'Unknown') return fromCondition('progressing', ready);
  if (!observed(object, ready)) return notReconciled(generation);
  return { state: 'ready', reason: revisionOf(object) ?? '', ...sinceOf(ready.since) };
}

/** Reasons of a Flux object that waits for another one and has not failed (https://fluxcd.io/flux/components/). */
const waitingReasons: ReadonlySet<string> = new Set(['DependencyNotReady', 'SourceNotReady', 'NoSourceArtifact']);

/**
 * Whether the object waits for its source or a dependency. It doesn't if that object is missing, which no controller will
 * create. ArtifactFailed is the reason both for a source without an artifact and for a path that is missing in the source.
 */
function isWaiting({ reason, message }: Condition): boolean {
  if (/^could not get source object|['"] not found/i.test(message)) return false;
  return (
    waitingReasons.has(reason) || (reason === 'ArtifactFailed' && /^source\b.*\bartifact not found/i.test(message))
  );
}

/** Ready names what failed, as `flux get` shows it; Stalled that it isn't tried again. */
function failure(ready: Condition | undefined, stalled: Condition | undefined): Health {
  const isStalled = stalled?.status === 'True';
  if (ready?.status !== 'False') return fromCondition('failed', stalled!);
  const words = wordsOf(ready);
  const final = isStalled && stalled.message !== ready.message ? `${words}; not retried: ${wordsOf(stalled)}` : words;
  return { ...fromCondition('failed', ready), reason: final };
}

export function notReconciled(generation: number): Health {
  return { state: 'progressing', reason: `generation ${generation} is not reconciled yet` };
}

/** Some kinds leave the condition's generation at 0; ExternalArtifact has none in its status either. */
function observed({ generation, status }: LiveObject, { observedGeneration }: Condition): boolean {
  const seen = observedGeneration || number(status, 'observedGeneration');
  return seen === undefined || seen >= generation;
}

/** The revision that is applied, or that a source has fetched, in short form. */
export function revisionOf({ status }: LiveObject): string | undefined {
  const [latest] = list(status, 'history');
  const revision =
    text(latest, 'chartVersion') ?? text(status, 'lastAppliedRevision') ?? text(status, 'artifact', 'revision');
  return revision === undefined ? undefined : shortRevision(revision);
}
