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
      'spec.image': 'The image to list tags of, without tag and without scheme, such as `ghcr.io/org/app`.',
      'spec.interval':
        'How often tags are listed. Registries limit such calls: many images and a short interval get throttled.',
      'spec.timeout': 'Limit for one listing; the interval by default.',
      'spec.exclusionList':
        'Regular expressions of tags to leave out; by default those of cosign’s signatures, `^.*\\.sig$`, which a list of yours replaces.',
      'spec.secretRef': 'Secret of type `kubernetes.io/dockerconfigjson` with the registry’s credentials.',
      'spec.serviceAccountName': 'Service account whose image pull secrets are used.',
      'spec.provider': 'Cloud identity to sign in with; `generic`, the default, uses the Secret.',
      'spec.accessFrom':
        'Which other namespaces’ ImagePolicies may use this one; left out, none. An empty selector lets in all.',
      'spec.insecure': 'True talks plain HTTP to the registry.',
      ...under('spec', suspended('listing tags')),
    },
  },
  {
    group,
    kind: 'ImagePolicy',
    fields: {
      'spec.imageRepositoryRef':
        'The ImageRepository whose tags are chosen from; one in another namespace must allow it by `accessFrom`.',
      'spec.policy': 'How the newest tag is found: give exactly one of `semver`, `alphabetical` and `numerical`.',
      'spec.policy.semver.range':
        'Range of versions; tags that are no version are left out. `*` takes no pre-release: write `>=0.0.0-0` for those too.',
      'spec.policy.alphabetical.order':
        '`asc`, the default, takes the last of the alphabet: right for timestamps of one length, wrong for `v9` and `v10`.',
      'spec.policy.numerical.order':
        '`asc`, the default, takes the largest number. Tags must be numbers, or be made so by `filterTags.extract`.',
      'spec.filterTags.pattern':
        'Regular expression that a tag must match to count; name groups, as in `(?P<ts>.*)`, to sort by a part.',
      'spec.filterTags.extract':
        'What to sort by, from groups of `pattern`, such as `$ts`. The image still gets the whole tag.',
      'spec.digestReflectionPolicy':
        'Whether the tag’s digest is kept too: `Never` by default, `IfNotPresent` once per tag, `Always` on each interval, for tags that move.',
      'spec.interval':
        'How often the digest is looked up; only with `digestReflectionPolicy: Always`, where it is required.',
      ...under('spec', suspended('choosing tags')),
    },
  },
  {
    group,
    kind: 'ImageUpdateAutomation',
    fields: {
      'spec.sourceRef': 'The GitRepository to write to; its Secret must be allowed to push.',
      'spec.interval': 'How often to look for changes to commit.',
      'spec.git.checkout.ref':
        'What to start from; the GitRepository’s own reference by default. It must be a branch unless `push.branch` is given.',
      'spec.git.push.branch':
        'Branch to push to; the one checked out by default. Another one, such as for a pull request, is made when missing and reset to the checkout each time.',
      'spec.git.push.refspec': 'Further reference to push, such as for a change in Gerrit.',
      'spec.git.commit.author.email':
        'Address of the commit’s author; needed, and some hosts refuse addresses they don’t know.',
      'spec.git.commit.messageTemplate':
        'Go template for the message, over `.Changed` and `.Values`. Fields of older releases, `.Updated` among them, are gone since Flux 2.7.',
      'spec.git.commit.signingKey.secretRef':
        'Secret with the key to sign commits with; a PGP key stands under `git.asc`, with its `passphrase`.',
      'spec.update.path':
        'Directory to look for markers in; the whole repository by default. Keep it to one cluster’s files.',
      'spec.update.strategy':
        '`Setters`, the only one: values that a comment such as `# {"$imagepolicy": "ns:policy"}` marks are rewritten.',
      'spec.policySelector':
        'Only ImagePolicies with these labels take part; all of this namespace by default, and never those of another.',
      ...under('spec', suspended('commits')),
    },
  },
];
