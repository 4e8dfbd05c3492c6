import path from 'node:path';
import ts from 'typescript';

/**
 * What a package offers, a line an export and a line a member, as the types of its built doors say: the text to review
 * when it changes, because users meet every line of it.
 *
 * @param doors the built `.d.ts` file of each door, by the door's name.
 */
export function apiReport(doors: Readonly<Record<string, string>>): string {
  const program = ts.createProgram(Object.values(doors), {
    module: ts.ModuleKind.NodeNext,
    target: ts.ScriptTarget.ES2022,
    skipLibCheck: true,
    strict: true,
  });
  const checker = program.getTypeChecker();
  const sections = Object.entries(doors).map(([door, file]) => {
    const source = program.getSourceFile(path.resolve(file));
    const module = source === undefined ? undefined : checker.getSymbolAtLocation(source);
    const symbols = module === undefined ? [] : checker.getExportsOfModule(module);
    return [`# ${door}`, ...symbols.flatMap((symbol) => describeExport(symbol, checker)).sort()].join('\n');
  });
  return `${sections.join('\n\n')}\n`;
}

const flags = ts.TypeFormatFlags.NoTruncation | ts.TypeFormatFlags.UseSingleQuotesForStringLiteralType;

function describeExport(exported: ts.Symbol, checker: ts.TypeChecker): string[] {
  const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
  const name = exported.getName();
  if (symbol.flags & (ts.SymbolFlags.Interface | ts.SymbolFlags.Class)) {
    const type = checker.getDeclaredTypeOfSymbol(symbol);
    const kind = symbol.flags & ts.SymbolFlags.Class ? 'class' : 'interface';
    return [`${kind} ${name}`, ...type.getProperties().map((member) => `${kind} ${name}.${describeMember(member, checker)}`)];
  }
  if (symbol.flags & ts.SymbolFlags.TypeAlias) {
    const type = checker.getDeclaredTypeOfSymbol(symbol);
    return [`type ${name} = ${checker.typeToString(type, undefined, flags | ts.TypeFormatFlags.InTypeAlias)}`];
  }
  return [`${symbol.flags & ts.SymbolFlags.Function ? 'function' : 'const'} ${describeMember(symbol, checker, name)}`];
}

function describeMember(symbol: ts.Symbol, checker: ts.TypeChecker, name: string = memberName(symbol)): string {
  const optional = symbol.flags & ts.SymbolFlags.Optional ? '?' : '';
  return `${name}${optional}: ${checker.typeToString(checker.getTypeOfSymbol(symbol), undefined, flags)}`;
}

/** A member named by a symbol carries a number of the compiler's (`__@iterator@4622`) that another file can shift. */
function memberName(symbol: ts.Symbol): string {
  return symbol.getName().replace(/^__@(.+)@\d+$/, '[$1]');
}
