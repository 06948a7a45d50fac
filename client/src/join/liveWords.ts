// What is said in the editor of the live objects of an object in a file.
import { groupedBy } from '../../../server/src/kube/grouped.ts';
import type { LiveState } from '../../../server/src/protocol.ts';
import { plain } from '../plain.ts';
import { lookOf } from '../views/rows.ts';

type Stated = Pick<LiveState, 'context' | 'state' | 'description' | 'delivery'>;

/** States that a lens tells apart; the rest are counted. */
const mostGroups = 3;
/** Contexts of one state that are named; more are counted. */
const mostNamed = 3;
const longest = 60;

/** `failed on shop-prod (image not found) · ready on aws-master, dc-master`: what needs somebody first. */
export function lensTitle(states: readonly Stated[]): string {
  const groups = groupedBy(worstFirst(states), wordOf);
  const told = [...groups].slice(0, mostGroups).map(([word, same]) => {
    const [first, ...others] = same;
    const why = others.length === 0 && isTelling(first!) ? ` (${short(first!.description)})` : '';
    return `${word} on ${whereOf(same)}${why}`;
  });
  const left = groups.size - told.length;
  const held = states.filter(({ delivery }) => delivery?.state === 'suspended');
  return plain(
    [
      ...told,
      ...(left > 0 ? [`${left} more`] : []),
      // Nothing that is changed in the file arrives there.
      ...(held.length > 0 ? [`delivery suspended on ${whereOf(held)}`] : []),
    ].join(' · '),
  );
}

/** `aws-master: ready, 3/3`, and what applies it. */
export function hoverLines({ context, state, description, delivery }: Stated): readonly string[] {
  const own = `${context}: ${said({ state, description })}`;
  return delivery ? [own, `applied by ${delivery.name}: ${said(delivery)}`] : [own];
}

/** Most descriptions don't repeat the state. */
function said({ state, description }: Pick<Stated, 'state' | 'description'>): string {
  const word = wordOf({ state, description });
  return description === '' ? word : description.startsWith(word) ? description : `${word}, ${description}`;
}

function whereOf(same: readonly Stated[]): string {
  const contexts = [...new Set(same.map(({ context }) => context))];
  return contexts.length > mostNamed ? `${contexts.length} clusters` : contexts.join(', ');
}

/** Of what is ready, the state is enough. */
function isTelling({ state, description }: Stated): boolean {
  return state !== 'ready' && state !== 'none' && description !== '';
}

/** Of an object whose state isn't known, the description is all that there is. */
export function wordOf({ state, description }: Pick<Stated, 'state' | 'description'>): string {
  return lookOf({ state, kind: '' }).word || description;
}

const order: readonly LiveState['state'][] = [
  'failed',
  'denied',
  'deleting',
  'suspended',
  'progressing',
  'unknown',
  'none',
  'ready',
];

export function worstFirst<T extends Stated>(states: readonly T[]): readonly T[] {
  return states.toSorted((a, b) => order.indexOf(a.state) - order.indexOf(b.state));
}

function short(text: string): string {
  return text.length <= longest ? text : `${text.slice(0, longest).trimEnd()}…`;
}
