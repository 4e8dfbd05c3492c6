/**
 * Builds `@tensorflow/tfjs-node` without the download that its own install script makes. Does nothing where it is built
 * already.
 *
 * @returns the folder whose `node_modules` holds it.
 * @throws Error with the reason when it cannot be built here.
 */
export function buildTfjsNode(say?: (line: string) => void): string;
