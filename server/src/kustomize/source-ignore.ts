// Decides which files of a repository are in Flux's artifact, by `.sourceignore` files, the source's `ignore` and the
// defaults. Patterns are read as fluxcd/pkg/sourceignore reads them, which differs from Git: every file is matched on its
// own, so `!dir/file` includes a file of an excluded folder.
import { compilePattern } from '../cel/pattern.ts';

export interface IgnorePattern {
  /** The folder it is for; the root is `''`. */
  readonly folder: string;
  readonly steps: readonly IgnoreStep[];
  readonly includes: boolean;
  readonly foldersOnly: boolean;
}

interface IgnoreStep {
  readonly text: string;
  /** Whether a name matches, as in Go's `filepath.Match`. */
  matches(name: string): boolean;
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
  const steps = (foldersOnly ? trimmed.slice(0, -1) : trimmed).split('/').map(stepOf);
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
    const names = path.split('/');
    const decisive = all.find((one) => matches(one, path, names));
    return decisive !== undefined && !decisive.includes;
  };
}

/** `all` are the names of the path. */
function matches({ folder, steps, foldersOnly }: IgnorePattern, path: string, all: readonly string[]): boolean {
  if (folder !== '' && !path.startsWith(`${folder}/`)) return false;
  const names = folder === '' ? all : path.slice(folder.length + 1).split('/');
  return steps.length === 1 ? nameMatches(steps[0]!, names, foldersOnly) : pathMatches(steps, names, foldersOnly);
}

/** A name matches any folder or file of the path. */
function nameMatches(step: IgnoreStep, names: readonly string[], foldersOnly: boolean): boolean {
  const at = names.findIndex(step.matches);
  return at !== -1 && !(foldersOnly && at === names.length - 1);
}

/** A path matches a file, or a folder and everything below it. */
function pathMatches(steps: readonly IgnoreStep[], names: readonly string[], foldersOnly: boolean): boolean {
  let [isMatched, skips, at] = [false, false, 0];
  for (const [index, { text, matches: isNamed }] of steps.entries()) {
    if (text === '') skips = false;
    else if (text === '**') {
      if (index === steps.length - 1) break;
      skips = true;
    } else if (text.includes('**') || at >= names.length) return false;
    else if (skips) {
      skips = false;
      const found = names.findIndex((name, position) => position >= at && isNamed(name));
      isMatched = found !== -1;
      at = found === -1 ? names.length : found + 1;
    } else {
      if (!isNamed(names[at]!)) return false;
      isMatched = true;
      at += 1;
    }
  }
  return isMatched && !(foldersOnly && at >= names.length);
}

function stepOf(text: string): IgnoreStep {
  if (!/[*?[\\]/.test(text)) return { text, matches: (name) => name === text };
  const expression = text.replace(/\\?[\s\S]/g, (one) => {
    if (one === '*') return '.*';
    if (one === '?') return '.';
    if (one === '[' || one === ']' || one === '-' || one === '^') return one;
    return one.slice(-1).replace(/[^\w]/g, '\\$&');
  });
  const pattern = compilePattern(`^(?:${expression})$`);
  return { text, matches: (name) => pattern?.test(name) ?? false };
}
