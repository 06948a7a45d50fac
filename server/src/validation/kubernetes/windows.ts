// What a pod's operating system allows, and the options of Windows (kubernetes pkg/apis/core/validation validateLinux,
// validateWindows, validateWindowsSecurityContextOptions, validateWindowsHostProcessPod).
import { dnsSubdomainProblem } from '../../kube/names.ts';
import { at, type Field, fail, failAs, flag, isHole, isSet, items, namedIfSet, text } from './field.ts';

/** Of the pod's security context, and of the pod, what Windows hasn't. */
const linuxPodContext = [
  'appArmorProfile',
  'seLinuxOptions',
  'seccompProfile',
  'fsGroup',
  'fsGroupChangePolicy',
  'runAsUser',
  'runAsGroup',
  'supplementalGroups',
  'supplementalGroupsPolicy',
  'seLinuxChangePolicy',
];
const linuxContainerContext = [
  'appArmorProfile',
  'seLinuxOptions',
  'seccompProfile',
  'capabilities',
  'readOnlyRootFilesystem',
  'privileged',
  'allowPrivilegeEscalation',
  'procMount',
  'runAsUser',
  'runAsGroup',
];

export function checkOs(spec: Field): void {
  const name = text(at(spec, 'os', 'name'));
  const contexts = [spec, ...allContainers(spec)].map((of) => at(of, 'securityContext'));
  if (name === 'linux') {
    for (const context of contexts) forbid(at(context, 'windowsOptions'), 'a pod of Linux');
  } else if (name === 'windows') {
    const [ofPod, ...ofContainers] = contexts;
    for (const field of linuxPodContext) forbid(at(ofPod!, field), 'a pod of Windows');
    if (items(at(ofPod!, 'sysctls')).length > 0) forbid(at(ofPod!, 'sysctls'), 'a pod of Windows');
    for (const field of ['hostUsers', 'shareProcessNamespace', 'resources'])
      forbid(at(spec, field), 'a pod of Windows');
    for (const field of ['hostPID', 'hostIPC']) if (flag(at(spec, field))) forbid(at(spec, field), 'a pod of Windows');
    for (const context of ofContainers)
      for (const field of linuxContainerContext) forbid(at(context, field), 'a pod of Windows');
  }
  checkHostProcess(spec);
}

function forbid(field: Field, where: string): void {
  if (isSet(field)) fail(field, 'forbidden', `can’t be set for ${where}, which spec.os.name says this is.`);
}

/** Either every container is a process of the host or none is. */
function checkHostProcess(spec: Field): void {
  const ofPod = at(spec, 'securityContext', 'windowsOptions', 'hostProcess');
  const containers = allContainers(spec);
  const own = containers.map((container) => at(container, 'securityContext', 'windowsOptions', 'hostProcess'));
  const lists = ['containers', 'initContainers'].map((name) => at(spec, name));
  if ([ofPod, ...own, ...lists, ...containers].some(isHole)) return;
  for (const field of own)
    if (isSet(field) && isSet(ofPod) && field.value !== ofPod.value)
      fail(field, 'invalid', `must be ${String(ofPod.value)}, as the pod’s hostProcess is.`);
  const processes = own.filter((field) => flag(isSet(field) ? field : ofPod)).length;
  if (processes === 0) return;
  const place = own.find(flag) ?? ofPod;
  if (processes < containers.length)
    failAs(spec.path, place, 'invalid', 'must be true for every container of the pod or for none.');
  const network = at(spec, 'hostNetwork');
  if (!flag(network) && !isHole(network))
    failAs(network.path, isSet(network) ? network : place, 'invalid', 'needs hostNetwork: true in the pod.');
}

function allContainers(spec: Field): readonly Field[] {
  return ['containers', 'initContainers'].flatMap((name) => items(at(spec, name)));
}

export function checkWindowsOptions(field: Field): void {
  if (!isSet(field)) return;
  namedIfSet(at(field, 'gmsaCredentialSpecName'), dnsSubdomainProblem);
  const credentials = at(field, 'gmsaCredentialSpec');
  const written = text(credentials);
  if (isSet(credentials) && written === '') fail(credentials, 'invalid', 'can’t be empty; leave it out.');
  if (written && new TextEncoder().encode(written).length > 64 * 1024)
    fail(credentials, 'invalid', 'can’t be longer than 64 KiB.');
  namedIfSet(at(field, 'runAsUserName'), userProblem);
}

const netBios = /^[^\\/:*?"<>|.][^\\/:*?"<>|]{0,14}$/;
const domainLabel = '[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?';
const dnsDomain = new RegExp(`^${domainLabel}(?:\\.${domainLabel})*$`);

/** A user, or `domain\\user`. */
function userProblem(name: string): string | undefined {
  if (name === '') return 'can’t be empty; leave it out';
  if (/[\0-\x1f\x7f]/.test(name)) return 'can’t hold control characters';
  const parts = name.split('\\');
  if (parts.length > 2) return 'can’t hold more than one backslash';
  const user = parts.at(-1)!;
  const domain = parts.length === 2 ? parts[0]! : undefined;
  if (domain !== undefined && domain.length > 255) return 'can’t have a domain longer than 255 characters';
  if (domain !== undefined && !netBios.test(domain) && !dnsDomain.test(domain))
    return 'must have a NetBIOS or DNS name before the backslash';
  if (user === '') return 'must name a user';
  if (user.length > 104) return 'can’t name a user longer than 104 characters';
  if (/^[. ]+$/.test(user)) return 'can’t be periods and spaces only';
  return /["/\\:;|=,+*?<>@[\]]/.test(user) ? 'can’t hold any of " / \\ : ; | = , + * ? < > @ [ ]' : undefined;
}
