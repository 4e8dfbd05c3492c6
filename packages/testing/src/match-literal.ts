import type { Literal, LiteralNumber } from './parse-literal.ts';

/**
 * Where a value differs from a literal, as text; undefined when it does not.
 *
 * Numbers agree within 1e-6 of their size (float32 against decimals), or when `rounded`, within half a unit of the last
 * digit written. Arrays with a shape are compared as nested arrays, typed arrays as arrays, maps as objects.
 */
export function matchLiteral(received: unknown, literal: Literal, options: { readonly rounded: boolean }): string | undefined {
  return difference(plain(received), literal, { ...options, path: '' });
}

function difference(received: unknown, literal: Literal, at: { readonly rounded: boolean; readonly path: string }): string | undefined {
  const where = at.path === '' ? '' : `at ${at.path}: `;
  if (isLiteralNumber(literal)) {
    if (typeof received !== 'number') return `${where}expected the number ${literal.value}, received ${show(received)}`;
    const tolerance = at.rounded ? literal.rounding * (1 + 1e-9) : 1e-6 * Math.abs(literal.value) + 1e-12;
    if (Object.is(received, literal.value) || Math.abs(received - literal.value) <= tolerance) return undefined;
    return `${where}expected ${at.rounded ? '≈ ' : ''}${literal.value}, received ${received}`;
  }
  if (Array.isArray(literal)) {
    if (!Array.isArray(received)) return `${where}expected an array of ${literal.length}, received ${show(received)}`;
    if (received.length !== literal.length)
      return `${where}expected ${literal.length} elements, received ${received.length}: ${show(received)}`;
    return first(literal, (item, index) => difference(plain(received[index]), item, { ...at, path: `${at.path}[${index}]` }));
  }
  if (literal instanceof Map) {
    if (typeof received !== 'object' || received === null || Array.isArray(received))
      return `${where}expected an object, received ${show(received)}`;
    const values = new Map(Object.entries(received).filter(([, value]) => value !== undefined && typeof value !== 'function'));
    const keys = [...values.keys()].sort().join(', ');
    const expected = [...literal.keys()].sort().join(', ');
    if (keys !== expected) return `${where}expected the keys ${expected}, received ${keys}`;
    return first([...literal], ([key, item]) => difference(plain(values.get(key)), item, { ...at, path: `${at.path}.${key}` }));
  }
  return Object.is(received, literal) ? undefined : `${where}expected ${show(literal)}, received ${show(received)}`;
}

function first<T>(items: readonly T[], find: (item: T, index: number) => string | undefined): string | undefined {
  for (const [index, item] of items.entries()) {
    const found = find(item, index);
    if (found !== undefined) return found;
  }
  return undefined;
}

function plain(value: unknown): unknown {
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) return Array.from(value as unknown as ArrayLike<unknown>);
  if (value instanceof Map) return Object.fromEntries(value);
  if (typeof value === 'object' && value !== null && 'toNested' in value && typeof value.toNested === 'function') return value.toNested();
  return value;
}

function isLiteralNumber(literal: Literal): literal is LiteralNumber {
  return typeof literal === 'object' && literal !== null && 'rounding' in literal;
}

function show(value: unknown): string {
  return typeof value === 'function' ? 'a function' : (JSON.stringify(value) ?? String(value));
}
