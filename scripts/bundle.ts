// Bundles the four programs into dist/: CommonJS, since VS Code requires the extension and vscode-languageserver
// fails to load as an ESM bundle. Type checking is tsc's business (`npm run check`).
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type BuildOptions, build, context } from 'esbuild';

const root = join(import.meta.dirname, '..');
const { values: args } = parseArgs({
  options: {
    watch: { type: 'boolean' },
    minify: { type: 'boolean' },
    /** One program by name: extension, language, cluster or cli. */
    only: { type: 'string' },
  },
});

const shared: BuildOptions = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node22',
  sourcemap: true,
  minify: args.minify ?? false,
  external: ['vscode'],
  // The same code without a look at the environment for every token, which costs a quarter of parsing.
  alias: { yaml: './node_modules/yaml/browser/index.js' },
  metafile: true,
  logLevel: 'warning',
  // Bundled ESM packages ask for import.meta.url; the bundle's own place is the true answer.
  define: { 'import.meta.url': 'importMetaUrl' },
  banner: { js: "const importMetaUrl = require('node:url').pathToFileURL(__filename).href;" },
  // Packages in UMD form (main) can't be bundled without their ESM form (module).
  mainFields: ['module', 'main'],
};

const all: readonly BuildOptions[] = [
  { ...shared, entryPoints: ['client/src/extension.ts'], outfile: 'dist/extension.js' },
  { ...shared, entryPoints: ['server/src/language/main.ts'], outfile: 'dist/language.js' },
  { ...shared, entryPoints: ['server/src/cluster/main.ts'], outfile: 'dist/cluster.js' },
  {
    ...shared,
    entryPoints: ['server/src/cli/main.ts'],
    outfile: 'dist/cli.js',
    banner: { js: `#!/usr/bin/env node\n${shared.banner!.js}` },
  },
];
const programs = all.filter(({ outfile }) => args.only === undefined || outfile === `dist/${args.only}.js`);

mkdirSync(join(root, 'dist'), { recursive: true });
if (args.watch) {
  await Promise.all(programs.map(async (options) => (await context(options)).watch()));
} else {
  for (const options of programs) {
    const result = await build(options);
    // What each bundle is made of: the test that keeps client-node out of the extension reads it.
    const inputs = Object.keys(result.metafile!.inputs).sort();
    writeFileSync(join(root, `${options.outfile}.inputs.json`), `${JSON.stringify(inputs, null, 1)}\n`);
  }
  if (existsSync(join(root, 'dist/cli.js'))) chmodSync(join(root, 'dist/cli.js'), 0o755);
}
