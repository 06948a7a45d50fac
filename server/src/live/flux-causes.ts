// Why a Flux object is not ready, from the reason and the message of its condition Ready (https://fluxcd.io/flux/components/):
// source, credentials, build, substitution, validation, health, dependency, Helm.
import { oneLine } from '../syntax/shown.ts';
import type { Cause } from './causes.ts';
import { type Condition, conditionsOf } from './conditions.ts';
import { knownHealth } from './describe.ts';
import type { Diagnosis } from './diagnosis.ts';
import { familyOf } from './family.ts';
import { sinceOf } from './health-state.ts';
import type { LiveObject } from './object.ts';

/** Undefined if it is well, or only suspended. */
export function diagnoseFlux(object: LiveObject): Diagnosis | undefined {
  const { state, reason, since } = knownHealth(object);
  if (state === 'ready' || state === 'none' || state === 'suspended') return undefined;
  const ready = conditionsOf(object.status).get('Ready');
  const cause: Cause = state === 'deleting' ? 'finalizer' : ready === undefined ? 'controller' : causeOf(object, ready);
  return {
    ...{ cause, sentence: sentenceOf(cause, ready?.message ?? ''), evidence: oneLine(reason, 600), pods: 0 },
    ...sinceOf(since),
    ...(object.uid === '' ? {} : { uid: object.uid }),
  };
}

const sentences: Readonly<Partial<Record<Cause, string>>> = {
  controller: 'its controller has not reported yet',
  finalizer: 'it is being deleted',
  credentials: 'access is denied',
  source: 'its source cannot be fetched',
  missing: 'an object that it refers to does not exist',
  build: 'its manifests cannot be built',
  substitution: 'its variables cannot be substituted',
  validation: 'the API server rejects an object',
  health: 'an object that it applied did not become ready',
  dependency: 'a dependency is not ready',
  helm: 'the Helm release failed',
};

function sentenceOf(cause: Cause, message: string): string {
  const absent = cause === 'missing' ? absentIn(message) : undefined;
  return absent === undefined ? (sentences[cause] ?? 'it is not ready') : `${absent} does not exist`;
}

/** `Secret fleet-auth`: the object that the API server didn't find, which it names by its resource or its kind, Flux by both. */
function absentIn(message: string): string | undefined {
  const [, named, name] = /\b([\w-]+)(?:\.[\w.-]+)? ["']([^"']+)["'] not found/.exec(message) ?? [];
  if (named === 'Source') return name?.replace('/', ' ');
  const kind = named && (coreKinds.get(named) ?? (/^[A-Z]/.test(named) ? named : undefined));
  return kind && `${kind} ${name}`;
}

/** Kinds that Flux refers to, by their resource in core/v1. */
const coreKinds: ReadonlyMap<string, string> = new Map([
  ['configmaps', 'ConfigMap'],
  ['secrets', 'Secret'],
  ['serviceaccounts', 'ServiceAccount'],
]);

const denied =
  /authenticat|unauthori[sz]ed|access denied|permission denied|\b40[13]\b|host key|known_hosts|credential|handshake failed/i;

/** The first that matches decides. */
const byMessage: readonly (readonly [Cause, RegExp])[] = [
  [
    'missing',
    /^could not get source object|['"] not found|\bsecrets? ["'][^"']+["'] not found|configmaps? ["'][^"']+["'] not found/i,
  ],
  ['substitution', /substitut|variable not set|envsubst/i],
  ['health', /health check|timeout waiting for|context deadline exceeded.*\[/i],
  ['validation', /dry-run failed|admission webhook|is invalid|immutable|no matches for kind|forbidden/i],
];

const byReason: readonly (readonly [RegExp, Cause])[] = [
  [/^DependencyNotReady$/, 'dependency'],
  [/^HealthCheckFailed$/, 'health'],
  [/^(BuildFailed|ArtifactFailed.*)$/, 'build'],
  [/^(SourceNotReady|NoSourceArtifact)$/, 'source'],
  [/^(Install|Upgrade|Test|Rollback|Uninstall|Remediat|Retries)\w*|^ArtifactFailed$/, 'helm'],
];

function causeOf({ groupKind }: LiveObject, { reason, message }: Condition): Cause {
  const said = byMessage.find(([, pattern]) => pattern.test(message))?.[0];
  if (familyOf(groupKind) === 'flux-source') {
    // A 404 of the host is no object of the cluster.
    if (said === 'missing' && absentIn(message) !== undefined) return said;
    return denied.test(message) ? 'credentials' : 'source';
  }
  if (/artifact not found/i.test(message)) return 'source';
  if (said !== undefined) return said;
  return byReason.find(([pattern]) => pattern.test(reason))?.[1] ?? 'helm';
}
