import { CellstateError } from '@cellstate/core';
import * as layers from '@cellstate/layers';
import type { LayerFixture } from '@cellstate/testing';
import { replayLayer, tryLayer } from '@cellstate/testing/tensors';

/** What Python wrote about one configuration: Keras' results, or why Keras refused it. */
export type LiveAnswer = LayerFixture & { readonly kind: 'layers' | 'training' | 'callback' | 'windows'; readonly refused?: string };

/** How ours differs from Keras on one configuration, on the current engine. What Keras refuses, ours must refuse, and nothing else. */
export async function compareAnswer(answer: LiveAnswer, seed: number): Promise<readonly string[]> {
  try {
    if (answer.refused === undefined) return replayLayer(answer, { layers, seed });
    tryLayer(answer, { layers, seed });
    return [`accepted, but Keras says: ${answer.refused}`];
  } catch (error) {
    if (!(error instanceof CellstateError)) return [`failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`];
    return answer.refused === undefined ? [`refused, but not by Keras: ${error.code}: ${error.message}`] : [];
  }
}
