// A CustomResourceDefinition of a file, as schemas of the workspace are read from it.
import { readCrd } from '../schema/crd.ts';
import { parseManifest } from '../syntax/manifest.ts';
import { nodeAt } from '../syntax/navigate.ts';
import { toValue } from '../syntax/value.ts';
import type { Document } from './document.ts';
import type { ObjectFacts } from './facts.ts';
import type { CrdSource } from './schemas.ts';

/** Of an object that defines a kind. */
export function crdSource(path: string, document: Document, object: ObjectFacts): CrdSource {
  return {
    path,
    groupKind: object.defines!,
    text: document.text,
    objectPath: object.path,
    head: object.head,
    crd: () => {
      const node = nodeAt(parseManifest(document.text).root, object.path);
      return node && readCrd(toValue(node), 'keep');
    },
  };
}
