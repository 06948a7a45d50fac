// Entry point of dist/language-server.js, which boot.ts starts: the language server over standard input and output.
import { serve } from './server.ts';

serve(process.stdin, process.stdout);
