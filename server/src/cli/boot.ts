// Entry of dist/cli.js, the `capstan` program: runs the program that has the verb (main.ts) with the code that V8 compiled
// for it when the same verb ran before, which saves a seventh of the time of a short one.
import { fileURLToPath } from 'node:url';
import { runCompiled } from '../disk/compiled.ts';
import { compiledFolder } from '../schema/stored.ts';
import { isFileVerb } from './verbs.ts';

const [verb = ''] = process.argv.slice(2);
const use = /^[a-z]{2,20}$/.test(verb) ? verb : 'help';
const program = isFileVerb(verb) ? 'cli-files.js' : 'cli-clusters.js';
runCompiled(fileURLToPath(new URL(program, import.meta.url)), compiledFolder(process.env), {
  use,
  writes: 'at-exit',
});
