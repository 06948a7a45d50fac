// The settings, as package.json declares them and as the parts read them. They change presentation and what may be
// touched, never a verdict: what a manifest means is configured in .capstan.yaml, for editor and command line alike.

export const configuration = {
  title: 'Capstan',
  properties: {
    'capstan.kubeconfig': {
      type: 'string',
      default: '',
      scope: 'machine',
      order: 1,
      markdownDescription:
        'Kubeconfig file to take contexts from. Empty: the files of `KUBECONFIG`, else `~/.kube/config`. A kubeconfig can start programs, so only your own user settings count here, never those of a workspace.',
    },
    'capstan.readOnlyContexts': {
      type: 'array',
      items: { type: 'string' },
      default: [],
      scope: 'machine',
      order: 2,
      markdownDescription:
        'Contexts on which Capstan changes nothing; `*` stands for any characters, as in `prod-*`. Reconcile, suspend and resume are not offered there.',
    },
    'capstan.objectsPerCluster': {
      type: 'integer',
      minimum: 1000,
      default: 20_000,
      scope: 'machine',
      order: 3,
      markdownDescription:
        'How many objects of one cluster are kept with their state (about 10 kB each). Those beyond are counted and the tree says how many they are. Takes effect when the servers start again.',
    },
  },
} as const;

/** Settings are typed by hand: what is no number, or one no tree can be made from, is not taken. */
export function objectLimit(value: unknown): number {
  const { default: usual, minimum } = configuration.properties['capstan.objectsPerCluster'];
  return typeof value === 'number' && value >= minimum ? Math.floor(value) : usual;
}

/** Of an inspected setting only the user's own value: a workspace may not choose programs to run or lift a protection. */
export function ownValue<T>(
  inspected: { readonly globalValue?: T; readonly defaultValue?: T } | undefined,
): T | undefined {
  return inspected?.globalValue ?? inspected?.defaultValue;
}
