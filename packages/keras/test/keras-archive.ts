import { unzipSync, zipSync } from 'fflate';

/** Members of an archive, for tests to change. */
export type Members = Record<string, Uint8Array>;

/** A `.keras` file with its members changed; checksums are right. */
export function changed(bytes: Uint8Array, change: (members: Members) => Members): Uint8Array {
  return zipSync(change(unzipSync(bytes)), { level: 0 });
}

// biome-ignore lint/suspicious/noExplicitAny: a test reaches anywhere into a configuration.
type Anything = any;

/** A `.keras` file with its configuration changed in place. */
export function reconfigured(bytes: Uint8Array, change: (config: Anything) => void): Uint8Array {
  return changed(bytes, (members) => {
    const config: Anything = JSON.parse(new TextDecoder().decode(members['config.json']));
    change(config);
    return { ...members, 'config.json': new TextEncoder().encode(JSON.stringify(config)) };
  });
}
