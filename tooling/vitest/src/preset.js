import { defineConfig } from 'vitest/config';

/** The one vitest configuration: tests see the sources of every workspace package, never a build. */
export function preset({ setupFiles = [], testTimeout = 30_000 } = {}) {
  const conditions = ['@cellstate/source'];
  return defineConfig({
    resolve: { conditions: [...conditions, 'module', 'node', 'development|production'] },
    ssr: { resolve: { conditions: [...conditions, 'module', 'node', 'development|production'] } },
    test: {
      include: ['test/**/*.test.ts'],
      setupFiles,
      testTimeout,
      reporters: process.env.CI ? ['default', 'json'] : ['default', 'json'],
      outputFile: { json: 'reports/vitest.json' },
    },
  });
}
