import { buildTfjsNode } from './build-tfjs-node.js';

try {
  console.log(`tfjs-node is in ${buildTfjsNode((line) => console.log(line))}.`);
} catch (error) {
  console.error(`tfjs-node cannot be built here: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
}
