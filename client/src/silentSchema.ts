// The schema that silences another YAML extension for Kubernetes documents, and which documents those are.

/** The scheme is the name under which the schema is registered. */
export const silentSchema = 'capstan://silent';

/** Accepts everything and knows no key: no problem, no completion, no hover. */
export const silentContent = '{}';

/** Some document has both keys at its top level. A schema the file itself names is left to the extension that reads it. */
export function isManifestText(text: string): boolean {
  if (/^#\s*yaml-language-server:\s*\$schema=/m.test(text)) return false;
  return /^apiVersion\s*:/m.test(text) && /^kind\s*:/m.test(text);
}
