import { CellstateError, size } from '@cellstate/core';
import type { Part, TensorSpec } from '@cellstate/layers';

/** Holds a configuration against the file's weights, before any is made. */
export interface ParameterBudget {
  /** Counts the parameters that a layer will have for these inputs. */
  take(part: Part, inputs: readonly TensorSpec[]): void;
}

/** Two bytes hold the smallest number a file stores. */
const SMALLEST_NUMBER = 2;

/**
 * A budget for so many bytes of weights. `take` throws `WEIGHTS_MISMATCH` when layers ask for more parameters than these bytes can hold: a
 * configuration of a few letters would otherwise fill the memory.
 */
export function parameterBudget(weightBytes: number, where: string): ParameterBudget {
  const seen = new Set<Part>();
  let left = weightBytes / SMALLEST_NUMBER;
  const take = (part: Part, inputs: readonly TensorSpec[]): void => {
    if (seen.has(part)) return;
    seen.add(part);
    for (const spec of part.definition.parameters?.(inputs) ?? []) {
      left -= size(spec.shape);
      if (left >= 0) continue;
      throw new CellstateError('WEIGHTS_MISMATCH', 'The configuration asks for more parameters than the file has bytes for.', {
        expected: `at most ${Math.floor(weightBytes / SMALLEST_NUMBER)} numbers in ${weightBytes} bytes`,
        received: `${spec.name} [${spec.shape.join(', ')}] and what came before`,
        where: `${where}, ${part.name}`,
      });
    }
    for (const child of part.children) take(child.part, child.inputs?.(inputs) ?? inputs);
  };
  return { take };
}
