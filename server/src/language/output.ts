// Writes each message in one piece. The protocol library writes a message's header and body separately, which wakes the
// client twice, the first time without a complete message.
import { Writable } from 'node:stream';

/** Joins what the library writes (a header as a string, then its body as bytes) into one write to `output`. */
export function joined(output: NodeJS.WritableStream): Writable {
  let header = '';
  const stream = new Writable({
    decodeStrings: false,
    write(chunk: string | Uint8Array, _encoding, done) {
      if (typeof chunk === 'string') {
        header += chunk;
        done();
        return;
      }
      const message = Buffer.concat([Buffer.from(header, 'ascii'), chunk]);
      header = '';
      output.write(message, done);
    },
  });
  // Without a listener, a disconnected client would crash the process instead of ending it quietly.
  output.on('error', (error) => stream.destroy(error));
  return stream;
}
