/** Names of Keras' that our rule does not reach. */
const OURS: Readonly<Record<string, string>> = { clipnorm: 'clipNorm', clipvalue: 'clipValue', global_clipnorm: 'globalClipNorm' };
const THEIRS: Readonly<Record<string, string>> = {
  ...Object.fromEntries(Object.entries(OURS).map(([theirs, ours]) => [ours, theirs])),
  beta1: 'beta_1',
  beta2: 'beta_2',
};

/** `kernel_initializer` → `kernelInitializer`. */
export function camelCase(key: string): string {
  return OURS[key] ?? key.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** `kernelInitializer` → `kernel_initializer`. */
export function underscored(key: string): string {
  return THEIRS[key] ?? key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** `glorotUniform` → `GlorotUniform`. */
export function classCase(name: string): string {
  return `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}

/** `GlorotUniform` → `glorotUniform`, `SGD` → `sgd`, `KLDivergence` → `klDivergence`. */
export function nameCase(className: string): string {
  if (className === 'RMSprop') return 'rmsprop';
  return className.replace(/^[A-Z]+(?![a-z])|^[A-Z]/, (capitals) => capitals.toLowerCase());
}
