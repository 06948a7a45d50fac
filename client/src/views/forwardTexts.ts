// The texts of forwarded ports.
import type { Forward } from '../../../server/src/protocol.ts';

/** `port 8080 of web-7d9f on prod` */
export function forwardTextOf({ port, pod, asked }: Forward): string {
  return `port ${port} of ${pod} on ${asked.context}`;
}

export function forwardsTextOf(forwards: readonly Forward[]): { readonly text: string; readonly tooltip: string } {
  const broken = forwards.filter(({ problem }) => problem !== '').length;
  const words = forwards.map((forward) => `127.0.0.1:${forward.local}: ${forwardTextOf(forward)}`);
  const count = forwards.length === 1 ? '1 port' : `${forwards.length} ports`;
  return {
    text: `$(${broken > 0 ? 'warning' : 'plug'}) ${count}`,
    tooltip: [`${count} forwarded from pods${broken > 0 ? `, ${broken} with a problem` : ''}`, ...words].join('\n'),
  };
}
