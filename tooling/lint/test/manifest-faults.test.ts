import { expect, test } from 'vitest';
import { manifestFaults } from '../src/manifest-faults.js';

const target = { '@cellstate/source': './src/index.ts', types: './dist/index.d.ts', default: './dist/index.js' };
const { '@cellstate/source': _, ...built } = target;

const sound = {
  name: '@cellstate/core',
  version: '0.1.0',
  description: 'The ground.',
  type: 'module',
  license: 'Apache-2.0',
  engines: { node: '>=20.19' },
  sideEffects: false,
  exports: { '.': target, './package.json': './package.json' },
  publishConfig: { access: 'public', exports: { '.': built, './package.json': './package.json' } },
  files: ['dist'],
  scripts: { build: 'tsc -p tsconfig.build.json', test: 'vitest run', typecheck: 'tsc -p tsconfig.json --noEmit' },
  dependencies: { '@cellstate/ops': 'workspace:^', 'csv-parse': 'catalog:' },
};

const options = { folder: 'core', version: '0.1.0', hasFile: () => true };

test('a manifest like all others has no faults', () => {
  expect(manifestFaults(sound, options)).toEqual([]);
});

test.each([
  ['another version', { version: '0.2.0' }, 'version is "0.2.0", not "0.1.0"'],
  ['another licence', { license: 'MIT' }, 'license is "MIT", not "Apache-2.0"'],
  ['an unpublished source', { files: ['dist', 'src'] }, 'files is ["dist","src"], not ["dist"]'],
  ['a stray field', { main: 'dist/index.js' }, 'unexpected fields: main'],
  ['an effectful file', { sideEffects: ['./dist/fit.js'] }, 'sideEffects is neither false nor a list of register files'],
  ['a script of its own', { scripts: { ...sound.scripts, watch: 'vitest' } }, 'unexpected scripts: watch'],
  ['a pinned dependency', { dependencies: { 'csv-parse': '7.0.3' } }, 'dependencies csv-parse is 7.0.3, not catalog:'],
  [
    'an unfixed sibling',
    { dependencies: { '@cellstate/ops': 'workspace:*' } },
    'dependencies @cellstate/ops is workspace:*, not workspace:^',
  ],
  [
    'a source door in the published map',
    { publishConfig: { access: 'public', exports: sound.exports } },
    'publishConfig.exports is not exports without the source condition',
  ],
  [
    'a lone peer',
    { peerDependencies: { '@tensorflow/tfjs-core': '^4.22.0' } },
    'peer dependency @tensorflow/tfjs-core is not a devDependency as well',
  ],
])('%s is a fault', (_name, change, fault) => {
  expect(manifestFaults({ ...sound, ...change }, options)).toEqual([fault]);
});

test('names of its own are published without their sources', () => {
  const built = { node: './dist/bar.node.js', default: './dist/bar.js' };
  const imports = { '#bar': { '@cellstate/source': { node: './src/bar.node.ts', default: './src/bar.ts' }, ...built } };
  const publishConfig = { ...sound.publishConfig, imports: { '#bar': built } };
  expect(manifestFaults({ ...sound, imports, publishConfig }, options)).toEqual([]);
  expect(manifestFaults({ ...sound, imports }, options)).toEqual(['publishConfig.imports is not imports without the source condition']);
  const wrong = { '#bar': { ...imports['#bar'], default: './dist/other.js' } };
  expect(manifestFaults({ ...sound, imports: wrong, publishConfig }, options)).toContain(
    'imports #bar does not name the built files of its sources',
  );
});

test('missing files are faults', () => {
  expect(manifestFaults(sound, { ...options, hasFile: (file) => file !== 'README.md' })).toEqual(['README.md is missing']);
});
