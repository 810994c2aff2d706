// npm run check:kubernetes: checks the manifests against the schemas that Kubernetes publishes, as kustomize renders them where kubectl is there.
import '../node-version.mjs';

const { runOrExplain } = await import('../startup-error.mjs');

await runOrExplain(async () => {
  const { writeFileSync } = await import('node:fs');
  const { join } = await import('node:path');
  const { pathToFileURL } = await import('node:url');
  const { parseAllDocuments } = await import('yaml');
  const { root } = await import('../checkout.mjs');
  const { findProgram } = await import('../find-program.mjs');
  const { runCommand } = await import('../run-command.mjs');
  const { kubernetesFolder, readKustomization } = await import('./read-kubernetes.mjs');
  const { StartupError } = await import('../startup-error.mjs');

  const schemas = join(kubernetesFolder, 'check');
  const installed = await runCommand('npm', ['ci', '--prefix', schemas, '--ignore-scripts', '--no-audit', '--no-fund'], { limitMs: 5 * 60_000 });
  if (!installed.ok) throw new StartupError(`The schemas can’t be installed: ${installed.output.trim().split('\n').at(-1)}`);
  const kubectl = findProgram('kubectl');
  if (kubectl === undefined) console.log('kubectl is not on this machine: the files are checked as they are, not as kustomize renders them.');

  const mistakes = [];
  const typed = [];
  let checked = 0;
  for (const folder of ['example', 'example/migrate']) {
    for (const resource of await rendered(folder)) {
      const what = `${folder}: ${resource.kind} ${resource.metadata.name}`;
      const [group, version] = resource.apiVersion.includes('/') ? resource.apiVersion.split('/') : ['', resource.apiVersion];
      const file = join(schemas, 'node_modules/kubernetes-models', group, version, `${resource.kind}.js`);
      const { [resource.kind]: Model } = await import(pathToFileURL(file).href);
      // The schema knows values, the type knows which fields there are: a misspelt one is a mistake too.
      typed.push(`import type { I${resource.kind} as Type${typed.length} } from 'kubernetes-models/${group}${group === '' ? '' : '/'}${version}/${resource.kind}';`, `export const resource${typed.length}: Type${typed.length} = ${JSON.stringify(resource)}; // ${what}`);
      try {
        new Model(resource).validate();
        checked += 1;
      } catch (error) {
        mistakes.push(`${what}: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  }
  const program = join(schemas, 'node_modules', 'resources.ts');
  writeFileSync(program, typed.join('\n'));
  const compiled = await runCommand(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '--ignoreConfig', '--noEmit', '--strict', '--skipLibCheck', '--module', 'nodenext', '--target', 'es2022', program], { limitMs: 2 * 60_000 });
  if (!compiled.ok) mistakes.push(...compiled.output.trim().split('\n').map((line) => line.replace(/^.*resources\.ts\((\d+),\d+\): error \w+: /, (_, number) => `${typed[Number(number) - 1].split(' // ').at(-1)}: `)));
  if (mistakes.length > 0) throw new StartupError(mistakes.join('\n'));
  console.log(`${checked} resources are as Kubernetes describes them.`);

  async function rendered(folder) {
    if (kubectl === undefined) return readKustomization(folder).resources;
    const { ok, output } = await runCommand(kubectl, ['kustomize', join(kubernetesFolder, folder)], { limitMs: 60_000 });
    if (!ok) throw new StartupError(output.trim());
    return parseAllDocuments(output).map((document) => document.toJS());
  }
});
