// The fields that transformers change in a build: kustomize's own, those of `configurations` and those of `crds`
// (api/internal/plugins/builtinconfig, api/internal/accumulator/loadconfigfromcrds.go).
import type { Path } from '../syntax/tree.ts';
import type { Reason } from './build-problem.ts';
import { type Built, type BuiltMap, builtAt, builtFrom, type Origin } from './built.ts';
import { configOfDefinitions, definitionsShape } from './config/crds.ts';
import { defaultConfig } from './config/defaults.ts';
import { emptyConfig, mergeConfigs, type TransformerConfig } from './config/field-specs.ts';
import { readConfig } from './config/read.ts';
import { decode, type Shape } from './config/shape.ts';
import { transformerConfig } from './config/shapes.ts';
import { isJson } from './go-json.ts';
import { type Step, stringsOf } from './transformers/transformer.ts';

interface Listed {
  readonly path: string;
  readonly place: Path;
  readonly origin: Origin;
}

/**
 * The fields of `configurations` are added to the defaults, and both to those of the bases. A field that is configured for a
 * kind hides one for all kinds that comes after it in the order of kinds.
 */
export function configured(step: Step, given: TransformerConfig): TransformerConfig {
  const merged = (one: TransformerConfig, more: TransformerConfig, field: Path, origin: Origin) => {
    const config = mergeConfigs(one, more);
    if (!('conflict' in config)) return config;
    step.report({ kind: 'conflicting-configuration', path: config.conflict.path }, field, origin);
    return one;
  };
  const inFiles = (field: 'configurations' | 'crds', read: (path: Listed) => TransformerConfig | undefined) =>
    stringsOf(step, field).reduce((config, [path, place, origin]) => {
      const more = read({ path, place, origin });
      return more ? merged(config, more, place, origin) : config;
    }, emptyConfig);
  const more = inFiles('configurations', (listed) => {
    const root = configurationIn(step, listed, transformerConfig, true);
    return root && readConfig(root);
  });
  const defined = inFiles('crds', (listed) => {
    const root = configurationIn(step, listed, definitionsShape, false);
    return root && configOfDefinitions(root);
  });
  const { origin } = builtAt(step.fields, ['configurations']) ?? step.fields;
  const own = merged(defaultConfig, more, ['configurations'], origin);
  return merged(merged(given, own, ['configurations'], origin), defined, ['crds'], origin);
}

/** The first document of a file, decoded; undefined if it can't be read, which is reported. */
function configurationIn(
  step: Step,
  { path, place, origin }: Listed,
  shape: Shape,
  strict: boolean,
): BuiltMap | undefined {
  const documents = step.documentsOf(path, place, origin) ?? [];
  const [document] = documents;
  const root = document?.manifest.root;
  if (!document || !root) return undefined;
  // A number that JSON has no form for may be converted to a text.
  const error = document.manifest.findings.find(
    ({ severity, rule }) => severity === 'error' && rule !== 'syntax/not-json',
  );
  // What begins with a brace is decoded as JSON if it isn't a transformer configuration.
  const isBroken =
    !strict &&
    document.manifest.text.startsWith('{') &&
    !isJson(documents.map(({ manifest }) => manifest.text).join(''));
  if (error || isBroken) {
    step.report({ kind: 'invalid-yaml' }, place, document.locate(error?.start ?? 0, error?.end ?? 0));
    return undefined;
  }
  const value: Built = builtFrom(root, document.locate, 'configuration');
  const report = (reason: Reason, _field: Path, found: Origin) => step.report(reason, place, found);
  const decoded = decode(value, shape, { strict, converts: true }, report);
  return decoded?.kind === 'map' ? decoded : undefined;
}
