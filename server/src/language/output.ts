// One message, one write. The protocol library writes a message's header and its body one after the other, which wakes
// the client twice, the first time for nothing.
import { Writable } from 'node:stream';

/** Takes what the library writes (a header as a string, then its body as bytes) and hands it on joined. */
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
  // Without somebody who listens, a client that has gone would end the process with an error instead of quietly.
  output.on('error', (error) => stream.destroy(error));
  return stream;
}
