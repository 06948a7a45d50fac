// Entry point of dist/language.js: starts dist/language-server.js (main.ts) with the compiled code of an earlier process.
import { fileURLToPath } from 'node:url';
import { runCompiled } from '../disk/compiled.ts';
import { compiledFolder } from '../schema/stored.ts';

runCompiled(fileURLToPath(new URL('language-server.js', import.meta.url)), compiledFolder(process.env));
