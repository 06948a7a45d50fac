// Checks of the pod annotations that the API server reads (kubernetes pkg/apis/core/validation
// ValidatePodSpecificAnnotations, and the comparison of old annotations with the fields that replaced them).

import { qualifiedNameProblem } from '../../kube/names.ts';
import { valueOfJson } from '../../schema/defaults.ts';
import { isObject, own } from '../../syntax/value.ts';
import { show } from '../words.ts';
import { at, entries, type Field, fail, failAs, isHole, isSet, items, text } from './field.ts';
import { descendingPath } from './formats.ts';
import { checkTolerations } from './selector.ts';

const mirror = 'kubernetes.io/config.mirror';
const deletionCost = 'controller.kubernetes.io/pod-deletion-cost';
const tolerations = 'scheduler.alpha.kubernetes.io/tolerations';
const podSeccomp = 'seccomp.security.alpha.kubernetes.io/pod';
const containerSeccomp = 'container.seccomp.security.alpha.kubernetes.io/';
const containerAppArmor = 'container.apparmor.security.beta.kubernetes.io/';

interface Pod {
  readonly annotations: Field;
  /** The parent path that the API server reports for annotations; in templates it lacks `metadata`. */
  readonly blamed: readonly (string | number)[];
  readonly spec: Field;
  readonly isTemplate: boolean;
}

export function checkPodAnnotations(metadata: Field, spec: Field, template?: Field): void {
  const annotations = at(metadata, 'annotations');
  const blamed = (template ?? metadata).path;
  if (!isSet(annotations) || isHole(annotations) || isHole(spec)) return;
  const pod: Pod = { annotations, blamed, spec, isTemplate: template !== undefined };
  for (const [key, field] of entries(annotations)) checkAnnotation(key, field, pod);
  if (text(at(spec, 'os', 'name')) !== 'windows') checkProfiles(pod);
}

/** `metadata.annotations[key]`. */
function keyed({ blamed }: Pod, key: string): readonly (string | number)[] {
  return [...blamed, `annotations[${key}]`];
}

/** `metadata.annotations.key`. */
function dotted({ blamed }: Pod, key: string): readonly (string | number)[] {
  return [...blamed, `annotations.${key}`];
}

function checkAnnotation(key: string, field: Field, pod: Pod): void {
  const value = text(field);
  if (key === mirror && text(at(pod.spec, 'nodeName')) === '')
    failAs(keyed(pod, key), field, 'invalid', 'requires spec.nodeName: a mirror pod represents a pod on a node.');
  if (value === undefined) return;
  if (key === deletionCost && !isInt32(value))
    failAs(keyed(pod, key), field, 'invalid', `must be a 32-bit integer, not ${show(value)}.`);
  else if (key === tolerations && value !== '') checkTolerationList(value, field, pod);
  else if (key === podSeccomp || key.startsWith(containerSeccomp)) {
    const problem = seccompProblem(value);
    if (problem) failAs(dotted(pod, key), field, 'invalid', `${problem}; it is ${show(value)}.`);
  } else if (key.startsWith(containerAppArmor)) checkAppArmor(key, value, field, pod);
}

function isInt32(value: string): boolean {
  return /^(?:0|-\d+|[1-9]\d*)$/.test(value) && Math.abs(Number(value) + 0.5) < 2 ** 31;
}

/** The value is JSON; problems within it are reported at the annotation. */
function checkTolerationList(value: string, field: Field, pod: Pod): void {
  let list: unknown;
  try {
    list = JSON.parse(value);
  } catch {
    list = undefined;
  }
  if (list !== null && !Array.isArray(list)) {
    failAs([...pod.blamed, 'annotations'], field, 'invalid', 'must be a JSON list of tolerations.');
    return;
  }
  const named = dotted(pod, tolerations);
  checkTolerations({
    value: valueOfJson(list),
    path: named,
    problems: { ...field.problems, add: (path, kind, message) => field.problems.add(field.path, kind, message, path) },
  });
}

function seccompProblem(value: string): string | undefined {
  if (['runtime/default', 'docker/default', 'unconfined'].includes(value)) return undefined;
  if (value.startsWith('localhost/')) return descendingPath(value.slice('localhost/'.length));
  return 'must be runtime/default, unconfined or localhost/PATH';
}

function checkAppArmor(key: string, value: string, field: Field, pod: Pod): void {
  const name = key.slice(containerAppArmor.length);
  const names = containersOf(pod.spec).map((container) => text(at(container, 'name')));
  const known = !names.includes(undefined) && !['containers', 'initContainers'].some((of) => isHole(at(pod.spec, of)));
  if (known && !names.includes(name) && !qualifiedNameProblem(key))
    failAs(keyed(pod, key), field, 'invalid', `must end with the name of a container in the pod, not ${show(name)}.`);
  if (value !== '' && value !== 'runtime/default' && value !== 'unconfined' && !value.startsWith('localhost/'))
    failAs(
      keyed(pod, key),
      field,
      'invalid',
      `must be runtime/default, unconfined or localhost/NAME, not ${show(value)}.`,
    );
}

/** An annotation and the field that replaced it must agree if both are set. */
function checkProfiles({ annotations, spec, isTemplate }: Pod): void {
  const ofPod = at(spec, 'securityContext');
  checkSame(annotationOf(annotations, podSeccomp), at(ofPod, 'seccompProfile'), ['runtime/default', 'docker/default']);
  for (const container of containersOf(spec)) {
    const name = text(at(container, 'name'));
    if (!name) continue;
    const seccomp = at(container, 'securityContext', 'seccompProfile');
    checkSame(annotationOf(annotations, `${containerSeccomp}${name}`), seccomp, ['runtime/default', 'docker/default']);
    const own = at(container, 'securityContext', 'appArmorProfile');
    // In a Pod, a container without a profile gets the annotation's before validation.
    const inherited = isSet(own) || !isTemplate ? own : { ...at(ofPod, 'appArmorProfile'), path: own.path };
    checkSame(annotationOf(annotations, `${containerAppArmor}${name}`), inherited, ['runtime/default']);
  }
}

/** A null annotation is an empty string. */
function annotationOf(annotations: Field, key: string): Field {
  const field = at(annotations, key);
  return isObject(annotations.value) && own(annotations.value, key) === null ? { ...field, value: '' } : field;
}

function checkSame(annotation: Field, profile: Field, defaults: readonly string[]): void {
  const said = text(annotation);
  const type = text(at(profile, 'type'));
  if (!isSet(annotation) || said === undefined || !isSet(profile) || isHole(profile)) return;
  const differs =
    (type === 'Unconfined' && said !== 'unconfined') ||
    (type === 'RuntimeDefault' && !defaults.includes(said)) ||
    (type === 'Localhost' && !said.startsWith('localhost/'));
  if (differs) fail(at(profile, 'type'), 'forbidden', `must not be ${type}, since the annotation is ${show(said)}.`);
  const local = at(profile, 'localhostProfile');
  const path = text(local);
  if (type === 'Localhost' && !differs && path !== undefined && said !== `localhost/${path}`)
    fail(local, 'forbidden', `must not be ${show(path)}, since the annotation is ${show(said)}.`);
}

function containersOf(spec: Field): readonly Field[] {
  return ['containers', 'initContainers'].flatMap((name) => items(at(spec, name)));
}
