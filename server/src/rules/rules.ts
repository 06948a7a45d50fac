// All rules, in the order in which they run.
import { crdCopies } from './crd-copies.ts';
import { cycles } from './cycles.ts';
import type { Rule } from './rule.ts';

export const rules: readonly Rule[] = [crdCopies, cycles];
