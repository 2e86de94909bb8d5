/** The real numbers that are drawn of complex ones. */
export const parts: { [name: string]: (re: number, im: number) => number } = {
  amplitude: Math.hypot,
  phase: (re, im) => Math.atan2(im, re),
  real: re => re,
  imaginary: (_, im) => im,
};

/** Takes a part of complex numbers that come as real and imaginary parts in turn. */
export function partOf(pairs: ArrayLike<number>, part: string): Float64Array {
  const f = parts[part];
  const out = new Float64Array(pairs.length / 2);
  for (let i = 0; i < out.length; i++) {
    out[i] = f(pairs[2 * i], pairs[2 * i + 1]);
  }
  return out;
}
