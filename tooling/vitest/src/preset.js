import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

// Vitest looks set-up files up without the source condition, so the one that is a package's entry is given by its path.
const SETUP_SOURCES = { '@cellstate/testing/setup': fileURLToPath(new URL('../../../packages/testing/src/setup.ts', import.meta.url)) };

/** The one vitest configuration: tests see the sources of every workspace package, never a build. */
export function preset({ setupFiles = [], testTimeout = 30_000 } = {}) {
  const conditions = ['@cellstate/source'];
  return defineConfig({
    resolve: { conditions: [...conditions, 'module', 'node', 'development|production'] },
    ssr: { resolve: { conditions: [...conditions, 'module', 'node', 'development|production'] } },
    test: {
      include: ['test/**/*.test.ts'],
      setupFiles: setupFiles.map((file) => SETUP_SOURCES[file] ?? file),
      testTimeout,
      reporters: process.env.CI ? ['default', 'json'] : ['default', 'json'],
      outputFile: { json: 'reports/vitest.json' },
    },
  });
}
