// Long enough to cost nothing, short enough for a page or a server to stay responsive.
const EVERY_MILLISECONDS = 50;

/** Gives the event loop a turn now and then. When it does so changes nothing in the results. */
export function breather(): () => Promise<void> | undefined {
  let last = performance.now();
  return () => {
    if (performance.now() - last < EVERY_MILLISECONDS) return undefined;
    return new Promise((resolve) => {
      setTimeout(() => {
        last = performance.now();
        resolve();
      }, 0);
    });
  };
}
