import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { exampleModule } from '@cellstate/vitest-preset/example-modules';
import { listExamples } from '@cellstate/vitest-preset/examples';
import { build, transform } from 'esbuild';
import { afterAll, describe, expect, inject, test } from 'vitest';
import { type InstalledProject, installProject } from '../src/installed-project.ts';
import { publishedPackages, root } from '../src/published-packages.ts';

const packages = publishedPackages();
const tarballs = inject('tarballs');
const projects: InstalledProject[] = [];

afterAll(() => {
  for (const { folder } of projects) rmSync(folder, { recursive: true });
});

/** Installs packages: those of the workspace as tarballs, with all they depend on; others, and peers, as a user gets them. */
async function install(names: readonly string[]): Promise<InstalledProject> {
  const dependencies: Record<string, string> = {};
  for (const name of names) {
    const own = packages.get(name);
    if (own === undefined) dependencies[name] = name.startsWith('@tensorflow/') ? '^4.22.0' : '*';
    for (const member of own?.closure ?? []) dependencies[member] = `file:${tarballs[member]}`;
  }
  const project = await installProject(dependencies);
  projects.push(project);
  return project;
}

/** The comparison of a stated result with the true one, as a file without dependencies. */
async function bundleChecker(outfile: string): Promise<void> {
  await build({ entryPoints: [path.join(root, 'packages/testing/src/check-example.ts')], outfile, bundle: true, format: 'esm' });
}

/** What a README tells its reader to install. */
function told(readme: string): string[] {
  return [...readme.matchAll(/^npm install (.+)$/gm)].flatMap(([, names = '']) => names.split(' ').filter((name) => !name.startsWith('-')));
}

describe.each([...packages.values()])('$name installed from its tarball', ({ name, folder }) => {
  test('as its README says, runs the examples in it, and their types are right', async () => {
    const readme = readFileSync(path.join(folder, 'README.md'), 'utf8');
    const examples = listExamples('README.md', readme);
    expect(examples.length).toBeGreaterThan(0);
    expect(told(readme)).toContain(name);
    const project = await install(told(readme));
    await bundleChecker(path.join(project.folder, 'check-example.js'));
    for (const [index, example] of examples.entries()) {
      const { code } = await transform(exampleModule(example, './check-example.js'), { loader: 'ts', format: 'esm' });
      writeFileSync(path.join(project.folder, `example-${index}.ts`), `${example.code}\nexport {};\n`);
      writeFileSync(path.join(project.folder, `example-${index}.js`), code);
      await project.runNode(`example-${index}.js`);
    }
    expect(await project.typeFaults(examples.map((_, index) => `example-${index}.ts`))).toBe('');
  });
});

describe.each(['@cellstate/core', '@cellstate/windowing'])('%s alone', (name) => {
  test('brings no TensorFlow.js, neither into node_modules nor into a bundle', async () => {
    const project = await install([name]);
    expect(existsSync(path.join(project.folder, 'node_modules', '@tensorflow'))).toBe(false);
    const { metafile, outputFiles } = await build({
      stdin: { contents: `export * from '${name}';`, resolveDir: project.folder },
      bundle: true,
      format: 'esm',
      platform: 'neutral',
      metafile: true,
      write: false,
    });
    expect(Object.keys(metafile.inputs).filter((file) => file.includes('tensorflow'))).toEqual([]);
    expect(outputFiles[0]?.text).not.toMatch(/tensorflow/i);
  });
});
