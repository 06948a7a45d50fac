// `capstan explain`: describes a kind or a field of it, and names the schema it comes from.
import { relative, resolve, sep } from 'node:path';
import { explain } from '../features/explain.ts';
import type { Io } from './io.ts';
import { flagsIn, misused } from './misuse.ts';
import type { Explanation } from './output.ts';

const usage = `Usage: capstan explain KIND[.FIELD...] [--format text|json]

KIND is a kind, its plural or its short name, with its API group and version where needed:
  capstan explain deployment.spec.strategy
  capstan explain Cluster.cluster.x-k8s.io/v1beta2 spec.topology
  capstan explain helm.toolkit.fluxcd.io/v2/HelmRelease spec.chart

The schemas are those of the current folder: its pins in .capstan.yaml, the CRDs of its repository, and the bundled
releases.

Exit: 0 explained, 1 unknown kind or field, 2 wrong usage.
`;

/** Resolves to the exit code. */
export async function run(args: readonly string[], io: Io): Promise<number> {
  const options = { format: { type: 'string' } } as const;
  const flags = flagsIn({ verb: 'explain', usage }, options, args, io);
  if (typeof flags === 'number') return flags;
  const { values, positionals } = flags;
  const format = values.format ?? 'text';
  if (format !== 'text' && format !== 'json')
    return misused(io, 'explain', `--format must be text or json, not "${format}"`, usage);
  if (positionals.length === 0) return misused(io, 'explain', 'a KIND is required', usage);
  const { workspaceAt } = await import('./lint/root.ts');
  const { root, workspace } = await workspaceAt(io.cwd, io.env);
  const here = relative(root, resolve(io.cwd, 'x.yaml')).split(sep).join('/');
  const explained = explain(positionals.join(' '), workspace.schemas.storeFor(here));
  if ('problem' in explained) {
    io.stderr.write(`capstan explain: ${explained.problem}\n`);
    return 1;
  }
  const { explanation, upstream } = explained;
  io.stdout.write(format === 'json' ? `${JSON.stringify(explanation, null, 2)}\n` : asText(explanation, upstream));
  return 0;
}

function asText(explanation: Explanation, upstream: string | undefined): string {
  const { apiVersion, kind, path, type, required, bounds, versions, fields, rules, origin } = explanation;
  const lines: string[] = [`${kind} ${apiVersion}${path === '' ? '' : `  ${path}`}`, ''];
  const row = (name: string, value: string | undefined) => {
    if (value !== undefined && value !== '') lines.push(`${name.padEnd(10)}${value}`);
  };
  row('type', `${type}${required ? ', required' : ''}`);
  row('default', explanation.default === undefined ? undefined : JSON.stringify(explanation.default));
  row('allowed', explanation.enum?.map((value) => JSON.stringify(value)).join(', '));
  row('format', explanation.format);
  row('pattern', explanation.pattern);
  row(
    'bounds',
    Object.entries(bounds)
      .map(([name, value]) => `${name} ${value}`)
      .join(', '),
  );
  row('versions', path === '' ? versions.map(versionWords).join(', ') : undefined);
  row('schema', origin);
  for (const rule of rules) row('rule', rule);
  if (explanation.note !== undefined) lines.push('', explanation.note);
  if (upstream !== undefined) lines.push('', upstream);
  if (fields.length > 0) {
    const width = Math.max(...fields.map(({ name }) => name.length)) + 2;
    lines.push('', ...fields.map((one) => `  ${one.name.padEnd(width)}${one.type}${one.required ? ', required' : ''}`));
  }
  return `${lines.join('\n')}\n`;
}

function versionWords({ version, served, storage, deprecated }: Explanation['versions'][number]): string {
  const words = [storage && 'stored', !served && 'not served', deprecated && 'deprecated'].filter(Boolean);
  return words.length === 0 ? version : `${version} (${words.join(', ')})`;
}
