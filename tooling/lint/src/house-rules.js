/**
 * Rules of the house that no linter has. Each looks at one file and returns what is wrong, with a line number where
 * there is one.
 *
 * @typedef {{ line?: number, text: string }} Fault
 * @typedef {{ path: string, text: string }} SourceFile
 * @typedef {{ name: string, applies: (path: string) => boolean, find: (file: SourceFile) => Fault[] }} HouseRule
 */

const code = /[.](ts|js|cjs|mjs)$/;
const prose = /[.](ts|js|cjs|mjs|json|jsonc|yaml|yml|md|py|sh|html|css)$/;

/** @type {readonly HouseRule[]} */
export const houseRules = [
  {
    name: 'names-say-what',
    applies: () => true,
    find: ({ path }) =>
      path.split('/').some((part) => /^(utils?|helpers?|common|misc)([.].*)?$/i.test(part))
        ? [{ text: 'A folder or file is named by its responsibility, not utils, helpers, common or misc.' }]
        : [],
  },
  {
    name: 'randomness-is-an-argument',
    applies: (path) => code.test(path),
    find: lines(/\bMath\s*[.]\s*random\b/, 'Draw from random(seed) of @cellstate/core.'),
  },
  {
    name: 'abstract-or-final',
    applies: (path) => code.test(path),
    find: lines(
      /\bclass\s+\w+(<[^{]*>)?\s+extends\s+(?!(Error|CellstateError|TypeError)\b)/,
      'Concrete classes are not subclassed: compose.',
    ),
  },
  {
    name: 'no-unfinished-work',
    applies: (path) => code.test(path),
    find: lines(/\b(TODO|FIXME|XXX)\b/, 'Finish it or leave it out.'),
  },
  {
    name: 'no-machine-paths',
    applies: (path) => prose.test(path) && path !== 'pnpm-lock.yaml',
    find: lines(/(?<![\w.@-])\/(home|root|work|Users)\/\w/, 'A path of one machine.'),
  },
  {
    name: 'no-task-numbers',
    applies: (path) => prose.test(path),
    find: lines(/\b(issue|task|ticket) #?\d\b/i, 'Say what it is about; the number means nothing to a reader.'),
  },
  {
    name: 'no-registry-hosts',
    applies: (path) => path === 'pnpm-lock.yaml' || path.endsWith('.npmrc'),
    find: lines(/\btarball:|registry\s*=|https?:\/\/[^\s]*(registry|npm-proxy|artifactory)/, 'The lockfile and .npmrc name no registry.'),
  },
  {
    name: 'errors-say-what-and-where',
    applies: (path) => /^packages\/(?!testing\/)[^/]+\/src\/.+(?<![.]generated)[.]ts$/.test(path),
    find: lines(
      /^(?!\s*(\/?\*|\/\/)).*(\bnew (?!CellstateError\b)\w*(Error|Exception)\(|\bthrow\s+['"`{])/,
      'Throw a CellstateError, with its code, expected, received and where.',
    ),
  },
  {
    name: 'index-is-a-door-list',
    applies: (path) => /^packages\/[^/]+\/src\/(.+\/)?index[.]ts$/.test(path),
    find: findInnerLogic,
  },
];

/**
 * @param {RegExp} pattern
 * @param {string} text
 * @returns {(file: SourceFile) => Fault[]}
 */
function lines(pattern, text) {
  return (file) => file.text.split('\n').flatMap((line, index) => (pattern.test(line) ? [{ line: index + 1, text }] : []));
}

/** @param {SourceFile} file */
function findInnerLogic({ text }) {
  const rest = text
    .replaceAll(/\/\*[\s\S]*?\*\//g, '')
    .replaceAll(/\/\/.*$/gm, '')
    .replaceAll(/export\s+(type\s+)?\{[^}]*\}\s+from\s+'[^']+';/g, '')
    .replaceAll(/import\s+'[.][^']*\/register[.]ts';|import\s+'[.]\/register[.]ts';/g, '')
    .trim();
  return rest === '' ? [] : [{ text: `An index holds named re-exports only, not ${JSON.stringify(rest.slice(0, 60))}.` }];
}
