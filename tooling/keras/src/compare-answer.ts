import { CellstateError } from '@cellstate/core';
import * as layers from '@cellstate/layers';
import type { LayerFixture } from '@cellstate/testing';
import { replayLayer, tryLayer } from '@cellstate/testing/tensors';
import { PARTINGS } from './partings.ts';

/** What Python wrote about one configuration: Keras' results, or why Keras refused it. */
export type LiveAnswer = LayerFixture & { readonly kind: 'layers' | 'training' | 'callback' | 'windows'; readonly refused?: string };

/** How ours differs from Keras on one configuration, on the current engine. What Keras refuses, ours must refuse, and nothing else. */
export async function compareAnswer(answer: LiveAnswer, seed: number): Promise<readonly string[]> {
  const { refused } = answer;
  try {
    if (refused === undefined) return replayLayer(answer, { layers, seed });
    tryLayer(answer, { layers, seed });
    return PARTINGS.some(({ keras, ours }) => ours === undefined && keras?.test(refused)) ? [] : [`accepted, but Keras says: ${refused}`];
  } catch (error) {
    if (!(error instanceof CellstateError)) return [`failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`];
    const parts = PARTINGS.some(({ keras, ours }) => keras === undefined && ours === error.code);
    return refused !== undefined || parts ? [] : [`refused, but not by Keras: ${error.code}: ${error.message}`];
  }
}
