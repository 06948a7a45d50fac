// Base64 of bytes, as kustomize writes it into Secrets (kyaml/yaml/datamap.go).

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const lineLength = 70;

/** More than one line of 70 characters ends each line with a line break. */
export function base64Lines(bytes: Uint8Array): string {
  const text = base64(bytes);
  if (text.length < lineLength) return text;
  return text.replace(/.{1,70}/g, '$&\n');
}

function base64(bytes: Uint8Array): string {
  const parts: string[] = [];
  for (let at = 0; at < bytes.length; at += 3) {
    const [one = 0, two = 0, three = 0] = bytes.subarray(at, at + 3);
    const word = (one << 16) | (two << 8) | three;
    const count = Math.min(3, bytes.length - at);
    parts.push(alphabet[word >> 18]!, alphabet[(word >> 12) & 63]!);
    parts.push(count > 1 ? alphabet[(word >> 6) & 63]! : '=', count > 2 ? alphabet[word & 63]! : '=');
  }
  return parts.join('');
}
