import type { Refusal } from '@cellstate/testing';
import {
  adam,
  type Callback,
  cosineSimilarity,
  createTrainer,
  earlyStopping,
  exponentialDecay,
  huber,
  learningRateScheduler,
  meanSquaredError,
  piecewiseConstantDecay,
  progressBar,
  sgd,
  terminateOnNaN,
} from '../../src/index.ts';
import { openTextFile } from '../../src/node/text-file.browser.ts';
import { linearModel } from '../hand-written-models.ts';

const anything = (value: unknown) => value as never;

async function fitWith(callback: Callback, y: number[] = [1]): Promise<unknown> {
  const model = linearModel();
  const trainer = createTrainer(model, { loss: 'mse', metrics: [colour] });
  try {
    return await trainer.fit({ x: [[1, 2]], y }, { callbacks: [callback], epochs: 2 });
  } finally {
    trainer.dispose();
    model.dispose();
  }
}

function colour<T>(target: T): T {
  return target;
}

function scheduledRate(): unknown {
  const trainer = createTrainer(linearModel(), {
    optimizer: sgd({ learningRate: exponentialDecay({ initialLearningRate: 1, decaySteps: 2, decayRate: 0.5 }) }),
  });
  trainer.learningRate = 0.1;
  return trainer;
}

/** What losses, optimizers, schedules and callbacks refuse. */
export const RULE_REFUSALS: readonly Refusal[] = [
  ['an unknown option of an optimizer', () => adam(anything({ lr: 1 }))],
  ['an unknown option of a loss', () => huber(anything({ deltas: 1 }))],
  ['a reduction that is none', () => meanSquaredError({ reduction: anything('median') })],
  ['a learning rate below zero', () => sgd({ learningRate: -1 })],
  ['two ways to clip', () => adam({ clipNorm: 1, clipValue: 1 })],
  ['averages that are neither kept nor not', () => adam({ useEma: 1 as never })],
  ['a momentum of averages that are not kept', () => adam({ emaMomentum: 0.9 })],
  ['a step of one gradient, said in words', () => adam({ gradientAccumulationSteps: 1 })],
  ['a cosine over the batch', () => cosineSimilarity({ axis: 0 })],
  ['boundaries without values', () => piecewiseConstantDecay({ boundaries: [1, 2], values: [1] })],
  ['a learning rate set against its schedule', scheduledRate],
  ['a mode that is none', () => earlyStopping({ mode: anything('least') })],
  ['a log that is not there', () => fitWith(earlyStopping({ monitor: 'val_loss' }))],
  ['a log that is misspelt', () => fitWith(earlyStopping({ monitor: 'lost' }))],
  ['a log of unknown direction', () => fitWith(earlyStopping({ monitor: 'colour' }))],
  ['a loss that is no number', () => fitWith(terminateOnNaN({ raiseError: true }), [Number.NaN])],
  ['a schedule that gives nothing', () => fitWith(learningRateScheduler(anything(() => undefined)))],
  ['a callback by name', () => fitWith(anything('earlyStopping'))],
  ['a hook that is misspelt', () => fitWith(anything({ onEpochEnds() {} }))],
  ['a hook of another word', () => fitWith(anything({ onSunday() {} }))],
  ['an option of a callback that has none', () => progressBar(anything({ width: 3 }))],
  ['a file in a browser', () => openTextFile('log.csv', { append: false })],
];
