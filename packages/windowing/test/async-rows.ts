/** Rows as an async source, with the number handed out so far: what a reader holds is what it took and did not give back. */
export function asyncRows<Item>(rows: readonly Item[]): {
  open: () => AsyncGenerator<Item>;
  readonly given: number;
  readonly closed: number;
} {
  let given = 0;
  let closed = 0;
  return {
    async *open() {
      try {
        for (const row of rows) {
          given++;
          yield row;
        }
      } finally {
        closed++;
      }
    },
    get given() {
      return given;
    },
    get closed() {
      return closed;
    },
  };
}

/** All items of an async iterable. */
export async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
}

/** The stable code of what a call throws, or what its promise rejects with. */
export async function codeOf(call: () => unknown): Promise<string> {
  try {
    await call();
  } catch (error) {
    return (error as { code: string }).code;
  }
  return 'nothing thrown';
}

/** The whole message of what a call throws. */
export function messageOf(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    return (error as Error).message;
  }
  return 'nothing thrown';
}
