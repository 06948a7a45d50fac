// Generates the extension's declarations in package.json: commands, menus, views, settings and grammars, each
// from the code that defines it. `--check` writes nothing and fails if package.json is out of date.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Command } from '../client/src/commands/command.ts';

const root = join(import.meta.dirname, '..');

// Command files import `vscode`, which exists only in the editor; their declarations don't use it.
registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'vscode' ? { url: 'data:text/javascript,', shortCircuit: true } : next(specifier, context),
});
const { commands: own } = await import('../client/src/commands/list.ts');
const { onRows, trusted } = await import('../client/src/commands/command.ts');
const { changes } = await import('../server/src/live/actions/list.ts');
const { container, contributedViews, welcomes } = await import('../client/src/views/contributions.ts');
const { ownModifiers } = await import('../server/src/features/semantic-token.ts');
const { configuration, configurationDefaults } = await import('../client/src/settings.ts');

/** Changes of clusters are commands too, all of one making. */
const commands: readonly Omit<Command, 'run'>[] = [
  ...own,
  ...changes.map(({ verb, title, icon, menu: { group, inline } }) => ({
    id: verb,
    title,
    icon,
    enablement: trusted,
    menus: onRows(verb, group, inline),
  })),
];

const { values: args } = parseArgs({ options: { check: { type: 'boolean' } } });
const file = join(root, 'package.json');
const before = readFileSync(file, 'utf8');
const after = `${JSON.stringify({ ...JSON.parse(before), ...manifest() }, null, 2)}\n`;
if (args.check && after !== before) {
  console.error('package.json is out of date: its contributions differ from the code. Run `npm run contributes`.');
  process.exit(1);
}
if (after !== before) writeFileSync(file, after);

/** The generated keys of package.json. */
function manifest() {
  return {
    // Views and commands activate the extension implicitly.
    activationEvents: ['onLanguage:yaml'],
    capabilities: {
      untrustedWorkspaces: {
        supported: 'limited',
        description: 'Manifests are checked, without CRDs of the workspace; Capstan connects to no cluster.',
        restrictedConfigurations: Object.keys(configuration.properties),
      },
      virtualWorkspaces: {
        supported: 'limited',
        description: 'Manifests on disk are checked; others are checked only while open.',
      },
    },
    // The kubeconfig and credential plugins are on the same machine as the workspace.
    extensionKind: ['workspace'],
    contributes: {
      commands: commands.map(({ id, title, icon, enablement }) => ({
        command: `capstan.${id}`,
        category: 'Capstan',
        title,
        ...(icon === undefined ? {} : { icon: `$(${icon})` }),
        ...(enablement === undefined ? {} : { enablement }),
      })),
      menus: {
        commandPalette: commands.flatMap(({ id, palette }) =>
          palette === undefined ? [] : [{ command: `capstan.${id}`, when: palette }],
        ),
        'view/title': menu(commands, 'view/title'),
        'view/item/context': menu(commands, 'view/item/context'),
        'editor/context': menu(commands, 'editor/context'),
        'editor/title': menu(commands, 'editor/title'),
      },
      viewsContainers: { activitybar: [container] },
      views: { [container.id]: contributedViews },
      viewsWelcome: welcomes,
      configuration,
      configurationDefaults,
      semanticTokenModifiers: Object.entries(ownModifiers).map(([id, description]) => ({ id, description })),
      // Without a rule for labels, a theme colors anchors and aliases as it colored them before.
      semanticTokenScopes: [
        {
          language: 'yaml',
          scopes: {
            'label.declaration': ['entity.name.type.anchor.yaml'],
            label: ['variable.other.alias.yaml'],
          },
        },
      ],
      grammars: jsonFiles('syntaxes').map((path) => ({
        scopeName: JSON.parse(readFileSync(join(root, path), 'utf8')).scopeName,
        path: `./${path}`,
        injectTo: ['source.yaml'],
      })),
    },
  };
}

function menu(all: readonly Pick<Command, 'id' | 'menus'>[], name: Command['menus'][number]['menu']) {
  return all.flatMap(({ id, menus }) =>
    menus.filter((entry) => entry.menu === name).map(({ when, group }) => ({ command: `capstan.${id}`, when, group })),
  );
}

function jsonFiles(folder: string): readonly string[] {
  try {
    return readdirSync(join(root, folder))
      .filter((name) => name.endsWith('.json'))
      .sort()
      .map((name) => `${folder}/${name}`);
  } catch {
    return [];
  }
}
