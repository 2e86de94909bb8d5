// The stops of the kernel's own pictures: published colours of viridis and magma (van der Walt and
// Smith 2015, public domain) and cividis (Nuñez, Anderton and Renslow 2018) at even steps. Blue-red
// is lightest in its middle.
const stops: { [name: string]: number[] } = {
  viridis: [0x440154, 0x48186a, 0x472d7b, 0x424086, 0x3b528b, 0x33638d, 0x2c728e, 0x26828e, 0x21918c, 0x1fa088, 0x28ae80, 0x3fbc73, 0x5ec962, 0x84d44b, 0xaddc30, 0xd8e219, 0xfde725],
  magma: [0x000004, 0x0a0822, 0x1d1147, 0x36106b, 0x51127c, 0x6a1c81, 0x832681, 0x9c2e7f, 0xb73779, 0xd0416f, 0xe75263, 0xf56b5c, 0xfc8961, 0xfea772, 0xfec488, 0xfde2a3, 0xfcfdbf],
  cividis: [0x002051, 0x012b65, 0x11366c, 0x26426e, 0x3c4d6e, 0x51586e, 0x62646f, 0x727071, 0x7f7c75, 0x8c8877, 0x9a9478, 0xa9a177, 0xbbaf71, 0xcebd68, 0xe2cb5c, 0xf3da4f, 0xfdea45],
  grey: [0x000000, 0xffffff],
  diverging: [0x3b4cc0, 0x8db0fe, 0xdddddd, 0xf49a7b, 0xb40426],
};

export const colorMaps = Object.keys(stops);

/** The one that has its middle at 0. */
export const diverging = 'diverging';

/** Gives the 256 colours of a map, as bytes of red, green and blue in turn. */
export function colorTable(name: string): Uint8Array {
  const at = stops[name] || stops.viridis;
  const out = new Uint8Array(256 * 3);
  for (let i = 0; i < 256; i++) {
    const place = (i / 255) * (at.length - 1);
    const low = Math.min(Math.floor(place), at.length - 2);
    for (let c = 0; c < 3; c++) {
      const shift = 16 - 8 * c;
      const a = (at[low] >> shift) & 255;
      const b = (at[low + 1] >> shift) & 255;
      out[3 * i + c] = Math.round(a + (place - low) * (b - a));
    }
  }
  return out;
}

/** How numbers become colours: those at and below low the first, those at and above high the last. */
export interface Scale {
  low: number;
  high: number;
  log: boolean;
}

/** Gives where x stands on a scale, 0 to 1; NaN for what has no place: NaN, and on a log scale what is not above 0. */
export function position(x: number, s: Scale): number {
  if (Number.isNaN(x) || (s.log && x <= 0)) {
    return NaN;
  }
  const f = s.log ? Math.log : (v: number) => v;
  const low = f(s.low);
  const high = f(s.high);
  return high > low ? Math.min(1, Math.max(0, (f(x) - low) / (high - low))) : 0.5;
}

/** Gives the range of numbers without a share of them at either end; on a log scale of those above 0. */
export function rangeOf(values: ArrayLike<number>, cut: number, log: boolean): Scale {
  const kept = Float64Array.from(Array.from(values).filter(v => Number.isFinite(v) && (!log || v > 0))).sort();
  if (kept.length === 0) {
    return { low: log ? 1 : 0, high: log ? 10 : 1, log };
  }
  const skip = Math.floor(cut * (kept.length - 1));
  return { low: kept[skip], high: kept[kept.length - 1 - skip], log };
}

/** Paints numbers, as bytes of red, green, blue and opacity; what has no place on the scale is not painted. */
export function paint(values: ArrayLike<number>, s: Scale, table: Uint8Array): Uint8ClampedArray {
  const out = new Uint8ClampedArray(values.length * 4);
  for (let i = 0; i < values.length; i++) {
    const p = position(values[i], s);
    if (!Number.isNaN(p)) {
      const at = 3 * Math.round(p * 255);
      out.set([table[at], table[at + 1], table[at + 2], 255], 4 * i);
    }
  }
  return out;
}
