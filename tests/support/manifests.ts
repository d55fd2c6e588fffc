import { parseAllDocuments } from 'yaml';
import { kustomize } from '../../dev/src/kustomize.ts';

/** A resource as it is sent to the cluster. */
// biome-ignore lint/suspicious/noExplicitAny: the shapes are Kubernetes' own, and many
export type Manifest = any;

/** All resources of an overlay, rendered. */
export async function render(overlay: string): Promise<Manifest[]> {
  const text = await kustomize(`k8s/overlays/${overlay}`);
  return parseAllDocuments(text).map((document) => document.toJS());
}

export const ofKind = (manifests: Manifest[], kind: string): Manifest[] =>
  manifests.filter((manifest) => manifest.kind === kind);

export const namesOf = (manifests: Manifest[]): string[] => manifests.map(({ metadata }) => metadata.name).sort();

export const annotationsOf = (deployment: Manifest): Record<string, string> =>
  deployment.spec.template.metadata.annotations;
