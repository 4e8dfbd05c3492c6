/**
 * The orthonormal factor of a tall matrix by Householder reflections in float64, its columns signed so that R has a
 * positive diagonal.
 *
 * Reflection k is H = I − τ v vᵀ with v₀ = 1 (Golub and Van Loan, 5.2); Q = H₀ … Hₙ₋₁ is built backwards on the first n
 * columns of the identity. Reflections are applied in pairs, so that each pass over the other columns serves two.
 *
 * @param values the matrix column after column, n columns of m values, m >= n; overwritten by Q and returned.
 */
export function householderQ(values: Float64Array, m: number, n: number): Float64Array {
  const columns = Array.from({ length: n }, (_, k) => values.subarray(k * m, (k + 1) * m));
  const tau = new Float64Array(n);
  const sign = new Float64Array(n);
  const reflection = (k: number): Reflection => ({ vector: columns[k] as Float64Array, tau: tau[k] as number });

  for (let k = 0; k < n; k += 2) {
    eliminate(columns[k] as Float64Array, { k, tau, sign });
    if (k + 1 === n) break;
    const next = columns[k + 1] as Float64Array;
    apply(reflection(k), next, k);
    eliminate(next, { k: k + 1, tau, sign });
    next[k] = 0;
    applyPair([reflection(k), reflection(k + 1)], columns.slice(k + 2), k);
  }
  for (const [k, column] of columns.entries()) column.fill(0, 0, k);
  if (n % 2 === 1) unit(reflection(n - 1), n - 1);
  for (let k = n - 1 - (n % 2); k > 0; k -= 2) {
    applyPair([reflection(k), reflection(k - 1)], columns.slice(k + 1), k - 1);
    unit(reflection(k), k);
    apply(reflection(k - 1), columns[k] as Float64Array, k - 1);
    unit(reflection(k - 1), k - 1);
  }
  for (const [k, column] of columns.entries()) {
    if ((sign[k] as number) < 0) for (let i = 0; i < m; i++) column[i] = -(column[i] as number);
  }
  return values;
}

interface Reflection {
  /** v, from row k on. */
  readonly vector: Float64Array;
  readonly tau: number;
}

/** Finds the reflection that leaves only row k of the rows from k on, puts its vector in their place, and notes R's sign. */
function eliminate(column: Float64Array, { k, tau, sign }: { k: number; tau: Float64Array; sign: Float64Array }): void {
  let below = 0;
  for (let i = k + 1; i < column.length; i++) below += (column[i] as number) ** 2;
  const head = column[k] as number;
  column[k] = 1;
  if (below === 0) {
    sign[k] = head < 0 ? -1 : 1;
    return;
  }
  const norm = Math.sqrt(head * head + below);
  // Reflecting onto −sign(head) · norm avoids cancellation in head − target.
  const target = head > 0 ? -norm : norm;
  sign[k] = target < 0 ? -1 : 1;
  tau[k] = (target - head) / target;
  const scale = 1 / (head - target);
  for (let i = k + 1; i < column.length; i++) column[i] = (column[i] as number) * scale;
}

/** Column k of the identity, reflected, in place of the vector. */
function unit({ vector, tau }: Reflection, k: number): void {
  vector[k] = 1 - tau;
  for (let i = k + 1; i < vector.length; i++) vector[i] = -tau * (vector[i] as number);
}

/** Reflects a column, whose rows before `from` stay. */
function apply({ vector: v, tau }: Reflection, column: Float64Array, from: number): void {
  let s = 0;
  for (let i = from; i < v.length; i++) s += (v[i] as number) * (column[i] as number);
  s *= tau;
  for (let i = from; i < v.length; i++) column[i] = (column[i] as number) - s * (v[i] as number);
}

/** Reflects columns by the first and then by the second, four columns at a time. */
function applyPair([first, second]: readonly [Reflection, Reflection], columns: readonly Float64Array[], from: number): void {
  const { vector: v, tau } = first;
  const { vector: w, tau: rho } = second;
  const m = v.length;
  let overlap = 0;
  for (let i = from; i < m; i++) overlap += (v[i] as number) * (w[i] as number);
  let j = 0;
  for (; j + 3 < columns.length; j += 4) {
    const [a, b, c, d] = columns.slice(j, j + 4) as [Float64Array, Float64Array, Float64Array, Float64Array];
    let va = 0;
    let vb = 0;
    let vc = 0;
    let vd = 0;
    let wa = 0;
    let wb = 0;
    let wc = 0;
    let wd = 0;
    for (let i = from; i < m; i++) {
      const vi = v[i] as number;
      const wi = w[i] as number;
      va += vi * (a[i] as number);
      vb += vi * (b[i] as number);
      vc += vi * (c[i] as number);
      vd += vi * (d[i] as number);
      wa += wi * (a[i] as number);
      wb += wi * (b[i] as number);
      wc += wi * (c[i] as number);
      wd += wi * (d[i] as number);
    }
    va *= tau;
    vb *= tau;
    vc *= tau;
    vd *= tau;
    wa = rho * (wa - va * overlap);
    wb = rho * (wb - vb * overlap);
    wc = rho * (wc - vc * overlap);
    wd = rho * (wd - vd * overlap);
    for (let i = from; i < m; i++) {
      const vi = v[i] as number;
      const wi = w[i] as number;
      a[i] = (a[i] as number) - va * vi - wa * wi;
      b[i] = (b[i] as number) - vb * vi - wb * wi;
      c[i] = (c[i] as number) - vc * vi - wc * wi;
      d[i] = (d[i] as number) - vd * vi - wd * wi;
    }
  }
  for (const column of columns.slice(j)) {
    apply(first, column, from);
    apply(second, column, from);
  }
}
