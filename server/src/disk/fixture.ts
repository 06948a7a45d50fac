// For tests: a program `helm` that renders templates which only insert values and the version of Kubernetes, or fail.
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';

const script = `
import { existsSync, readdirSync, readFileSync } from 'node:fs';
const [verb, name, chart, , namespace, , values, ...flags] = process.argv.slice(2);
if (verb === 'version') {
  console.log('v4.0.0');
  process.exit();
}
const given = JSON.parse(readFileSync(values, 'utf8'));
const at = flags.indexOf('--kube-version');
const minor = at < 0 ? '34' : flags[at + 1].split('.')[1];
for (const folder of [...(flags.includes('--include-crds') ? ['crds'] : []), 'templates'])
  for (const file of existsSync(chart + '/' + folder) ? readdirSync(chart + '/' + folder, { recursive: true }).sort() : []) {
    if (!file.endsWith('.yaml')) continue;
    const text = readFileSync(chart + '/' + folder + '/' + file, 'utf8');
    const [, why] = /\\{\\{ fail "(.+?)" \\}\\}/.exec(text) ?? [];
    if (why !== undefined) {
      console.error('Error: ' + why);
      process.exit(1);
    }
    const filled = text
      .replaceAll('{{ .Capabilities.KubeVersion.Minor }}', minor)
      .replaceAll('{{ .Release.Name }}', name)
      .replaceAll('{{ randAlphaNum 8 }}', () => Math.random().toString(36).slice(2, 10))
      .replace(/\\{\\{ \\.Values\\.(\\w+) \\}\\}/g, (_, key) => given[key]);
    process.stdout.write('---\\n# Source: chart/' + folder + '/' + file + '\\n' + filled);
  }
`;

/** Writes the program into a folder, which is to be the PATH. */
export function standInHelm(folder: string): string {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'helm.mjs'), script);
  writeFileSync(join(folder, 'helm'), `#!/bin/sh\nexec "${process.execPath}" "${join(folder, 'helm.mjs')}" "$@"\n`);
  chmodSync(join(folder, 'helm'), 0o755);
  return folder;
}
