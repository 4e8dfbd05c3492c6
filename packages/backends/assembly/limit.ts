/** As many additions as multiplications of vectors, in registers alone, twelve chains of them; 48 operations a turn. */
export function limit(turns: i32): f32 {
  const addend = v128.load(1024);
  const factor = v128.load(1040);
  let sum0 = f32x4.splat(0);
  let sum1 = sum0;
  let sum2 = sum0;
  let sum3 = sum0;
  let sum4 = sum0;
  let sum5 = sum0;
  let product0 = f32x4.splat(1);
  let product1 = product0;
  let product2 = product0;
  let product3 = product0;
  let product4 = product0;
  let product5 = product0;
  for (let i = 0; i < turns; i++) {
    sum0 = f32x4.add(sum0, addend);
    product0 = f32x4.mul(product0, factor);
    sum1 = f32x4.add(sum1, addend);
    product1 = f32x4.mul(product1, factor);
    sum2 = f32x4.add(sum2, addend);
    product2 = f32x4.mul(product2, factor);
    sum3 = f32x4.add(sum3, addend);
    product3 = f32x4.mul(product3, factor);
    sum4 = f32x4.add(sum4, addend);
    product4 = f32x4.mul(product4, factor);
    sum5 = f32x4.add(sum5, addend);
    product5 = f32x4.mul(product5, factor);
  }
  const sums = f32x4.add(f32x4.add(f32x4.add(sum0, sum1), f32x4.add(sum2, sum3)), f32x4.add(sum4, sum5));
  const products = f32x4.add(f32x4.add(f32x4.add(product0, product1), f32x4.add(product2, product3)), f32x4.add(product4, product5));
  return f32x4.extract_lane(f32x4.add(sums, products), 0);
}
