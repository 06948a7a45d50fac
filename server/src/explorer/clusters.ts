// The view of clusters: every context in the kubeconfig, then open contexts that are no longer in it.
import { contextRow } from './context-rows.ts';
import type { View } from './view.ts';

export const clusters: View = ({ fleet: { config, sessions } }, now) => {
  const gone = [...sessions.keys()].filter((context) => !config.contexts.has(context));
  return [...config.contexts.keys(), ...gone].map((context) => {
    const { insecure = false } = config.clusters.get(config.contexts.get(context)?.cluster ?? '') ?? {};
    return contextRow(context, sessions.get(context), now, !insecure);
  });
};
