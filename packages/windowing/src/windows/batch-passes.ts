/** Batches that can be read again and again; when shuffled, each pass has an order of its own. */
export interface BatchPasses<Batch> extends Iterable<Batch> {
  /** The batches of pass `index`, from 0, whatever was read before. Iterating gives pass 0, then pass 1, and so on. */
  pass(index: number): Iterable<Batch>;
}

/** The same over rows that arrive one by one. */
export interface AsyncBatchPasses<Batch> extends AsyncIterable<Batch> {
  pass(index: number): AsyncIterable<Batch>;
}

/** Passes that count themselves when they are iterated. */
export function batchPasses<Batch>(read: (pass: number) => Generator<Batch>): BatchPasses<Batch> {
  let next = 0;
  return { [Symbol.iterator]: () => read(next++), pass: (index) => ({ [Symbol.iterator]: () => read(index) }) };
}

export function asyncBatchPasses<Batch>(read: (pass: number) => AsyncGenerator<Batch>): AsyncBatchPasses<Batch> {
  let next = 0;
  return { [Symbol.asyncIterator]: () => read(next++), pass: (index) => ({ [Symbol.asyncIterator]: () => read(index) }) };
}
