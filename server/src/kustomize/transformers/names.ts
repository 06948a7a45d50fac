// `namePrefix` and `nameSuffix`: change the names of all objects (api/internal/builtins/PrefixTransformer.go,
// SuffixTransformer.go). name-references.ts updates the references to them.
import type { Path } from '../../syntax/tree.ts';
import { type BuiltScalar, changedText } from '../built.ts';
import { type FieldSpec, isSelected } from '../config/field-specs.ts';
import { changeFields } from '../field-spec.ts';
import { withKept, withoutKept } from '../kept.ts';
import { type BuiltObject, idOf, previousIds, remembering } from '../objects.ts';
import { changeAgain, filledText, type Objects, type Step, stepWith, type Transformer } from './transformer.ts';

export const prefixTransformer: Transformer = (objects, step) => {
  const prefix = filledText(step.fields, ['namePrefix']);
  if (!prefix) return objects;
  return renamed(objects, step, {
    part: 'prefixes',
    text: prefix,
    specs: step.config.namePrefix,
    field: ['namePrefix'],
  });
};

export const suffixTransformer: Transformer = (objects, step) => {
  const suffix = filledText(step.fields, ['nameSuffix']);
  if (!suffix) return objects;
  return renamed(objects, step, {
    part: 'suffixes',
    text: suffix,
    specs: step.config.nameSuffix,
    field: ['nameSuffix'],
  });
};

interface Renaming {
  readonly part: 'prefixes' | 'suffixes';
  readonly text: BuiltScalar;
  readonly specs: readonly FieldSpec[];
  readonly field: Path;
}

/** The names of these kinds are part of other names, or are those that `namespace` sets. */
const kept = [
  { group: '', version: '', kind: 'CustomResourceDefinition' },
  { group: 'apiregistration.k8s.io', version: '', kind: 'APIService' },
  { group: '', version: '', kind: 'Namespace' },
];

export function renamed(objects: Objects, step: Step, renaming: Renaming): Objects {
  const { part, text, specs, field } = renaming;
  return changeAgain(objects, step, [part, text, specs, field, step.isNamespaced], (object, report) => {
    const { gvk } = previousIds(object)[0] ?? idOf(object.value);
    if (kept.some((selector) => isSelected(gvk, selector))) return object;
    return specs
      .filter((spec) => isSelected(gvk, spec.gvk))
      .reduce((done, spec) => renamedAt(done, stepWith(step, { report }), renaming, spec), object);
  });
}

function renamedAt(object: BuiltObject, step: Step, { part, text, field }: Renaming, spec: FieldSpec): BuiltObject {
  const isName = spec.path === 'metadata/name';
  const touches = spec.path === 'metadata/annotations';
  const value = changeFields(touches ? withKept(object, step.isNamespaced) : object.value, spec, {
    creates: 'scalar',
    origin: text.origin,
    to(written) {
      if (written.kind !== 'scalar')
        return { fault: { reason: { kind: 'not-a-scalar', path: spec.path }, origin: written.origin } };
      const name = part === 'prefixes' ? `${text.text}${written.text}` : `${written.text}${text.text}`;
      return changedText(written, name, text.origin);
    },
  });
  if ('fault' in value) {
    step.report(value.fault.reason, field, value.fault.origin);
    return object;
  }
  if (touches) return withoutKept(object, value);
  if (!isName || text.text === '') return { ...object, value };
  return { ...remembering(object), value, [part]: [...(object[part] ?? []), text.text] };
}
