// The settings as declared in package.json and read by the extension. They change the presentation and what Capstan may
// modify, never a verdict: how manifests are judged is configured in .capstan.yaml, for both editor and command line.

export const configuration = {
  title: 'Capstan',
  properties: {
    'capstan.kubeconfig': {
      type: 'string',
      default: '',
      scope: 'machine',
      order: 1,
      markdownDescription:
        'Kubeconfig file to read contexts from. If empty, the files in `KUBECONFIG` are used, else `~/.kube/config`. A kubeconfig can run programs, so only your user settings are used, never workspace settings.',
    },
    'capstan.readOnlyContexts': {
      type: 'array',
      items: { type: 'string' },
      default: ['prod', 'prd', 'production'],
      scope: 'machine',
      order: 2,
      markdownDescription:
        'Contexts in which Capstan changes nothing: names, words in them (`prod` is in `shop-prod` and `prod2`, not in `products`), or patterns in which `*` matches any characters. Actions that change something are not offered there.',
    },
    'capstan.objectsPerCluster': {
      type: 'integer',
      minimum: 1000,
      default: 20_000,
      scope: 'machine',
      order: 3,
      markdownDescription:
        'Maximum number of objects per cluster that are kept with their state (about 10 kB each). Objects beyond the limit are only counted, and the tree shows their number. Takes effect when the servers restart.',
    },
    'capstan.inlayHints': {
      type: 'boolean',
      default: true,
      scope: 'machine',
      order: 4,
      markdownDescription:
        'Shows the values of variables of Flux, and the namespaces that objects get, in the text. Takes effect when the servers restart.',
    },
    'capstan.liveState': {
      type: 'boolean',
      default: true,
      scope: 'machine',
      order: 5,
      markdownDescription:
        'Shows above each object of a manifest on which open clusters it lives and in which state. Nothing is asked while no context is open.',
    },
    'capstan.renderReleases': {
      type: 'boolean',
      default: false,
      scope: 'machine',
      order: 6,
      markdownDescription:
        'Runs the program `helm` on your `PATH` (3.16 or newer) to render the HelmReleases whose charts are in the workspace or were fetched, and checks the objects. Helm gets no kubeconfig, and nothing runs in a workspace that isn’t trusted. Takes effect when the servers restart.',
    },
  },
} as const;

/** Settings of the editor for YAML files; a user's own take precedence. */
export const configurationDefaults = {
  '[yaml]': {
    // Words of the document are valid almost nowhere else in it.
    'editor.wordBasedSuggestions': 'off',
    // A list that opens on a new line or after a space selects nothing, so that Enter stays Enter.
    'editor.suggest.selectionMode': 'whenQuickSuggestion',
  },
} as const;

/** Settings may be edited by hand: a value that isn't a number, or is below the minimum, is replaced by the default. */
export function objectLimit(value: unknown): number {
  const { default: usual, minimum } = configuration.properties['capstan.objectsPerCluster'];
  return typeof value === 'number' && value >= minimum ? Math.floor(value) : usual;
}

/** Only the user's own value of a setting: a workspace must not choose programs to run or lift a protection. */
export function ownValue<T>(
  inspected: { readonly globalValue?: T; readonly defaultValue?: T } | undefined,
): T | undefined {
  return inspected?.globalValue ?? inspected?.defaultValue;
}
