import { listExamples } from '@cellstate/vitest-preset/examples';

/**
 * The code of a README's examples, so that what only they import counts as used.
 *
 * @param {string} text
 */
const examplesOf = (text) =>
  listExamples('README.md', text)
    .map(({ code }) => code)
    .join('\n');

export default {
  compilers: { md: examplesOf },
  // `functional` is another name of `model` on purpose.
  exclude: ['duplicates'],
  ignoreExportsUsedInFile: { interface: true, type: true },
  workspaces: {
    '.': { entry: [], project: [] },
    'packages/backends': {
      // `serve.ts` is bundled into a text by its name.
      entry: ['README.md', 'test/**/*.test{,-d}.ts', 'scripts/*.js', 'src/cpu/simd/threads/serve.ts'],
      project: ['README.md', 'src/**/*.ts', 'test/**/*.ts', 'scripts/*.js', '!src/**/*.generated.*'],
    },
    'packages/*': {
      entry: ['README.md', 'test/**/*.test{,-d}.ts', 'test/**/run-*.ts', 'scripts/*.js'],
      project: ['README.md', 'src/**/*.ts', 'test/**/*.ts', 'scripts/*.js', '!src/**/*.generated.*'],
    },
    'apps/*': { entry: ['README.md', 'src/main.ts', 'test/**/*.test{,-d}.ts'], project: ['README.md', 'src/**/*.ts', 'test/**/*.ts'] },
    'apps/patterns': {
      entry: ['README.md', 'test/**/*.test.ts'],
      project: ['README.md', 'src/**/*.ts', 'test/**/*.ts'],
      // The repository's README, whose example is run there, imports it.
      ignoreDependencies: ['@cellstate/forecasting'],
    },
    'tooling/*': { entry: ['src/{main,run-*,check-*}.{js,ts}', 'test/**/*.test{,-d}.ts'], project: ['src/**/*.{js,ts}', 'test/**/*.ts'] },
    'tooling/keras': {
      // The two are bundled and loaded by their names.
      entry: ['src/{run-live,run-coverage}.js', 'src/{live,print-coverage}.ts'],
      project: ['src/**/*.{js,ts}'],
      // What is bundled leaves it out, and finds it from here.
      ignoreDependencies: ['@tensorflow/tfjs-backend-cpu'],
    },
    'tooling/package-checks': {
      entry: ['src/pack-tarballs.ts', 'test/**/*.test{,-d}.ts'],
      project: ['src/**/*.ts', 'test/**/*.ts'],
      // The packages are devDependencies so that turbo builds them first; attw is run by its path.
      ignoreDependencies: ['@cellstate/(core|windowing|ops|layers|trainers|backends|keras|forecasting)', '@arethetypeswrong/cli'],
    },
  },
};
