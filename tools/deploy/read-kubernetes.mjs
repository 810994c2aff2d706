import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';
import { root } from '../checkout.mjs';

export const kubernetesFolder = join(root, 'deploy/kubernetes');

/**
 * The resources of a folder with a kustomization.yaml, and of the folders that it names, as they stand in the files: names, images
 * and the configuration are put in by kustomize itself.
 *
 * @param {string} name of the folder below deploy/kubernetes
 * @returns {{ kustomization: object, resources: object[] }}
 */
export function readKustomization(name) {
  return readFolder(join(kubernetesFolder, name));
}

function readFolder(folder) {
  const kustomization = parse(readFileSync(join(folder, 'kustomization.yaml'), 'utf8'));
  const resources = kustomization.resources.flatMap((entry) => {
    const path = join(folder, entry);
    if (!existsSync(path)) throw new Error(`${path} is not there.`);
    return statSync(path).isDirectory() ? readFolder(path).resources : readResources(path);
  });
  return { kustomization, resources };
}

function readResources(path) {
  return parseAllDocuments(readFileSync(path, 'utf8')).map((document) => {
    if (document.errors.length > 0) throw new Error(`${path}: ${document.errors[0].message}`);
    return document.toJS();
  });
}
