import { expect, test } from 'vitest';
import { unknown, type Value } from '../syntax/tree.ts';
import { renderTemplate } from './go-template.ts';

const inputs: Value = {
  tenant: 'Team One',
  replicas: 3n,
  big: 1_500_000n,
  ratio: 0.5,
  on: true,
  off: false,
  empty: '',
  tags: ['a', 'b'],
  labels: { z: '1', a: 'x y' },
  users: [{ name: 'ann' }, { name: 'bob' }],
  secret: unknown,
};

function rendered(template: string): string {
  const { parts, isIncomplete } = renderTemplate(template, inputs);
  const text = parts.map(({ text, isHole }) => (isHole ? `[hole ${text}]` : text)).join('');
  return isIncomplete ? `${text} (incomplete)` : text;
}

test.each([
  ['no action < > <a>', 'no action < > <a>'],
  ['<< inputs.tenant >>-<<inputs.replicas>>', 'Team One-3'],
  ['<< inputs.big >> << inputs.ratio >> << inputs.on >>', '1.5e+06 0.5 true'],
  ['<< inputs.tenant | lower | replace " " "-" | quote >>', '"team-one"'],
  ['<< inputs.tenant | slugify >> << upper inputs.tenant >>', 'team-one TEAM ONE'],
  ['<< inputs.empty | default "none" >> << default 5 inputs.replicas >>', 'none 3'],
  ['<< printf "%s-%d %q" inputs.tenant inputs.replicas "x" >>', 'Team One-3 "x"'],
  ['<< join "," inputs.tags >> << len inputs.tags >> << index inputs.tags 1 >>', 'a,b 2 b'],
  ['<< (index inputs.users 0) | toYaml >>', 'name: ann\n'],
  ['a:<< inputs.labels | toYaml | nindent 2 >>', 'a:\n  a: x y\n  z: "1"\n  '],
  ['<< if inputs.on >>yes<< else >>no<< end >> << if not inputs.on >>yes<< else >>no<< end >>', 'yes no'],
  ['<< if eq inputs.replicas 1 >>one<< else if eq inputs.replicas 2 3 >>more<< end >>', 'more'],
  ['<< if and inputs.on (gt inputs.replicas 2) (not inputs.off) >>x<< end >>', 'x'],
  ['<< range inputs.users >><< .name >> << end >>', 'ann bob '],
  ['<< range $key, $value := inputs.labels >><< $key >>=<< $value >>;<< end >>', 'a=x y;z=1;'],
  ['<< range inputs.empty >>x<< else >>none<< end >>', 'none'],
  ['<< with inputs.labels >><< .a >><< end >>', 'x y'],
  ['<< $name := inputs.tenant | lower >><< $name >>', 'team one'],
  ['a  <<- "b" ->>  c << /* a comment */ >>d', 'abc d'],
  ['<< "a >> b" >> << `raw \\` >>', 'a >> b raw \\'],
  ['<< inputs.none >> << inputs.secret >>', '[hole << inputs.none >>] [hole << inputs.secret >>]'],
  [
    '<< genPrivateKey inputs.tenant >><< inputs.tags >>',
    '[hole << genPrivateKey inputs.tenant >>][hole << inputs.tags >>]',
  ],
  ['<< inputs.tenant | upper( >>', '[hole << inputs.tenant | upper( >>]'],
  ['a<< if inputs.secret >>b<< end >>c', 'ac (incomplete)'],
  ['a<< if inputs.on >>b', 'ab (incomplete)'],
])('%s', (template, result) => {
  expect(rendered(template)).toBe(result);
});

test('nested loops end', () => {
  const loops = '<< range inputs.tags >>'.repeat(20) + '<< end >>'.repeat(20);
  expect(renderTemplate(loops, { tags: [...'abcdefghij'] }).isIncomplete).toBe(true);
});
