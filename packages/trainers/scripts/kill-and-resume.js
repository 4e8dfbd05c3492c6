import { rmSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

/*
 * Kills trainings at 50 moments, 30 of them within the writing of a checkpoint, resumes each and compares its losses and weights with
 * those of a run that never stopped. Takes some minutes. Run it as `node scripts/kill-and-resume.js`.
 */
const folder = path.join(import.meta.dirname, '..', 'test', 'resuming');
const outfile = path.join(import.meta.dirname, '..', 'reports', 'run-kills.js');
await build({
  entryPoints: [path.join(folder, 'run-kills.ts')],
  outfile,
  bundle: true,
  format: 'esm',
  platform: 'node',
  conditions: ['@cellstate/source'],
  external: ['esbuild', '@tensorflow/*'],
  banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
});
process.argv[2] = path.join(folder, 'run-killed-training.ts');
try {
  await import(pathToFileURL(outfile).href);
} finally {
  rmSync(outfile);
}
