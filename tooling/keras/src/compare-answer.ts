import { CellstateError, ndarray } from '@cellstate/core';
import * as layers from '@cellstate/layers';
import type { CallbackFixture, LayerFixture, TrainingFixture, WindowsFixture } from '@cellstate/testing';
import { replayCallback, replayTraining, replayWindows } from '@cellstate/testing';
import { replayLayer, tryLayer } from '@cellstate/testing/tensors';
import * as trainers from '@cellstate/trainers';
import * as windowing from '@cellstate/windowing';
import { PARTINGS } from './partings.ts';

/**
 * What Python wrote about one configuration: Keras' results, or why Keras refused it. `overflowing`: how many were drawn before it whose
 * numbers were not finite, or beyond 1e3.
 */
export type LiveAnswer = { readonly refused?: string; readonly overflowing?: number } & (
  | (LayerFixture & { readonly kind: 'layers' })
  | (TrainingFixture & { readonly kind: 'training' })
  | (CallbackFixture & { readonly kind: 'callback' })
  | (WindowsFixture & { readonly kind: 'windows' })
);

/** How ours differs from Keras on one configuration, on the current engine. What Keras refuses, ours must refuse, and nothing else. */
export async function compareAnswer(answer: LiveAnswer, seed: number): Promise<readonly string[]> {
  const { refused } = answer;
  try {
    const found = await replay(answer, seed);
    if (refused === undefined) return found;
    return PARTINGS.some(({ keras, ours, when }) => ours === undefined && keras?.test(refused) && when(answer))
      ? []
      : [`accepted, but Keras says: ${refused}`];
  } catch (error) {
    if (!(error instanceof CellstateError)) return [`failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`];
    const parts = PARTINGS.some(({ keras, ours, when }) => keras === undefined && ours?.test(error.message) && when(answer));
    return refused !== undefined || parts ? [] : [`refused, but not by Keras: ${error.code}: ${error.message}`];
  }
}

/** A refused configuration has no results to compare with: it is run, so that it can throw. */
async function replay(answer: LiveAnswer, seed: number): Promise<readonly string[]> {
  const nothing = {
    logs: {},
    weights: [],
    prediction: [],
    batches: [],
    padded: [],
    shape: [],
    rates: [],
    epochs: 0,
    weight: 0,
    stopped: false,
  };
  const known = answer.refused === undefined ? answer : ({ ...answer, keras: nothing } as LiveAnswer);
  switch (known.kind) {
    case 'layers':
      if (answer.refused === undefined) return replayLayer(known, { layers, seed });
      tryLayer(known, { layers, seed });
      return [];
    case 'training':
      return replayTraining(known, { seed, layers, trainers, ndarray });
    case 'callback':
      return replayCallback(known, { layers, trainers, ndarray });
    case 'windows':
      return replayWindows(known, windowing);
  }
}
