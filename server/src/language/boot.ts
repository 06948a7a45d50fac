// Entry point of dist/language.js: starts dist/language-server.js (main.ts) with the compiled code of an earlier process.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runCompiled } from '../disk/compiled.ts';
import { cacheFolder } from '../schema/stored.ts';

const folder = cacheFolder(process.env);
runCompiled(fileURLToPath(new URL('language-server.js', import.meta.url)), folder && join(folder, 'compiled'));
