// Notes on the fields of .capstan.yaml.
import type { KindNotes } from './note.ts';

export const capstan: readonly KindNotes[] = [
  {
    group: '',
    kind: '.capstan.yaml',
    fields: {
      severities:
        'The severity of findings: a rule (`schema/unknown-field`), a family (`info/*`) or `*`, with error, warning, info, hint or off. The most specific entry takes precedence.',
      ignores: 'Files and folders that aren’t checked: patterns as in `.gitignore`, from this folder.',
      folders: 'What differs below a folder, by its path from here. The deepest folder above a file takes precedence.',
      'folders.*.schemas':
        'Releases whose schemas answer here, such as `flux@2.8`. Import one with `capstan schemas add NAME@VERSION`.',
      targets: 'The versions that the fleet runs.',
    },
  },
];
