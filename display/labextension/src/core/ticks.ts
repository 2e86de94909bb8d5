/** Gives places for about n ticks between low and high at even numbers; on a log scale at powers of ten. */
export function ticks(low: number, high: number, n: number, log = false): number[] {
  if (!(high > low) || (log && low <= 0)) {
    return [low];
  }
  if (log && Math.log10(high / low) >= 2) {
    return powers(low, high, n);
  }
  const rough = (high - low) / Math.max(1, n);
  const unit = 10 ** Math.floor(Math.log10(rough));
  const step = unit * ([1, 2, 5].find(f => f * unit >= rough * 0.999) || 10);
  const out: number[] = [];
  for (let k = Math.ceil(low / step); k * step <= high + step * 1e-9; k++) {
    out.push(Number((k * step).toPrecision(12)));
  }
  return out;
}

function powers(low: number, high: number, n: number): number[] {
  const first = Math.ceil(Math.log10(low) - 1e-9);
  const last = Math.floor(Math.log10(high) + 1e-9);
  const step = Math.max(1, Math.ceil((last - first) / Math.max(1, n)));
  const out: number[] = [];
  for (let e = first; e <= last; e += step) {
    out.push(10 ** e);
  }
  return out;
}
