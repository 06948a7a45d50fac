// Since which release the API server has checks and fields that not all supported releases have. It drops the fields of a closed
// feature gate before it validates an object. Source: pkg/features/kube_features.go of kubernetes.
import type { Problems } from './builtin.ts';
import type { Field } from './field.ts';

/** The minor version in which a gate is on by default for the first time. */
const defaultOn = {
  ClusterTrustBundleProjection: 37,
  DRAExtendedResource: 36,
  DRAPartitionableDevices: 36,
  HostnameOverride: 35,
  ImageVolume: 35,
  MutableCSINodeAllocatableCount: 35,
  PodCertificateRequest: 37,
  StrictIPCIDRValidation: 36,
} as const;

export type Gate = keyof typeof defaultOn;

export function isOn({ minor }: Problems, gate: Gate): boolean {
  return minor >= defaultOn[gate];
}

/** The field; absent where its gate is off. */
export function gated(field: Field, gate: Gate): Field {
  return isOn(field.problems, gate) ? field : { ...field, value: undefined };
}
