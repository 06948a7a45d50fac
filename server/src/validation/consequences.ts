// What is wrong only because a field is misspelt: the field that was meant is missing then, and what would stand in it.
// The server stops at the misspelt field and says nothing of these either.
import type { Path } from '../syntax/tree.ts';
import type { Problem } from './problem.ts';

/** The problems without those that mending a misspelt field mends too. */
export function withoutConsequences(problems: readonly Problem[]): readonly Problem[] {
  const meant = problems.flatMap(meantBy);
  if (meant.length === 0) return problems;
  return problems.filter(
    (problem) => problem.rule === 'schema/unknown-field' || !meant.some((path) => isBecause(problem, path)),
  );
}

/** Where a misspelt field would stand. */
function meantBy({ rule, path, remedies }: Problem): readonly Path[] {
  if (rule !== 'schema/unknown-field') return [];
  return (remedies ?? []).flatMap((remedy) => (remedy.kind === 'rename' ? [[...path.slice(0, -1), remedy.to]] : []));
}

/** Kinds of problems that something missing causes. */
const caused: ReadonlySet<Problem['rule']> = new Set([
  'schema/required',
  'schema/invalid',
  'schema/rule',
  'schema/not-found',
  'schema/one-of',
  'schema/forbidden',
]);

/** What references within an object look for, and where. */
const sought: ReadonlySet<string> = new Set(['name', 'volumes', 'volumeClaimTemplates', 'resourceClaims']);

function isBecause({ rule, path }: Problem, meant: Path): boolean {
  if (!caused.has(rule)) return false;
  // A Secret's stringData becomes data.
  if (isSecretData(meant) && path[0] === 'data') return true;
  // Nor is anything found by a name, or in a list, that is misspelt as a field.
  if (rule === 'schema/not-found' && sought.has(String(meant.at(-1)))) return true;
  // A branch of a CRD's schema with the misspelt keyword no longer excuses the others.
  const branches = meant.slice(0, -2);
  if (rule === 'schema/forbidden') return meant.includes('openAPIV3Schema') && beginsWith(path, branches);
  // What a list asks of its items together (one version of a CRD is stored) isn't met without the field either.
  if (typeof meant.at(-2) === 'number' && path.length === branches.length && beginsWith(path, branches)) return true;
  // Nor is what all containers of a pod must have alike.
  if (path.at(-1) === 'hostProcess' && (meant.includes('windowsOptions') || meant.includes('securityContext')))
    return true;
  const parent = meant.slice(0, -1);
  if (beginsWith(path, meant)) return true;
  return parent.length > 0 && path.length === parent.length && beginsWith(path, parent);
}

function isSecretData(path: Path): boolean {
  return path.length === 1 && (path[0] === 'stringData' || path[0] === 'data');
}

function beginsWith(path: Path, start: Path): boolean {
  return start.length <= path.length && start.every((step, index) => path[index] === step);
}
