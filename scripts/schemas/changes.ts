// What a release has beyond another one of the same project, in lines for whoever reviews an update: kinds, versions, fields.
import { isRecord } from '../../server/src/schema/facts.ts';
import { definitionsKey, type ReleaseFiles, releaseId, type StoredRelease } from '../../server/src/schema/stored.ts';

/** One line for each change; empty if all facts are equal. */
export function changesBetween(before: ReleaseFiles, after: ReleaseFiles): readonly string[] {
  return [...versionChanges(before.release, after.release), ...fieldChanges(before, after)];
}

/** `served`, `deprecated`, ... of each version, by `group/version Kind`. */
function versionsOf({ groups }: StoredRelease): ReadonlyMap<string, string> {
  const entries = Object.entries(groups).flatMap(([group, kinds]) =>
    Object.entries(kinds).flatMap(([kind, { versions }]) =>
      Object.entries(versions).map(([version, { served, storage, deprecated }]): [string, string] => {
        const flags = [served === false ? 'not served' : 'served', storage && 'stored', deprecated && 'deprecated'];
        return [`${group || 'core'}/${version} ${kind}`, flags.filter(Boolean).join(', ')];
      }),
    ),
  );
  return new Map(entries);
}

function versionChanges(before: StoredRelease, after: StoredRelease): readonly string[] {
  const [was, now] = [versionsOf(before), versionsOf(after)];
  return [
    ...[...was.keys()].filter((one) => !now.has(one)).map((one) => `- ${one}`),
    ...[...now].filter(([one]) => !was.has(one)).map(([one, flags]) => `+ ${one} (${flags})`),
    ...[...now]
      .filter(([one, flags]) => was.has(one) && was.get(one) !== flags)
      .map(([one, flags]) => `~ ${one}: ${was.get(one)} is now ${flags}`),
  ];
}

function fieldChanges(before: ReleaseFiles, after: ReleaseFiles): readonly string[] {
  const [was, now] = [schemasOf(before), schemasOf(after)];
  return [...now].flatMap(([name, schema]) => {
    const old = was.get(name);
    if (old === undefined || JSON.stringify(old) === JSON.stringify(schema)) return [];
    const [fieldsBefore, fieldsAfter] = [fieldsOf(old), fieldsOf(schema)];
    const lines = [
      ...[...fieldsBefore.keys()].filter((one) => !fieldsAfter.has(one)).map((one) => `- ${name} ${one}`),
      ...[...fieldsAfter.keys()].filter((one) => !fieldsBefore.has(one)).map((one) => `+ ${name} ${one}`),
      ...[...fieldsAfter]
        .filter(([one, facts]) => fieldsBefore.has(one) && fieldsBefore.get(one) !== facts)
        .map(([one]) => `~ ${name} ${one || '(the object)'}`),
    ];
    return withoutInner(lines);
  });
}

/** A new field stands for those below it. */
function withoutInner(lines: readonly string[]): readonly string[] {
  return lines.filter(
    (line) => !lines.some((other) => line !== other && /^[+-]/.test(other) && line.startsWith(`${other}.`)),
  );
}

/** By `group/version Kind`; built-in kinds share definitions, which have their own names. */
function schemasOf({ release, files }: ReleaseFiles): ReadonlyMap<string, unknown> {
  const id = releaseId(release);
  return new Map(
    [...files].flatMap(([key, content]): readonly (readonly [string, unknown])[] => {
      const value: unknown = JSON.parse(content);
      if (key === definitionsKey(id)) return Object.entries(value as object);
      const [group, version, kind] = key
        .slice(id.length + 1)
        .replace(/\.json$/, '')
        .split('/');
      return [[`${group}/${version} ${kind}`, isRecord(value) ? value.schema : value]];
    }),
  );
}

/** The facts of each field apart from those of the fields below, by its path. */
function fieldsOf(schema: unknown, path = '', found = new Map<string, string>()): Map<string, string> {
  if (!isRecord(schema)) return found;
  const { properties, items, additionalProperties, ...own } = schema;
  found.set(path, JSON.stringify(own));
  for (const [name, inner] of Object.entries(isRecord(properties) ? properties : {}))
    fieldsOf(inner, path === '' ? name : `${path}.${name}`, found);
  fieldsOf(items, `${path}[]`, found);
  fieldsOf(additionalProperties, `${path}.*`, found);
  return found;
}
