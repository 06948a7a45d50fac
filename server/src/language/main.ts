// Entry point of dist/language.js: the language server over standard input and output.
import { serve } from './server.ts';

serve(process.stdin, process.stdout);
