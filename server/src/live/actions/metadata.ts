// Sets or removes one label or annotation, written as for `kubectl label` and `kubectl annotate`: `KEY=VALUE`, or `KEY-`.
import { labelValueProblem, lowered, qualifiedNameProblem } from '../../kube/names.ts';
import { at } from '../fields.ts';
import { applierOf, type Change, nameOf, offered, refused } from './action.ts';

const parameter = 'set';

export const label = change('label', 'labels', 'Label...', 'tag', '2_act@9');
export const annotate = change('annotate', 'annotations', 'Annotate...', 'note', '2_act@10');

function change<V extends 'label' | 'annotate'>(
  verb: V,
  field: 'labels' | 'annotations',
  title: string,
  icon: string,
  group: string,
): Change<V> {
  return {
    ...{ is: 'change', verb, title, icon, menu: { group } },
    summary: `set or remove ${verb === 'label' ? 'a label' : 'an annotation'} of an object`,
    parameters: [
      {
        name: parameter,
        title: 'KEY=VALUE to set, KEY- to remove',
        initial: () => '',
        problem: (value) => problemOf(value, field),
      },
    ],
    needs: [{ verb: 'patch' }],
    offeredFor: () => offered,
    change(object, { raw, values }) {
      const { key, value } = parsed(values[parameter] ?? '');
      const now = at(raw, 'metadata', field, key);
      if (value === null && now === undefined) return refused(`${nameOf(object)} has no ${verbName(field)} ${key}.`);
      if (value !== null && now === value)
        return refused(`${nameOf(object)} already has the ${verbName(field)} ${key} with this value.`);
      return { body: { metadata: { [field]: { [key]: value } } }, asSeen: false };
    },
    preview(object) {
      const applier = applierOf(object);
      const kept = `Sets or removes one ${verbName(field)}. Selectors and controllers that read it act on that.`;
      return applier === undefined ? kept : `${kept} ${applier} applies the object and reverts what Git sets.`;
    },
    settled({ before, written, context, values }) {
      if (written.uid !== before.uid)
        return { outcome: 'failed', message: `${nameOf(before)} was replaced by another object.` };
      const { key, value } = parsed(values[parameter] ?? '');
      const has = value === null ? 'no longer has' : 'has';
      return { outcome: 'handled', message: `${nameOf(written)} ${has} the ${verbName(field)} ${key} on ${context}.` };
    },
    words: {
      doing: verb === 'label' ? 'Labelling' : 'Annotating',
      progress: () => undefined,
      pending: ({ now }) => `${nameOf(now)} is being changed.`,
    },
  };
}

function verbName(field: 'labels' | 'annotations'): string {
  return field.slice(0, -1);
}

/** `value` is null where the key is removed. */
function parsed(text: string): { readonly key: string; readonly value: string | null } {
  const equals = text.indexOf('=');
  if (equals === -1) return { key: text.replace(/-$/, ''), value: null };
  return { key: text.slice(0, equals), value: text.slice(equals + 1) };
}

function problemOf(text: string, field: 'labels' | 'annotations'): string | undefined {
  const { key, value } = parsed(text);
  if (value === null && !text.endsWith('-')) return `"${text}" must be KEY=VALUE, or KEY- to remove it.`;
  const wrongKey = qualifiedNameProblem(field === 'labels' ? key : lowered(key));
  if (wrongKey !== undefined) return `The key "${key}" ${wrongKey}.`;
  const wrongValue = field === 'labels' && value !== null ? labelValueProblem(value) : undefined;
  return wrongValue === undefined ? undefined : `The value "${value}" ${wrongValue}.`;
}
