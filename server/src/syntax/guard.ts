// Keeps an error of our own where it happened: what a check throws becomes one finding, and all other checks go on. The
// functions here don't depend on what is checked, so that editor and command line report an error in the same words.
import type { Finding } from './finding.ts';
import { oneLine } from './shown.ts';

/** The rule of a finding about an error of our own. */
export const internalRule = 'info/internal';

/** The findings of a check. If it throws, one that says so, at `[start, start + 1)`. `what` names the check: `the rule a/b`. */
export function guarded<F extends Finding>(what: string, start: number, check: () => readonly F[]): readonly F[] {
  try {
    return check();
  } catch (error) {
    // The further fields of findings are optional.
    return [internalFinding(what, error, start) as F];
  }
}

/** The finding about something thrown; `what` was given up because of it. */
export function internalFinding(what: string, error: unknown, start = 0): Finding {
  return {
    rule: internalRule,
    severity: 'info',
    start,
    end: start + 1,
    message: `An error in Capstan ended ${what}: ${describe(error)}. Everything else is checked. Please report this sentence and the version of Capstan to its maintainers, with the document if others may see it.`,
  };
}

/** Each error once, though several checks of a document met it. */
export function withoutRepeated<F extends Finding>(findings: readonly F[]): readonly F[] {
  if (!findings.some(({ rule }) => rule === internalRule)) return findings;
  const known = new Set<string>();
  return findings.filter(({ rule, start, message }) => {
    const key = `${start} ${message}`;
    if (rule !== internalRule || !known.has(key)) return known.add(key);
    return false;
  });
}

/**
 * The error and the function that threw it. Messages of the runtime may quote the text that is checked, which may be a Secret:
 * quotations are left out.
 */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return 'something that is no error was thrown';
  const { name, message, stack = '' } = error;
  const at = /^\s*at (?:async )?([\w$.#<>]+) \(/m.exec(stack)?.[1];
  const said = oneLine(message, 160).replace(/(["'`“]).*["'`”]/g, '“…”');
  return `${name}: ${said}${at === undefined ? '' : ` (in ${at})`}`;
}
