/** Rows that can be read once. */
export async function* rowsOnce<Row>(rows: readonly Row[]): AsyncGenerator<Row> {
  yield* rows;
}
