// Decides which files of a repository are in Flux's artifact, by `.sourceignore` files, the source's `ignore` and the
// defaults. Patterns are read as fluxcd/pkg/sourceignore reads them, which differs from Git: every file is matched on its
// own, so `!dir/file` includes a file of an excluded folder.
import { compilePattern } from '../cel/pattern.ts';

export interface IgnorePattern {
  /** The folder it is for; the root is `''`. */
  readonly folder: string;
  readonly steps: readonly string[];
  readonly includes: boolean;
  readonly foldersOnly: boolean;
}

export const ignoreFileName = '.sourceignore';

/** The patterns of a file in a folder, one per line. */
export function readIgnore(text: string, folder: string): readonly IgnorePattern[] {
  return text
    .split(/\r?\n/)
    .flatMap((line) => (line.startsWith('#') || line.trim() === '' ? [] : [pattern(line, folder)]));
}

function pattern(line: string, folder: string): IgnorePattern {
  const includes = line.startsWith('!');
  const body = includes ? line.slice(1) : line;
  const trimmed = body.endsWith('\\ ') ? body : body.replace(/ +$/, '');
  const foldersOnly = trimmed.endsWith('/');
  const steps = (foldersOnly ? trimmed.slice(0, -1) : trimmed).split('/');
  return { folder, steps, includes, foldersOnly };
}

const versionControl = '.git/ .gitignore .gitmodules .gitattributes';
const defaults =
  '*.jpg *.jpeg *.gif *.png *.wmv *.flv *.tar.gz *.zip .github/ .circleci/ .travis.yml .gitlab-ci.yml appveyor.yml .drone.yml ' +
  'cloudbuild.yaml codeship-services.yml codeship-steps.yml **/.goreleaser.yml **/.sops.yaml **/.flux.yaml';

const patternsIn = (list: string) => list.split(' ').map((line) => pattern(line, ''));

/** The default patterns apply only if there are no others; version control files are always excluded. */
export function ignoresFile(patterns: readonly IgnorePattern[]): (path: string) => boolean {
  const all = [...patternsIn(versionControl), ...(patterns.length > 0 ? patterns : patternsIn(defaults))].reverse();
  return (path) => {
    const decisive = all.find((one) => matches(one, path));
    return decisive !== undefined && !decisive.includes;
  };
}

function matches({ folder, steps, foldersOnly }: IgnorePattern, path: string): boolean {
  if (folder !== '' && !path.startsWith(`${folder}/`)) return false;
  const names = (folder === '' ? path : path.slice(folder.length + 1)).split('/');
  return steps.length === 1 ? nameMatches(steps[0]!, names, foldersOnly) : pathMatches(steps, names, foldersOnly);
}

/** A name matches any folder or file of the path. */
function nameMatches(step: string, names: readonly string[], foldersOnly: boolean): boolean {
  const at = names.findIndex((name) => glob(step, name));
  return at !== -1 && !(foldersOnly && at === names.length - 1);
}

/** A path matches a file, or a folder and everything below it. */
function pathMatches(steps: readonly string[], names: readonly string[], foldersOnly: boolean): boolean {
  let [isMatched, skips, at] = [false, false, 0];
  for (const [index, step] of steps.entries()) {
    if (step === '') skips = false;
    else if (step === '**') {
      if (index === steps.length - 1) break;
      skips = true;
    } else if (step.includes('**') || at >= names.length) return false;
    else if (skips) {
      skips = false;
      const found = names.findIndex((name, position) => position >= at && glob(step, name));
      isMatched = found !== -1;
      at = found === -1 ? names.length : found + 1;
    } else {
      if (!glob(step, names[at]!)) return false;
      isMatched = true;
      at += 1;
    }
  }
  return isMatched && !(foldersOnly && at >= names.length);
}

/** A shell pattern for one name, as in Go's `filepath.Match`. */
function glob(step: string, name: string): boolean {
  if (!/[*?[\\]/.test(step)) return step === name;
  const expression = step.replace(/\\?[\s\S]/g, (one) => {
    if (one === '*') return '.*';
    if (one === '?') return '.';
    if (one === '[' || one === ']' || one === '-' || one === '^') return one;
    return one.slice(-1).replace(/[^\w]/g, '\\$&');
  });
  return compilePattern(`^(?:${expression})$`)?.test(name) ?? false;
}
