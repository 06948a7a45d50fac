// What is wrong with the values of a HelmRelease that no cluster gets, by what is written in files.
import { type BuiltMap, builtFrom, locateIn, textAt } from '../kustomize/built.ts';
import { refusedValues, releaseValues } from '../rules/release-values.ts';
import type { ClusterProblem, ClusterRule } from '../rules/rule.ts';
import { unknownValues, unreadValues } from '../rules/unknown-values.ts';
import { parseManifest } from '../syntax/manifest.ts';
import { nodeAt } from '../syntax/navigate.ts';
import { chartOfRelease, helmRelease, inFiles, knownText } from '../workspace/charts.ts';
import type { Document } from '../workspace/document.ts';
import type { Definition } from '../workspace/index.ts';
import { judgedValues } from '../workspace/release-values.ts';
import type { Workspace } from '../workspace/workspace.ts';

export interface WrittenProblem {
  readonly rule: ClusterRule;
  readonly problem: ClusterProblem;
}

export function* writtenValueProblems(
  workspace: Workspace,
  path: string,
  document: Document,
): Iterable<WrittenProblem> {
  for (const definition of workspace.index.definitionsIn(document)) {
    const { object } = definition;
    const release =
      object.groupKind === helmRelease && definition.from === 'object'
        ? builtOf(workspace, { ...definition, path })
        : undefined;
    const texts = (at: readonly (string | number)[]) => release && knownText(textAt(release, at));
    const found = release && chartOfRelease(workspace, texts, inFiles(workspace, object.namespace));
    if (!release || !found) continue;
    const judged = [
      ...judgedValues(release, found, (kind, name) => {
        const all = kind === 'Secret' || kind === 'ConfigMap' ? workspace.index.definitions(`/${kind}`, name) : [];
        const [only, ...others] = all.filter(
          (one) => one.object.namespace === object.namespace && one.from === 'object',
        );
        return only && others.length === 0 ? builtOf(workspace, only) : undefined;
      }),
    ];
    for (const problem of refusedValues(judged)) yield { rule: releaseValues, problem };
    for (const problem of unreadValues(judged)) yield { rule: unknownValues, problem };
  }
}

function builtOf(workspace: Workspace, { path, document, object }: Definition): BuiltMap | undefined {
  const start = workspace.file(path)?.documents.find((one) => one.document === document)?.start;
  const node = nodeAt(parseManifest(document.text).root, object.path);
  const built =
    node && start !== undefined && builtFrom(node, locateIn({ file: path, start }), 'object', document.text);
  return built && built.kind === 'map' ? built : undefined;
}
