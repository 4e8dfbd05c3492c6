import { fusedPath } from '@cellstate/ops';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { unregisterCpuKernels } from '../../src/cpu/index.ts';
import { useBackend } from '../../src/index.ts';
import { NODE_BACKEND, NODE_KERNELS, registerNodeKernels, unregisterNodeKernels } from '../../src/node/index.ts';
import { loadTfjsNode } from '../../src/node/load-tfjs-node.ts';

afterEach(() => {
  vi.restoreAllMocks();
  unregisterNodeKernels();
});

describe('without tfjs-node', () => {
  test('the error says what to install', async () => {
    await expect(useBackend('node')).rejects.toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: The node engine needs a package that is not installed. [ENGINE_UNAVAILABLE]
        expected: @tensorflow/tfjs-node
        received: no @tensorflow/tfjs-node
        where: useBackend('node')
        hint: Install it: npm install @tensorflow/tfjs-node]
    `);
    expect(tf.findBackend(NODE_BACKEND)).toBeNull();
  });

  test('elsewhere than in Node it says so', () => {
    vi.spyOn(process, 'getBuiltinModule').mockReturnValue(undefined as never);
    expect(loadTfjsNode).toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: The node engine runs in Node alone. [ENGINE_UNAVAILABLE]
        expected: @tensorflow/tfjs-node
        received: another runtime
        where: useBackend('node')
        hint: Use useBackend('cpu').]
    `);
  });

  test('one whose install script was skipped is told apart, and Node gets back what tfjs-node calls', () => {
    const util: Record<string, unknown> = {};
    const load = Object.assign(
      () => {
        throw new Error('The addon can not be found.\nMore about it.');
      },
      { resolve: () => 'found' },
    );
    const builtins: Record<string, unknown> = { 'node:module': { createRequire: () => load }, 'node:util': util };
    vi.spyOn(process, 'getBuiltinModule').mockImplementation(((name: string) => builtins[name]) as never);
    expect(loadTfjsNode).toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: tfjs-node is installed, but cannot start. [ENGINE_UNAVAILABLE]
        expected: @tensorflow/tfjs-node
        received: The addon can not be found.
        where: useBackend('node')
        hint: Its install script fetches libtensorflow and may have been skipped: run npm rebuild @tensorflow/tfjs-node.]
    `);
    const { isNullOrUndefined, isArray } = util as { isNullOrUndefined(value: unknown): boolean; isArray(value: unknown): boolean };
    expect([undefined, null, 0].map(isNullOrUndefined)).toEqual([true, true, false]);
    expect([[], 1].map(isArray)).toEqual([true, false]);
  });
});

test('its kernels are for its backend alone, and come and go', () => {
  // Those of another engine, which a test before may have left here.
  unregisterCpuKernels();
  const registered = () => NODE_KERNELS.filter((name) => tf.getKernel(name, NODE_BACKEND) !== undefined);
  expect(registered()).toEqual([]);
  registerNodeKernels();
  registerNodeKernels();
  expect(registered()).toEqual(NODE_KERNELS);
  expect(fusedPath('lstm')).toBe('reference');
  unregisterNodeKernels();
  expect(registered()).toEqual([]);
});
