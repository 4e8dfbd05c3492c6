import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { buildTfjsNode } from './build-tfjs-node.js';

const HELP = `Usage: pnpm test:node [--require] [--node <path>]

Builds tfjs-node outside the workspace and tests the node engine on it. Where it
cannot be built it says why and ends well.

  --require       end badly where it cannot be built
  --node <path>   run the tests on another Node, such as 22 or 24
  --help          this text`;

const { values } = parseArgs({
  options: { require: { type: 'boolean', default: false }, node: { type: 'string' }, help: { type: 'boolean', default: false } },
});

if (values.help) console.log(HELP);
else process.exitCode = test();

/** @returns {number} the exit code. */
function test() {
  try {
    return run(buildTfjsNode((line) => console.log(line)));
  } catch (error) {
    console.log(`The node engine is not tested: tfjs-node cannot be built here. ${error instanceof Error ? error.message : error}`);
    return values.require ? 1 : 0;
  }
}

/**
 * @param {string} project the folder whose `node_modules` holds tfjs-node.
 * @returns {number}
 */
function run(project) {
  const folder = fileURLToPath(new URL('..', import.meta.url));
  const vitest = path.join(folder, 'node_modules', 'vitest', 'vitest.mjs');
  const env = { ...process.env, NODE_PATH: path.join(project, 'node_modules'), TF_CPP_MIN_LOG_LEVEL: '2' };
  return spawnSync(values.node ?? process.execPath, [vitest, 'run'], { cwd: folder, env, stdio: 'inherit' }).status ?? 1;
}
