import { CellstateError, checkOptions } from '@cellstate/core';
import { printWarning } from '../print.ts';
import type { Callback, Run } from './callback.ts';

/**
 * Ends training at the first batch whose running loss is no finite number. Keras' `TerminateOnNaN`.
 *
 * @param options `raiseError`: throw `LOSS_NOT_FINITE` instead of ending with a warning; default false.
 * @throws CellstateError `UNKNOWN_OPTION`; in training `LOSS_NOT_FINITE` if asked for.
 *
 * @example
 * ```ts
 * import { terminateOnNaN } from '@cellstate/trainers';
 *
 * const callbacks = [terminateOnNaN()];
 * ```
 */
export function terminateOnNaN(options: { readonly raiseError?: boolean } = {}): Callback {
  checkOptions(options, ['raiseError'], 'terminateOnNaN');
  const { raiseError = false } = options;
  let run: Run | undefined;
  return {
    setRun(given) {
      run = given;
    },
    onBatchEnd(batch, { loss }) {
      if (Number.isFinite(loss)) return;
      if (raiseError) {
        throw new CellstateError('LOSS_NOT_FINITE', 'The loss is no finite number.', {
          expected: 'a finite loss',
          received: String(loss),
          where: `batch ${batch}`,
          hint: 'A lower learning rate, clipNorm, or scaled inputs usually help.',
        });
      }
      printWarning(`batch ${batch}: the loss is ${loss}; training ends.`);
      (run as Run).stop();
    },
  };
}
