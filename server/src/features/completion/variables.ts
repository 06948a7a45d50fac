// Names of variables where one is being written, with their values: those of Flux after `${`, of the Kustomizations that apply
// the file, the inputs of a ResourceSet after `inputs.` between `<<` and `>>`, and those of a ClusterClass in its templates.
import { builtinVariables } from '../../kube/class-variables.ts';
import { nodeAt } from '../../syntax/navigate.ts';
import type { Cursor } from '../cursor.ts';
import { type VariableValue, variablesFor } from '../variables.ts';
import { type Completion, escapeSnippet } from './item.ts';

/** Undefined if no variable is being written. */
export function variableItems(cursor: Cursor): readonly Completion[] | undefined {
  return substituted(cursor) ?? inputItems(cursor) ?? classItems(cursor);
}

function substituted({ workspace, path, document: { text }, offset }: Cursor): readonly Completion[] | undefined {
  const before = /(?<!\$)(?:\$\$)*\$\{(\w*)$/.exec(text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset));
  if (!before) return undefined;
  const start = offset - before[1]!.length;
  const [word = ''] = /^\w*/.exec(text.slice(offset, offset + mostLetters))!;
  const end = offset + word.length;
  // An expression that goes on after the name, as `${NAME:=default}` does, is closed there.
  const close = /^[ \t]*(?:[}:#%^,/=+-]|\[)/.test(text.slice(end, end + 2)) ? '' : '}';
  const items = [...variablesFor(workspace, path)].map(
    ([name, values]): Completion => ({
      ...{ label: name, kind: 'value', detail: detailOf(values), sort: name },
      ...{ insert: escapeSnippet(name + close), start, end },
    }),
  );
  return items.length === 0 ? undefined : items;
}

/** The inputs that the ResourceSet around the cursor lists. */
function inputItems({ manifest, document, offset }: Cursor): readonly Completion[] | undefined {
  const { text, facts } = document;
  const line = text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset);
  const before = /<<(?:(?!>>).)*\binputs\.(\w*)$/.exec(line);
  const sets = before ? facts.objects.filter(({ groupKind }) => groupKind === resourceSet) : [];
  if (!before || sets.length === 0) return undefined;
  const start = offset - before[1]!.length;
  const [word = ''] = /^\w*/.exec(text.slice(offset, offset + mostLetters))!;
  const values = new Map<string, string[]>();
  for (const { path } of sets) {
    const list = nodeAt(manifest.root, [...path, 'spec', 'inputs']);
    for (const inputs of list?.type === 'seq' ? list.items : []) {
      for (const { key, value } of inputs.type === 'map' ? inputs.entries : []) {
        const known = values.get(key.text) ?? [];
        values.set(key.text, value.type === 'scalar' ? [...known, value.text] : known);
      }
    }
  }
  const items = [...values].map(
    ([name, shown]): Completion => ({
      ...{ label: name, kind: 'value', detail: [...new Set(shown)].join(', ').slice(0, mostShown), sort: name },
      ...{ insert: escapeSnippet(name), start, end: offset + word.length },
    }),
  );
  return items.length === 0 ? undefined : items;
}

/** The next step of a variable in a template of the ClusterClass around the cursor. */
function classItems({ manifest, document, offset }: Cursor): readonly Completion[] | undefined {
  const { text, facts } = document;
  const line = text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset);
  const before = /\{\{(?:(?!\}\}).)*?(?:^|[\s({$|])\.((?:\w+\.)*)(\w*)$/.exec(line);
  const classes = before ? facts.objects.filter(({ groupKind }) => groupKind === clusterClass) : [];
  if (!before || classes.length === 0) return undefined;
  const [, above = '', typed = ''] = before;
  const start = offset - typed.length;
  const [word = ''] = /^\w*/.exec(text.slice(offset, offset + mostLetters))!;
  const own = classes.flatMap(({ path }) => {
    const list = nodeAt(manifest.root, [...path, 'spec', 'variables']);
    return (list?.type === 'seq' ? list.items : []).flatMap((one) => {
      const name = nodeAt(one, ['name']);
      return name?.type === 'scalar' ? [name.text] : [];
    });
  });
  const below = [...own, ...builtinVariables].flatMap((path) =>
    path.startsWith(above) ? path.slice(above.length).split('.')[0]! : [],
  );
  const items = [...new Set(below)].map(
    (name, rank): Completion => ({
      ...{ label: name, kind: 'value', sort: String(rank).padStart(4, '0') },
      ...{ insert: escapeSnippet(name), start, end: offset + word.length },
    }),
  );
  return items.length === 0 ? undefined : items;
}

const clusterClass = 'cluster.x-k8s.io/ClusterClass';

const resourceSet = 'fluxcd.controlplane.io/ResourceSet';

/** Longer names aren't replaced to their end. */
const mostLetters = 200;

/** The distinct values; those of Secrets aren't shown. */
function detailOf(values: readonly VariableValue[]): string {
  const shown = new Set(
    values.map(({ value, isSecret }) => (isSecret ? 'a secret' : value === undefined ? 'unknown' : value)),
  );
  const [first = '', ...others] = shown;
  const line = first.length > mostShown ? `${first.slice(0, mostShown)}…` : first === '' ? 'empty' : first;
  return others.length === 0 ? line : `${line} and ${others.length} other ${others.length === 1 ? 'value' : 'values'}`;
}

const mostShown = 60;
