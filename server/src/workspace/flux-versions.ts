// Reads from the objects of a cluster how strict its Flux is: by the version of kustomize-controller, and by its flags.
import { type BuiltMap, builtAt, textAt } from '../kustomize/built.ts';
import { printBuilt } from '../kustomize/print.ts';

/** The Deployment of the controller that substitutes variables. */
export const controllerName = 'kustomize-controller';

const gate = /StrictPostBuildSubstitutions=(true|false)/;

/**
 * Whether a variable without a value fails a build: since Flux 2.9 (kustomize-controller 1.9) unless a feature gate says
 * otherwise. The newest version where nothing tells.
 */
export function isStrict(all: (kind: string) => readonly BuiltMap[]): boolean {
  const instance = all('FluxInstance')[0];
  const controllers = all('Deployment').filter((one) => textAt(one, ['metadata', 'name']) === controllerName);
  for (const object of [...controllers, ...(instance ? [instance] : [])]) {
    const flag = gate.exec(printBuilt(object))?.[1];
    if (flag !== undefined) return flag === 'true';
  }
  const version =
    versionOf(textAt(instance, ['spec', 'distribution', 'version'])) ??
    controllers.map((one) => versionOf(textAt(one, ['metadata', 'labels', 'app.kubernetes.io/version'])))[0];
  if (version) return version[0] > 2 || (version[0] === 2 && version[1] >= 9);
  const image = controllers.map((one) =>
    textAt(builtAt(one, ['spec', 'template', 'spec', 'containers', 0]), ['image']),
  )[0];
  const controller = versionOf(image?.slice(image.lastIndexOf(':') + 1));
  return !controller || controller[0] > 1 || controller[1] >= 9;
}

/** Major and minor; a range such as `2.x` allows the newest. */
function versionOf(text: string | undefined): readonly [number, number] | undefined {
  const found = /^[v=~^]?(\d+)\.(\d+|x|\*)/.exec(text ?? '');
  if (!found) return undefined;
  return [Number(found[1]), /^\d+$/.test(found[2]!) ? Number(found[2]) : Number.POSITIVE_INFINITY];
}
