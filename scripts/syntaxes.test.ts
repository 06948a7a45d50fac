// Tests the injection grammars by their tokens, with VS Code's tokenizer, on top of the small YAML grammar below and, if the
// test bed has code-server, on top of VS Code's own.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import oniguruma from 'vscode-oniguruma';
import textmate, { type IGrammar, type IRawGrammar } from 'vscode-textmate';
import { yaml } from '../server/src/fixture.ts';
import { cacheFolder } from '../test/testbed/cache.ts';
import { packagedFiles } from './package/files.ts';

const root = join(import.meta.dirname, '..');
const { grammars } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).contributes as {
  grammars: readonly { scopeName: string; path: string; injectTo: readonly string[] }[];
};

/** A subset of YAML: keys with values, comments, quoted and block scalars, each delimited by indentation. */
const smallYaml = {
  scopeName: 'source.yaml',
  repository: {},
  patterns: [
    { match: '#.*$', name: 'comment.line.yaml' },
    ...['( *)- +', '( *)'].map((before, index) => ({
      begin: `^${before}([\\w./$-]+)(:)(?= |$)`,
      while: `^(?=\\1 ${index === 0 ? '  ' : ''} *\\S|\\s*$)`,
      beginCaptures: { 2: { name: 'entity.name.tag.yaml' } },
      patterns: [{ include: '$self' }],
    })),
    { begin: '"', end: '"', name: 'string.quoted.double.yaml' },
    { begin: '[|>]$', while: '\\G', name: 'string.unquoted.block.yaml' },
    { begin: '(?=[^\\s"#|>])', end: '$|(?= #)', name: 'string.unquoted.plain.yaml' },
  ],
};

const bases: readonly (readonly [string, Readonly<Record<string, string>> | undefined])[] = [
  ['a small YAML grammar', { 'source.yaml': JSON.stringify(smallYaml) }],
  ['the YAML grammar of VS Code', ofVsCode()],
];

describe.each(bases)('over %s', (name, sources) => {
  if (!sources) {
    test.skip(`${name}: code-server isn’t there; \`npm test\` installs it`, () => {});
    return;
  }
  const grammar = grammarOver(sources);

  /** Scopes of our grammars at each occurrence of a text, the innermost of each token. */
  async function scopes(source: string, ...texts: readonly string[]) {
    const tokens = await tokensOf(await grammar, source);
    return texts.map((text) => tokens.find((token) => token.text === text)?.scope ?? `no token “${text}”`);
  }

  describe('substitution', () => {
    test('a variable with a default, also inside words and quotes', async () => {
      expect(await scopes('a: x-${cluster_name:=production}-y\n', 'cluster_name', ':=', 'production', '}')).toEqual([
        'variable.other.substitution.yaml',
        'keyword.operator.default.substitution.yaml',
        'string.unquoted.default.substitution.yaml',
        'punctuation.definition.variable.end.substitution.yaml',
      ]);
      expect(await scopes('a: "${REGION}"\n', 'REGION')).toEqual(['variable.other.substitution.yaml']);
    });

    test('a default that contains a substitution', async () => {
      expect(await scopes('a: ${A:=${B}}\n', 'A', 'B')).toEqual([
        'variable.other.substitution.yaml',
        'variable.other.substitution.yaml',
      ]);
    });

    test('not if escaped, in comments or in workflows', async () => {
      expect(await scopes('a: $${A}\n', '$${A}')).toEqual(['constant.character.escape.substitution.yaml']);
      expect(await ours(await grammar, '# ${A}\n')).toEqual([]);
      expect(
        await ours(
          await grammar,
          yaml`
            a: \${{ github.ref }}
            b: $(date) $HOME
          `,
        ),
      ).toEqual([]);
    });

    test('ends with its line, closed or not', async () => {
      expect(
        await ours(
          await grammar,
          yaml`
            a: \${A
            b: c
          `,
        ).then((found) => found.map(({ text }) => text)),
      ).toEqual(['${', 'A']);
    });
  });

  describe('Go templates', () => {
    test('functions, fields, strings, keywords', async () => {
      const source = 'a: {{ if .Values.name }}{{ printf "%s" $x | quote }}{{- end }}\n';
      expect(await scopes(source, '{{', 'if', '.Values', 'printf', '%s', '$x', '|', 'end', '}}')).toEqual([
        'punctuation.definition.template.begin.go.yaml',
        'keyword.control.go.yaml',
        'variable.other.property.go.yaml',
        'support.function.go.yaml',
        'string.quoted.double.go.yaml',
        'variable.other.go.yaml',
        'keyword.operator.go.yaml',
        'keyword.control.go.yaml',
        'punctuation.definition.template.end.go.yaml',
      ]);
    });

    test('in a block scalar, across lines', async () => {
      const source = yaml`
        a: |
          {{ range .Changed.Changes -}}
          - x
          {{ end
          }}
        b: .c
      `;
      expect(await scopes(source, 'range', 'end')).toEqual(['keyword.control.go.yaml', 'keyword.control.go.yaml']);
      expect(await ours(await grammar, source).then((found) => found.at(-1)!.text)).toBe('}}');
    });
  });

  describe('ResourceSet', () => {
    test('inputs', async () => {
      expect(await scopes('name: << inputs.tenant | quote >>\n', '<<', 'inputs', '.tenant', 'quote', '>>')).toEqual([
        'punctuation.definition.template.begin.resource-set.yaml',
        'variable.language.resource-set.yaml',
        'variable.other.property.resource-set.yaml',
        'support.function.resource-set.yaml',
        'punctuation.definition.template.end.resource-set.yaml',
      ]);
    });

    test('not a merge key or a here-document', async () => {
      expect(await ours(await grammar, '<<: *base\n')).toEqual([]);
      expect(
        await ours(
          await grammar,
          yaml`
            a: |
              cat << EOF > x
              EOF
          `,
        ),
      ).toEqual([]);
    });
  });

  describe('CEL', () => {
    test.each([
      ['plain', 'rule: self.replicas <= size(self.zones) && has(self.name)\n'],
      ['in quotes', 'rule: "self.replicas <= size(self.zones) && has(self.name)"\n'],
      ['in single quotes', "rule: 'self.replicas <= size(self.zones) && has(self.name)'\n"],
      [
        'in a block scalar',
        yaml`
          rule: >-
            self.replicas <= size(self.zones) &&
            has(self.name)
          x: y
        `,
      ],
      [
        'in a list',
        yaml`
          - rule: |
              self.replicas <= size(self.zones) && has(self.name)
            message: x
        `,
      ],
      ['as the health of an object', 'current: self.replicas <= size(self.zones) && has(self.name)\n'],
    ])('%s', async (_, source) => {
      expect(await scopes(source, 'self', 'replicas', '<=', 'size', '&&', 'has')).toEqual([
        'variable.language.cel',
        'variable.other.property.cel',
        'keyword.operator.cel',
        'support.function.cel',
        'keyword.operator.cel',
        'keyword.control.macro.cel',
      ]);
    });

    test('strings, numbers, constants', async () => {
      const source = "failed: status.conditions.exists(e, e.type == 'Ready' && e.age > 3 && e.ok == false)\n";
      expect(await scopes(source, 'exists', 'Ready', '3', 'false')).toEqual([
        'keyword.control.macro.cel',
        'string.quoted.single.cel',
        'constant.numeric.cel',
        'constant.language.cel',
      ]);
      expect(await scopes('rule: "self.a == \\"b\\""\n', 'b')).toEqual(['string.quoted.double.cel']);
      expect(await scopes("rule: 'self.a == ''b'''\n", 'b')).toEqual(['string.quoted.single.cel']);
    });

    test('ends with its value', async () => {
      const found = await ours(
        await grammar,
        yaml`
          rule: |
            self.a
          message: self.b
        `,
      );
      expect(found.map(({ text }) => text)).not.toContain('b');
      const nested = yaml`
        a:
          - rule: |
              self.a
            message: self.b
      `;
      expect((await ours(await grammar, nested)).map(({ text }) => text)).not.toContain('b');
      const comment = await ours(await grammar, 'rule: self.a # self.b\n');
      expect(comment.map(({ text }) => text)).not.toContain('b');
    });

    test('not in other keys, and not if the value is not an expression', async () => {
      expect(await ours(await grammar, 'message: self.a == 1\n')).toEqual([]);
      expect(
        await ours(
          await grammar,
          yaml`
            rule: Host(\`example.org\`)
            current: 3
            failed: no
          `,
        ),
      ).toEqual([]);
    });
  });

  describe('JSON pointers', () => {
    test('in patches', async () => {
      expect(await scopes('- path: /spec/template/0/a~1b\n', 'spec', '0', 'a', '~1')).toEqual([
        'variable.other.property.pointer.json.yaml',
        'constant.numeric.index.pointer.json.yaml',
        'variable.other.property.pointer.json.yaml',
        'constant.character.escape.pointer.json.yaml',
      ]);
      expect(
        await scopes(
          yaml`
            paths:
              - /spec/replicas
          `,
          'replicas',
        ),
      ).toEqual(['variable.other.property.pointer.json.yaml']);
      expect(
        await scopes(
          yaml`
            patch: |
              - op: add
                path: /metadata/labels/-
          `,
          'labels',
          '-',
        ),
      ).toEqual(['variable.other.property.pointer.json.yaml', 'constant.numeric.index.pointer.json.yaml']);
    });

    test('not in other paths', async () => {
      const source = yaml`
        path: /healthz
        httpGet:
          path: /
        mountPath: /spec/x
        mount: { path: /var/lib }
        path: /specification
      `;
      expect(await ours(await grammar, source)).toEqual([]);
    });
  });
});

test('every grammar is injected into YAML and is part of the package', () => {
  const files = readdirSync(join(root, 'syntaxes'));
  expect(grammars.map(({ path }) => path)).toEqual(files.toSorted().map((file) => `./syntaxes/${file}`));
  expect(grammars.length).toBe(5);
  expect(grammars.every(({ injectTo }) => injectTo.includes('source.yaml'))).toBe(true);
  expect(packagedFiles(root)).toEqual(expect.arrayContaining(files.map((file) => `syntaxes/${file}`)));
});

async function grammarOver(sources: Readonly<Record<string, string>>): Promise<IGrammar> {
  const wasm = readFileSync(createRequire(import.meta.url).resolve('vscode-oniguruma/release/onig.wasm'));
  await (loaded ??= oniguruma.loadWASM(wasm));
  const own = new Map(grammars.map(({ scopeName, path }) => [scopeName, readFileSync(join(root, path), 'utf8')]));
  const registry = new textmate.Registry({
    onigLib: Promise.resolve({
      createOnigScanner: (patterns) => oniguruma.createOnigScanner(patterns),
      createOnigString: (text) => oniguruma.createOnigString(text),
    }),
    loadGrammar: async (scope): Promise<IRawGrammar | undefined> => {
      const source = own.get(scope) ?? sources[scope];
      return source === undefined ? undefined : textmate.parseRawGrammar(source, `${scope}.json`);
    },
    getInjections: (scope) =>
      grammars.filter(({ injectTo }) => injectTo.includes(scope)).map(({ scopeName }) => scopeName),
  });
  return (await registry.loadGrammar('source.yaml'))!;
}

let loaded: Promise<void> | undefined;

interface Token {
  readonly text: string;
  readonly scope: string;
}

async function tokensOf(grammar: IGrammar, source: string): Promise<readonly Token[]> {
  let state = textmate.INITIAL;
  return source.split('\n').flatMap((line) => {
    const { tokens, ruleStack } = grammar.tokenizeLine(line, state);
    state = ruleStack;
    return tokens.map(({ startIndex, endIndex, scopes }) => ({
      text: line.slice(startIndex, endIndex).trim(),
      scope: scopes.at(-1)!,
    }));
  });
}

/** Tokens with a scope of one of our grammars. */
async function ours(grammar: IGrammar, source: string): Promise<readonly Token[]> {
  const own = /\.(?:substitution|go|resource-set|json)\.yaml$|\.cel$/;
  return (await tokensOf(grammar, source)).filter(({ scope }) => own.test(scope));
}

/** Grammars by scope name; undefined if code-server isn't installed. */
function ofVsCode(): Readonly<Record<string, string>> | undefined {
  const cache = cacheFolder();
  const version = existsSync(cache) ? readdirSync(cache).find((name) => name.startsWith('code-server-')) : undefined;
  const folder = join(cache, version ?? '-', 'node_modules/code-server/lib/vscode/extensions/yaml/syntaxes');
  if (!existsSync(folder)) return undefined;
  const texts = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
  return Object.fromEntries(texts.map((text) => [JSON.parse(text).scopeName as string, text]));
}
