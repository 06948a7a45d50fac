// flux/source-url: URLs that match the pattern of their field but that Flux refuses. Sources: reconcileSource of
// internal/controller/gitrepository_controller.go and helmrepository_controller.go, parseRepository of
// ocirepository_controller.go, buildFromHelmRepository of helmchart_controller.go, all of source-controller; and
// internal/registry/helper.go of image-reflector-controller.
import type { GroupKind } from '../kube/identity.ts';
import { type BuiltMap, builtAt } from '../kustomize/built.ts';
import { type PlacedText, textsAt } from '../kustomize/built-values.ts';
import { knownText } from '../kustomize/flux-kustomization.ts';
import type { ClusterProblem, ObjectRule } from './rule.ts';

const repository = (fields: string) => `
apiVersion: source.toolkit.fluxcd.io/v1
kind: HelmRepository
metadata:
  name: charts
  namespace: flux-system
spec:
  interval: 10m
  url: oci://registry.example.com/charts
${fields}`;

type Fault = Pick<ClusterProblem, 'message' | 'remedy'> & { readonly at?: PlacedText };

const checks: Readonly<Record<GroupKind, (object: BuiltMap, url: string) => Fault | undefined>> = {
  'source.toolkit.fluxcd.io/GitRepository': gitFault,
  'source.toolkit.fluxcd.io/HelmRepository': helmFault,
  'source.toolkit.fluxcd.io/OCIRepository': ociFault,
  'image.toolkit.fluxcd.io/ImageRepository': imageFault,
};

export const sourceUrl: ObjectRule = {
  id: 'flux/source-url',
  severity: 'error',
  docs: {
    text: 'Flux refuses the URL, so nothing is fetched. A registry of Helm charts requires type: oci, an SSH URL has a slash after the host, and the tag of an image has a field of its own.',
    bad: repository('  # ^^^ error\n'),
    good: repository('  type: oci\n'),
  },
  kinds: Object.keys(checks) as readonly GroupKind[],
  *check(object: BuiltMap, groupKind: GroupKind): Iterable<ClusterProblem> {
    const field = groupKind === 'image.toolkit.fluxcd.io/ImageRepository' ? 'spec.image' : 'spec.url';
    for (const url of textsAt(object, field)) {
      const fault = checks[groupKind]?.(object, url.text);
      if (!fault) continue;
      const { at = url, message, remedy } = fault;
      yield { object, path: at.path, origin: at.value.origin, message, ...(remedy && { remedy }) };
    }
  },
};

function gitFault(_: BuiltMap, url: string): Fault | undefined {
  // Go reads what follows the colon as a port.
  const [, before, after] = /^([a-z]+:\/\/(?:[^/@]*@)?[^/:[\]@]+):([^/0-9@][^/@]*(?:\/.*)?)$/.exec(url) ?? [];
  if (before === undefined) return undefined;
  return {
    message: 'What follows the colon is read as a port, so Flux refuses the URL. Write a slash between host and path.',
    remedy: { is: 'replace', by: `${before}/${after}` },
  };
}

function helmFault(object: BuiltMap, url: string): Fault | undefined {
  const [type] = textsAt(object, 'spec.type');
  const isUnknown =
    !type && knownText(builtAt(object, ['spec', 'type'])) === undefined && builtAt(object, ['spec', 'type']);
  if (isUnknown) return undefined;
  const isRegistry = url.startsWith('oci://');
  if (isRegistry && type?.text !== 'oci') {
    const message = 'Flux fetches an index from this repository, and a registry has none. Set type: oci.';
    if (type) return { message, at: type, remedy: { is: 'replace', by: 'oci' } };
    return { message, remedy: { is: 'add', key: 'type', value: 'oci' } };
  }
  if (!isRegistry && type?.text === 'oci' && /^https?:\/\//.test(url))
    return { message: 'With type: oci the URL must begin with oci://. Correct it, or remove the type.' };
  return undefined;
}

function ociFault(_: BuiltMap, url: string): Fault | undefined {
  const tag = tagOf(url.replace(/^oci:\/\//, ''));
  if (tag === undefined) return undefined;
  const message = `The URL of an OCIRepository has no tag or digest, so Flux refuses ${tag}. Put it into spec.ref.`;
  return { message };
}

function imageFault(_: BuiltMap, image: string): Fault | undefined {
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(image)?.[0];
  if (scheme !== undefined)
    return {
      message: `An image has no scheme, so Flux refuses ${scheme}. Remove it.`,
      remedy: { is: 'replace', by: image.slice(scheme.length) },
    };
  const tag = tagOf(image);
  if (tag === undefined) return undefined;
  return {
    message: `Flux looks for the tags of the image itself, and refuses ${tag} here. Remove it.`,
    remedy: { is: 'replace', by: image.slice(0, -tag.length) },
  };
}

/** `:1.0` or `@sha256:…` after the last slash. */
function tagOf(image: string): string | undefined {
  return /\/[^/:@]+([:@][^/]+)$/.exec(image)?.[1];
}
