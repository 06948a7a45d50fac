// The empty schema that silences another YAML extension for Kubernetes documents, and the check for such documents.

/** The URI scheme is the name under which the schema provider is registered. */
export const silentSchema = 'capstan://silent';

/** Accepts everything and defines no keys: no problems, no completions, no hovers. */
export const silentContent = '{}';

/**
 * Whether some document has both keys at its top level, or the file has a name that kustomize looks for. A file that names
 * its own schema is left to the other extension.
 */
export function isManifestText(text: string, path: string): boolean {
  if (/^#\s*yaml-language-server:\s*\$schema=/m.test(text)) return false;
  if (/(?:^|[\\/])(?:kustomization\.ya?ml|Kustomization)$/.test(path)) return true;
  return /^apiVersion\s*:/m.test(text) && /^kind\s*:/m.test(text);
}
