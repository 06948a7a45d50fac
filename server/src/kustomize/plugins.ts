// The built-in plugins of `generators`, `transformers` and `validators`: each does the work of a field of kustomizations with
// a configuration of its own (api/internal/plugins). Other plugins are programs, which are never run.
import { parseManifest } from '../syntax/manifest.ts';
import type { Path } from '../syntax/tree.ts';
import type { Reason } from './build-problem.ts';
import {
  type Built,
  type BuiltMap,
  builtAt,
  builtFrom,
  builtValue,
  emptyMap,
  type Origin,
  scalarOf,
  textAt,
  withEntry,
  withValueAt,
} from './built.ts';
import type { FieldSpec } from './config/field-specs.ts';
import { readFieldSpecs } from './config/read.ts';
import { decode, type Shape } from './config/shape.ts';
import * as shapes from './config/shapes.ts';
import { type Generated, generated } from './generators/generator.ts';
import { withHash } from './generators/hash.ts';
import { type BuiltObject, gvkIn } from './objects.ts';
import { retagged } from './transformers/images.ts';
import { withPairs } from './transformers/labels.ts';
import { renamed } from './transformers/names.ts';
import { moved, subjectModes } from './transformers/namespace.ts';
import { mergeListed, operated, patched } from './transformers/patches.ts';
import { readReplacements, replacedBy } from './transformers/replacements.ts';
import { scaled } from './transformers/replicas.ts';
import { filledText, isOn, itemsOf, mapsOf, type Objects, type Step, stepWith } from './transformers/transformer.ts';
import { valueAdded, valueTargets } from './transformers/value-add.ts';

/** A plugin's configuration, and the entry of the kustomization that lists it. */
export interface Plugin {
  readonly value: BuiltMap;
  readonly field: Path;
  /** The file of the configuration, relative to the folder that is built. */
  readonly file: string;
}

interface Generator {
  readonly shape: Shape;
  run(step: Step): readonly Generated[];
}

interface Transformer {
  readonly shape: Shape;
  run(objects: Objects, step: Step): Objects;
}

const { fieldSpecs, objectMeta, selector } = shapes;
const texts: Shape = { list: 'text' };
const pairs: Shape = { map: 'text' };

const generators: Readonly<Record<string, Generator>> = {
  ConfigMapGenerator: {
    shape: { fields: { metadata: objectMeta, ...shapes.configMapArgs } },
    run: (step) => generatedFrom(step, 'ConfigMap'),
  },
  SecretGenerator: {
    shape: { fields: { metadata: objectMeta, ...shapes.secretArgs } },
    run: (step) => generatedFrom(step, 'Secret'),
  },
  IAMPolicyGenerator: {
    shape: {
      fields: {
        cloud: 'text',
        kubernetesService: { fields: { name: 'text', namespace: 'text' } },
        serviceAccount: { fields: { name: 'text', projectId: 'text' } },
      },
    },
    run: serviceAccountOf,
  },
};

const transformers: Readonly<Record<string, Transformer>> = {
  AnnotationsTransformer: {
    shape: { fields: { annotations: pairs, fieldSpecs } },
    run: (objects, step) =>
      withPairs(objects, step, { pairs: at(step, 'annotations'), specs: specsIn(step), field: [] }),
  },
  LabelTransformer: {
    shape: { fields: { labels: pairs, fieldSpecs } },
    run: (objects, step) => withPairs(objects, step, { pairs: at(step, 'labels'), specs: specsIn(step), field: [] }),
  },
  HashTransformer: { shape: { fields: {} }, run: (objects) => objects.map(withHash) },
  ImageTagTransformer: {
    shape: { fields: { imageTag: shapes.image, fieldSpecs } },
    run: (objects, step) =>
      retagged(objects, step, { image: mapIn(step, 'imageTag'), specs: specsIn(step), field: [] }),
  },
  NamespaceTransformer: {
    shape: { fields: { metadata: objectMeta, fieldSpecs, unsetOnly: 'flag', setRoleBindingSubjects: 'text' } },
    run: movedBy,
  },
  PatchJson6902Transformer: {
    shape: { fields: { target: selector, path: 'text', jsonOp: 'text' } },
    run: (objects, step) => operated(objects, step, { entry: step.fields, field: [], inline: 'jsonOp' }),
  },
  PatchStrategicMergeTransformer: {
    shape: { fields: { paths: texts, patches: 'text' } },
    run: (objects, step) => {
      const inline = filledText(step.fields, ['patches']);
      const entries = [...itemsOf(step, 'paths').map(([entry]) => entry), ...(inline ? [inline] : [])];
      const listed = entries.map((entry) => [entry, []] as const);
      return mergeListed(objects, step, listed, { field: [], origin: step.fields.origin });
    },
  },
  PatchTransformer: {
    shape: { fields: shapes.patch },
    run: (objects, step) => patched(objects, step, step.fields, []),
  },
  PrefixTransformer: { shape: { fields: { prefix: 'text', fieldSpecs } }, run: prefixed },
  SuffixTransformer: { shape: { fields: { suffix: 'text', fieldSpecs } }, run: suffixed },
  PrefixSuffixTransformer: {
    shape: { fields: { prefix: 'text', suffix: 'text', fieldSpecs } },
    run: (objects, step) => suffixed(prefixed(objects, step), step),
  },
  ReplacementTransformer: {
    shape: { fields: { replacements: shapes.replacements } },
    run: (objects, step) => replacedBy(objects, step, readReplacements(step, mapsOf(step, 'replacements'))),
  },
  ReplicaCountTransformer: {
    shape: { fields: { replica: shapes.replica, fieldSpecs } },
    run: (objects, step) => scaled(objects, step, { replica: mapIn(step, 'replica'), specs: specsIn(step), field: [] }),
  },
  ValueAddTransformer: {
    shape: { fields: { value: 'text', targets: valueTargets, targetFilePath: 'text' } },
    run: valueAdded,
  },
};

export function runGenerators(step: Step, plugins: readonly Plugin[]): readonly Generated[] {
  return plugins.flatMap((plugin) => {
    const [generator, inner] = found(step, plugin, generators, 'generator') ?? [];
    return generator && inner ? generator.run(inner) : [];
  });
}

export function runTransformer(objects: Objects, step: Step, plugin: Plugin): Objects {
  const [transformer, inner] = found(step, plugin, transformers, 'transformer') ?? [];
  return transformer && inner ? transformer.run(objects, inner) : objects;
}

/** A validator may report problems, but not change objects. */
export function runValidator(objects: Objects, step: Step, plugin: Plugin): void {
  const after = runTransformer(objects, step, plugin);
  if (after !== objects && !isSame(objects, after))
    step.report({ kind: 'validator-changes-objects', plugin: kindOf(plugin) }, plugin.field, plugin.value.origin);
}

function isSame(before: Objects, after: Objects): boolean {
  const texts = [before, after].map((objects) =>
    JSON.stringify(
      objects.map(({ value }) => builtValue(value)),
      printable,
    ),
  );
  return texts[0] === texts[1];
}

function printable(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' || typeof value === 'symbol' ? String(value) : value;
}

function kindOf({ value }: Plugin): string {
  return textAt(value, ['kind']) ?? '';
}

/** The plugin of a kind and the step with its configuration; undefined if there is none, which is reported. */
function found<T extends { readonly shape: Shape }>(
  step: Step,
  plugin: Plugin,
  kinds: Readonly<Record<string, T>>,
  expected: 'generator' | 'transformer',
): readonly [T, Step] | undefined {
  const { value, field } = plugin;
  const { group, version } = gvkIn(value);
  const kind = kindOf(plugin);
  const isProgram = group !== '' || version !== 'builtin' || kind === 'HelmChartInflationGenerator';
  if (isProgram) {
    step.leaveOut(String(field[0]));
    return undefined;
  }
  const known = Object.hasOwn(kinds, kind) ? kinds[kind] : undefined;
  if (!known) {
    const isOther = Object.hasOwn(generators, kind) || Object.hasOwn(transformers, kind);
    const reason: Reason = isOther
      ? { kind: 'wrong-plugin', plugin: kind, expected }
      : { kind: 'unknown-plugin', plugin: kind };
    step.report(reason, field, builtAt(value, ['kind'])?.origin ?? value.origin);
    return undefined;
  }
  let isValid = true;
  const report = (reason: Reason, _path: Path, origin: Origin) => {
    isValid = false;
    step.report(reason, field, origin);
  };
  const fields = decode(value, known.shape, { strict: false, converts: true }, report);
  if (!isValid || fields?.kind !== 'map') return undefined;
  return [known, stepWith(step, { fields, report: (reason, _path, origin) => step.report(reason, field, origin) })];
}

function at(step: Step, field: string): Built | undefined {
  return builtAt(step.fields, [field]);
}

function mapIn(step: Step, field: string): BuiltMap {
  const value = at(step, field);
  return value?.kind === 'map' ? value : emptyMap(step.fields.origin);
}

function specsIn(step: Step): readonly FieldSpec[] {
  return readFieldSpecs(at(step, 'fieldSpecs'));
}

/** Unlike other plugins, those for names require the fields that they change. */
function prefixed(objects: Objects, step: Step): Objects {
  return affixed(objects, step, 'prefixes', 'prefix');
}

function suffixed(objects: Objects, step: Step): Objects {
  return affixed(objects, step, 'suffixes', 'suffix');
}

function affixed(objects: Objects, step: Step, part: 'prefixes' | 'suffixes', setting: string): Objects {
  if (at(step, 'fieldSpecs')?.kind !== 'list') {
    step.report({ kind: 'missing-setting', setting: 'fieldSpecs' }, [], step.fields.origin);
    return objects;
  }
  const text = filledText(step.fields, [setting]) ?? scalarOf('', step.fields.origin);
  return renamed(objects, step, { part, text, specs: specsIn(step), field: [] });
}

function movedBy(objects: Objects, step: Step): Objects {
  const mode = filledText(step.fields, ['setRoleBindingSubjects']);
  const subjects = mode ? subjectModes.find((one) => one === mode.text) : 'defaultOnly';
  if (!subjects) {
    step.report({ kind: 'unknown-subject-mode', mode: mode!.text }, [], mode!.origin);
    return objects;
  }
  const namespace = filledText(step.fields, ['metadata', 'namespace']);
  if (!namespace) return objects;
  return moved(objects, step, {
    namespace,
    subjects,
    specs: specsIn(step),
    unsetOnly: isOn(step.fields, ['unsetOnly']),
    field: [],
  });
}

/** The name and namespace of the plugin are those of the object unless its settings say otherwise. */
function generatedFrom(step: Step, kind: 'ConfigMap' | 'Secret'): readonly Generated[] {
  let entry = step.fields;
  for (const field of ['name', 'namespace']) {
    const own = builtAt(entry, ['metadata', field]);
    if (own && !filledText(entry, [field])) entry = withEntry(entry, field, own);
  }
  const one = generated(step, { kind, entry, field: [], options: [builtAt(entry, ['options'])] });
  return one ? [one] : [];
}

/** A ServiceAccount of Google's Kubernetes Engine that acts as one of the cloud's. */
function serviceAccountOf(step: Step): readonly Generated[] {
  const { fields } = step;
  const text = (...path: readonly string[]) => textAt(fields, path) ?? '';
  if (text('cloud') !== 'gke') {
    step.report({ kind: 'unknown-cloud', cloud: text('cloud') }, [], at(step, 'cloud')?.origin ?? fields.origin);
    return [];
  }
  const { origin } = fields;
  const [name, namespace] = ['name', 'namespace'].map((key) => filledText(fields, ['kubernetesService', key]));
  const account = `${text('serviceAccount', 'name')}@${text('serviceAccount', 'projectId')}.iam.gserviceaccount.com`;
  // kustomize puts the texts into one of YAML and reads that.
  const manifest = parseManifest(
    [
      'apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  annotations:',
      `    iam.gke.io/gcp-service-account: ${account}`,
      `  name: ${name?.text ?? ''}`,
      ...(namespace ? [`  namespace: ${namespace.text}`] : []),
    ].join('\n'),
  );
  const isBroken = manifest.findings.some(({ severity }) => severity === 'error');
  const read = manifest.root && !isBroken ? builtFrom(manifest.root, () => origin, 'object') : undefined;
  if (read?.kind !== 'map') {
    step.report({ kind: 'invalid-yaml' }, [], origin);
    return [];
  }
  const value = [name, namespace].reduce<BuiltMap>((done, one, index) => {
    const path = ['metadata', index === 0 ? 'name' : 'namespace'];
    const scalar = builtAt(done, path);
    return (one && scalar && withValueAt(done, path, { ...scalar, origin: one.origin })) || done;
  }, read);
  const object: BuiltObject = { value, previous: [], generated: true };
  return [{ object, behavior: '', field: [], origin }];
}
