// Fields whose problems the server tells of another field than the one to mend.
import type { Path } from '../../syntax/tree.ts';
import type { Problems } from './builtin.ts';
import type { Field } from './field.ts';

/** Whatever is wrong in the field is blamed on one path. */
export function blaming({ value, path, problems }: Field, blamed: Path): Field {
  return { value, path, problems: { add: (at, kind, message) => problems.add(at, kind, message, blamed) } };
}

/** What is wrong in the field is blamed below another path than its own. */
export function renamed({ value, path, problems }: Field, to: Path): Field {
  const add: Problems['add'] = (at, kind, message, blamed = at) =>
    problems.add(at, kind, message, [...to, ...blamed.slice(path.length)]);
  return { value, path, problems: { add } };
}
