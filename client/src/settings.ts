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
  },
} as const;

/** Of an inspected setting only the user's own value: a workspace may not choose programs to run or lift a protection. */
export function ownValue<T>(
  inspected: { readonly globalValue?: T; readonly defaultValue?: T } | undefined,
): T | undefined {
  return inspected?.globalValue ?? inspected?.defaultValue;
}
