// The text that a row shows beside an object's name (counts, versions, the reason for its state), and the row's tooltip.
import { kindName } from '../kube/identity.ts';
import { roleOf } from '../kube/roles.ts';
import { oneLine, wordsInMarkdown } from '../syntax/shown.ts';
import { conditionsOf, wordsOf } from './conditions.ts';
import { driftOf, driftWords } from './drift.ts';
import { familyOf, isFlux } from './family.ts';
import { at, list, number, text } from './fields.ts';
import { revisionOf } from './flux-health.ts';
import { healthOf } from './health.ts';
import type { Health } from './health-state.ts';
import { retryWords } from './helm-retries.ts';
import { deliveryKinds, inventoryOf } from './inventory.ts';
import { joined } from './joined.ts';
import { type LiveObject, suspendReason } from './object.ts';
import { oncePerObject } from './remembered.ts';
import { withShortDigests } from './revision.ts';
import { isOlder, lowestVersion } from './rollout.ts';

/** Age in a readable unit: `3 d`, `12 min`. `now` is in milliseconds; empty if `from` is missing or invalid. */
export function age(from: string | undefined, now: number): string {
  const since = from === undefined ? Number.NaN : Date.parse(from);
  const seconds = Math.max(0, Math.floor((now - since) / 1000));
  if (!Number.isFinite(seconds)) return '';
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7200) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.floor(seconds / 3600)} h`;
  return `${Math.floor(seconds / 86_400)} d`;
}

export const knownHealth: (object: LiveObject) => Health = oncePerObject(healthOf);

export function isWell(object: LiveObject): boolean {
  const { state } = knownHealth(object);
  return state === 'ready' || state === 'none';
}

export function descriptionOf(object: LiveObject, now: number): string {
  const drift = driftOf(object);
  return joined(', ', ownDescription(object, now), drift && driftWords(drift), deliveryNotes(object));
}

/** What the tree below a delivering object doesn't show. */
function deliveryNotes(object: LiveObject): string {
  if (!deliveryKinds.includes(object.groupKind)) return '';
  const { omitted, remote } = inventoryOf(object);
  return joined(
    ', ',
    remote ? `applied to the cluster of ${remoteOf(object)}` : '',
    omitted > 0 ? `${omitted} more objects` : '',
  );
}

function remoteOf({ spec }: LiveObject): string {
  const secret = text(spec, 'kubeConfig', 'secretRef', 'name') ?? text(spec, 'kubeConfig', 'configMapRef', 'name');
  return secret === undefined ? 'its kubeconfig' : `kubeconfig ${secret}`;
}

function ownDescription(object: LiveObject, now: number): string {
  const { state, reason, since } = knownHealth(object);
  const shortReason = oneLine(reason);
  const aged = age(since, now);
  const reasonOfHold = object.spec.suspend === true ? oneLine(object.annotations[suspendReason] ?? '') : '';
  const why = reasonOfHold === '' ? '' : ` (${reasonOfHold})`;
  switch (state) {
    case 'suspended': {
      return `${shortReason}${aged ? ` ${aged}` : ''}${why}`;
    }
    case 'deleting':
      return `deleting${aged ? ` ${aged}` : ''}${shortReason ? `: ${shortReason}` : ''}`;
    case 'ready':
      return joined(', ', joined(' ', facts(object), shortReason), fetched(object, now));
    default:
      return joined(', ', `${shortReason}${why}`, retryWords(object), facts(object)) || state;
  }
}

/** When a source got what it has. */
function fetched({ groupKind, status }: LiveObject, now: number): string {
  const aged = familyOf(groupKind) === 'flux-source' ? age(text(status, 'artifact', 'lastUpdateTime'), now) : '';
  return aged === '' ? '' : `${aged} ago`;
}

/** Replica counts, version and class, if the kind has them. */
function facts(object: LiveObject): string {
  const { groupKind, spec, status } = object;
  if (isFlux(groupKind)) {
    // A ready object has it as its reason; one that fails still runs what it applied last.
    const revision = knownHealth(object).state === 'ready' ? undefined : revisionOf(object);
    return revision === undefined ? '' : `at ${revision}`;
  }
  if (groupKind.startsWith('apps/')) return '';
  const replicas = number(spec, 'replicas');
  const ready = number(status, 'readyReplicas') ?? 0;
  const version =
    text(spec, 'version') ?? text(spec, 'topology', 'version') ?? text(spec, 'template', 'spec', 'version');
  const ofClass = text(spec, 'topology', 'classRef', 'name') ?? text(spec, 'topology', 'class');
  const counted =
    replicas !== undefined && (roleOf(groupKind) === 'controlPlane' || groupKind.startsWith('cluster.x-k8s.io/'));
  return joined(
    ' ',
    counted ? `${ready}/${replicas}` : '',
    version && versionWords(version, lowestVersion(status)),
    ofClass && `class ${ofClass}`,
  );
}

/** The version that is wanted and, until all machines have it, the oldest one that runs. */
function versionWords(wanted: string, running: string | undefined): string {
  return running !== undefined && isOlder(running, wanted) ? `${running} → ${wanted}` : wanted;
}

/** Markdown: reason, conditions with their age, revision. Text from the cluster is escaped. */
export function tooltipOf(object: LiveObject, now: number): string {
  const { reason } = knownHealth(object);
  const lines = [
    `**${wordsInMarkdown(kindName(object.groupKind))}** ${wordsInMarkdown([object.namespace, object.name].filter(Boolean).join('/'))}`,
  ];
  if (reason !== '') lines.push(wordsInMarkdown(oneLine(reason, 500)));
  const conditions = [...conditionsOf(object.status).values()].slice(0, 12);
  if (conditions.length > 0) {
    lines.push(
      [
        '| condition | status | age | message |',
        '|---|---|---|---|',
        ...conditions.map(
          (condition) =>
            `| ${wordsInMarkdown(condition.type)} | ${wordsInMarkdown(condition.status)} | ${age(condition.since, now)} | ${wordsInMarkdown(oneLine(withShortDigests(wordsOf(condition)), 160))} |`,
        ),
      ].join('\n'),
    );
  }
  const entries = number(object.status, 'inventory', 'count') ?? 0;
  const revision = text(object.status, 'lastAppliedRevision') ?? text(object.status, 'artifact', 'revision');
  if (revision) lines.push(`revision ${wordsInMarkdown(withShortDigests(revision))}`);
  if (entries > 0) lines.push(`${entries} ${entries === 1 ? 'object' : 'objects'} applied`);
  const attempts = number(object.status, 'failures');
  if (attempts)
    lines.push(
      `${attempts} failed ${attempts === 1 ? 'attempt' : 'attempts'}, ${list(object.status, 'history').length > 0 ? 'release exists' : 'never released'}`,
    );
  if (object.created) lines.push(`created ${age(object.created, now)} ago`);
  if (at(object.spec, 'kubeConfig') !== undefined) lines.push('applies to another cluster');
  return lines.join('\n\n');
}
