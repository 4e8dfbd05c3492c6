import type { ViteUserConfig } from 'vitest/config';

export function preset(options?: { setupFiles?: string[]; testTimeout?: number }): ViteUserConfig;
