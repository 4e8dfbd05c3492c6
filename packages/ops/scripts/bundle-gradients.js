/**
 * Writes src/gradients/tfjs-gradients.generated.ts: the gradient definitions of the installed @tensorflow/tfjs-core.
 *
 * In Node that package's entry registers no gradients, and its modules that do cannot be imported. So they are bundled
 * here, each internal import mapped to the public name of an external '@tensorflow/tfjs-core': the result holds the
 * gradients and the few backward ops that are not public, and no second copy of the engine. The bundle becomes a
 * TypeScript file without type checks, so that the compiler emits it like every other source.
 */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';

const CORE = '@tensorflow/tfjs-core';
const OUTPUT = fileURLToPath(new URL('../src/gradients/tfjs-gradients.generated.ts', import.meta.url));

/** Wrong in tfjs-core, or failing in Node; src/gradients has its own. */
const CORRECTED = [
  'Abs',
  'AvgPool',
  'AvgPool3D',
  'BatchMatMul',
  'Conv2D',
  'Cumsum',
  'FloorDiv',
  'GatherV2',
  'Max',
  'Maximum',
  'Mean',
  'Min',
  'Minimum',
  'MirrorPad',
  'Prod',
  'ResizeBilinear',
  'ResizeNearestNeighbor',
  'SplitV',
  'SquaredDifference',
  'Unpack',
];

/** Not public, so compiled in. */
const BACKWARD_OPS =
  /^ops\/(max_pool(_3d)?_grad|conv[23]d_backprop_(filter|input)|depthwise_conv2d_native_backprop_(filter|input)|local_response_normalization_backprop)$/;

/** Internal modules whose functions are public as members of a namespace. */
const NAMESPACES = {
  util: 'util',
  'ops/axis_util': 'backend_util',
  'ops/broadcast_util': 'broadcast_util',
  'ops/conv_util': 'backend_util',
  'ops/selu_util': 'backend_util',
  'ops/slice_util': 'slice_util',
};

/** Internal modules with something that has a public equivalent of another form. */
const SHIMS = {
  engine: `
    import { engine } from '${CORE}';
    export const ENGINE = { runKernel: (name, inputs, attrs) => engine().runKernel(name, inputs, attrs) };`,
  tensor_util_env: `
    import { Tensor, tensor } from '${CORE}';
    export const convertToTensor = (x, name, where, dtype) => (x instanceof Tensor ? x : tensor(x, undefined, dtype));`,
};

const require = createRequire(import.meta.url);
const core = require(CORE);
const root = dirname(require.resolve(`${CORE}/package.json`));
const { version } = require(`${CORE}/package.json`);
const dist = join(root, 'dist');

const configs = await gradientConfigs();
const { code, licenses } = await bundle(configs);
await writeFile(OUTPUT, [header(licenses), code, footer(configs), ''].join('\n'));

/** Every definition as { name: exported name, kernel, file }, the corrected ones left out. */
async function gradientConfigs() {
  const files = (await readdir(join(dist, 'gradients'))).filter((file) => file.endsWith('_grad.js'));
  const found = [];
  for (const file of files.sort()) {
    const text = await readFile(join(dist, 'gradients', file), 'utf8');
    const [, name, kernel] = /^export const (\w+GradConfig) = \{\s*kernelName: (\w+)/m.exec(text) ?? [];
    if (name === undefined || typeof core[kernel] !== 'string') throw new Error(`No gradient found in ${file} of ${CORE} ${version}.`);
    if (!CORRECTED.includes(kernel)) found.push({ name, kernel, file });
  }
  const registered = await readFile(join(dist, 'register_all_gradients.js'), 'utf8');
  const count = registered.match(/^import .* from '\.\/gradients\//gm).length;
  if (found.length + CORRECTED.length !== count) throw new Error(`${CORE} registers ${count} gradients, found ${found.length}.`);
  return found;
}

async function bundle(gradients) {
  const notices = new Set();
  const result = await esbuild.build({
    stdin: {
      contents: gradients.map(({ name, file }) => `export { ${name} } from './gradients/${basename(file, '.js')}';`).join('\n'),
      resolveDir: dist,
    },
    absWorkingDir: dist,
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'neutral',
    target: 'es2022',
    legalComments: 'none',
    plugins: [publicNames(notices)],
  });
  const text = result.outputFiles[0].text;
  for (const [, imported] of text.matchAll(/^import \{([^}]*)\} from "@tensorflow\/tfjs-core";$/gm)) {
    for (const name of imported.split(',').map((part) => part.trim().split(' as ')[0])) {
      if (!(name in core)) throw new Error(`${CORE} ${version} has no public '${name}'.`);
    }
  }
  return { code: text.replace(/export \{[^}]*\};\s*$/, ''), licenses: [...notices].sort() };
}

function publicNames(notices) {
  return {
    name: 'public-names',
    setup(build) {
      build.onResolve({ filter: /^\./ }, ({ path, resolveDir }) => {
        const file = join(resolveDir, path);
        const module = relative(dist, file);
        if (module.startsWith('gradients/') || BACKWARD_OPS.test(module)) return { path: `${file}.js`, sideEffects: false };
        if (module in NAMESPACES || module in SHIMS) return { path: module, namespace: 'public', sideEffects: false };
        return { path: CORE, external: true };
      });
      build.onResolve({ filter: /^@/ }, () => ({ path: CORE, external: true, sideEffects: false }));
      build.onLoad({ filter: /./, namespace: 'public' }, ({ path }) => ({ contents: SHIMS[path] ?? members(NAMESPACES[path]) }));
      build.onLoad({ filter: /\.js$/, namespace: 'file' }, async ({ path }) => {
        const text = await readFile(path, 'utf8');
        for (const [, notice] of text.matchAll(/@license\s*\n \* (Copyright .*)/g)) notices.add(notice.trim());
        return { contents: text.replace(/^\/\/# sourceMappingURL=.*$/m, '') };
      });
    },
  };
}

/** A module of a namespace's members, each dropped where nothing uses it. */
function members(namespace) {
  const names = Object.keys(core[namespace]).map((name) => `export const ${name} = /* @__PURE__ */ (() => ${namespace}.${name})();`);
  return [`import { ${namespace} } from '${CORE}';`, ...names].join('\n');
}

function header(licenses) {
  return `// @ts-nocheck
/*!
 * Made by scripts/bundle-gradients.js from ${CORE} ${version}; not to be edited. Changed from the original: imports
 * point to the public names of the package, and these gradients are left out: ${CORRECTED.join(', ')}.
 *
${licenses.map((notice) => ` * ${notice}`).join('\n')}
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 * http://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */`;
}

function footer(gradients) {
  const kernels = [...new Set(Object.entries(core).flatMap(([name, value]) => (name === value ? [value] : [])))].sort();
  return `/** The gradients that tfjs-core defines, but for those that this package replaces. */
export const tfjsGradients: readonly import('${CORE}').GradConfig[] = [
${gradients.map(({ name }) => `  ${name},`).join('\n')}
];

/** The name of every kernel that tfjs-core knows of. */
export const tfjsKernelNames: readonly string[] = [
${kernels.map((name) => `  '${name}',`).join('\n')}
];`;
}
