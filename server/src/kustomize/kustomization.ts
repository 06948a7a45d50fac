// Reads which files a kustomization applies, which are patches and which are data, and what it changes. The fields are
// those of sigs.k8s.io/kustomize/api/types/kustomization.go, including legacy forms.
import type { Node, Value } from '../syntax/tree.ts';
import { isObject, type ObjectValue, toTextValue, toValue } from '../syntax/value.ts';
import { everything, type PatchPart, patchParts, type Touches } from './patch.ts';

export interface KustomizationFacts {
  /** The files and folders it applies: `resources`, `components`, `bases`, `crds`. As written, including remote ones. */
  readonly applies: readonly string[];
  /** Patch files. */
  readonly patches: readonly string[];
  /** Data files: those of generators, Helm values, configuration of transformers and schemas. */
  readonly inputs: readonly string[];
  /** Folders of components, whose patches apply to all objects of this kustomization. */
  readonly components: readonly string[];
  readonly changes: Changes;
  /** Set on all applied objects. */
  readonly namespace?: string;
}

/** How a kustomization may change the objects it applies before the API server receives them. */
export interface Changes {
  readonly completes: readonly Completion[];
  /** Inline patches. */
  readonly patches: readonly InlinePatch[];
  readonly patchFiles: readonly PatchFile[];
  /** Whether `$(NAME)` in strings is replaced. */
  readonly vars: boolean;
  /** The kinds whose objects are renamed: Namespaces by `namespace`, any kind by a prefix or suffix. */
  readonly renames: readonly string[];
}

/** The objects of which fields are set or replaced, and the fields. */
export interface Completion extends Target {
  readonly touches: Touches;
}

/** Kind and name are regular expressions, as in kustomize; a missing one matches any. */
export interface Target {
  readonly kind?: string;
  readonly name?: string;
}

/** Parsed only when its fields are needed, which is rare: few objects have problems. */
export interface InlinePatch {
  readonly text: string;
  readonly target?: Target;
}

/** A patch file for its target; without one, for the objects it names. */
export interface PatchFile {
  /** As written. */
  readonly path: string;
  readonly target?: Target;
}

/** Undefined for a value without any field of a kustomization: a file without apiVersion and kind may be anything. */
export function readKustomization(root: Node): KustomizationFacts | undefined {
  const value = toValue(root);
  if (!isObject(value) || !Object.keys(value).some((key) => ownFields.has(key))) return undefined;
  const text = (key: string) => texts(value[key]);
  const namespace = value.namespace;
  return {
    applies: [...text('resources'), ...text('components'), ...text('bases'), ...text('crds')],
    patches: [
      ...text('patchesStrategicMerge').filter((patch) => !patch.includes('\n')),
      ...maps(value.patches).flatMap((patch) => texts([patch.path ?? null])),
      ...maps(value.patchesJson6902).flatMap((patch) => texts([patch.path ?? null])),
      // kustomize's first format listed patch files under `patches` as plain names.
      ...text('patches'),
    ],
    inputs: [
      ...text('configurations'),
      ...text('transformers'),
      ...text('generators'),
      ...text('validators'),
      ...maps(value.replacements).flatMap((one) => texts([one.path ?? null])),
      ...generators(value).flatMap(generatorFiles),
      ...maps(value.helmCharts).flatMap((chart) => [
        ...texts([chart.valuesFile ?? null]),
        ...texts(chart.additionalValuesFiles),
      ]),
      ...maps([value.openapi ?? null]).flatMap((one) => texts([one.path ?? null])),
    ],
    components: text('components'),
    changes: changesOf(root),
    ...(typeof namespace === 'string' && { namespace }),
  };
}

/** The changes of a kustomization or of the spec of Flux's Kustomization, which has the same patch fields. */
export function changesOf(root: Node): Changes {
  // The text of a patch with variables is known, only its values are not.
  const read = toTextValue(root);
  const value = isObject(read) ? read : {};
  const patches = [...maps(value.patches), ...maps(value.patchesJson6902)];
  const listed = [...texts(value.patchesStrategicMerge), ...texts(value.patches)];
  const rewritten = value.transformers ?? value.configurations ?? null;
  return {
    completes: [
      ...maps(value.replacements).flatMap(replaced),
      ...(addsSelectors(value) ? [{ touches: labels }] : []),
      ...(rewritten === null ? [] : [{ touches: everything }]),
    ],
    patches: [
      ...patches.flatMap(({ patch, target }): InlinePatch[] => {
        const of = targetOf(target);
        return typeof patch === 'string' ? [{ text: patch, ...(of && { target: of }) }] : [];
      }),
      ...listed.filter(isInline).map((text) => ({ text })),
    ],
    patchFiles: [
      ...patches.flatMap(({ path, target }): PatchFile[] => {
        const of = targetOf(target);
        return typeof path === 'string' ? [{ path, ...(of && { target: of }) }] : [];
      }),
      ...listed.filter((patch) => !isInline(patch)).map((path) => ({ path })),
    ],
    vars: maps(value.vars).length > 0,
    renames: [
      ...(typeof value.namespace === 'string' || typeof value.targetNamespace === 'string' ? ['Namespace'] : []),
      ...(value.namePrefix !== undefined || value.nameSuffix !== undefined || rewritten !== null || value.replacements
        ? ['*']
        : []),
    ],
  };
}

/** The completions of a patch: for its target or, without one, for the objects that it names. */
export function completionsOf(parts: readonly PatchPart[], target: Target | undefined): readonly Completion[] {
  return parts.map(({ touches, kind, name }) => ({
    ...(target ?? { ...(kind !== undefined && { kind }), ...(name !== undefined && { name }) }),
    touches,
  }));
}

const read = new WeakMap<InlinePatch, readonly Completion[]>();

export function completionsOfInline(patch: InlinePatch): readonly Completion[] {
  const known = read.get(patch);
  if (known) return known;
  const completions = completionsOf(patchParts(patch.text), patch.target);
  read.set(patch, completions);
  return completions;
}

function isInline(patch: string): boolean {
  return patch.includes('\n');
}

function targetOf(target: Value | undefined): Target | undefined {
  if (!isObject(target)) return undefined;
  const { kind, name } = target;
  return {
    ...(typeof kind === 'string' && kind !== '' && { kind }),
    ...(typeof name === 'string' && name !== '' && { name }),
  };
}

/** The completions of a replacement; one in a separate file may touch everything. */
function replaced(replacement: ObjectValue): readonly Completion[] {
  const { targets } = replacement;
  if (!Array.isArray(targets)) return [{ touches: everything }];
  return maps(targets).map((target) => {
    const fields = texts(target.fieldPaths).map((path) => path.replace(/\.?(?:\[.*|(?:\d+|\*|-)(?:\..*)?$)/, ''));
    return {
      ...targetOf(target.select),
      touches: fields.length > 0 ? { fields, replaced: texts(target.fieldPaths) } : everything,
    };
  });
}

/** Whether labels are also set in selectors, which adds a missing selector. */
function addsSelectors({ commonLabels, labels }: ObjectValue): boolean {
  return isObject(commonLabels) || maps(labels).some((one) => one.includeSelectors === true);
}

const labels: Touches = {
  fields: ['metadata', 'spec.selector', 'spec.template.metadata', 'spec.jobTemplate', 'spec.volumeClaimTemplates'],
  replaced: [],
};

const ownFields = new Set([
  'resources',
  'components',
  'bases',
  'crds',
  'patches',
  'patchesStrategicMerge',
  'patchesJson6902',
  'configMapGenerator',
  'secretGenerator',
  'helmCharts',
  'namePrefix',
  'nameSuffix',
  'commonLabels',
  'commonAnnotations',
  'images',
  'replacements',
  'transformers',
  'generators',
]);

function generators(value: ObjectValue): readonly ObjectValue[] {
  return [...maps(value.configMapGenerator), ...maps(value.secretGenerator)];
}

/** Entries of `files` are `path` or `key=path`. */
function generatorFiles(generator: ObjectValue): readonly string[] {
  const files = texts(generator.files).map((file) => file.slice(file.indexOf('=') + 1));
  return [...files, ...texts(generator.envs), ...texts([generator.env ?? null])];
}

function texts(value: Value | undefined): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

function maps(value: Value | undefined): readonly ObjectValue[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}
