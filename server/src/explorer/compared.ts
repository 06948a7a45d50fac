// What a cluster has of an object beside what files say that it should have: two texts to be compared.
import { stringify } from 'yaml';
import { failed, type Result, success } from '../engine/failure.ts';
import { redactObject } from '../engine/redact.ts';
import { servedBy } from '../engine/session/served.ts';
import type { Session } from '../engine/session/session.ts';
import { type RawObject, readObject } from '../engine/watch/objects.ts';
import { kindName, type LiveRef, parseApiVersion } from '../kube/identity.ts';
import { isFields, text } from '../live/fields.ts';
import { beside } from '../live/projection.ts';

export interface Compared {
  /** YAML. */
  readonly wanted: string;
  readonly live: string;
}

/** `wanted` is JSON; it is compared in its own version, which the cluster must serve. */
export async function comparedWith(session: Session, ref: LiveRef, wanted: string): Promise<Result<Compared>> {
  const object = parsed(wanted);
  const apiVersion = text(object, 'apiVersion') ?? '';
  const served = servedBy(session, ref);
  if (!served.ok) return served;
  const { transport, resource } = served.value;
  const version = parseApiVersion(apiVersion)?.version ?? '';
  if (!resource.versions.includes(version))
    return failed('invalid', `${session.context} doesn’t serve ${kindName(ref.groupKind)} as ${apiVersion}`, {
      remedy: `Move the file to one of ${resource.versions.join(', ')}.`,
    });
  const raw = await readObject(transport, { ...resource, version }, ref);
  if (!raw.ok) return raw;
  return success(textsOf(object, raw.value));
}

/** By the same rules, so that what is hidden is no difference. */
export function textsOf(wanted: RawObject, raw: RawObject): Compared {
  const both = beside(redactObject(asStored(wanted)), redactObject(raw));
  return { wanted: printed(both.wanted), live: printed(both.live) };
}

/** The API server moves `stringData` of a Secret to `data`, where all is hidden. */
function asStored(object: RawObject): RawObject {
  const { stringData, ...rest } = object;
  if (object.kind !== 'Secret' || !isFields(stringData)) return object;
  return { ...rest, data: { ...(isFields(rest.data) && rest.data), ...stringData } };
}

export function parsed(json: string): RawObject {
  try {
    const value: unknown = JSON.parse(json);
    return isFields(value) ? value : {};
  } catch {
    return {};
  }
}

export function printed(value: unknown): string {
  return stringify(value, { lineWidth: 0, sortMapEntries: true });
}
