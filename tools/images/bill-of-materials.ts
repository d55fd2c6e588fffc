import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Enums, Models, Serialize, SPDX, Spec } from '@cyclonedx/cyclonedx-library';
import { type AllNeeds, packagesOf, readManifest } from './closure.ts';

/**
 * What an image holds of ours and of others, as CycloneDX 1.6 JSON: each package with its version, licence and the digest
 * that the lock file has of it, and what needs it. The same files make the same text.
 */
export function billOfMaterials(root: string, processFolder: string, { workspaces, packages, imported }: AllNeeds) {
  const digests = digestsOf(root);
  const components = new Map(
    [...workspaces, ...packages].map((folder) => [folder, componentOf(root, folder, digests.get(folder))]),
  );
  const refs = (folders: string[]) => folders.flatMap((folder) => components.get(folder)?.bomRef ?? []);
  for (const folder of packages) {
    for (const ref of refs(packagesOf(root, folder))) components.get(folder)?.dependencies.add(ref);
  }
  const name = `cabinet/${basename(processFolder)}`;
  const image = new Models.Component(Enums.ComponentType.Container, name, { bomRef: name });
  for (const ref of refs([...workspaces, ...imported])) image.dependencies.add(ref);
  const bill = new Models.Bom({
    metadata: new Models.Metadata({ component: image }),
    components: new Models.ComponentRepository(components.values()),
  });
  const serializer = new Serialize.JsonSerializer(new Serialize.JSON.Normalize.Factory(Spec.Spec1dot6));
  return serializer.serialize(bill, { sortLists: true, space: 2 });
}

function componentOf(root: string, folder: string, digest?: string): Models.Component {
  const { name, version, license } = readManifest(join(root, folder));
  const purl = digest && `pkg:npm/${name.replace('@', '%40')}@${version}`;
  return new Models.Component(Enums.ComponentType.Library, name, {
    bomRef: folder,
    version,
    purl,
    hashes: new Models.HashDictionary(digest ? [[Enums.HashAlgorithm['SHA-512'], digest]] : []),
    licenses: new Models.LicenseRepository(license ? [licence(license)] : []),
  });
}

const licence = (text: string): Models.License =>
  SPDX.isSupportedSpdxId(text) ? new Models.SpdxLicense(text) : new Models.LicenseExpression(text);

/** By folder, in hexadecimal; the lock file has base64 (Subresource Integrity). */
function digestsOf(root: string): Map<string, string> {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { integrity?: string }>;
  };
  return new Map(
    Object.entries(packages).flatMap(([folder, { integrity }]) =>
      integrity?.startsWith('sha512-') ? [[folder, Buffer.from(integrity.slice(7), 'base64').toString('hex')]] : [],
    ),
  );
}
