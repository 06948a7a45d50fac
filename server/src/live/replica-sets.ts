// The revisions of a Deployment: each ReplicaSet is one, and what its pods run differs from the one before.
import { list, text } from './fields.ts';
import type { LiveObject } from './object.ts';

/** 0 if it has none (https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#revision-history-limit). */
export function revisionOf({ annotations }: LiveObject): number {
  return Number(annotations['deployment.kubernetes.io/revision'] ?? 0) || 0;
}

/** `revision 3, web 2.13.0 → 2.14.0`; empty for objects that are no revision. `before`: the previous revision, if it is known. */
export function revisionWords(object: LiveObject, before: LiveObject | undefined): string {
  const revision = revisionOf(object);
  if (object.groupKind !== 'apps/ReplicaSet' || revision === 0) return '';
  return [`revision ${revision}`, ...(before ? changesSince(object, before) : imagesOf(object).map(tagOf))].join(', ');
}

interface Image {
  readonly container: string;
  readonly image: string;
}

function imagesOf({ spec }: LiveObject): readonly Image[] {
  return list(spec, 'containers').map((one) => ({
    container: text(one, 'name') ?? '',
    image: text(one, 'image') ?? '',
  }));
}

/** Changed images, of a single changed part only that part. Without any, something else in the template has changed. */
function changesSince(object: LiveObject, before: LiveObject): readonly string[] {
  const old = new Map(imagesOf(before).map(({ container, image }) => [container, image]));
  const now = imagesOf(object);
  const kept = new Set(now.map(({ container }) => container));
  const changed = now.flatMap(({ container, image }) => {
    const was = old.get(container);
    if (was === image) return [];
    if (was === undefined) return [`new container ${container}`];
    const [from, to] = [partsOf(was), partsOf(image)];
    return [
      from.name === to.name
        ? `${container} ${from.tag} → ${to.tag}`
        : `${container} ${from.name} → ${to.name}:${to.tag}`,
    ];
  });
  const gone = [...old.keys()].filter((name) => !kept.has(name)).map((name) => `without container ${name}`);
  return changed.length + gone.length === 0 ? ['same images'] : [...changed, ...gone];
}

function tagOf({ container, image }: Image): string {
  return `${container} ${partsOf(image).tag}`;
}

/** The name is without its registry and folders; a digest is shortened. */
function partsOf(image: string): { readonly name: string; readonly tag: string } {
  const [path = '', digest] = image.split('@');
  const last = path.slice(path.lastIndexOf('/') + 1);
  const colon = last.indexOf(':');
  const tag = colon === -1 ? undefined : last.slice(colon + 1);
  const short = digest?.replace(/^\w+:/, '').slice(0, 7);
  return {
    name: path.slice(0, path.length - last.length) + (colon === -1 ? last : last.slice(0, colon)),
    tag: tag ?? short ?? 'latest',
  };
}
