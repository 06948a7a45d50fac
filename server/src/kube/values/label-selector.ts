// Label selectors as text: `app=web,tier in (a, b),!legacy` (apimachinery/pkg/labels/selector.go).

export interface Requirement {
  readonly key: string;
  readonly operator: 'in' | 'notin' | 'exists' | 'absent' | 'greater' | 'less';
  readonly values: readonly string[];
}

/** Empty selects everything; undefined is no selector. */
export function parseLabelSelector(text: string): readonly Requirement[] | undefined {
  if (text.trim() === '') return [];
  const requirements = splitOutside(text).map(parseRequirement);
  return requirements.every((one) => one !== undefined) ? requirements : undefined;
}

export function matchesLabels(requirements: readonly Requirement[], labels: ReadonlyMap<string, string>): boolean {
  return requirements.every((requirement) => matches(requirement, labels.get(requirement.key)));
}

function matches({ operator, values }: Requirement, value: string | undefined): boolean {
  switch (operator) {
    case 'exists':
      return value !== undefined;
    case 'absent':
      return value === undefined;
    case 'in':
      return value !== undefined && values.includes(value);
    case 'notin':
      return value === undefined || !values.includes(value);
    case 'greater':
    case 'less':
      return value !== undefined && isBeyond(value, values[0]!, operator);
  }
}

function isBeyond(value: string, bound: string, operator: 'greater' | 'less'): boolean {
  if (!/^[-+]?\d+$/.test(value)) return false;
  return operator === 'greater' ? BigInt(value) > BigInt(bound) : BigInt(value) < BigInt(bound);
}

/** At commas outside parentheses. */
function splitOutside(text: string): readonly string[] {
  return text.match(/(?:[^,(]|\([^)]*\)?)+|(?<=,|^)(?=,|$)/g) ?? [];
}

const name = String.raw`[A-Za-z0-9](?:[A-Za-z0-9_.\-/]*[A-Za-z0-9])?`;
const word = String.raw`[A-Za-z0-9_.\-]*`;
const forms = {
  exists: new RegExp(String.raw`^\s*(!?)\s*(${name})\s*$`),
  equal: new RegExp(String.raw`^\s*(${name})\s*(==?|!=)\s*(${word})\s*$`),
  bound: new RegExp(String.raw`^\s*(${name})\s*([<>])\s*([-+]?\d+)\s*$`),
  set: new RegExp(String.raw`^\s*(${name})\s+(in|notin)\s*\(\s*([^()]*?)\s*\)\s*$`),
};

function parseRequirement(text: string): Requirement | undefined {
  const exists = forms.exists.exec(text);
  if (exists) return { key: exists[2]!, operator: exists[1] ? 'absent' : 'exists', values: [] };
  const equal = forms.equal.exec(text);
  if (equal) return { key: equal[1]!, operator: equal[2] === '!=' ? 'notin' : 'in', values: [equal[3]!] };
  const bound = forms.bound.exec(text);
  if (bound) return { key: bound[1]!, operator: bound[2] === '>' ? 'greater' : 'less', values: [bound[3]!] };
  const set = forms.set.exec(text);
  if (!set) return undefined;
  const values = set[3]!.split(',').map((value) => value.trim());
  if (!values.every((value) => new RegExp(`^${word}$`).test(value))) return undefined;
  return { key: set[1]!, operator: set[2] as 'in' | 'notin', values };
}
