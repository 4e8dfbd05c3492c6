import { defineConfig } from 'vitest/config';
import { exampleModules } from './example-modules.js';

/**
 * The one vitest configuration: tests see the sources of every workspace package, never a build, and leave a report
 * that the test command counts.
 *
 * @param {{ setupFiles?: string[], testTimeout?: number }} [options]
 */
export function preset({ setupFiles = [], testTimeout = 30_000 } = {}) {
  const conditions = ['@cellstate/source', 'module', 'node', 'development|production'];
  return defineConfig({
    plugins: [exampleModules()],
    resolve: { conditions },
    ssr: { resolve: { conditions } },
    test: {
      include: ['test/**/*.test.ts'],
      setupFiles,
      testTimeout,
      hookTimeout: 60_000,
      // Files of a package share a process: each on its own would load TensorFlow.js and the sources anew, a third of the whole time.
      isolate: false,
      reporters: ['default', 'json'],
      outputFile: { json: 'reports/vitest.json' },
    },
  });
}
