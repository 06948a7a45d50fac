// Whether what arrives on standard input is a sequence of messages as the base protocol of LSP frames them. The protocol
// library skips what it can't read and waits for a message that never begins; the server would live and never answer.

/** A message that is longer is a mistake in its header: the largest file that is read has 20 MB. */
const longestBody = 512 * 1024 * 1024;
/** Bytes of all header fields of a message. */
const longestHeader = 4096;

const name = 'content-length:';
const [lf, cr, space, colon] = [10, 13, 32, 58];

/** State: how far the current message was read. It keeps no bytes. */
export class Framing {
  /** Bytes of the body that are still to come. */
  #body = 0;
  #length = -1;
  #header = 0;
  /** Of the current header line: its bytes, those that match the name of the field, and whether it has a colon. */
  #column = 0;
  #matched = 0;
  #hasColon = false;
  #value = -1;

  /** Whether a message has begun and not ended. */
  get isWithin(): boolean {
    return this.#body > 0 || this.#header > 0;
  }

  /** What is wrong with the framing, as a sentence without a subject; undefined while nothing is. */
  take(bytes: Uint8Array): string | undefined {
    let at = 0;
    while (at < bytes.length) {
      if (this.#body > 0) {
        const taken = Math.min(this.#body, bytes.length - at);
        this.#body -= taken;
        at += taken;
        continue;
      }
      const problem = this.#byte(bytes[at]!);
      if (problem !== undefined) return problem;
      at += 1;
    }
    return undefined;
  }

  #byte(byte: number): string | undefined {
    this.#header += 1;
    if (this.#header > longestHeader) return `has a header of more than ${longestHeader} bytes`;
    if (byte === cr) return undefined;
    if (byte === lf) return this.#column === 0 ? this.#endOfHeader() : this.#endOfLine();
    if (this.#column === this.#matched && this.#matched < name.length) {
      // Names of header fields may be in capitals.
      if ((byte | 0x20) === name.charCodeAt(this.#matched)) this.#matched += 1;
    } else if (this.#matched === name.length && byte !== space) {
      if (byte < 48 || byte > 57) return 'has a Content-Length that is no number';
      this.#value = Math.max(this.#value, 0) * 10 + byte - 48;
      if (this.#value > longestBody) return `has a Content-Length of more than ${longestBody} bytes`;
    }
    if (byte === colon) this.#hasColon = true;
    this.#column += 1;
    return undefined;
  }

  #endOfLine(): string | undefined {
    if (!this.#hasColon) return 'has a header that isn’t one';
    if (this.#matched === name.length) {
      if (this.#value < 0) return 'has a Content-Length that is no number';
      this.#length = this.#value;
    }
    this.#column = 0;
    this.#matched = 0;
    this.#hasColon = false;
    this.#value = -1;
    return undefined;
  }

  #endOfHeader(): string | undefined {
    if (this.#length < 0) return 'has no Content-Length';
    this.#body = this.#length;
    this.#length = -1;
    this.#header = 0;
    return undefined;
  }
}
