// The packages of others whose code is in the bundles, with their licences, and the list of them in CycloneDX's format.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Part {
  readonly name: string;
  readonly version: string;
  /** SPDX. */
  readonly license: string;
  /** The text of the licence. */
  readonly text: string;
  /** As in the lock file: `sha512-` and base64. */
  readonly integrity: string;
}

interface Locked {
  readonly packages: Readonly<Record<string, { readonly version: string; readonly integrity?: string }>>;
}

/** `lists` are files with the inputs of bundles. In the order of their names. Throws if one has no text of a licence, without which it must not be delivered. */
export function bundledPackages(root: string, lists: readonly string[]): readonly Part[] {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as Locked;
  const inputs = lists.flatMap((list): readonly string[] => JSON.parse(readFileSync(list, 'utf8')));
  const folders = new Set(inputs.flatMap((input) => folderOf(input) ?? []));
  const parts = [...folders].map((folder): Part => {
    const { name, version, license } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
    const { integrity } = packages[folder] ?? {};
    if (integrity === undefined) throw new Error(`${folder} isn't in package-lock.json`);
    return { name, version, license: String(license), text: licenceOf(root, folder), integrity };
  });
  return parts.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.version < b.version ? -1 : 1));
}

/** `node_modules/a/node_modules/@b/c/x.js` is of `node_modules/a/node_modules/@b/c`. */
function folderOf(input: string): string | undefined {
  return /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input.replace(/^[\w-]+:/, ''))?.[1];
}

function licenceOf(root: string, folder: string): string {
  const names = readdirSync(join(root, folder)).filter((name) =>
    /^(?:licen[sc]e|copying|notice|thirdpartynotices)/i.test(name),
  );
  if (names.length === 0) throw new Error(`${folder} has no text of its licence`);
  return names
    .sort()
    .map((name) => readFileSync(join(root, folder, name), 'utf8').trim())
    .join('\n\n');
}

/** A bill of materials: the bundled packages, and the releases that the schemas are facts about. */
export function partsList(root: string, parts: readonly Part[]): object {
  const { name, version, license } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const index = JSON.parse(readFileSync(join(root, 'server/schemas/index.json'), 'utf8')) as {
    readonly releases: readonly {
      readonly name: string;
      readonly version: string;
      readonly sources: readonly { readonly from: string; readonly checksum: string }[];
    }[];
  };
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: { component: { type: 'application', name, version, licenses: [{ license: { id: license } }] } },
    components: [
      ...parts.map((part) => ({
        type: 'library',
        'bom-ref': purlOf(part),
        name: part.name,
        version: part.version,
        purl: purlOf(part),
        licenses: [{ license: { id: part.license } }],
        hashes: [
          { alg: 'SHA-512', content: Buffer.from(part.integrity.slice('sha512-'.length), 'base64').toString('hex') },
        ],
      })),
      ...index.releases.map((release) => ({
        type: 'data',
        'bom-ref': `schemas:${release.name}@${release.version}`,
        name: `${release.name} API facts`,
        version: release.version,
        properties: release.sources.map(({ from, checksum }) => ({ name: from, value: checksum })),
      })),
    ],
  };
}

function purlOf({ name, version }: Part): string {
  return `pkg:npm/${name.replace(/^@/, '%40')}@${version}`;
}
