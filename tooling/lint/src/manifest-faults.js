/**
 * What is wrong with the manifest of a published package, so that all of them stay alike. Empty when nothing is.
 *
 * @typedef {Record<string, any>} Manifest
 * @param {Manifest} manifest
 * @param {{ folder: string, version: string, hasFile: (path: string) => boolean }} options `folder` is the package's
 * folder name, `version` the one all packages share, `hasFile` asks for a path relative to the package.
 * @returns {string[]}
 */
export function manifestFaults(manifest, { folder, version, hasFile }) {
  return [
    ...fieldFaults(manifest, { folder, version }),
    ...scriptFaults(manifest.scripts ?? {}),
    ...exportFaults(manifest, hasFile),
    ...importFaults(manifest, hasFile),
    ...dependencyFaults(manifest),
    ...['README.md', 'tsconfig.json', 'tsconfig.build.json', 'vitest.config.ts'].flatMap((file) =>
      hasFile(file) ? [] : [`${file} is missing`],
    ),
  ];
}

const fields = [
  'name',
  'version',
  'description',
  'type',
  'license',
  'engines',
  'sideEffects',
  'exports',
  'imports',
  'publishConfig',
  'files',
  'scripts',
  'dependencies',
  'peerDependencies',
  'peerDependenciesMeta',
  'optionalDependencies',
  'devDependencies',
];

/**
 * @param {Manifest} manifest
 * @param {{ folder: string, version: string }} expected
 */
function fieldFaults(manifest, { folder, version }) {
  const faults = [];
  const expect = (/** @type {string} */ field, /** @type {unknown} */ value) => {
    if (!same(manifest[field], value)) faults.push(`${field} is ${JSON.stringify(manifest[field])}, not ${JSON.stringify(value)}`);
  };
  expect('name', `@cellstate/${folder}`);
  expect('version', version);
  expect('type', 'module');
  expect('license', 'Apache-2.0');
  expect('engines', { node: '>=20.19' });
  expect('files', ['dist']);
  if (typeof manifest.description !== 'string' || !manifest.description.endsWith('.')) faults.push('description is not a sentence');
  const registers = /^[.]\/(dist|src)\/([*][*]\/|.+\/)?register[.](js|ts)$/;
  const sideEffects = manifest.sideEffects;
  const pure = sideEffects === false || (Array.isArray(sideEffects) && sideEffects.every((file) => registers.test(file)));
  if (!pure) faults.push('sideEffects is neither false nor a list of register files');
  const unknown = Object.keys(manifest).filter((field) => !fields.includes(field));
  if (unknown.length > 0) faults.push(`unexpected fields: ${unknown.join(', ')}`);
  return faults;
}

/** @param {Record<string, string>} scripts */
function scriptFaults(scripts) {
  const every = {
    build: /^tsc -p tsconfig[.]build[.]json( && .+)?$/,
    test: /^vitest run$/,
    typecheck: /^tsc -p tsconfig[.]json --noEmit$/,
  };
  const faults = Object.entries(every).flatMap(([name, form]) =>
    form.test(scripts[name] ?? '') ? [] : [`script ${name} is ${JSON.stringify(scripts[name])}, not of the form ${form.source}`],
  );
  const unknown = Object.keys(scripts).filter((name) => !['generate', 'bench', ...Object.keys(every)].includes(name));
  return unknown.length === 0 ? faults : [...faults, `unexpected scripts: ${unknown.join(', ')}`];
}

/**
 * @param {Manifest} manifest
 * @param {(path: string) => boolean} hasFile
 */
function exportFaults({ exports: doors = {}, publishConfig = {} }, hasFile) {
  const faults = [];
  if (publishConfig.access !== 'public') faults.push('publishConfig.access is not public');
  if (doors['./package.json'] !== './package.json') faults.push('exports lacks ./package.json');
  if (doors['.'] === undefined) faults.push('exports lacks .');
  /** @type {Record<string, unknown>} */
  const published = {};
  for (const [door, target] of Object.entries(doors)) {
    if (typeof target === 'string') {
      published[door] = target;
      continue;
    }
    const source = target['@cellstate/source'] ?? '';
    const stem = /^[.]\/src\/(.+)[.]ts$/.exec(source)?.[1];
    const built = { types: `./dist/${stem}.d.ts`, default: `./dist/${stem}.js` };
    published[door] = built;
    if (JSON.stringify(target) !== JSON.stringify({ '@cellstate/source': source, ...built })) {
      faults.push(`exports ${door} is not { @cellstate/source, types, default } of one file, in this order`);
    }
    if (!hasFile(source)) faults.push(`exports ${door} names ${source}, which does not exist`);
  }
  if (!same(publishConfig.exports, published)) faults.push('publishConfig.exports is not exports without the source condition');
  return faults;
}

/**
 * A package's own `#names` stand for one file in Node and one elsewhere; sources in the workspace, built files as published.
 *
 * @param {Manifest} manifest
 * @param {(path: string) => boolean} hasFile
 */
function importFaults({ imports = {}, publishConfig = {} }, hasFile) {
  const faults = [];
  /** @type {Record<string, unknown>} */
  const published = {};
  for (const [name, target] of Object.entries(imports)) {
    const { '@cellstate/source': sources = {}, ...built } = target;
    published[name] = built;
    const expected = Object.entries(sources).map(([condition, file]) => [
      condition,
      file.replace('./src/', './dist/').replace(/[.]ts$/, '.js'),
    ]);
    if (!same(built, Object.fromEntries(expected))) faults.push(`imports ${name} does not name the built files of its sources`);
    for (const file of Object.values(sources)) if (!hasFile(file)) faults.push(`imports ${name} names ${file}, which does not exist`);
  }
  if (!same(publishConfig.imports ?? {}, published)) faults.push('publishConfig.imports is not imports without the source condition');
  return faults;
}

/** @param {Manifest} manifest */
function dependencyFaults(manifest) {
  const faults = [];
  const kinds = { dependencies: 'workspace:^', optionalDependencies: 'workspace:^', devDependencies: 'workspace:*' };
  for (const [kind, workspace] of Object.entries(kinds)) {
    for (const [name, range] of Object.entries(manifest[kind] ?? {})) {
      const expected = name.startsWith('@cellstate/') ? workspace : 'catalog:';
      if (range !== expected) faults.push(`${kind} ${name} is ${range}, not ${expected}`);
    }
  }
  for (const [name, range] of Object.entries(manifest.peerDependencies ?? {})) {
    if (!String(range).startsWith('^')) faults.push(`peerDependencies ${name} is ${range}, not a caret range`);
    // An optional peer is what a package works without, in its own tests too.
    const optional = manifest.peerDependenciesMeta?.[name]?.optional === true;
    if (!optional && manifest.devDependencies?.[name] === undefined) faults.push(`peer dependency ${name} is not a devDependency as well`);
  }
  return faults;
}

/**
 * @param {unknown} a
 * @param {unknown} b
 */
function same(a, b) {
  return JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
}

/**
 * @param {unknown} value
 * @returns {unknown}
 */
function sorted(value) {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const entries = Object.entries(value).map(([key, inner]) => [key, sorted(inner)]);
  return Object.fromEntries(entries.sort(([a], [b]) => (String(a) < String(b) ? -1 : 1)));
}
