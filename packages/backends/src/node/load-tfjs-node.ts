import { CellstateError } from '@cellstate/core';
import { registerGradients } from '@cellstate/ops';

interface ModuleBuiltin {
  createRequire(from: string): ((name: string) => unknown) & { resolve(name: string): string };
}

interface Runtime {
  readonly process?: { getBuiltinModule?(name: string): unknown; readonly versions?: { readonly node?: string } };
}

const PEER = '@tensorflow/tfjs-node';
const INSTALL = `npm install ${PEER}`;

/**
 * Loads tfjs-node, which brings libtensorflow and the backend `tensorflow`.
 *
 * @throws CellstateError `ENGINE_UNAVAILABLE` outside Node, when the package is not installed, and when it cannot start.
 */
export function loadTfjsNode(): void {
  const { process } = globalThis as Runtime;
  const modules = process?.getBuiltinModule?.('node:module') as ModuleBuiltin | undefined;
  if (modules === undefined) {
    throw unavailable('The node engine runs in Node alone.', { received: 'another runtime', hint: "Use useBackend('cpu')." });
  }
  const load = modules.createRequire(import.meta.url);
  requireInstalled(load);
  restoreUtil(process?.getBuiltinModule?.('node:util') as Record<string, unknown>);
  try {
    load(PEER);
  } catch (cause) {
    throw unavailable('tfjs-node is installed, but cannot start.', {
      received: cause instanceof Error ? (cause.message.split('\n')[0] as string) : String(cause),
      hint: `Its install script fetches libtensorflow and may have been skipped: run npm rebuild ${PEER}.`,
      cause,
    });
  }
  // tfjs-node loads the union package, whose gradients take the places of the corrected ones.
  registerGradients();
}

function requireInstalled({ resolve }: ReturnType<ModuleBuiltin['createRequire']>): void {
  try {
    resolve(PEER);
  } catch (cause) {
    throw unavailable('The node engine needs a package that is not installed.', {
      received: `no ${PEER}`,
      hint: `Install it: ${INSTALL}`,
      cause,
    });
  }
}

/** tfjs-node 4.22 calls two functions that Node 23 took away; it reads them from `util` each time. */
function restoreUtil(util: Record<string, unknown>): void {
  util.isNullOrUndefined ??= (value: unknown) => value === null || value === undefined;
  util.isArray ??= Array.isArray;
}

function unavailable(what: string, details: { received: string; hint: string; cause?: unknown }): CellstateError {
  return new CellstateError('ENGINE_UNAVAILABLE', what, { expected: PEER, where: "useBackend('node')", ...details });
}
