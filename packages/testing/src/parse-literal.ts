/** A number as written, with how far a value may lie from it when it is a rounded one. */
export interface LiteralNumber {
  readonly value: number;
  /** Half a unit of the last digit written: 0.005 for `0.53`. */
  readonly rounding: number;
}

/** A literal as a tree; numbers keep their precision. */
export type Literal = LiteralNumber | string | boolean | null | undefined | Literal[] | Map<string, Literal>;

/**
 * Reads a JavaScript literal: JSON, also with single quotes, bare keys, trailing commas, `NaN`, `Infinity` and `undefined`.
 *
 * @throws Error when anything else, prose for instance, stands in the text.
 */
export function parseLiteral(text: string): Literal {
  let rest = text.trim();

  function take(pattern: RegExp): string | undefined {
    const match = pattern.exec(rest);
    if (match === null) return undefined;
    rest = rest.slice(match[0].length).trimStart();
    return match[1] ?? match[0];
  }

  function list<T>(close: RegExp, item: () => T): T[] {
    const items: T[] = [];
    while (take(close) === undefined) {
      items.push(item());
      if (take(/^,/) === undefined && !close.test(rest)) throw unreadable();
    }
    return items;
  }

  function quoted(): string | undefined {
    const single = take(/^'((?:[^'\\]|\\.)*)'/) ?? take(/^`((?:[^`\\]|\\.)*)`/);
    if (single !== undefined)
      return JSON.parse(`"${single.replaceAll('"', '\\"').replaceAll("\\'", "'").replaceAll('\n', '\\n')}"`) as string;
    const double = take(/^("(?:[^"\\]|\\.)*")/);
    return double === undefined ? undefined : (JSON.parse(double) as string);
  }

  function pair(): [string, Literal] {
    const key = quoted() ?? take(/^[\w$]+/);
    if (key === undefined || take(/^:/) === undefined) throw unreadable();
    return [key, literal()];
  }

  function literal(): Literal {
    if (take(/^\[/) !== undefined) return list(/^\]/, literal);
    if (take(/^\{/) !== undefined) return new Map(list(/^\}/, pair));
    const word = take(/^(true|false|null|undefined)\b/);
    if (word !== undefined) return { true: true, false: false, null: null, undefined }[word];
    const number = take(/^[-+]?(?:NaN\b|Infinity\b|\d[\d_]*(?:\.\d+)?(?:e[-+]?\d+)?)/i);
    if (number !== undefined) return literalNumber(number.replaceAll('_', ''));
    const string = quoted();
    if (string === undefined) throw unreadable();
    return string;
  }

  function unreadable(): Error {
    return new Error(`Not a literal: ${JSON.stringify(text)}, from ${JSON.stringify(rest)} on.`);
  }

  const result = literal();
  if (rest !== '') throw unreadable();
  return result;
}

function literalNumber(text: string): LiteralNumber {
  const [digits = '', exponent = '0'] = text.toLowerCase().split('e');
  const decimals = digits.split('.')[1]?.length ?? 0;
  return { value: Number(text), rounding: 0.5 * 10 ** (Number(exponent) - decimals) };
}
