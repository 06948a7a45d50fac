// The schema that silences another YAML extension for Kubernetes documents, and which documents those are.

/** The scheme is the name under which the schema is registered. */
export const silentSchema = 'capstan://silent';

/** Accepts everything and knows no key: no problem, no completion, no hover. */
export const silentContent = '{}';

/**
 * Some document has both keys at its top level, or kustomize finds the file by its name. A schema the file itself names is
 * left to the extension that reads it.
 */
export function isManifestText(text: string, path: string): boolean {
  if (/^#\s*yaml-language-server:\s*\$schema=/m.test(text)) return false;
  if (/(?:^|[\\/])(?:kustomization\.ya?ml|Kustomization)$/.test(path)) return true;
  return /^apiVersion\s*:/m.test(text) && /^kind\s*:/m.test(text);
}
