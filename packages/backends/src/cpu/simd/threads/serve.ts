// The program of a thread. The generate script bundles it into a text, which Node and browsers start from.

import { type BlockFunction, takeBlocks, WORDS } from './take-blocks.ts';

/** What a thread is told first. */
export interface ThreadOrders {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  /** Names of the functions that blocks are of, in the order of their numbers. */
  readonly functions: readonly string[];
  /** Address of the control area. */
  readonly control: number;
}

/** The port to the thread that made this one: in Node's and in browsers' ways. */
export interface Port {
  postMessage(message: string): void;
  once?(event: 'message', listener: (orders: ThreadOrders) => void): void;
  onmessage?: ((event: { data: ThreadOrders }) => void) | null;
  close(): void;
}

/** Waits for orders, says `ready`, and serves until told to stop. */
export function serve(port: Port): void {
  const begin = (orders: ThreadOrders): void => {
    const { exports } = new WebAssembly.Instance(orders.module, { env: { memory: orders.memory } });
    const functions = orders.functions.map((name) => exports[name] as BlockFunction);
    const control = new Int32Array(orders.memory.buffer, orders.control);
    port.postMessage('ready');
    work(control, functions);
    port.close();
  };
  if (port.once) port.once('message', begin);
  else port.onmessage = ({ data }) => begin(data);
}

function work(control: Int32Array, functions: readonly BlockFunction[]): void {
  for (;;) {
    const task = Atomics.load(control, WORDS.task);
    if (Atomics.load(control, WORDS.stop) !== 0) return;
    takeBlocks(control, functions);
    Atomics.wait(control, WORDS.task, task);
  }
}
