import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import ts from 'typescript';

/** A place in the sources where an error is made, or where one that a function made is thrown. */
export interface ThrowSite {
  /** Within the folder: `model/stream.ts`. */
  readonly file: string;
  readonly line: number;
  /** The first line of the source there. */
  readonly text: string;
  /** Whether the line above says `invariant`: it holds by construction, and no caller can break it. */
  readonly invariant: boolean;
}

/**
 * Every `new CellstateError(…)` and every `throw made(…)` in the TypeScript files of a folder. What passes on an error that was
 * made elsewhere is none: `throw error`, `throw placed(error)` where it was caught, a copy under the same `code`.
 */
export function throwSites(folder: string): readonly ThrowSite[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => /(?<![.]generated|[.]d)[.]ts$/.test(file));
  return files.sort().flatMap((file) => sitesOf(file, readFileSync(join(folder, file), 'utf8')));
}

/** The sites that no stack of these errors passes through, as `file:line text`. */
export function unreachedThrows(folder: string, errors: readonly Error[]): readonly string[] {
  const passed = new Set(errors.flatMap((error) => frames(error, folder)));
  return throwSites(folder)
    .filter(({ file, line, invariant }) => !invariant && !passed.has(`${file}:${line}`))
    .map(({ file, line, text }) => `${file}:${line} ${text}`);
}

function sitesOf(file: string, text: string): readonly ThrowSite[] {
  if (!/\bthrow\b|\bCellstateError\b/.test(text)) return [];
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ESNext, true);
  const lines = text.split('\n');
  const found = new Map<number, ThrowSite>();
  const visit = (node: ts.Node): void => {
    const made = ts.isNewExpression(node) && node.expression.getText() === 'CellstateError' && !isCopy(node);
    const thrown = ts.isThrowStatement(node) && ts.isCallExpression(node.expression) && !passesOn(node);
    if (made || thrown) {
      const { line } = source.getLineAndCharacterOfPosition(thrown ? node.expression.getStart() : node.getStart());
      const invariant = /\binvariant\b/.test(lines[line - 1] ?? '');
      found.set(line + 1, { file, line: line + 1, text: (lines[line] as string).trim(), invariant });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return [...found.values()];
}

/** Whether the code comes from another error: `new CellstateError(code, …)`. */
function isCopy(made: ts.NewExpression): boolean {
  return made.arguments?.[0]?.getText() === 'code';
}

/** Whether it throws what a function makes of the error that was caught around it. */
function passesOn(thrown: ts.ThrowStatement): boolean {
  const caught = ts.findAncestor(thrown, ts.isCatchClause)?.variableDeclaration?.name.getText();
  return caught !== undefined && (thrown.expression as ts.CallExpression).arguments[0]?.getText() === caught;
}

function frames({ stack = '' }: Error, folder: string): readonly string[] {
  return [...stack.matchAll(/^ +at .*?(?:file:\/\/)?(\/[^()]+?):(\d+):\d+\)?$/gm)].map(
    ([, path, line]) => `${relative(folder, path as string)}:${line}`,
  );
}
