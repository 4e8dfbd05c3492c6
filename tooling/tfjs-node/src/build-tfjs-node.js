import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { PLACES } from './places.js';

const TFJS_NODE = '4.22.0';
const TENSORFLOW = '2.21.0';
const NODE_GYP = '10.3.1';

/** Names under which tfjs-node's addon looks for TensorFlow's two libraries. */
const LINKS = [
  ['libtensorflow_cc.so.2', ['libtensorflow.so', 'libtensorflow.so.2', 'libtensorflow.so.2.9.1', 'libtensorflow_cc.so.2']],
  ['libtensorflow_framework.so.2', ['libtensorflow_framework.so', 'libtensorflow_framework.so.2']],
];

/**
 * Builds `@tensorflow/tfjs-node` without the download that its own install script makes: TensorFlow's C library comes with
 * its Python wheel, and the addon is compiled against it. Does nothing where it is built already.
 *
 * @param {(line: string) => void} [say] is told what is going on.
 * @returns {string} the folder whose `node_modules` holds it.
 * @throws {Error} with the reason when it cannot be built here.
 */
export function buildTfjsNode(say = () => {}) {
  const { python, project } = PLACES;
  const tfjsNode = path.join(project, 'node_modules', '@tensorflow', 'tfjs-node');
  const binding = path.join(tfjsNode, 'lib', 'napi-v8', 'tfjs_binding.node');
  if (existsSync(binding)) return project;
  need('linux', process.platform, 'the recipe is for Linux');
  const headers = nodeHeaders();
  say(`TensorFlow ${TENSORFLOW} in a virtual environment …`);
  const interpreter = installTensorflow(python);
  const wheel = path.dirname(run(interpreter, ['-c', 'import importlib.util as u; print(u.find_spec("tensorflow").origin)']).trim());
  say(`tfjs-node ${TFJS_NODE} without its install script …`);
  mkdirSync(project, { recursive: true });
  writeFileSync(path.join(project, 'package.json'), '{ "private": true }\n');
  run('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--no-save', `@tensorflow/tfjs-node@${TFJS_NODE}`], project);
  linkLibraries(tfjsNode, wheel);
  say('compiling its addon …');
  const lib = path.join(tfjsNode, 'lib', 'napi-v8');
  run(
    'npx',
    [
      '--yes',
      `node-gyp@${NODE_GYP}`,
      'rebuild',
      `--nodedir=${headers}`,
      '--module_name=tfjs_binding',
      `--module_path=${lib}`,
      `--module=${binding}`,
      '--napi_version=8',
      '--napi_build_version=8',
    ],
    tfjsNode,
  );
  if (!existsSync(binding)) throw new Error('node-gyp ended well but left no addon behind');
  return project;
}

/** The folder above `include/node`, beside the running Node or where the system's packages put it. */
function nodeHeaders() {
  const candidates = [path.resolve(process.execPath, '../..'), '/usr', '/usr/local'];
  const found = candidates.find((folder) => existsSync(path.join(folder, 'include', 'node', 'node_api.h')));
  if (found === undefined) throw new Error('there are no headers of Node (include/node/node_api.h)');
  return found;
}

/**
 * @param {string} folder of the virtual environment.
 * @returns {string} its interpreter.
 */
function installTensorflow(folder) {
  const interpreter = path.join(folder, 'bin', 'python');
  if (!existsSync(interpreter)) run('python3', ['-m', 'venv', folder]);
  if (spawnSync(interpreter, ['-c', 'import importlib.util as u; exit(u.find_spec("tensorflow") is None)']).status !== 0) {
    run(interpreter, ['-m', 'pip', 'install', '--quiet', `tensorflow-cpu==${TENSORFLOW}`]);
  }
  return interpreter;
}

/**
 * @param {string} tfjsNode its package folder.
 * @param {string} wheel the folder of the Python package.
 */
function linkLibraries(tfjsNode, wheel) {
  const deps = path.join(tfjsNode, 'deps');
  rmSync(deps, { recursive: true, force: true });
  mkdirSync(path.join(deps, 'lib'), { recursive: true });
  symlinkSync(path.join(wheel, 'include'), path.join(deps, 'include'));
  for (const [library, names] of LINKS) {
    for (const name of names) symlinkSync(path.join(wheel, String(library)), path.join(deps, 'lib', name));
  }
}

/**
 * @param {string} file
 * @param {string[]} args
 * @param {string} [cwd]
 * @returns {string} what it printed.
 */
function run(file, args, cwd) {
  try {
    return execFileSync(file, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 2 ** 28 });
  } catch (error) {
    const { stderr = '', message } = /** @type {Error & { stderr?: string }} */ (error);
    const said = String(stderr).trim().split('\n').slice(-5).join('\n') || message;
    throw new Error(`${[file, ...args.slice(0, 3)].join(' ')} failed: ${said}`, { cause: error });
  }
}

/**
 * @param {string} expected
 * @param {string} received
 * @param {string} why
 */
function need(expected, received, why) {
  if (expected !== received) throw new Error(`${why}, this is ${received}`);
}
