// `capstan lint`: reports the editor's findings for files and folders. It reads the whole root of each PATH but reports
// only findings in PATH.
import { parseArgs } from 'node:util';
import type { Targets } from '../schema/load.ts';
import type { Io } from './io.ts';
import type { Linted } from './lint/check.ts';
import { misuse, misused } from './misuse.ts';
import type { LintFinding } from './output.ts';
import { type Format, formats, report } from './report.ts';
import { readTargets } from './targets.ts';

const usage = `Usage: capstan lint [PATH...] [--format text|json|sarif|github] [--fail-on error|warning]
                    [--against REV|DIR] [--target NAME=VERSION]... [--helm]

Checks the Kubernetes manifests in files and folders (default: the current folder) as the editor does. The rest of their
repository is used too: CRDs, kustomizations and .capstan.yaml. Outside a repository, only files beside the file are used.

  --format FORMAT   text (default), json, sarif or github (workflow annotations)
  --fail-on LEVEL   exit with 1 on findings of this severity or higher: error (default) or warning
  --against REV     only the findings that the files of a revision of Git (or of another folder, "./NAME") don't have: what a
                    change brings
  --target kubernetes=1.37
                    as if all clusters ran this version: what it refuses, removes or deprecates that the versions which the
                    clusters run now don't. Also flux=2.9 and cluster-api=1.14; repeatable
  --helm            run the program helm on the PATH (3.16 or newer) to render the HelmReleases whose charts are in the
                    repository or were fetched, and check the objects. It gets no kubeconfig and none of your settings

Exit: 0 clean, 1 findings, 2 wrong usage or a PATH that can't be read.
`;

/** Resolves to the exit code. */
export async function run(args: readonly string[], io: Io): Promise<number> {
  const parsed = parse(args);
  if ('problem' in parsed) {
    return misused(io, 'lint', parsed.problem, usage);
  }
  if (parsed.help) {
    io.stdout.write(usage);
    return 0;
  }
  const { findings, refused, notes = [] } = await findingsOf(parsed, io);
  for (const why of [...refused, ...notes]) io.stderr.write(`capstan lint: ${why}\n`);
  // A PATH that can't be read must not be followed by "no problems".
  const isSilent = parsed.format === 'text' && findings.length === 0 && refused.length > 0;
  if (!isSilent) report(parsed.format, findings, io.stdout);
  if (refused.length > 0) return 2;
  return findings.some((finding) => fails(finding, parsed.failOn)) ? 1 : 0;
}

async function findingsOf({ paths, against, targets, helm }: Parsed, io: Io): Promise<Linted> {
  const renders = helm ? (await import('../disk/helm.ts')).helmRenders(io.env) : undefined;
  if (targets) return (await import('./lint/target.ts')).lintForTarget(paths, targets, io, renders);
  if (against !== undefined) return (await import('./lint/against.ts')).lintAgainst(paths, against, io, renders);
  const { lintPaths } = await import('./lint/check.ts');
  // In one thread: what Helm rendered is known there.
  if (renders) return lintPaths(paths, io.cwd, io.env, undefined, undefined, renders);
  return lintPaths(paths, io.cwd, io.env, io.program);
}

interface Parsed {
  readonly paths: readonly string[];
  readonly format: Format;
  readonly failOn: 'error' | 'warning';
  readonly against: string | undefined;
  readonly targets: Targets | undefined;
  /** Whether the user agrees that Helm runs. */
  readonly helm: boolean;
  readonly help: boolean;
}

const formatList = `${formats.slice(0, -1).join(', ')} or ${formats.at(-1)}`;

function parse(args: readonly string[]): Parsed | { readonly problem: string } {
  const options = {
    format: { type: 'string' },
    'fail-on': { type: 'string' },
    against: { type: 'string' },
    target: { type: 'string', multiple: true },
    helm: { type: 'boolean' },
    help: { type: 'boolean', short: 'h' },
  } as const;
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    const format = formats.find((one) => one === (values.format ?? 'text'));
    if (!format) return { problem: `--format must be ${formatList}, not "${values.format}"` };
    const failOn = values['fail-on'] ?? 'error';
    if (failOn !== 'error' && failOn !== 'warning') {
      return { problem: `--fail-on must be error or warning, not "${failOn}"` };
    }
    const { against, help = false, helm = false } = values;
    const targets = values.target && readTargets(values.target);
    if (typeof targets === 'string') return { problem: targets };
    if (targets && against !== undefined) return { problem: '--target and --against can’t be used together' };
    return { paths: positionals.length > 0 ? positionals : ['.'], format, failOn, against, targets, helm, help };
  } catch (error) {
    return { problem: misuse(error) };
  }
}

function fails({ severity }: LintFinding, failOn: 'error' | 'warning'): boolean {
  return severity === 'error' || (failOn === 'warning' && severity === 'warning');
}
