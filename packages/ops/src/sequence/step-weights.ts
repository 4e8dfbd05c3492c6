import type { Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import type { Activation } from '../contract.ts';

/** What a step of any of the three cells needs beside its projected input and its state. */
export interface StepWeights {
  /** `[units, G · units]` */
  readonly recurrentKernel: Tensor2D;
  /** Factors on the hidden state where it enters each gate: `[G, batch, units]`. Absent: none. */
  readonly recurrentDropout?: Tensor3D | undefined;
  /** Default tanh. */
  readonly activation?: Activation | undefined;
}

/** A step whose cell has gates. */
export interface GatedStepWeights extends StepWeights {
  /** Of the gates. Default sigmoid. */
  readonly recurrentActivation?: Activation | undefined;
}

/** The output of one step and the states after it, in the cell's order. */
export interface StepResult {
  /** `[batch, units]` */
  readonly output: Tensor2D;
  /** Each `[batch, units]`; the first is the output. */
  readonly state: readonly Tensor2D[];
}
