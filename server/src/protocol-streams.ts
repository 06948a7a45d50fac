// The part of protocol.ts about connections into pods (shells, forwarded ports and what logs are asked with), and terminals.
// protocol.ts exports what clients need of it.
import type { LiveRef } from './kube/identity.ts';

/** Client to cluster server. */
export interface StreamRequests {
  /** The containers and declared ports of the pod that a shell or a forwarded port of the object connects to, if it is permitted. */
  readonly pod: {
    readonly params: { readonly context: string; readonly ref: LiveRef; readonly verb: 'shell' | 'portForward' };
    readonly result: {
      readonly pod: string;
      readonly containers: readonly string[];
      readonly main: string;
      /** Empty name: it has none. Of a Service: its own ports. */
      readonly ports: readonly { readonly port: number; readonly name: string; readonly of: string }[];
    };
  };
  /** Forwards a port of a pod to the loopback address of this machine until it is stopped. */
  readonly forward: {
    readonly params: ForwardParams;
    readonly result: Forward;
  };
  readonly stopForward: { readonly params: { readonly id: string }; readonly result: null };
  /** Opens a shell in a container; what it prints is sent as notifications with the token. */
  readonly openShell: { readonly params: ShellParams; readonly result: { readonly container: string } };
  readonly shellInput: { readonly params: { readonly token: string; readonly text: string }; readonly result: null };
  readonly shellSize: { readonly params: ShellSize & { readonly token: string }; readonly result: null };
  readonly closeShell: { readonly params: { readonly token: string }; readonly result: null };
  /**
   * What a terminal on an open context needs: the absolute paths of the kubeconfig's files. An error until it was connected,
   * since only then the user has agreed to the program that it signs in with.
   */
  readonly terminal: {
    readonly params: { readonly context: string };
    /** `k9s`: where it is, if it is on the PATH. */
    readonly result: { readonly files: readonly string[]; readonly readOnly: boolean; readonly k9s?: string };
  };
}

/** Cluster server to client, without a response. */
export interface StreamNotifications {
  /** All ports that are forwarded, after one of them changed. */
  readonly forwards: { readonly forwards: readonly Forward[] };
  readonly shellOutput: { readonly token: string; readonly text: string };
  /** `code`: absent if it didn't exit by itself. */
  readonly shellEnded: { readonly token: string; readonly code?: number; readonly message: string };
}

export interface ForwardParams {
  readonly context: string;
  readonly ref: LiveRef;
  /** A number or a name. */
  readonly port: string;
  /** 0: any that is free; absent: the same number. */
  readonly local?: number;
}

export interface Forward {
  readonly id: string;
  readonly asked: ForwardParams;
  readonly pod: string;
  /** In the pod. */
  readonly port: number;
  /** On 127.0.0.1. */
  readonly local: number;
  /** Open connections. */
  readonly connections: number;
  /** Why the last connection failed; empty if it didn't. */
  readonly problem: string;
}

export interface ShellSize {
  readonly columns: number;
  readonly rows: number;
}

export interface ShellParams extends ShellSize {
  readonly context: string;
  readonly ref: LiveRef;
  /** By default the main one. */
  readonly container?: string;
  readonly token: string;
}

export interface LogsParams {
  readonly context: string;
  readonly ref: LiveRef;
  /** By default the main one of each pod. */
  readonly container?: string;
  readonly previous: boolean;
  readonly follow: boolean;
  /** The last lines of each container. */
  readonly tail: number;
  readonly token: string;
}
