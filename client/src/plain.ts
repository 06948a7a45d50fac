// The one escape of texts that VS Code interprets: messages, the status bar, quick picks, titles of code lenses.

/** What a cluster or a kubeconfig says: VS Code shows `$(name)` as an icon, and in messages `[text](link)` as a link. */
export function plain(text: string): string {
  return text.replace(/\s+/g, ' ').replaceAll('$(', '\\$(').replaceAll('](', '] (');
}
