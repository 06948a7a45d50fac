// The lines of a project (its releases that clusters run beside each other), and which of them a version means. Pure.

/** A release of a project. */
export interface Line {
  readonly version: string;
  readonly alternate?: true;
}

/** The newest release that matches a pin; of equal versions, the first. */
export function newestFor<T extends Line>(releases: readonly T[], wanted: string): T | undefined {
  return releases.filter(({ version }) => beginsWith(version, wanted)).toSorted(newestFirst)[0];
}

function newestFirst(a: Line, b: Line): number {
  return compareReleases(b.version, a.version);
}

/** Whether a version begins with the parts of another: `2.8` matches 2.8.8 but not 2.80.0. */
function beginsWith(version: string, wanted: string): boolean {
  return (
    wanted === '' || version === wanted || (version.startsWith(wanted) && /^[.+-]/.test(version.slice(wanted.length)))
  );
}

/** Compares versions, numeric parts by number; a prerelease (`-rc.1`) is before its release. */
export function compareReleases(a: string, b: string): number {
  const [coreA = '', ...preA] = a.split('-');
  const [coreB = '', ...preB] = b.split('-');
  return (
    coreA.localeCompare(coreB, 'en', { numeric: true }) ||
    Number(preA.length === 0) - Number(preB.length === 0) ||
    preA.join('-').localeCompare(preB.join('-'), 'en', { numeric: true })
  );
}

/**
 * The releases of one project that a cluster may run, the one that answers first. Of an exact version, the one of its minor,
 * or the newest one if it is newer than all. Of a range without an upper minor (`2.x`), the main release and newer ones. If
 * nothing or something older than all is known, all of them.
 */
export function linesFor<T extends Line>(all: readonly T[], target: string | undefined): readonly T[] {
  const ordered = all.toSorted(
    (a, b) => Number(a.alternate ?? false) - Number(b.alternate ?? false) || newestFirst(a, b),
  );
  const [main] = ordered;
  const wanted = target === undefined ? undefined : targetOf(target);
  if (!main || !wanted) return ordered;
  if (wanted.minor === undefined) {
    const newer = ordered.filter((one) => one === main || compareReleases(one.version, main.version) > 0);
    return majorOf(main) === wanted.major ? newer : ordered;
  }
  const known = all.toSorted(newestFirst).find((one) => compareMinor(one.version, wanted) <= 0);
  return known ? [known] : ordered;
}

export interface Minor {
  readonly major: number;
  /** Undefined for a range of all. */
  readonly minor: number | undefined;
}

/** Reads `1.34`, `v1.34.1+k3s1`, `2.x`, `~2.8.1`, `^2.8`, `>=2.7.0`; undefined for what isn't a version. */
export function targetOf(text: string): Minor | undefined {
  const found = /^\s*(>=?|\^|~|=)?\s*v?(\d+)(?:\.(\d+|[xX*]))?(?:[.+-].*)?\s*$/.exec(text);
  if (!found) return undefined;
  const [, operator = '', major, minor = ''] = found;
  const isOpen = operator === '^' || operator.startsWith('>') || !/^\d+$/.test(minor);
  return { major: Number(major), minor: isOpen ? undefined : Number(minor) };
}

function compareMinor(version: string, { major, minor = 0 }: Minor): number {
  const [a = 0, b = 0] = version.split('.').map(Number);
  return a - major || b - minor;
}

function majorOf({ version }: Line): number {
  return Number(version.split('.')[0]);
}
