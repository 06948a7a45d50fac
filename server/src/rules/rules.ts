// Every rule there is, in the order they run.
import { crdCopies } from './crd-copies.ts';
import type { Rule } from './rule.ts';

export const rules: readonly Rule[] = [crdCopies];
