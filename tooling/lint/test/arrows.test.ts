import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';

const here = path.dirname(fileURLToPath(import.meta.url));
const config = path.join(here, '..', 'dependency-cruiser.config.cjs');
const depcruise = path.join(here, '..', 'node_modules', '.bin', 'depcruise');

let workspace: string;

beforeEach(() => {
  workspace = mkdtempSync(path.join(tmpdir(), 'arrows-'));
});

afterEach(() => {
  rmSync(workspace, { recursive: true });
});

/** The names of the rules that a workspace of these files breaks. */
function brokenRules(files: Record<string, string>): string[] {
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(path.join(workspace, path.dirname(file)), { recursive: true });
    writeFileSync(path.join(workspace, file), text);
  }
  const top = [...new Set(Object.keys(files).map((file) => file.split('/')[0]))].filter((folder) => folder !== 'node_modules');
  const run = spawnSync(depcruise, ['--config', config, '--output-type', 'json', ...top], { cwd: workspace, encoding: 'utf8' });
  const { summary } = JSON.parse(run.stdout);
  return [...new Set<string>(summary.violations.map((violation: { rule: { name: string } }) => violation.rule.name))].sort();
}

/** A package as the workspace links it: resolved by its exports map to its source. */
function linked(name: string): Record<string, string> {
  const exports = { '.': { '@cellstate/source': './src/index.ts' } };
  return {
    [`packages/${name}/package.json`]: JSON.stringify({ name: `@cellstate/${name}`, exports }),
    [`packages/${name}/src/index.ts`]: `export const ${name} = 1;\n`,
  };
}

test('arrows that point down are allowed', () => {
  const files = { ...linked('core'), ...linked('windowing'), 'packages/windowing/src/index.ts': "export { core } from './cut.ts';\n" };
  expect(brokenRules({ ...files, 'packages/windowing/src/cut.ts': 'export const core = 1;\n' })).toEqual([]);
});

test('core may import no other package', () => {
  const files = { ...linked('core'), ...linked('ops'), 'packages/core/src/index.ts': "export { ops } from '../../ops/src/index.ts';\n" };
  expect(brokenRules(files)).toEqual(['arrows-of-core', 'public-entries-only']);
});

test('trainers may not import layers', () => {
  const files = { ...linked('layers'), 'packages/trainers/src/fit.ts': "export { layers } from '../../layers/src/index.ts';\n" };
  expect(brokenRules(files)).toContain('arrows-of-trainers');
});

test('windowing may not import TensorFlow.js', () => {
  const files = {
    'node_modules/@tensorflow/tfjs-core/package.json': JSON.stringify({ name: '@tensorflow/tfjs-core', main: 'dist/tf-core.node.js' }),
    'node_modules/@tensorflow/tfjs-core/dist/tf-core.node.js': 'module.exports = {};\n',
    'packages/windowing/src/index.ts': "import * as tf from '@tensorflow/tfjs-core';\nexport const add = tf.add;\n",
  };
  expect(brokenRules(files)).toContain('no-tensors');
});

test('sources may not import test support, nor an app', () => {
  const files = {
    ...linked('testing'),
    'apps/demo/src/main.ts': 'export const demo = 1;\n',
    'packages/layers/src/a.ts': "export { testing } from '../../testing/src/index.ts';\n",
    'packages/layers/src/b.ts': "export { demo } from '../../../apps/demo/src/main.ts';\n",
  };
  expect(brokenRules(files)).toEqual(['arrows-of-layers', 'no-test-support-in-sources', 'nothing-imports-apps', 'public-entries-only']);
});

test('cycles, unresolvable imports and packages without arrows are found', () => {
  const files = {
    'packages/core/src/a.ts': "export { b } from './b.ts';\nexport const a = 1;\n",
    'packages/core/src/b.ts': "export { a } from './a.ts';\nexport const b = 2;\n",
    'packages/core/src/c.ts': "export { d } from './missing.ts';\n",
    'packages/novelty/src/index.ts': "export { core } from '../../core/src/a.ts';\n",
  };
  expect(brokenRules(files)).toEqual(['every-package-has-arrows', 'no-cycles', 'public-entries-only', 'resolvable']);
});
