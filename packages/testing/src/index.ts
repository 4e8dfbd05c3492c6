export { asymmetric } from './asymmetric.ts';
export type { StatedResult } from './check-example.ts';
export { checkExample } from './check-example.ts';
export type { Comparison, Tolerance, Values } from './compare.ts';
export { compare } from './compare.ts';
export { cotangent } from './cotangent.ts';
export { drawn } from './drawn.ts';
export type { Engine } from './engines.ts';
export { ENGINES } from './engines.ts';
export { expectClose } from './expect-close.ts';
export type {
  ArrayDescription,
  CallbackFixture,
  KerasFixtures,
  LayerFixture,
  Made,
  Numbers,
  TrainingFixture,
  WindowsFixture,
} from './keras-fixtures.ts';
export { describedArray, drawnWeights, flatNumbers, kerasFixtures } from './keras-fixtures.ts';
export type { ModelDescription } from './keras-model.ts';
export { kerasModel } from './keras-model.ts';
export { mismatch } from './mismatch.ts';
export { beside, type OptionSubject, testOptions } from './option-checks.ts';
export type { OptionCoverage, ValueCount } from './option-coverage.ts';
export { coverageReport, optionCoverage } from './option-coverage.ts';
export type { FactoryOptions } from './option-values.ts';
export { optionValues } from './option-values.ts';
export { ORACLE_ACTIVATIONS, type OracleActivation } from './oracle/activation-oracle.ts';
export { mergeOracle } from './oracle/bidirectional-oracle.ts';
export { gruOracle } from './oracle/gru-oracle.ts';
export { lstmOracle } from './oracle/lstm-oracle.ts';
export { oracleGradients } from './oracle/oracle-gradients.ts';
export type { Equations, OracleInputs, OracleOptions, OracleResult, Sizes } from './oracle/recurrent-oracle.ts';
export { runOracle } from './oracle/recurrent-oracle.ts';
export type { RecurrentArrays, RecurrentProblem, RecurrentStructure } from './oracle/recurrent-problem.ts';
export { dropoutFactors, RECURRENT_STRUCTURES, recurrentArrays, solveRecurrent } from './oracle/recurrent-problem.ts';
export { simpleRnnOracle } from './oracle/simple-rnn-oracle.ts';
export { type Refusal, testRefusals } from './refusals.ts';
export type { TrainingPackages } from './replay-training.ts';
export { replayCallback, replayTraining, replayWindows } from './replay-training.ts';
export { type SupportCase, supportTable, withSupportTable } from './support-table.ts';
export { testExamples } from './test-examples.ts';
export { throwSites, unreachedThrows } from './throw-sites.ts';
export { toBeAllClose } from './to-be-all-close.ts';
