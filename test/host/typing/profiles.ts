// The settings that typing is tried with. Each is the user's own `[yaml]` settings over those of the extension.
type Settings = Readonly<Record<string, unknown>>;

/** Without automatic indentation the keys alone decide what is in the file. */
const bytes: Settings = { 'editor.autoIndent': 'none' };

export const profiles = {
  /** What a user has who changed nothing. */
  default: bytes,
  smart: { ...bytes, 'editor.acceptSuggestionOnEnter': 'smart' },
  on: { ...bytes, 'editor.acceptSuggestionOnEnter': 'on' },
  /** As in `on`, and the first suggestion is always selected: VS Code's own defaults, without those of the extension. */
  bare: {
    ...bytes,
    'editor.acceptSuggestionOnEnter': 'on',
    'editor.suggest.selectionMode': 'always',
  },
  quiet: { ...bytes, 'editor.suggestOnTriggerCharacters': false },
  /** The defaults of redhat.vscode-yaml. */
  redhat: {
    'editor.insertSpaces': true,
    'editor.tabSize': 2,
    'editor.quickSuggestions': { other: true, comments: false, strings: true },
    'editor.autoIndent': 'keep',
  },
  /** VS Code's default for YAML: the editor indents new lines, and the typist adds or removes what differs. */
  indenting: { 'editor.autoIndent': 'advanced' },
} as const satisfies Readonly<Record<string, Settings>>;

export type ProfileName = keyof typeof profiles;

/** Whether the editor indents new lines, so that the typist has to look where the cursor is. */
export function indents(name: ProfileName): boolean {
  const { 'editor.autoIndent': mode } = profiles[name] as { readonly 'editor.autoIndent'?: string };
  return mode !== 'none';
}
