/** Lays out rows in columns: each as wide as its widest cell, two blanks between; `right` names columns to align right. */
export function textTable(rows: readonly (readonly string[])[], { right = [] }: { readonly right?: readonly number[] } = {}): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [column, cell] of row.entries()) widths[column] = Math.max(widths[column] ?? 0, [...cell].length);
  }
  return rows.map((row) => {
    const cells = row.map((cell, column) => {
      const blank = ' '.repeat((widths[column] as number) - [...cell].length);
      return right.includes(column) ? blank + cell : cell + blank;
    });
    return `  ${cells.join('  ')}`.trimEnd();
  });
}

/** `text` if it fits into `width` characters, else its beginning and end around an ellipsis. */
export function shorten(text: string, width: number): string {
  const letters = [...text];
  if (letters.length <= width) return text;
  const head = Math.ceil((width - 1) / 2);
  return `${letters.slice(0, head).join('')}…${letters.slice(letters.length - (width - 1 - head)).join('')}`;
}

/** `1 window`, `2 windows`: the number with its noun, thousands apart. */
export function plural(count: number, noun: string): string {
  return `${count.toLocaleString('en-US')} ${noun}${count === 1 ? '' : 's'}`;
}
