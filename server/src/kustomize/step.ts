// What a kustomization of a build provides to the transformers.
import type { Path } from '../syntax/tree.ts';
import type { Reason } from './build-problem.ts';
import type { Origin } from './built.ts';
import type { TransformerConfig } from './config/field-specs.ts';
import { documentsIn } from './inline.ts';
import type { Loaded } from './load.ts';
import { fileNameOf } from './paths.ts';
import { type Run, readerOf } from './run.ts';
import type { Step } from './transformers/transformer.ts';

export function stepOf<T>(
  run: Run<T>,
  { path: kustomization, folder, fields }: Loaded,
  config: TransformerConfig,
): Step {
  const report = (reason: Reason, field: Path, origin: Origin) =>
    void run.problems.push({ reason, kustomization, field, origin });
  return new StepOfRun(run, {
    fields,
    config,
    folderName: fileNameOf(folder),
    changes: run.changes,
    report,
    leaveOut: (field) => void run.incomplete.add(field),
    documentsIn,
    ...readerOf(run, folder, report),
  });
}

type OfRun = 'isNamespaced' | 'schemaOf';

/**
 * Another kustomization of the run may choose the schema meanwhile. A class, because V8 keeps what an accessor of an object
 * literal refers to, which is the whole build, until it collects all memory.
 */
class StepOfRun implements Step {
  readonly fields: Step['fields'];
  readonly config: Step['config'];
  readonly folderName: Step['folderName'];
  readonly changes: Step['changes'];
  readonly documentsOf: Step['documentsOf'];
  readonly contentOf: Step['contentOf'];
  readonly documentsIn: Step['documentsIn'];
  readonly report: Step['report'];
  readonly leaveOut: Step['leaveOut'];
  readonly #run: Pick<Run<unknown>, OfRun>;

  constructor(run: Pick<Run<unknown>, OfRun>, step: Omit<Step, OfRun>) {
    this.fields = step.fields;
    this.config = step.config;
    this.folderName = step.folderName;
    this.changes = step.changes;
    this.documentsOf = step.documentsOf;
    this.contentOf = step.contentOf;
    this.documentsIn = step.documentsIn;
    this.report = step.report;
    this.leaveOut = step.leaveOut;
    this.#run = run;
  }

  get isNamespaced(): Step['isNamespaced'] {
    return this.#run.isNamespaced;
  }

  get schemaOf(): Step['schemaOf'] {
    return this.#run.schemaOf;
  }
}
