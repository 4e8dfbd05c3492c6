import Table3 from 'cli-table3';
import type { Table } from '../example/page.ts';
import { type Paint, paintMarks } from './paint.ts';

const NO_LINES = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
};

const LONGEST_CELL = 44;

/** A table as lines of text without rules: text left, numbers right. */
export function textTable({ columns, rows, strong = [] }: Table, paint: Paint): string[] {
  const table = new Table3({
    head: columns.map(({ title }) => paint.dim(title)),
    chars: NO_LINES,
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [], compact: true },
    colAligns: columns.map((_, index) => (rows.some((row) => typeof row[index] === 'number') ? 'right' : 'left')),
  });
  for (const [index, row] of rows.entries()) {
    const cells = row.map((value, column) => paintMarks(shortened(cellText(value, columns[column]?.digits)), paint));
    table.push(strong.includes(index) ? cells.map((cell) => paint.bold(cell)) : cells);
  }
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd());
}

/** Names that readers chose may be long. */
function shortened(text: string): string {
  return text.length <= LONGEST_CELL ? text : `${text.slice(0, LONGEST_CELL - 1)}…`;
}

/** A table's value as text: numbers with `digits` decimals and a true minus sign. */
export function cellText(value: string | number, digits = 3): string {
  return typeof value === 'string'
    ? value
    : value
        .toFixed(digits)
        .replace(/^-(?=.*[1-9])/, '−')
        .replace(/^-/, '');
}
