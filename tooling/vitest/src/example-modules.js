import { readFileSync } from 'node:fs';
import ts from 'typescript';
import { listExamples } from './list-examples.js';

const request = /^(.+)[?]example=(\d+)&lang[.]ts$/;

/**
 * Serves each example of a file as a module, `file?example=2&lang.ts`, in which every statement that states its result
 * is a check: `expression; // → literal`, `// ≈ literal` or `// throws CODE`, beside it or on the next line.
 *
 * The code keeps the line numbers it has in its file, so that an error points at the README or the docstring.
 *
 * @returns {import('vitest/config').Plugin}
 */
export function exampleModules() {
  return {
    name: 'cellstate-examples',
    enforce: 'pre',
    resolveId: (id) => (request.test(id) ? id : undefined),
    load(id) {
      const [, file, index] = request.exec(id) ?? [];
      if (file === undefined) return undefined;
      this.addWatchFile(file);
      const example = listExamples(file, readFileSync(file, 'utf8'))[Number(index)];
      if (example === undefined) throw new Error(`${file} has no example ${index}.`);
      return exampleModule(example);
    },
  };
}

/**
 * The module of an example: its code, at the line where it stands in its file, with stated results checked.
 *
 * @param {{ line: number, code: string }} example
 * @param {string} [checker] where the module finds `checkExample`.
 * @returns {string}
 */
export function exampleModule({ line, code }, checker = '@cellstate/testing') {
  const source = ts.createSourceFile('example.ts', code, ts.ScriptTarget.ESNext, true);
  const stated = statedResults(source);
  let text = code;
  for (const { start, end, expression, kind, expected, at } of stated.reverse()) {
    const details = JSON.stringify({ kind, expected, line: line + at });
    text = `${text.slice(0, start)}await __check(async () => ${expression}, ${details});${text.slice(end)}`;
  }
  const head = stated.length === 0 ? '' : `import { checkExample as __check } from '${checker}';`;
  return `${head}${'\n'.repeat(line - 1)}${text}\nexport {};\n`;
}

/**
 * @typedef {{ start: number, end: number, expression: string, kind: 'equal' | 'near' | 'throws', expected: string, at: number }} StatedResult
 * @param {import('typescript').SourceFile} source
 * @returns {StatedResult[]}
 */
function statedResults(source) {
  /** @type {StatedResult[]} */
  const results = [];
  let statements = 0;
  const visit = (/** @type {import('typescript').Node} */ node) => {
    if (ts.isExpressionStatement(node)) {
      const found = comment(source, node);
      if (found !== undefined) {
        const { line } = source.getLineAndCharacterOfPosition(node.getStart());
        results.push({ start: node.getStart(), end: node.end, expression: value(node.expression), at: line, ...found });
        statements += 1;
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  const marks = source.text.match(/\/\/ (→|≈|throws )/g)?.length ?? 0;
  if (marks !== statements) {
    throw new Error(`${marks} results are stated, but only ${statements} of them stand behind an expression statement:\n${source.text}`);
  }
  return results;
}

/**
 * The result stated behind a statement, on its last line or in the comment lines below.
 *
 * @param {import('typescript').SourceFile} source
 * @param {import('typescript').Node} statement
 * @returns {{ kind: 'equal' | 'near' | 'throws', expected: string } | undefined}
 */
function comment(source, statement) {
  const match = /^[ \t]*\n?[ \t]*\/\/ (→|≈|throws )(.*)/.exec(source.text.slice(statement.end));
  if (match === null) return undefined;
  const kind = match[1] === '→' ? 'equal' : match[1] === '≈' ? 'near' : 'throws';
  const lines = [match[2] ?? ''];
  for (const line of source.text.slice(statement.end + match[0].length + 1).split('\n')) {
    const next = /^[ \t]*\/\/(.*)/.exec(line)?.[1];
    if (next === undefined || !isOpen(lines.join('\n'))) break;
    lines.push(next);
  }
  return { kind, expected: lines.join('\n').trim() };
}

/**
 * Whether brackets of a literal are still to be closed.
 *
 * @param {string} text
 */
function isOpen(text) {
  return (text.match(/[[{]/g)?.length ?? 0) > (text.match(/[\]}]/g)?.length ?? 0);
}

/**
 * What a statement's result is: its expression, or what it prints.
 *
 * @param {import('typescript').Expression} expression
 */
function value(expression) {
  const prints = ts.isCallExpression(expression) && expression.expression.getText() === 'console.log' && expression.arguments.length === 1;
  const text = (prints ? expression.arguments[0] : expression)?.getText() ?? '';
  return `(${text})`;
}
