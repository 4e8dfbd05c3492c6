/** What each package may import beside npm packages: the arrows of the architecture, and nothing else. */
const arrows = {
  core: [],
  windowing: ['core'],
  ops: ['core'],
  layers: ['ops', 'core'],
  trainers: ['ops', 'core'],
  backends: ['ops', 'core'],
  keras: ['layers', 'core'],
  forecasting: ['windowing', 'trainers', 'layers', 'keras', 'core'],
};

/** Packages that must work where TensorFlow.js is not installed. */
const withoutTensors = ['core', 'windowing'];

module.exports = {
  forbidden: [
    ...Object.entries(arrows).map(([name, allowed]) => ({
      name: `arrows-of-${name}`,
      comment: `packages/${name} may import ${allowed.length === 0 ? 'no other package' : `only ${allowed.join(', ')}`}.`,
      severity: 'error',
      from: { path: `^packages/${name}/src/` },
      to: { path: '^(packages|apps|tooling)/', pathNot: `^packages/(${[name, ...allowed].join('|')})/` },
    })),
    {
      name: 'arrows-of-testing',
      comment: 'packages/testing serves every package and so may import none.',
      severity: 'error',
      from: { path: '^packages/testing/src/' },
      to: { path: '^(packages|apps)/', pathNot: '^packages/testing/' },
    },
    {
      name: 'every-package-has-arrows',
      comment: 'A new package must state its arrows here before it imports anything.',
      severity: 'error',
      from: { path: '^packages/', pathNot: `^packages/(${[...Object.keys(arrows), 'testing'].join('|')})/` },
      to: {},
    },
    {
      name: 'nothing-imports-apps',
      comment: 'An app is an end: only its own files import it.',
      severity: 'error',
      from: { path: '^(packages|tooling)/' },
      to: { path: '^apps/' },
    },
    {
      name: 'no-other-app',
      severity: 'error',
      from: { path: '^apps/([^/]+)/' },
      to: { path: '^apps/', pathNot: '^apps/$1/' },
    },
    {
      name: 'public-entries-only',
      comment: 'Another package is imported by a name in its exports map, never by a path into it.',
      severity: 'error',
      from: { path: '^(packages|apps|tooling)/([^/]+)/' },
      to: { path: '^(packages|apps)/', pathNot: '^$1/$2/', dependencyTypes: ['local'] },
    },
    {
      name: 'no-test-support-in-sources',
      comment: 'What is published must not import what is only for tests.',
      severity: 'error',
      from: { path: '^(packages|apps)/[^/]+/src/', pathNot: '^packages/testing/' },
      to: { path: '^packages/testing/' },
    },
    {
      name: 'no-tensors',
      comment: `${withoutTensors.join(' and ')} are installed alone, on typed arrays.`,
      severity: 'error',
      from: { path: `^packages/(${withoutTensors.join('|')})/src/` },
      to: { path: '@tensorflow' },
    },
    {
      name: 'no-deep-tensors',
      comment: 'Node cannot load the inner files of TensorFlow.js.',
      severity: 'error',
      from: { path: '^(packages|apps)/' },
      to: {
        path: '@tensorflow/[^/]+/dist/(?!tf-[^/]*[.]js$)',
        dependencyTypes: ['npm', 'npm-dev', 'npm-peer'],
        pathNot: '/dist/[^/]+[.]d[.]ts$',
      },
    },
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } } },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'declared-for-production',
      comment: 'Sources import only what package.json lists under dependencies or peerDependencies.',
      severity: 'error',
      from: { path: '^(packages|apps)/[^/]+/src/', pathNot: '^packages/testing/' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['npm', 'npm-peer', 'type-only'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(packages|apps|tooling)/[^/]+/((dist|reports|out|assembly)/|(test/)?fixtures/)' },
    tsPreCompilationDeps: true,
    combinedDependencies: false,
    enhancedResolveOptions: {
      conditionNames: ['@cellstate/source', 'import', 'node', 'default', 'types'],
      exportsFields: ['exports'],
      extensions: ['.ts', '.js', '.cjs', '.mjs', '.d.ts', '.json'],
    },
  },
};
