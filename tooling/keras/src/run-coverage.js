import { loadBundled } from './load-bundled.js';

const { printCoverage } = await loadBundled('print-coverage');
printCoverage();
