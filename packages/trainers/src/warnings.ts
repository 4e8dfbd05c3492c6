import { printWarning } from './print.ts';

/** Warnings of one trainer, each given once. */
export interface Warnings {
  once(key: string, message: string): void;
}

export function warnings(): Warnings {
  const given = new Set<string>();
  return {
    once(key, message) {
      if (given.has(key)) return;
      given.add(key);
      printWarning(message);
    },
  };
}
