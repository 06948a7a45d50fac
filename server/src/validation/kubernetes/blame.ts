// Redirects the reported field path where the API server reports an error at another field than the one to fix.
import type { Path } from '../../syntax/tree.ts';
import type { Problems } from './builtin.ts';
import type { Field } from './field.ts';

/** Reports every problem in the field at one path. */
export function blaming({ value, path, problems }: Field, blamed: Path): Field {
  return {
    value,
    path,
    problems: {
      ...problems,
      add: (at, kind, message, _named, sought) => problems.add(at, kind, message, blamed, sought),
    },
  };
}

/** Reports problems in the field below another path instead of its own. */
export function renamed({ value, path, problems }: Field, to: Path): Field {
  const add: Problems['add'] = (at, kind, message, blamed = at, sought) =>
    problems.add(at, kind, message, [...to, ...blamed.slice(path.length)], sought);
  return { value, path, problems: { ...problems, add } };
}

/** Adds to the field's problems the other paths that the check searched: a field missing there may be their cause. */
export function seeking({ value, path, problems }: Field, sought: readonly Path[]): Field {
  return {
    value,
    path,
    problems: { ...problems, add: (at, kind, message, named) => problems.add(at, kind, message, named, sought) },
  };
}
