/** Gates that lie side by side in the kernels: the first one's number, and how many. */
export interface GateGroup {
  readonly gate: number;
  readonly gates: number;
}

/** One product with the recurrent kernel's columns of some gates. */
export interface RecurrentPart extends GateGroup {
  /** What is multiplied: the hidden state before the step, times the gate's dropout, or what the step has kept. */
  readonly from: 'hidden' | 'kept';
  /** Where the product is added: to the gates, or to what the step keeps. */
  readonly into: 'gates' | 'kept';
}

/** What tells one cell from another, as far as the products and the arrays go. */
export interface CellStructure {
  readonly gates: number;
  /** 2 when there is a cell state beside the hidden one. */
  readonly states: 1 | 2;
  /** Whether a step keeps `[batch, units]` of its own for the backward pass. */
  readonly keeps: boolean;
  /** 2 when recurrent products have a bias of their own. */
  readonly biasRows: 1 | 2;
  /** In the order they are made; together they cover every gate once. */
  readonly recurrence: readonly RecurrentPart[];
}
