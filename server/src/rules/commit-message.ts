// flux/commit-message: templates of commit messages that image automation can't use. Sources: templateMsg and
// checkRemovedTemplateField of internal/source/source.go in image-automation-controller, whose 1.0 (Flux 2.7) no longer has
// the fields of releases before.
import type { BuiltMap } from '../kustomize/built.ts';
import { textAt } from '../kustomize/built.ts';
import { textsAt } from '../kustomize/built-values.ts';
import type { ClusterProblem, ObjectRule } from './rule.ts';

const automation = (message: string) => `
apiVersion: image.toolkit.fluxcd.io/v1
kind: ImageUpdateAutomation
metadata:
  name: fleet
  namespace: flux-system
spec:
  interval: 30m
  sourceRef:
    kind: GitRepository
    name: fleet
  git:
    commit:
      author:
        email: flux@example.com
      messageTemplate: ${message}
`;

/** What was in the data of a template until Flux 2.6, and what is there for it. */
const removed = [
  { field: '.Updated', instead: '.Changed.Changes' },
  { field: '.Changed.ImageResult', instead: '.Changed.Changes' },
];

/** A string of an action, or where it ends; a comment is all that is in its action. */
const part = /"(?:[^"\\\n]|\\.)*"|`[^`]*`|\}\}/g;

/** The code of each action without strings and comments; undefined if one has no end. */
function actionsIn(template: string): readonly string[] | undefined {
  const actions: string[] = [];
  for (let start = template.indexOf('{{'); start !== -1; ) {
    const comment = /^\{\{(?:- )?\/\*/.exec(template.slice(start, start + 6))?.[0];
    let code = '';
    let at = start + 2;
    if (comment !== undefined) {
      const close = template.indexOf('*/', start + comment.length);
      if (close === -1) return undefined;
      at = close + 2;
    }
    for (;;) {
      part.lastIndex = at;
      const found = part.exec(template);
      if (!found) return undefined;
      const between = template.slice(at, found.index);
      if (/["`]/.test(between)) return undefined;
      code += between;
      at = part.lastIndex;
      if (found[0] === '}}') break;
      code += '""';
    }
    actions.push(code);
    start = template.indexOf('{{', at);
  }
  return actions;
}

export const commitMessage: ObjectRule = {
  id: 'flux/commit-message',
  severity: 'error',
  docs: {
    text: 'Flux can’t make the message of a commit of this template, so it commits nothing. Since Flux 2.7 templates have .Changed instead of .Updated.',
    bad: automation('"{{ range .Updated.Images }}{{ . }}{{ end }}"\n      # ^^^ error'),
    good: automation('"{{ range .Changed.Changes }}{{ .NewValue }}{{ end }}"'),
  },
  kinds: ['image.toolkit.fluxcd.io/ImageUpdateAutomation'],
  *check(object: BuiltMap): Iterable<ClusterProblem> {
    for (const { text, value, path } of textsAt(object, 'spec.git.commit.messageTemplate')) {
      const place = { object, path, origin: value.origin };
      const actions = actionsIn(text);
      if (!actions) {
        yield { ...place, message: 'An action of the template has no end, so Flux commits nothing. Close it with }}.' };
        continue;
      }
      const gone = removed.find(({ field }) => actions.some((one) => uses(one, field)));
      if (!gone) continue;
      // The version v1 of the kind came with Flux 2.7.
      const isNew = textAt(object, ['apiVersion']) === 'image.toolkit.fluxcd.io/v1';
      yield {
        ...place,
        ...(!isNew && { severity: 'warning' as const }),
        message: `${gone.field} isn’t in the data of commit messages ${isNew ? 'any more' : 'since Flux 2.7'}, so Flux commits nothing. Use ${gone.instead}.`,
      };
    }
  },
};

/** Whether the code reads the field of the data, not that of another value. */
function uses(code: string, field: string): boolean {
  return new RegExp(`(?:^|[\\s({|$=-])${field.replaceAll('.', '\\.')}(?!\\w)`).test(code);
}
