import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { listExamples } from '@cellstate/vitest-preset/examples';
import { build, transform } from 'esbuild';
import { afterAll, describe, expect, inject, test } from 'vitest';
import { type InstalledProject, installProject } from '../src/installed-project.ts';
import { publishedPackages } from '../src/published-packages.ts';

const packages = publishedPackages();
const tarballs = inject('tarballs');
const projects: InstalledProject[] = [];

afterAll(() => {
  for (const { folder } of projects) rmSync(folder, { recursive: true });
});

/** Installs packages with all they depend on and all they ask for. */
async function install(names: readonly string[]): Promise<InstalledProject> {
  const wanted = names.flatMap((name) => packages.get(name) ?? []);
  const own = wanted.flatMap(({ closure }) => closure.map((member) => [member, `file:${tarballs[member]}`]));
  const project = await installProject({ ...Object.fromEntries(own), ...Object.assign({}, ...wanted.map(({ peers }) => peers)) });
  projects.push(project);
  return project;
}

/** The packages that code imports, without the doors: `@cellstate/backends` for `@cellstate/backends/cpu`. */
function imported(code: string): string[] {
  return [...code.matchAll(/from '(@cellstate\/[\w-]+)|import '(@cellstate\/[\w-]+)/g)].map((match) => match[1] ?? match[2] ?? '');
}

describe.each([...packages.values()])('$name installed from its tarball', ({ name, folder }) => {
  test('runs the examples of its README, and their types are right', async () => {
    const examples = listExamples('README.md', readFileSync(path.join(folder, 'README.md'), 'utf8'));
    expect(examples.length).toBeGreaterThan(0);
    const project = await install([name, ...examples.flatMap(({ code }) => imported(code))]);
    for (const [index, { code }] of examples.entries()) {
      writeFileSync(path.join(project.folder, `example-${index}.ts`), `${code}\nexport {};\n`);
      writeFileSync(path.join(project.folder, `example-${index}.js`), (await transform(code, { loader: 'ts', format: 'esm' })).code);
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
