/** One configuration that gave what Keras gives. */
export interface SupportCase {
  /** The engine it ran on, a column of the table. */
  readonly engine: string;
  /** Its descriptions: every object with a `type` in them is a layer, an optimizer, a loss … */
  readonly described: readonly unknown[];
  /** Classes that ran in a fused kernel; all others ran the reference. Absent where paths are not told apart. */
  readonly fused?: readonly string[];
}

const RECURRENT = /^(lstm|gru|simpleRnn|rnn)$/;
const MARKS = ['<!-- support -->', '<!-- /support -->'] as const;

/** A row for each type, and for each option of a recurrent layer; a column for each engine; how many cases took which path. */
export function supportTable(cases: readonly SupportCase[]): string {
  const columns = [...new Set(cases.map(({ engine }) => engine))];
  const counts = new Map<string, number>();
  const rows = new Set<string>();
  for (const { engine, described, fused } of cases) {
    for (const row of rowsOf(described)) {
      rows.add(row);
      const path = fused?.some((name) => row.split(' ')[0] === camelCase(name)) === true ? 'fused' : 'reference';
      const key = `${row}|${engine}|${fused === undefined ? '' : path}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
  }
  const cell = (row: string, engine: string) =>
    ['fused', 'reference', '']
      .flatMap((path) => (counts.has(`${row}|${engine}|${path}`) ? [`${counts.get(`${row}|${engine}|${path}`)} ${path}`.trim()] : []))
      .join(', ') || '–';
  const body = [...rows].sort().map((row) => [`\`${row}\``, ...columns.map((engine) => cell(row, engine))]);
  return [['', ...columns], ['', ...columns].map(() => '---'), ...body].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** The text with the table between its two marks. */
export function withSupportTable(text: string, table: string): string {
  const [from, to] = MARKS.map((mark) => text.indexOf(mark)) as [number, number];
  if (from < 0 || to < from) throw new Error(`The text needs ${MARKS.join(' and ')}, in this order.`);
  return `${text.slice(0, from + MARKS[0].length)}\n\n${table}\n\n${text.slice(to)}`;
}

/** Each row once a case, however often it occurs in it. */
function rowsOf(described: unknown): ReadonlySet<string> {
  const rows = new Set<string>();
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    const { type, ...options } = value as Readonly<Record<string, unknown>>;
    if (typeof type === 'string') {
      rows.add(type);
      if (RECURRENT.test(type)) for (const option of Object.keys(options)) rows.add(`${type} ${option}`);
    }
    for (const inner of Object.values(value)) visit(inner);
  };
  visit(described);
  return rows;
}

/** `SimpleRNN` is `simpleRnn`, `Bidirectional` `bidirectional`. */
function camelCase(className: string): string {
  return (
    { LSTM: 'lstm', GRU: 'gru', SimpleRNN: 'simpleRnn', RNN: 'rnn' }[className] ?? className.charAt(0).toLowerCase() + className.slice(1)
  );
}
