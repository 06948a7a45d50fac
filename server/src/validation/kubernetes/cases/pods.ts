// Cases for pods: operating systems, security contexts, annotations with a meaning, strings that may be empty.
import type { KindCases } from './case.ts';

const metadata = { name: 'web', namespace: 'default' } as const;
const container = { name: 'web', image: 'registry.example.com/web:1' } as const;
const appArmor = 'container.apparmor.security.beta.kubernetes.io/';
const seccomp = 'seccomp.security.alpha.kubernetes.io/pod';
const tolerations = 'scheduler.alpha.kubernetes.io/tolerations';
const hostProcess = { windowsOptions: { hostProcess: true } } as const;

export const pods: readonly KindCases[] = [
  {
    good: {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata,
      spec: {
        restartPolicy: '',
        dnsPolicy: '',
        schedulerName: '',
        hostUsers: false,
        containers: [
          {
            ...container,
            imagePullPolicy: '',
            terminationMessagePolicy: '',
            ports: [{ containerPort: 80, protocol: '', name: '' }],
            livenessProbe: { httpGet: { port: 80, scheme: '' } },
            lifecycle: { stopSignal: 'SIGTERM' },
            securityContext: { procMount: 'Unmasked' },
            resources: { limits: { 'hugepages-2Mi': '4Mi', memory: '1Gi' } },
            volumeMounts: [{ name: 'data', mountPath: '/data' }],
            resizePolicy: [{ resourceName: 'cpu', restartPolicy: 'NotRequired' }],
          },
        ],
        volumes: [
          { name: 'data', emptyDir: {} },
          { name: 'image', image: { reference: 'a', pullPolicy: '' } },
        ],
        overhead: { cpu: '1' },
        hostnameOverride: 'web.example.com',
        schedulingGates: [{ name: 'a' }],
      },
    },
    bad: [
      ['spec.hostUsers', undefined, 'spec.containers[0].securityContext.procMount'],
      ['spec.ephemeralContainers', [{ name: 'debug', image: 'busybox' }]],
      ['spec.os', { name: 'plan9' }, 'spec.os'],
      ['spec.os', {}, 'spec.os.name'],
      ['spec.runtimeClassName', ''],
      ['spec.resources', { claims: [{ name: 'gpu' }] }, 'spec.resources.claims'],
      ['spec.overhead', { pods: '1' }, 'spec.overhead.limits[pods]'],
      ['spec.overhead', { cpu: '-1' }, 'spec.overhead.limits[cpu]'],
      ['spec.hostnameOverride', 'Web'],
      ['spec.hostnameOverride', ''],
      ['spec.hostnameOverride', `${'a'.repeat(60)}.long`],
      ['spec.hostNetwork', true, 'spec.hostnameOverride'],
      ['spec.setHostnameAsFQDN', true, 'spec.hostnameOverride'],
      ['spec.dnsConfig', { options: [{ name: '' }] }, 'spec.dnsConfig.options[0]'],
      ['spec.schedulingGates', [{ name: 'a' }, { name: 'a' }], 'spec.schedulingGates[1]'],
      [
        'spec.containers[0].resources.limits[hugepages-2Mi]',
        '3Mi',
        'spec.containers[0].resources.limits[hugepages-2Mi]',
      ],
      ['spec.containers[0].volumeMounts[0].mountPropagation', '', 'spec.containers[0].volumeMounts.mountPropagation'],
      ['spec.containers[0].volumeMounts[0].subPath', '/x', 'spec.containers[0].volumeMounts.subPath'],
      [
        'spec.containers[0].volumeMounts[0].recursiveReadOnly',
        'Enabled',
        'spec.containers[0].volumeMounts.recursiveReadOnly',
      ],
      ['spec.containers[0].resizePolicy[0].resourceName', 'disk', 'spec.containers[0].resizePolicy'],
      [
        'spec.containers[0].resizePolicy[1]',
        { resourceName: 'cpu', restartPolicy: 'NotRequired' },
        'spec.containers[0].resizePolicy[1]',
      ],
      [
        'spec.containers[0].livenessProbe.httpGet.httpHeaders',
        [{ name: 'a b', value: 'c' }],
        'spec.containers[0].livenessProbe.httpGet.httpHeaders',
      ],
    ],
  },
  {
    good: {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata,
      spec: {
        os: { name: 'windows' },
        securityContext: {
          runAsNonRoot: true,
          windowsOptions: { runAsUserName: 'CORP\\svc web', gmsaCredentialSpecName: 'web' },
        },
        containers: [
          { ...container, securityContext: { windowsOptions: { runAsUserName: 'ContainerUser', hostProcess: false } } },
        ],
      },
    },
    bad: [
      ['spec.os.name', 'linux', 'spec.securityContext.windowsOptions'],
      ['spec.securityContext.fsGroup', 1],
      ['spec.securityContext.supplementalGroups', []],
      ['spec.securityContext.sysctls', [{ name: 'a.b', value: '1' }]],
      ['spec.hostUsers', false],
      ['spec.hostPID', true],
      ['spec.shareProcessNamespace', false],
      ['spec.resources', { limits: { cpu: '1' } }],
      ['spec.containers[0].securityContext.capabilities', {}],
      ['spec.containers[0].securityContext.privileged', false],
      ['spec.securityContext.windowsOptions.gmsaCredentialSpecName', 'a:b'],
      ['spec.securityContext.windowsOptions.gmsaCredentialSpec', ''],
      ['spec.securityContext.windowsOptions.runAsUserName', ''],
      ['spec.securityContext.windowsOptions.runAsUserName', 'a\\b\\c'],
      ['spec.securityContext.windowsOptions.runAsUserName', '.corp\\web'],
      ['spec.securityContext.windowsOptions.runAsUserName', `${'a'.repeat(64)}\\web`],
      ['spec.securityContext.windowsOptions.runAsUserName', 'corp\\'],
      ['spec.securityContext.windowsOptions.runAsUserName', 'a'.repeat(105)],
      ['spec.securityContext.windowsOptions.runAsUserName', '...'],
      ['spec.securityContext.windowsOptions.runAsUserName', 'a"b'],
      ['spec.securityContext.windowsOptions.runAsUserName', 'a\tb'],
    ],
  },
  {
    good: {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata,
      spec: { hostNetwork: true, securityContext: hostProcess, containers: [container] },
    },
    bad: [
      ['spec.hostNetwork', undefined],
      [
        'spec.initContainers',
        [{ name: 'a', image: 'a', securityContext: { windowsOptions: { hostProcess: false } } }],
        'spec',
      ],
      [
        'spec.containers[0].securityContext',
        { windowsOptions: { hostProcess: false } },
        'spec.containers[0].securityContext.windowsOptions.hostProcess',
      ],
    ],
  },
  {
    good: {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        ...metadata,
        annotations: {
          [`${appArmor}web`]: 'localhost/web',
          [seccomp]: 'docker/default',
          [tolerations]: '[{"key": "a", "value": "b"}]',
          'controller.kubernetes.io/pod-deletion-cost': '-10',
        },
      },
      spec: {
        securityContext: { seccompProfile: { type: 'RuntimeDefault' } },
        containers: [
          { ...container, securityContext: { appArmorProfile: { type: 'Localhost', localhostProfile: 'web' } } },
        ],
      },
    },
    bad: [
      [`metadata.annotations[${appArmor}web]`, 'web'],
      [`metadata.annotations[${appArmor}web]`, 'unconfined', 'spec.containers[0].securityContext.appArmorProfile.type'],
      [
        `metadata.annotations[${appArmor}web]`,
        'localhost/x',
        'spec.containers[0].securityContext.appArmorProfile.localhostProfile',
      ],
      [`metadata.annotations[${appArmor}other]`, 'unconfined'],
      [`metadata.annotations[${seccomp}]`, 'Unconfined', `metadata.annotations.${seccomp}`],
      [`metadata.annotations[${seccomp}]`, 'localhost/../a', `metadata.annotations.${seccomp}`],
      [`metadata.annotations[${seccomp}]`, 'unconfined', 'spec.securityContext.seccompProfile.type'],
      [`metadata.annotations[${tolerations}]`, '{}', 'metadata.annotations'],
      [`metadata.annotations[${tolerations}]`, '[{}]', `metadata.annotations.${tolerations}[0].operator`],
      ['metadata.annotations[controller.kubernetes.io/pod-deletion-cost]', '+1'],
      ['metadata.annotations[controller.kubernetes.io/pod-deletion-cost]', '2147483648'],
      ['metadata.annotations[kubernetes.io/config.mirror]', 'x'],
    ],
  },
  {
    good: {
      apiVersion: 'apps/v1',
      kind: 'DaemonSet',
      metadata,
      spec: {
        selector: { matchLabels: { app: 'web', tier: null } },
        template: {
          metadata: { labels: { app: 'web', tier: '' }, annotations: { [`${appArmor}web`]: 'runtime/default' } },
          spec: { securityContext: { appArmorProfile: { type: 'RuntimeDefault' } }, containers: [container] },
        },
      },
    },
    bad: [
      ['spec.selector', undefined, 'spec.template.metadata.labels'],
      ['spec.template.metadata.labels', { app: 'web' }],
      [
        'spec.template.spec.securityContext.appArmorProfile.type',
        'Unconfined',
        'spec.template.spec.containers[0].securityContext.appArmorProfile.type',
      ],
      [`spec.template.metadata.annotations[${appArmor}x]`, 'unconfined', `spec.template.annotations[${appArmor}x]`],
    ],
  },
];
