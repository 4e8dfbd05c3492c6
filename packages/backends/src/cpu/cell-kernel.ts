import type { CellStructure } from './cell-structure.ts';
import type { SequenceProblem } from './sequence-problem.ts';

/**
 * A cell, as the loops over time need it: equations for rows of one step. Products, masks, dropout and directions are theirs.
 *
 * Row t · batch + b is row b of the t-th step computed. Offsets into `reserve` are those of `SequenceReserve`.
 */
export interface CellKernel extends CellStructure {
  /** Forward: from gates that hold all products and biases to activated gates and the states after the step. */
  activate(pass: ForwardPass, rows: Rows): void;
  /**
   * Backward: from activated gates to the derivatives by what they were before activation. Uses up `output` and `hidden` (sets
   * them to what does not pass through a product: zero, if all does) and steps `cell` back.
   */
  derive(pass: BackwardPass, rows: Rows): void;
  /** Between the product that reads the hidden state and the one that reads what is kept, where there is one; all rows of step t. */
  readonly between?: {
    /** Fills what the second product reads. */
    forward(pass: ForwardPass, t: number): void;
    /** Takes its derivative, `pass.scratch`, on to the gates and to `hidden`. */
    backward(pass: BackwardPass, t: number): void;
  };
}

/** Rows first … end − 1, all of step t. */
export interface Rows {
  readonly t: number;
  readonly first: number;
  readonly end: number;
}

export interface ForwardPass {
  readonly problem: SequenceProblem;
  readonly reserve: Float32Array;
  /** `[batch, units]`, of no lasting content. */
  readonly scratch: Float32Array;
}

/** The derivatives of the loss that go from step to step, each `[batch, units]`. */
export interface BackwardPass extends ForwardPass {
  /** By the hidden state after the step at hand. */
  readonly hidden: Float32Array;
  /** By the cell state; of length 0 in a cell without. */
  readonly cell: Float32Array;
  /** By the output of the step at hand, its repetitions at masked steps included. */
  readonly output: Float32Array;
}
