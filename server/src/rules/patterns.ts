// flux/pattern: regular expressions that Go can't compile, such as those with a lookahead. Sources: messageIsIncluded in
// internal/server/event_handlers.go of notification-controller, internal/policy/filter.go and
// internal/controller/imagerepository_controller.go of image-reflector-controller, and
// internal/controller/ocirepository_controller.go of source-controller.
import { compilePattern } from '../cel/pattern.ts';
import type { GroupKind } from '../kube/identity.ts';
import type { BuiltMap } from '../kustomize/built.ts';
import { textsAt } from '../kustomize/built-values.ts';
import type { ClusterProblem, ObjectRule } from './rule.ts';

const alert = (pattern: string) => `
apiVersion: notification.toolkit.fluxcd.io/v1beta3
kind: Alert
metadata:
  name: slack
  namespace: flux-system
spec:
  providerRef:
    name: slack
  eventSources:
    - kind: Kustomization
      name: "*"
  exclusionList:
    - ${pattern}
---
apiVersion: notification.toolkit.fluxcd.io/v1beta3
kind: Provider
metadata:
  name: slack
  namespace: flux-system
spec:
  type: slack
  address: https://slack.example.com
`;

interface PatternField {
  readonly at: string;
  readonly consequence: string;
}

const ignored = 'Flux ignores it';
const failing = (kind: string) => `the ${kind} fails`;

const patternsOf: Readonly<Record<GroupKind, readonly PatternField[]>> = {
  'notification.toolkit.fluxcd.io/Alert': [
    { at: 'spec.inclusionList[*]', consequence: ignored },
    { at: 'spec.exclusionList[*]', consequence: ignored },
  ],
  'image.toolkit.fluxcd.io/ImageRepository': [{ at: 'spec.exclusionList[*]', consequence: failing('ImageRepository') }],
  'image.toolkit.fluxcd.io/ImagePolicy': [{ at: 'spec.filterTags.pattern', consequence: failing('ImagePolicy') }],
  'source.toolkit.fluxcd.io/OCIRepository': [{ at: 'spec.ref.semverFilter', consequence: failing('OCIRepository') }],
};

export const patterns: ObjectRule = {
  id: 'flux/pattern',
  severity: 'error',
  docs: {
    text: 'Go can’t compile the regular expression: it has no lookaround and no backreferences, and brackets must be closed. Correct it.',
    bad: alert('"^(?!error)"\n    # ^^^ error'),
    good: alert('"^waiting"'),
  },
  kinds: Object.keys(patternsOf) as readonly GroupKind[],
  *check(object: BuiltMap, groupKind: GroupKind): Iterable<ClusterProblem> {
    for (const { at, consequence } of patternsOf[groupKind] ?? []) {
      for (const { text, value, path } of textsAt(object, at)) {
        if (compilePattern(text)) continue;
        yield {
          ...{ object, path, origin: value.origin },
          message: `Go can’t compile this regular expression, so ${consequence}. ${adviceOn(text)}`,
        };
      }
    }
  },
};

function adviceOn(text: string): string {
  if (/\(\?<?[=!]/.test(text)) return 'It has no lookahead and no lookbehind; write another expression.';
  return /\\[1-9]/.test(text) ? 'It has no backreferences; write another expression.' : 'Correct its syntax.';
}
