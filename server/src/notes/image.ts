// Notes on image.toolkit.fluxcd.io: https://fluxcd.io/flux/components/image/ and the controllers.
import { suspended } from './flux-shared.ts';
import type { KindNotes } from './note.ts';
import { under } from './note.ts';

const group = 'image.toolkit.fluxcd.io';

export const image: readonly KindNotes[] = [
  {
    group,
    kind: 'ImageRepository',
    fields: {
      'spec.image': 'Image whose tags are listed, without tag and scheme, such as `ghcr.io/org/app`.',
      'spec.interval':
        'How often tags are listed. Registries limit the rate: many images with a short interval are throttled.',
      'spec.timeout': 'Timeout for one listing; the interval by default.',
      'spec.exclusionList':
        'Regular expressions for tags to exclude. By default `^.*\\.sig$`, cosign signatures, which a custom list replaces.',
      'spec.secretRef': 'Secret of type `kubernetes.io/dockerconfigjson` with the registry’s credentials.',
      'spec.serviceAccountName': 'Service account whose image pull secrets are used.',
      'spec.provider': 'Cloud provider for authentication; `generic`, the default, uses the Secret.',
      'spec.accessFrom':
        'Namespaces whose ImagePolicies may use this repository; none if omitted. An empty selector allows all.',
      'spec.insecure': 'If true, uses plain HTTP for the registry.',
      ...under('spec', suspended('listing tags')),
    },
  },
  {
    group,
    kind: 'ImagePolicy',
    fields: {
      'spec.imageRepositoryRef':
        'ImageRepository from which tags are selected. One in another namespace must allow it with `accessFrom`.',
      'spec.policy': 'How the latest tag is selected: set exactly one of `semver`, `alphabetical` and `numerical`.',
      'spec.policy.semver.range':
        'Version range; tags that aren’t versions are ignored. `*` excludes pre-releases: use `>=0.0.0-0` to include them.',
      'spec.policy.alphabetical.order':
        '`asc`, the default, selects the last tag in alphabetical order: correct for timestamps of equal length, wrong for `v9` and `v10`.',
      'spec.policy.numerical.order':
        '`asc`, the default, selects the largest number. Tags must be numbers, or be converted by `filterTags.extract`.',
      'spec.filterTags.pattern':
        'Regular expression that a tag must match; use named groups such as `(?P<ts>.*)` to sort by a part of the tag.',
      'spec.filterTags.extract':
        'Value to sort by, from the groups of `pattern`, such as `$ts`. The image still gets the full tag.',
      'spec.digestReflectionPolicy':
        'Whether the tag’s digest is recorded too: `Never` by default; `IfNotPresent` once per tag; `Always` at each interval, for mutable tags.',
      'spec.interval':
        'How often the digest is resolved; required with `digestReflectionPolicy: Always` and allowed only then.',
      ...under('spec', suspended('tag selection')),
    },
  },
  {
    group,
    kind: 'ImageUpdateAutomation',
    fields: {
      'spec.sourceRef': 'GitRepository to update; its Secret must have push access.',
      'spec.interval': 'How often to check for changes to commit.',
      'spec.git.checkout.ref':
        'Reference to start from; the GitRepository’s by default. It must be a branch unless `push.branch` is set.',
      'spec.git.push.branch':
        'Branch to push to; the checked-out branch by default. Another branch, such as one for a pull request, is created if missing and reset to the checkout each time.',
      'spec.git.push.refspec': 'Additional refspec to push, such as for a change in Gerrit.',
      'spec.git.commit.author.email':
        'Email address of the commit author; required. Some hosts reject unknown addresses.',
      'spec.git.commit.messageTemplate':
        'Go template for the commit message, over `.Changed` and `.Values`. Older fields, such as `.Updated`, no longer exist since Flux 2.7.',
      'spec.git.commit.signingKey.secretRef':
        'Secret with the key for signing commits: a PGP key under `git.asc`, with its `passphrase`.',
      'spec.update.path':
        'Directory in which to look for markers; the entire repository by default. Limit it to the files of one cluster.',
      'spec.update.strategy':
        '`Setters`, the only strategy: rewrites values marked with a comment such as `# {"$imagepolicy": "ns:policy"}`.',
      'spec.policySelector':
        'Selects the ImagePolicies to use by label; by default all in this namespace. Policies in other namespaces are never used.',
      ...under('spec', suspended('commits')),
    },
  },
];
