// Bundles the programs into dist/ as CommonJS, since VS Code loads the extension with `require` and
// vscode-languageserver fails to load as an ESM bundle. tsc checks the types (`npm run check`).
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type BuildOptions, build, context, type Plugin } from 'esbuild';

const root = join(import.meta.dirname, '..');
const { values: args } = parseArgs({
  options: {
    watch: { type: 'boolean' },
    /** One bundle by name: extension, language-client, language, language-server, cluster, cli, cli-files or cli-clusters. */
    only: { type: 'string' },
    out: { type: 'string', default: 'dist' },
  },
});
const out = resolve(root, args.out);

/**
 * Bundles only the used parts of client-node. Neither client-node nor undici declares itself free of side effects. Only
 * client-node's own HTTP library, which ours replaces, needs undici, which would also replace the process's dispatcher of
 * `fetch`.
 */
const clientNodeOnDemand: Plugin = {
  name: 'client-node on demand',
  setup({ onResolve, onLoad, resolve }) {
    // Of PortForward, what finds a pod with generated clients isn't used: their models are as large as all the rest.
    onResolve({ filter: /\/gen\/index\.js$/ }, ({ path, importer }) =>
      importer.endsWith('client-node/dist/portforward.js') ? { path, namespace: 'unused' } : undefined,
    );
    onLoad({ filter: /./, namespace: 'unused' }, () => ({
      contents: 'export const AppsV1Api = undefined, CoreV1Api = undefined;',
    }));
    // The serializer names seven hundred models, of which a command needs a few: each is loaded when it is first used.
    onLoad({ filter: /client-node\/dist\/gen\/models\/all\.js$/ }, () => ({ contents: '' }));
    onLoad({ filter: /client-node\/dist\/gen\/models\/ObjectSerializer\.js$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8')
        .replace(/^(?:im|ex)port .* from '\.\.\/models\/\w+\.js';$/gm, '')
        .replace(
          /^ +"(\w+)": \1,$/gm,
          (_, name: string) => `get ${name}() { return require('./${name}.js').${name}; },`,
        ),
    }));
    onResolve({ filter: /^undici$|client-node|^\.\.?\// }, async ({ path, pluginData, ...from }) => {
      const isClientNode = /client-node/.test(path) || /node_modules\/@kubernetes\/client-node\//.test(from.importer);
      if (pluginData === 'resolved' || !isClientNode) return undefined;
      const found = await resolve(path, { ...from, pluginData: 'resolved' });
      return { ...found, sideEffects: false };
    });
  },
};

/**
 * The protocol library's needs for transports other than standard input and output: loading these parts of Node takes a
 * tenth of a start.
 */
const builtinsOnDemand: Plugin = {
  name: 'builtins on demand',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^(?:crypto|child_process)$/ }, ({ path, importer }) =>
      /node_modules\/vscode-/.test(importer) ? { path, namespace: 'on-demand' } : undefined,
    );
    onLoad({ filter: /./, namespace: 'on-demand' }, async ({ path }) => ({
      contents: `for (const name of ${JSON.stringify(Object.keys(await import(path)))})
        Object.defineProperty(exports, name, { enumerable: true, get: () => require('node:${path}')[name] });`,
    }));
  },
};

/** The bundle of the protocol library, beside that of the extension. */
const clientLibrary = { name: 'vscode-languageclient/node', file: 'language-client.js' };

/**
 * The extension loads the protocol library when it first uses it, after the activation: it is nine tenths of the code. esbuild
 * gives what it imports from a module the prototype of the module.
 */
const clientLibraryOnDemand: Plugin = {
  name: 'client library on demand',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^vscode-languageclient\/node$/ }, ({ path }) => ({ path, namespace: 'client-library' }));
    onResolve({ filter: /./, namespace: 'client-library' }, ({ path }) => ({ path, external: true }));
    onLoad({ filter: /./, namespace: 'client-library' }, () => ({
      contents: `const get = (_, name) => name === '__esModule' || require('./${clientLibrary.file}')[name];
        module.exports = Object.create(new Proxy({}, { get }));`,
    }));
  },
};

/**
 * esbuild escapes what isn't ASCII, except in regular expressions; one such character makes V8 keep the whole text of a
 * program with two bytes for each character, 2.5 MB more for the language server.
 */
const ascii: Plugin = {
  name: 'ascii',
  setup({ initialOptions, onEnd }) {
    onEnd(() => {
      const file = initialOptions.outfile!;
      const text = readFileSync(file, 'utf8');
      const escaped = text.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
      if (escaped !== text) writeFileSync(file, escaped);
    });
  },
};

const shared: BuildOptions = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node22',
  sourcemap: true,
  // V8 keeps the text of a program in memory. Names stay, for the stacks that users report.
  minifyWhitespace: !args.watch,
  minifySyntax: !args.watch,
  external: ['vscode'],
  // The same code without reading an environment variable for every token, which takes a quarter of the parse time.
  alias: { yaml: './node_modules/yaml/browser/index.js' },
  metafile: true,
  logLevel: 'warning',
  // Bundled ESM packages read import.meta.url; it must be the URL of the bundle.
  define: { 'import.meta.url': 'importMetaUrl' },
  banner: { js: "const importMetaUrl = require('node:url').pathToFileURL(__filename).href;" },
  // Packages with a UMD build (main) can only be bundled from their ESM build (module).
  mainFields: ['module', 'main'],
  plugins: [clientNodeOnDemand, ascii],
};

/** A program of the command line: without the verbs of the other, and without the language server, which is in the package once. */
function commandLine(name: string, without: string): BuildOptions {
  const others: Plugin = {
    name: 'other programs',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /\/language\/main\.ts$/ }, ({ path }) => ({ path, namespace: 'language' }));
      onResolve({ filter: /./, namespace: 'language' }, ({ path }) => ({ path, external: true }));
      onLoad({ filter: /./, namespace: 'language' }, () => ({ contents: `require('./language.js');` }));
      onResolve({ filter: new RegExp(`/${without}\\.ts$`) }, ({ path }) => ({ path, namespace: 'other' }));
      onLoad({ filter: /./, namespace: 'other' }, () => ({ contents: '' }));
    },
  };
  return {
    ...shared,
    entryPoints: ['server/src/cli/main.ts'],
    outfile: join(out, `${name}.js`),
    plugins: [others, ...shared.plugins!],
  };
}

const all: readonly BuildOptions[] = [
  {
    ...shared,
    entryPoints: ['client/src/extension.ts'],
    outfile: join(out, 'extension.js'),
    plugins: [clientLibraryOnDemand, ascii],
  },
  { ...shared, entryPoints: [clientLibrary.name], outfile: join(out, clientLibrary.file) },
  { ...shared, entryPoints: ['server/src/language/boot.ts'], outfile: join(out, 'language.js') },
  {
    ...shared,
    entryPoints: ['server/src/language/main.ts'],
    outfile: join(out, 'language-server.js'),
    plugins: [builtinsOnDemand, ascii],
  },
  { ...shared, entryPoints: ['server/src/cluster/main.ts'], outfile: join(out, 'cluster.js') },
  commandLine('cli-files', 'cluster-verbs'),
  commandLine('cli-clusters', 'file-verbs'),
  {
    ...shared,
    entryPoints: ['server/src/cli/boot.ts'],
    outfile: join(out, 'cli.js'),
    banner: { js: `#!/usr/bin/env node\n${shared.banner!.js}` },
  },
];
const programs = all.filter(({ outfile }) => args.only === undefined || outfile === join(out, `${args.only}.js`));

mkdirSync(out, { recursive: true });
if (args.watch) {
  await Promise.all(programs.map(async (options) => (await context(options)).watch()));
} else {
  for (const options of programs) {
    const result = await build(options);
    // Lists the inputs of each bundle, for the test that keeps client-node out of the extension.
    const outputs = Object.entries(result.metafile!.outputs);
    const [, output] = outputs.find(([name]) => name.endsWith('.js'))!;
    const parts = Object.entries(output.inputs);
    const inputs = parts.flatMap(([input, { bytesInOutput }]) => (bytesInOutput > 0 ? [input] : [])).sort();
    writeFileSync(`${options.outfile}.inputs.json`, `${JSON.stringify(inputs, null, 1)}\n`);
  }
  if (existsSync(join(out, 'cli.js'))) chmodSync(join(out, 'cli.js'), 0o755);
}
