// Builds the fleet's folders like Flux, with the kustomize in kubectl: a copy of the repository, a generated kustomization
// if a folder has none, and the Kustomization's own changes on top.
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { stringify } from 'yaml';
import { program } from '../testbed/cache.ts';
import { runProgram } from '../testbed/controlplane.ts';
import type { Build } from './delivery.ts';
import { documentsIn, fleet, yamlBelow } from './repositories.ts';

export interface Kubectl {
  /** Throws with kubectl's message if a folder doesn't build. */
  readonly build: Build;
  remove(): void;
}

const head = { apiVersion: 'kustomize.config.k8s.io/v1beta1', kind: 'Kustomization' };

export function kubectlBuilds(): Kubectl {
  const root = mkdtempSync(join(tmpdir(), 'capstan-fleet-'));
  let overlays = 0;
  cpSync(fleet, root, { recursive: true });
  const build: Build = async (folder, shape) => {
    if (!existsSync(join(fleet, folder))) throw new Error(`folder ${folder} does not exist`);
    if (!existsSync(join(root, folder, 'kustomization.yaml'))) {
      const resources = yamlBelow(folder).map((path) => relative(folder, path));
      write(folder, { ...head, resources });
    }
    let built = folder;
    if (Object.keys(shape).length > 0) {
      built = `${folder}-overlay-${overlays++}`;
      mkdirSync(join(root, built));
      const { patches, targetNamespace } = shape;
      write(built, {
        ...head,
        resources: [relative(built, folder)],
        ...(patches && { patches }),
        ...(targetNamespace !== undefined && { namespace: targetNamespace }),
      });
    }
    const { code, stdout, stderr } = await runProgram(program('kubernetes', 'kubectl'), [
      'kustomize',
      join(root, built),
    ]);
    if (code !== 0) throw new Error(`kubectl kustomize ${folder}: ${stderr.replaceAll(root, 'fleet')}`);
    return documentsIn(stdout, folder);
  };
  return { build, remove: () => rmSync(root, { recursive: true, force: true }) };

  function write(folder: string, kustomization: object): void {
    writeFileSync(join(root, folder, 'kustomization.yaml'), stringify(kustomization));
  }
}
