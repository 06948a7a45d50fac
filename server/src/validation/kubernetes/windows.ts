// Checks of the fields that a pod's operating system allows, and of Windows options (kubernetes pkg/apis/core/validation
// validateLinux, validateWindows, validateWindowsSecurityContextOptions, validateWindowsHostProcessPod).
import { dnsSubdomainProblem } from '../../kube/names.ts';
import { seeking } from './blame.ts';
import { at, type Field, fail, failAs, flag, isHole, isSet, items, namedIfSet, text } from './field.ts';

/** Fields of a pod's security context that Windows doesn't support. */
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
/** Fields of a container's security context that Windows doesn't support. */
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
    for (const context of contexts) forbid(at(context, 'windowsOptions'), 'a Linux pod');
  } else if (name === 'windows') {
    const [ofPod, ...ofContainers] = contexts;
    for (const field of linuxPodContext) forbid(at(ofPod!, field), 'a Windows pod');
    if (items(at(ofPod!, 'sysctls')).length > 0) forbid(at(ofPod!, 'sysctls'), 'a Windows pod');
    for (const field of ['hostUsers', 'shareProcessNamespace', 'resources']) forbid(at(spec, field), 'a Windows pod');
    for (const field of ['hostPID', 'hostIPC']) if (flag(at(spec, field))) forbid(at(spec, field), 'a Windows pod');
    for (const context of ofContainers)
      for (const field of linuxContainerContext) forbid(at(context, field), 'a Windows pod');
  }
  checkHostProcess(spec);
}

function forbid(field: Field, where: string): void {
  if (isSet(field)) fail(field, 'forbidden', `must not be set on ${where} (spec.os.name).`);
}

/** Either every container runs as a host process or none does. */
function checkHostProcess(spec: Field): void {
  const ofPod = at(spec, 'securityContext', 'windowsOptions', 'hostProcess');
  const containers = allContainers(spec);
  const own = containers.map((container) => at(container, 'securityContext', 'windowsOptions', 'hostProcess'));
  const lists = ['containers', 'initContainers'].map((name) => at(spec, name));
  if ([ofPod, ...own, ...lists, ...containers].some(isHole)) return;
  for (const field of own)
    if (isSet(field) && isSet(ofPod) && field.value !== ofPod.value)
      fail(field, 'invalid', `must equal the pod’s hostProcess (${String(ofPod.value)}).`);
  const processes = own.filter((field) => flag(isSet(field) ? field : ofPod)).length;
  if (processes === 0) return;
  const place = own.find(flag) ?? ofPod;
  const all = [ofPod, ...own].map(({ path }) => path);
  if (processes < containers.length)
    failAs(spec.path, seeking(place, all), 'invalid', 'must be true for all containers of the pod or for none.');
  const network = at(spec, 'hostNetwork');
  if (!flag(network) && !isHole(network))
    failAs(
      network.path,
      isSet(network) ? network : seeking(place, [network.path]),
      'invalid',
      'requires hostNetwork: true in the pod.',
    );
}

function allContainers(spec: Field): readonly Field[] {
  return ['containers', 'initContainers'].flatMap((name) => items(at(spec, name)));
}

export function checkWindowsOptions(field: Field): void {
  if (!isSet(field)) return;
  namedIfSet(at(field, 'gmsaCredentialSpecName'), dnsSubdomainProblem);
  const credentials = at(field, 'gmsaCredentialSpec');
  const written = text(credentials);
  if (isSet(credentials) && written === '') fail(credentials, 'invalid', 'must not be empty; omit it.');
  if (written && new TextEncoder().encode(written).length > 64 * 1024)
    fail(credentials, 'invalid', 'must be at most 64 KiB long.');
  namedIfSet(at(field, 'runAsUserName'), userProblem);
}

const netBios = /^[^\\/:*?"<>|.][^\\/:*?"<>|]{0,14}$/;
const domainLabel = '[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?';
const dnsDomain = new RegExp(`^${domainLabel}(?:\\.${domainLabel})*$`);

/** A user, or `domain\\user`. */
function userProblem(name: string): string | undefined {
  if (name === '') return 'must not be empty; omit it';
  if (/[\0-\x1f\x7f]/.test(name)) return 'must not contain control characters';
  const parts = name.split('\\');
  if (parts.length > 2) return 'must not contain more than one backslash';
  const user = parts.at(-1)!;
  const domain = parts.length === 2 ? parts[0]! : undefined;
  if (domain !== undefined && domain.length > 255) return 'must have a domain of at most 255 characters';
  if (domain !== undefined && !netBios.test(domain) && !dnsDomain.test(domain))
    return 'must have a NetBIOS or DNS name before the backslash';
  if (user === '') return 'must have a user name after the backslash';
  if (user.length > 104) return 'must have a user name of at most 104 characters';
  if (/^[. ]+$/.test(user)) return 'must not consist only of periods and spaces';
  return /["/\\:;|=,+*?<>@[\]]/.test(user) ? 'must not contain any of " / \\ : ; | = , + * ? < > @ [ ]' : undefined;
}
