// Checks ClusterClasses against their templates and clusters: JSON pointers exist, variables are declared and set, worker
// classes exist.
import { at, groupKindOf, isMap, type Json, listAt, textAt, titleOf } from './repositories.ts';

export function classProblems(objects: readonly Json[]): readonly string[] {
  const ofKind = (groupKind: string) => objects.filter((object) => groupKindOf(object) === groupKind);
  const classes = ofKind('cluster.x-k8s.io/ClusterClass');
  const topologies = ofKind('cluster.x-k8s.io/Cluster').filter((cluster) => at(cluster, 'spec', 'topology'));
  return [
    ...classes.flatMap((one) => patchProblems(one, objects)),
    ...topologies.flatMap((cluster) => {
      const reference = at(cluster, 'spec', 'topology', 'classRef');
      const named = classes.find(
        (one) =>
          textAt(one, 'metadata', 'name') === textAt(reference, 'name') &&
          textAt(one, 'metadata', 'namespace') === textAt(reference, 'namespace'),
      );
      // A missing class is reported by the reference check.
      return named ? topologyProblems(cluster, named) : [];
    }),
  ];
}

function patchProblems(one: Json, objects: readonly Json[]): readonly string[] {
  const declared = listAt(one, 'spec', 'variables').map((variable) => textAt(variable, 'name'));
  const problems: string[] = [];
  // Later patches can use fields added by earlier ones.
  const added = new Set<string>();
  for (const patch of listAt(one, 'spec', 'patches')) {
    for (const definition of listAt(patch, 'definitions')) {
      const templates = selected(one, at(definition, 'selector'), objects);
      if (templates.length === 0) problems.push(`${titleOf(one)}, ${textAt(patch, 'name')}: selects no templates`);
      for (const change of listAt(definition, 'jsonPatches')) {
        const pointer = textAt(change, 'path')!;
        for (const template of templates) {
          const steps = pointer.slice(1).split('/');
          const replaces = textAt(change, 'op') !== 'add';
          const needed = replaces ? steps : steps.slice(0, -1);
          const key = `${titleOf(template)} /${needed.join('/')}`;
          if (at(template, ...needed) === undefined && !added.has(key)) {
            problems.push(
              `${titleOf(one)}, ${textAt(patch, 'name')}: ${pointer} does not exist in ${titleOf(template)}`,
            );
          }
          added.add(`${titleOf(template)} ${pointer}`);
        }
        for (const variable of variablesOf(change)) {
          if (variable !== 'builtin' && !declared.includes(variable)) {
            problems.push(`${titleOf(one)}, ${textAt(patch, 'name')}: variable ${variable} does not exist`);
          }
        }
      }
    }
  }
  return problems;
}

/** The variables in `variable: a.b`, or the root fields of a Go template. */
function variablesOf(change: unknown): readonly string[] {
  const variable = textAt(change, 'valueFrom', 'variable');
  const template = textAt(change, 'valueFrom', 'template') ?? '';
  const inTemplate = [...template.matchAll(/\{\{[^}]*\}\}/g)].flatMap(([action]) =>
    [...action.matchAll(/(?<![\w)])\.([A-Za-z]\w*)/g)].map(([, name]) => name!),
  );
  return [...(variable === undefined ? [] : [variable.split('.')[0]!]), ...inTemplate];
}

function selected(one: Json, selector: unknown, objects: readonly Json[]): readonly Json[] {
  const spec = one.spec;
  const match = at(selector, 'matchResources');
  const names = listAt(match, 'machineDeploymentClass', 'names');
  const references = [
    ...(at(match, 'infrastructureCluster') === true ? [at(spec, 'infrastructure', 'templateRef')] : []),
    ...(at(match, 'controlPlane') === true
      ? [at(spec, 'controlPlane', 'templateRef'), at(spec, 'controlPlane', 'machineInfrastructure', 'templateRef')]
      : []),
    ...listAt(spec, 'workers', 'machineDeployments')
      .filter((worker) => names.includes(textAt(worker, 'class')))
      .flatMap((worker) => [at(worker, 'bootstrap', 'templateRef'), at(worker, 'infrastructure', 'templateRef')]),
  ].filter(
    (reference) =>
      textAt(reference, 'apiVersion') === textAt(selector, 'apiVersion') &&
      textAt(reference, 'kind') === textAt(selector, 'kind'),
  );
  return objects.filter((object) =>
    references.some(
      (reference) =>
        object.apiVersion === textAt(reference, 'apiVersion') &&
        object.kind === textAt(reference, 'kind') &&
        textAt(object, 'metadata', 'name') === textAt(reference, 'name') &&
        textAt(object, 'metadata', 'namespace') === textAt(one, 'metadata', 'namespace'),
    ),
  );
}

function topologyProblems(cluster: Json, one: Json): readonly string[] {
  const topology = at(cluster, 'spec', 'topology');
  const problem = (text: string) => `${titleOf(cluster)}: ${text}`;
  const versions = listAt(one, 'spec', 'kubernetesVersions');
  const version = textAt(topology, 'version');
  const workers = listAt(topology, 'workers', 'machineDeployments');
  const classes = listAt(one, 'spec', 'workers', 'machineDeployments').map((worker) => textAt(worker, 'class'));
  const declared = listAt(one, 'spec', 'variables').filter(isMap);
  const given = listAt(topology, 'variables').map((variable) => textAt(variable, 'name'));
  const overridden = workers.flatMap((worker) =>
    listAt(worker, 'variables', 'overrides').map((variable) => textAt(variable, 'name')),
  );
  const known = declared.map((variable) => textAt(variable, 'name'));
  return [
    ...(versions.length > 0 && !versions.includes(version) ? [problem(`the class does not support ${version}`)] : []),
    ...workers
      .filter((worker) => !classes.includes(textAt(worker, 'class')))
      .map((worker) => problem(`the class has no workers ${textAt(worker, 'class')}`)),
    ...[...given, ...overridden]
      .filter((name) => !known.includes(name))
      .map((name) => problem(`variable ${name} does not exist`)),
    ...declared
      .filter((variable) => variable.required === true && !given.includes(textAt(variable, 'name')))
      .map((variable) => problem(`${textAt(variable, 'name')} is required`)),
    ...given.filter((name, index) => given.indexOf(name) !== index).map((name) => problem(`${name} is set twice`)),
  ];
}
