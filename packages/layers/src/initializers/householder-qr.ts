/**
 * The orthonormal factor of a tall matrix by Householder reflections in float64, its columns signed so that R has a
 * positive diagonal.
 *
 * Reflection k is H = I − τ v vᵀ with v₀ = 1 (Golub and Van Loan, 5.2); Q = H₀ … Hₙ₋₁ is built backwards on the first n
 * columns of the identity. `columns` holds the matrix column after column (`[n][m]`), is overwritten, and returned.
 *
 * @param columns n columns of m values each, m >= n.
 */
export function householderQ(columns: Float64Array, m: number, n: number): Float64Array {
  const tau = new Float64Array(n);
  const sign = new Float64Array(n);
  for (let k = 0; k < n; k++) {
    const column = columns.subarray(k * m, (k + 1) * m);
    let below = 0;
    for (let i = k + 1; i < m; i++) below += (column[i] as number) * (column[i] as number);
    const head = column[k] as number;
    if (below === 0) {
      sign[k] = head < 0 ? -1 : 1;
      continue;
    }
    const norm = Math.sqrt(head * head + below);
    // Reflecting onto −sign(head) · norm avoids cancellation in head − target.
    const target = head > 0 ? -norm : norm;
    sign[k] = target < 0 ? -1 : 1;
    tau[k] = (target - head) / target;
    const scale = 1 / (head - target);
    for (let i = k + 1; i < m; i++) column[i] = (column[i] as number) * scale;
    column[k] = 1;
    reflect(columns, { m, k, from: k + 1, to: n, tau: tau[k] as number });
  }
  for (let k = n - 1; k >= 0; k--) {
    columns[k * m + k] = 1;
    reflect(columns, { m, k, from: k + 1, to: n, tau: tau[k] as number });
    const start = k * m;
    for (let i = 0; i < k; i++) columns[start + i] = 0;
    columns[start + k] = 1 - (tau[k] as number);
    for (let i = k + 1; i < m; i++) columns[start + i] = -(tau[k] as number) * (columns[start + i] as number);
  }
  for (let k = 0; k < n; k++) {
    if ((sign[k] as number) < 0) for (let i = k * m; i < (k + 1) * m; i++) columns[i] = -(columns[i] as number);
  }
  return columns;
}

/** Applies reflection k, whose vector lies in column k, to columns `from` … `to` − 1, four at a time. */
function reflect(
  columns: Float64Array,
  at: { readonly m: number; readonly k: number; readonly from: number; readonly to: number; readonly tau: number },
): void {
  const { m, k, from, to, tau } = at;
  if (tau === 0) return;
  const v = columns.subarray(k * m, (k + 1) * m);
  let j = from;
  for (; j + 3 < to; j += 4) {
    const a = columns.subarray(j * m, (j + 1) * m);
    const b = columns.subarray((j + 1) * m, (j + 2) * m);
    const c = columns.subarray((j + 2) * m, (j + 3) * m);
    const d = columns.subarray((j + 3) * m, (j + 4) * m);
    let sa = 0;
    let sb = 0;
    let sc = 0;
    let sd = 0;
    for (let i = k; i < m; i++) {
      const vi = v[i] as number;
      sa += vi * (a[i] as number);
      sb += vi * (b[i] as number);
      sc += vi * (c[i] as number);
      sd += vi * (d[i] as number);
    }
    sa *= tau;
    sb *= tau;
    sc *= tau;
    sd *= tau;
    for (let i = k; i < m; i++) {
      const vi = v[i] as number;
      a[i] = (a[i] as number) - sa * vi;
      b[i] = (b[i] as number) - sb * vi;
      c[i] = (c[i] as number) - sc * vi;
      d[i] = (d[i] as number) - sd * vi;
    }
  }
  for (; j < to; j++) {
    const a = columns.subarray(j * m, (j + 1) * m);
    let s = 0;
    for (let i = k; i < m; i++) s += (v[i] as number) * (a[i] as number);
    s *= tau;
    for (let i = k; i < m; i++) a[i] = (a[i] as number) - s * (v[i] as number);
  }
}
