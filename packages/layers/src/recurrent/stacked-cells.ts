import { CellstateError } from '@cellstate/core';
import type { Step } from '@cellstate/ops';
import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import { childNames } from '../graph/part.ts';
import { type Cell, type CellDefinition, type CellOptions, checkCell, defineCell, outputSize } from './cell.ts';

/**
 * Cells on top of each other as one cell: each takes the output of the one below at the same step. Keras' StackedRNNCells. The state
 * is that of every cell, from the bottom up.
 *
 * @throws CellstateError `INVALID_OPTION` without a cell, or for what is none.
 *
 * @example
 * ```ts
 * import { gruCell, lstmCell, stackedCells } from '@cellstate/layers';
 *
 * stackedCells([lstmCell({ units: 2 }), gruCell({ units: 3 })]).definition.stateShapes; // → [[2], [2], [3]]
 * ```
 */
export function stackedCells(cells: readonly Cell[], options: CellOptions = {}): Cell {
  const top = Array.isArray(cells) ? (cells.at(-1) as Cell | undefined) : undefined;
  for (const cell of Array.isArray(cells) ? cells : []) checkCell(cell, 'stackedCells');
  if (top === undefined) {
    throw new CellstateError('INVALID_OPTION', 'A stack needs at least one cell.', {
      expected: 'cells',
      received: 'none',
      where: 'stackedCells',
    });
  }
  const children = cells.map((part, index) => ({
    role: 'cells',
    part,
    inputs: (inputs: Parameters<NonNullable<CellDefinition['parameters']>>[0]) => {
      const lower = cells[index - 1];
      const shape = inputs[0]?.shape ?? [];
      return lower === undefined ? inputs : [{ shape: [...shape.slice(0, -1), outputSize(lower.definition)], dtype: 'float32' as const }];
    },
  }));
  const names = childNames(children);
  const definition: CellDefinition = {
    className: 'StackedRNNCells',
    children,
    stateShapes: cells.flatMap((cell) => cell.definition.stateShapes),
    outputSize: outputSize(top.definition),
    ...(top.definition.outputState === undefined ? {} : { outputState: below(cells) + top.definition.outputState }),
    config: () => ({ cells: cells.map(({ className, getConfig }) => ({ className, config: getConfig() })) }),
    begin: (context) => {
      const steps = cells.map((cell, index) =>
        cell.definition.begin({
          ...context,
          parameter: (name) => cell.parameter(name),
          seed: (own, key) => context.seed(own, own === null || own === undefined ? `${names[index]}/${key ?? ''}` : key),
        }),
      );
      return (x, state) => climb(cells, steps, { x, state });
    },
  };
  return Object.assign(defineCell(definition, options), {
    clone: () =>
      stackedCells(
        cells.map((cell) => cell.clone()),
        options,
      ),
  });
}

/** The number of state tensors of all cells but the top one. */
function below(cells: readonly Cell[]): number {
  return cells.slice(0, -1).reduce((sum, cell) => sum + cell.definition.stateShapes.length, 0);
}

/** One step through all cells, from the bottom up. */
function climb(
  cells: readonly Cell[],
  steps: readonly Step[],
  { x, state }: { readonly x: Tensor2D; readonly state: readonly Tensor[] },
): ReturnType<Step> {
  let output: Tensor = x;
  let used = 0;
  const next: Tensor[] = [];
  for (const [index, step] of steps.entries()) {
    const count = cells[index]?.definition.stateShapes.length ?? 0;
    const result = step(output as Tensor2D, state.slice(used, used + count));
    used += count;
    output = result.output;
    next.push(...result.state);
  }
  return { output, state: next };
}
