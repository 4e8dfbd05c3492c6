// Puts the benchmark's peers into folders that git ignores. None of them is a dependency of the workspace.

import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildTfjsNode } from '@cellstate/tfjs-node';
import { PLACES } from './places.ts';

const peers = fileURLToPath(new URL('../peers', import.meta.url));

const INSTALLS: readonly { readonly what: string; install(): void }[] = [
  { what: 'brain.js, onnxruntime-node and the wasm backend of TensorFlow.js', install: installJavascript },
  { what: 'Keras, TensorFlow and PyTorch in a virtual environment', install: installPython },
  { what: 'tfjs-node', install: () => void buildTfjsNode((line) => console.log(`  ${line}`)) },
];

for (const { what, install } of INSTALLS) {
  console.log(`${what} …`);
  try {
    install();
  } catch (error) {
    console.error(`  not installed: ${error instanceof Error ? error.message : error}`);
    process.exitCode = 1;
  }
}

function installJavascript(): void {
  mkdirSync(PLACES.peers, { recursive: true });
  copyFileSync(path.join(peers, 'package.json'), path.join(PLACES.peers, 'package.json'));
  run('npm', { args: ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], cwd: PLACES.peers });
}

function installPython(): void {
  const folder = path.resolve(PLACES.python, '../..');
  if (!existsSync(PLACES.python)) run('python3', { args: ['-m', 'venv', folder], cwd: peers });
  run(PLACES.python, { args: ['-m', 'pip', 'install', '--quiet', '-r', path.join(peers, 'requirements.txt')], cwd: peers });
}

function run(file: string, { args, cwd }: { args: readonly string[]; cwd: string }): void {
  execFileSync(file, args, { cwd, stdio: ['ignore', 'inherit', 'inherit'] });
}
