// What a session needs from those who open it.
import type { Credentials } from '../credentials/credentials.ts';
import type { Endpoint } from '../transport/dial.ts';
import type { TransportOptions } from '../transport/transport.ts';
import type { Change } from '../watch/store.ts';

export interface SessionOptions {
  readonly context: string;
  /** The namespace to use if listing the whole cluster is forbidden. */
  readonly namespace: string;
  readonly endpoint: Endpoint;
  readonly credentials: Credentials;
  readonly userAgent: string;
  readonly times?: TransportOptions['times'];
  /** Maximum number of objects kept of the cluster; default unlimited. */
  readonly objectLimit?: number;
  /** Whether changes are followed; true by default. Otherwise what the cluster has is asked for once, which is answered sooner. */
  readonly follows?: boolean;
  /** Resolves once it may connect; what it resolves to lets the next one connect. */
  readonly turn?: () => Promise<() => void>;
  readonly onState: () => void;
  readonly onBatch: (changes: ReadonlyMap<string, Change>) => void;
  readonly log: (level: 'error' | 'warn' | 'info' | 'debug', message: string) => void;
}
