// Checks of a pod's containers: names, ports, environment, mounts, probes, resources (kubernetes
// pkg/apis/core/validation).
import { dnsLabelProblem, dnsSubdomainProblem, lowered, qualifiedNameProblem } from '../../kube/names.ts';
import type { Path } from '../../syntax/tree.ts';
import { show } from '../words.ts';
import { renamed, seeking } from './blame.ts';
import { checkResizePolicy, checkRestartRules } from './container-restart.ts';
import {
  at,
  exactlyOne,
  type Field,
  fail,
  failAs,
  flag,
  integer,
  isHole,
  isSet,
  items,
  named,
  oneOf,
  required,
  requiredList,
  requiredName,
  text,
  unique,
  within,
} from './field.ts';
import {
  configKey,
  descendingPath,
  envName,
  headerName,
  noBacksteps,
  portName,
  portNumber,
  portNumberOrName,
} from './formats.ts';
import { checkResources } from './resources.ts';
import { checkSecurityContext } from './security.ts';

/** The facts about the pod that the container checks need. */
export interface PodFacts {
  /** The type of each volume by name; `undefined` if any name is unknown. */
  readonly volumes: ReadonlyMap<string, string> | undefined;
  /** The paths of the lists that are searched for volumes and claims. */
  readonly volumeLists: readonly Path[];
  readonly claimLists: readonly Path[];
  readonly claims: ReadonlySet<string> | undefined;
  /** In seconds; `undefined` if unknown. */
  readonly gracePeriod: bigint | undefined;
  readonly restartPolicy: string | undefined;
  /** Whether the pod uses the node's user namespace, as it does by default; `undefined` if unknown. */
  readonly hostUsers: boolean | undefined;
}

export function checkContainers(field: Field, pod: PodFacts): void {
  requiredList(field, 'container');
  const containers = items(field);
  unique(
    containers.map((container) => at(container, 'name')),
    'container name',
  );
  for (const container of containers) {
    checkContainer(container, pod);
    checkLife(container, pod);
    checkRestartRules(container);
  }
  checkHostPorts(containers);
}

export function checkInitContainers(field: Field, regular: Field, pod: PodFacts): void {
  const containers = items(field);
  unique(
    [...items(regular), ...containers].map((container) => at(container, 'name')),
    'container name',
  );
  for (const container of containers) {
    checkContainer(container, pod);
    const policy = at(container, 'restartPolicy');
    checkRestartRules(container);
    checkHostPorts([container]);
    if (isHole(policy)) continue;
    if (text(policy) === 'Always') {
      checkLife(container, pod);
      continue;
    }
    for (const name of ['lifecycle', 'livenessProbe', 'readinessProbe', 'startupProbe'])
      if (isSet(at(container, name)) && !isDropped(at(container, name)))
        fail(
          at(container, name),
          'forbidden',
          'can be set only on init containers with restartPolicy: Always (sidecars).',
        );
  }
}

/** Whether a lifecycle sets only stopSignal, which the API server drops: its feature gate is off. */
function isDropped(field: Field): boolean {
  return isSet(at(field, 'stopSignal')) && !isSet(at(field, 'postStart')) && !isSet(at(field, 'preStop'));
}

function checkContainer(container: Field, pod: PodFacts): void {
  requiredName(at(container, 'name'), dnsLabelProblem);
  required(at(container, 'image'));
  oneOf(at(container, 'terminationMessagePolicy'), ['File', 'FallbackToLogsOnError'], 'defaulted');
  oneOf(at(container, 'imagePullPolicy'), ['Always', 'IfNotPresent', 'Never'], 'defaulted');
  checkPorts(items(at(container, 'ports')));
  for (const variable of items(at(container, 'env'))) checkEnv(variable);
  for (const source of items(at(container, 'envFrom'))) checkEnvFrom(source);
  checkMounts(container, pod);
  checkDevices(container, pod);
  checkResources(at(container, 'resources'), 'container', pod.claims, pod.claimLists);
  checkResizePolicy(at(container, 'resizePolicy'), pod.restartPolicy);
  checkSecurityContext(at(container, 'securityContext'), pod.hostUsers);
}

function checkPorts(ports: readonly Field[]): void {
  unique(
    ports.map((port) => at(port, 'name')),
    'port name',
  );
  for (const port of ports) {
    named(at(port, 'name'), portName);
    const containerPort = at(port, 'containerPort');
    if (!isSet(containerPort) || integer(containerPort) === 0n) fail(containerPort, 'required', 'is required.');
    else portNumber(containerPort);
    const hostPort = at(port, 'hostPort');
    if (isSet(hostPort) && integer(hostPort) !== 0n) portNumber(hostPort);
    oneOf(at(port, 'protocol'), ['TCP', 'UDP', 'SCTP'], 'defaulted');
  }
}

function checkHostPorts(containers: readonly Field[]): void {
  const seen = new Set<string>();
  for (const port of containers.flatMap((container) => items(at(container, 'ports')))) {
    const number = integer(at(port, 'hostPort'));
    if (!number || isHole(at(port, 'protocol')) || isHole(at(port, 'hostIP'))) continue;
    const id = `${text(at(port, 'protocol')) || 'TCP'}/${text(at(port, 'hostIP'))}/${number}`;
    if (seen.has(id))
      fail(at(port, 'hostPort'), 'duplicate', `repeats the node port ${number}; each host port must be unique.`);
    seen.add(id);
  }
}

const envSources = ['fieldRef', 'resourceFieldRef', 'configMapKeyRef', 'secretKeyRef', 'fileKeyRef'];
const envFields = [
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
  'spec.nodeName',
  'spec.serviceAccountName',
  'status.hostIP',
  'status.hostIPs',
  'status.podIP',
  'status.podIPs',
];

function checkEnv(variable: Field): void {
  requiredName(at(variable, 'name'), envName);
  const from = at(variable, 'valueFrom');
  if (!isSet(from) || isHole(from)) return;
  const sources = envSources.filter((name) => isSet(at(from, name)));
  if (sources.length === 0) fail(from, 'invalid', `must set one source: ${envSources.join(', ')}.`);
  else if (text(at(variable, 'value')) && text(at(variable, 'value')) !== '') {
    fail(from, 'invalid', 'must not be set together with a non-empty value.');
  } else if (sources.length > 1) fail(from, 'invalid', `must set only one source, not ${sources.join(' and ')}.`);
  checkFieldRef(at(from, 'fieldRef'), envFields);
  checkResourceFieldRef(at(from, 'resourceFieldRef'), false);
  for (const name of ['configMapKeyRef', 'secretKeyRef']) {
    const reference = at(from, name);
    if (!isSet(reference)) continue;
    requiredName(at(reference, 'name'), dnsSubdomainProblem);
    requiredName(at(reference, 'key'), configKey);
  }
  const file = at(from, 'fileKeyRef');
  if (isSet(file)) {
    requiredName(at(file, 'key'), envName);
    requiredName(at(file, 'volumeName'), dnsLabelProblem);
    requiredName(at(file, 'path'), noBacksteps);
  }
}

export function checkFieldRef(reference: Field, fields: readonly string[]): void {
  if (!isSet(reference)) return;
  const path = required(at(reference, 'fieldPath'));
  if (path === undefined) return;
  const version = text(at(reference, 'apiVersion'));
  if (version && version !== 'v1')
    fail(at(reference, 'fieldPath'), 'invalid', `must be a field of apiVersion v1, not ${version}.`);
  const subscript = /^(.+)\['([^']*)'\]$/.exec(path);
  if (subscript) {
    const [, map, key = ''] = subscript;
    if (map !== 'metadata.annotations' && map !== 'metadata.labels')
      fail(
        at(reference, 'fieldPath'),
        'invalid',
        'must not have a key in brackets: only metadata.labels and metadata.annotations take one.',
      );
    else {
      const problem = qualifiedNameProblem(map === 'metadata.annotations' ? lowered(key) : key);
      if (problem) fail(reference, 'invalid', `has an invalid key, which ${problem}.`);
    }
  } else if (!fields.includes(path))
    fail(at(reference, 'fieldPath'), 'unsupported', `must be one of ${fields.join(', ')}, not ${show(path)}.`);
}

export function checkResourceFieldRef(reference: Field, inVolume: boolean): void {
  if (!isSet(reference)) return;
  if (inVolume && text(at(reference, 'containerName')) === '') {
    fail(at(reference, 'containerName'), 'required', 'is required in a volume.');
    return;
  }
  const resource = required(at(reference, 'resource'));
  if (resource === undefined) return;
  const known = /^(limits|requests)\.(cpu|memory|ephemeral-storage|hugepages-.*)$/.exec(resource);
  if (!known) {
    fail(
      at(reference, 'resource'),
      'unsupported',
      `must be limits or requests of cpu, memory, ephemeral-storage or hugepages-*, not ${show(resource)}.`,
    );
    return;
  }
  const divisor = at(reference, 'divisor').value;
  if (divisor === undefined || typeof divisor === 'symbol') return;
  const allowed = known[2] === 'cpu' ? /^(0|1m|1)$/ : /^(0|1|1[kMGTPE]i?|1Ki)$/;
  if (!allowed.test(String(divisor)))
    fail(
      at(reference, 'divisor'),
      'invalid',
      `must be ${known[2] === 'cpu' ? '1m or 1' : '1 or a single unit such as 1Mi or 1G'}, not ${String(divisor)}.`,
    );
}

function checkEnvFrom(source: Field): void {
  named(at(source, 'prefix'), envName);
  const set = ['configMapRef', 'secretRef'].filter((name) => isSet(at(source, name)));
  if (isHole(source)) return;
  if (set.length === 0) failAs(source.path.slice(0, -1), source, 'invalid', 'must set configMapRef or secretRef.');
  if (set.length > 1)
    failAs(source.path.slice(0, -1), source, 'invalid', 'must not set both configMapRef and secretRef.');
  for (const name of set) requiredName(at(source, name, 'name'), dnsSubdomainProblem);
}

function checkMounts(container: Field, { volumes, volumeLists }: PodFacts): void {
  const devices = items(at(container, 'volumeDevices'));
  const deviceNames = new Set(devices.map((device) => text(at(device, 'name'))));
  const devicePaths = new Set(devices.map((device) => text(at(device, 'devicePath'))));
  const paths = new Set<string>();
  for (const mount of items(at(container, 'volumeMounts'))) {
    const name = required(at(mount, 'name'));
    if (name && volumes && !volumes.has(name))
      fail(
        seeking(at(mount, 'name'), volumeLists),
        'notFound',
        `must be the name of a volume in the pod, not ${show(name)}.`,
      );
    const path = required(at(mount, 'mountPath'));
    if (path && paths.has(path))
      fail(at(mount, 'mountPath'), 'invalid', `repeats ${show(path)}; each mount path must be unique.`);
    if (path) paths.add(path);
    if (name && deviceNames.has(name)) fail(at(mount, 'name'), 'invalid', 'must not also be listed in volumeDevices.');
    if (path && devicePaths.has(path))
      fail(at(mount, 'mountPath'), 'invalid', 'must not also be a path in volumeDevices.');
    // The API server omits the item's index.
    const blamed = renamed(mount, mount.path.slice(0, -1));
    named(at(blamed, 'subPath'), descendingPath);
    if (text(at(mount, 'subPathExpr'))) {
      if (text(at(mount, 'subPath')))
        fail(at(mount, 'subPathExpr'), 'invalid', 'must not be set together with subPath.');
      named(at(blamed, 'subPathExpr'), descendingPath);
    }
    checkPropagation(blamed, container);
  }
}

function checkPropagation(mount: Field, container: Field): void {
  const propagation = at(mount, 'mountPropagation');
  oneOf(propagation, ['None', 'HostToContainer', 'Bidirectional']);
  const privileged = at(container, 'securityContext', 'privileged');
  if (text(propagation) === 'Bidirectional' && !flag(privileged) && !isHole(privileged))
    fail(propagation, 'forbidden', 'must not be Bidirectional unless the container is privileged.');
  const recursive = at(mount, 'recursiveReadOnly');
  oneOf(recursive, ['Disabled', 'IfPossible', 'Enabled']);
  const mode = text(recursive);
  if (mode !== 'IfPossible' && mode !== 'Enabled') return;
  if (!flag(at(mount, 'readOnly')) && !isHole(at(mount, 'readOnly')))
    fail(recursive, 'forbidden', 'requires readOnly: true.');
  const set = text(propagation);
  if (set !== undefined && set !== '' && set !== 'None')
    fail(recursive, 'forbidden', 'requires mountPropagation: None or unset.');
}

function checkDevices(container: Field, { volumes, volumeLists }: PodFacts): void {
  const mounts = items(at(container, 'volumeMounts'));
  const devices = items(at(container, 'volumeDevices'));
  unique(
    devices.map((device) => at(device, 'name')),
    'device',
  );
  unique(
    devices.map((device) => at(device, 'devicePath')),
    'device path',
  );
  for (const device of devices) {
    const name = required(at(device, 'name'));
    const type = name && volumes?.get(name);
    if (name && volumes && type === undefined)
      fail(
        seeking(at(device, 'name'), volumeLists),
        'notFound',
        `must be the name of a volume in the pod, not ${show(name)}.`,
      );
    if (type && type !== 'persistentVolumeClaim' && type !== 'ephemeral')
      fail(
        at(device, 'name'),
        'invalid',
        'must be the name of a persistentVolumeClaim or ephemeral volume: no other type can be a block device.',
      );
    requiredName(at(device, 'devicePath'), noBacksteps);
    if (name && mounts.some((mount) => text(at(mount, 'name')) === name))
      fail(at(device, 'name'), 'invalid', 'must not also be listed in volumeMounts.');
  }
}

function checkLife(container: Field, pod: PodFacts): void {
  const lifecycle = at(container, 'lifecycle');
  for (const hook of ['postStart', 'preStop']) {
    const handler = at(lifecycle, hook);
    if (isSet(handler)) checkHandler(handler, ['exec', 'httpGet', 'tcpSocket', 'sleep'], pod);
  }
  for (const name of ['livenessProbe', 'readinessProbe', 'startupProbe']) checkProbe(at(container, name), name, pod);
}

function checkProbe(probe: Field, name: string, pod: PodFacts): void {
  if (!isSet(probe) || isHole(probe)) return;
  checkHandler(probe, ['exec', 'httpGet', 'tcpSocket', 'grpc'], pod);
  for (const seconds of [
    'initialDelaySeconds',
    'timeoutSeconds',
    'periodSeconds',
    'successThreshold',
    'failureThreshold',
  ])
    within(at(probe, seconds), 0n);
  const grace = at(probe, 'terminationGracePeriodSeconds');
  const success = at(probe, 'successThreshold');
  if (name === 'readinessProbe') {
    if (isSet(grace)) fail(grace, 'invalid', 'must not be set on a readiness probe, which never stops the container.');
  } else {
    within(grace, 1n);
    const threshold = integer(success);
    if (threshold !== undefined && threshold !== 1n && threshold !== 0n)
      fail(success, 'invalid', `must be 1 for a ${name}, not ${threshold}.`);
  }
}

function checkHandler(handler: Field, kinds: readonly string[], pod: PodFacts): void {
  exactlyOne(handler, kinds, 'handler');
  const exec = at(handler, 'exec');
  if (isSet(exec)) requiredList(at(exec, 'command'), 'argument');
  const http = at(handler, 'httpGet');
  if (isSet(http)) {
    portNumberOrName(at(http, 'port'));
    oneOf(at(http, 'scheme'), ['HTTP', 'HTTPS'], 'defaulted');
    for (const header of items(at(http, 'httpHeaders'))) {
      const problem = text(at(header, 'name')) === undefined ? undefined : headerName(text(at(header, 'name'))!);
      // The API server reports the list.
      if (problem) failAs(at(http, 'httpHeaders').path, at(header, 'name'), 'invalid', `${problem}.`);
    }
  }
  const tcp = at(handler, 'tcpSocket');
  if (isSet(tcp)) portNumberOrName(at(tcp, 'port'));
  const grpc = at(handler, 'grpc');
  if (isSet(grpc)) portNumber(at(grpc, 'port'));
  const seconds = integer(at(handler, 'sleep', 'seconds'));
  if (seconds !== undefined && pod.gracePeriod !== undefined && (seconds < 0n || seconds > pod.gracePeriod))
    fail(
      at(handler, 'sleep'),
      'invalid',
      `must last between 0 seconds and the pod’s terminationGracePeriodSeconds (${pod.gracePeriod}), not ${seconds}.`,
    );
}
