// The projects whose version decides what a cluster accepts, as in `targets` of the configuration and in `--target`.
export const versionedProjects = ['kubernetes', 'flux', 'cluster-api'] as const;
export type VersionedProject = (typeof versionedProjects)[number];
