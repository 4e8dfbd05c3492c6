import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { collectResults } from './collect-results.js';
import { formatResults, sumResults } from './format-results.js';
import { removeReports } from './remove-reports.js';
import { runTurbo } from './run-turbo.js';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..', '..');
// The types of everything in one program: package by package, the same sources would be read nine times.
const checks = ['types', 'lint', 'arrows', 'unused', 'manifests'];

removeReports(root);
console.log('Running tests and checks. Only failures are printed; unchanged packages come from the cache.');
const { exitCode, tasks } = await runTurbo(['test', ...checks], { root });
const results = collectResults(tasks, { root, checks });
const failed = sumResults(results).failed > 0 || exitCode !== 0;
console.log(`\n${formatResults(results)}`);
process.exitCode = failed ? 1 : 0;
