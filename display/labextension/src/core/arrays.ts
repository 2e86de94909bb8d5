import { Named } from './protocol';

/** Numbers as a buffer holds them; those of 64 bits are exact. */
export type Numbers = Float64Array | Float32Array | Int32Array | Uint32Array | Int16Array | Uint16Array | Int8Array | Uint8Array | BigInt64Array | BigUint64Array;

type Maker = new (buffer: ArrayBuffer) => Numbers;

const makers: { [dtype: string]: Maker } = {
  '<f8': Float64Array, '<f4': Float32Array, '<i4': Int32Array, '<u4': Uint32Array, '<i2': Int16Array, '<u2': Uint16Array,
  '|i1': Int8Array, '|u1': Uint8Array, '|b1': Uint8Array, '<i8': BigInt64Array, '<u8': BigUint64Array,
  '<c8': Float32Array, '<c16': Float64Array,
};

/** Gives the numbers of a buffer, which is copied for it need not be aligned. Of complex ones: real and imaginary parts in turn. */
export function numbers(a: Named): Numbers {
  const bytes = new Uint8Array(a.view.buffer, a.view.byteOffset, a.view.byteLength).slice().buffer;
  if (a.dtype === '<f2') {
    return Float64Array.from(new Uint16Array(bytes), half);
  }
  const make = makers[a.dtype];
  if (!make) {
    throw new Error(`numbers of type ${a.dtype} cannot be shown`);
  }
  return new make(bytes);
}

/** Is numbers in double precision; 64-bit integers beyond 2^53 are rounded. */
export function doubles(a: Named): Float64Array {
  const n = numbers(a);
  return n instanceof Float64Array ? n : Float64Array.from(n as ArrayLike<number>, Number);
}

// A number of 16 bits: 1 of sign, 5 of exponent, 10 of fraction.
function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) {
    return fraction ? NaN : sign * Infinity;
  }
  return exponent ? sign * 2 ** (exponent - 15) * (1 + fraction / 1024) : (sign * fraction) / 2 ** 24;
}

/** Writes element i as its type needs it: no digits more, none fewer. */
export function elementText(n: Numbers, i: number, dtype: string): string {
  if (dtype === '<c8' || dtype === '<c16') {
    const im = plain(Number(n[2 * i + 1]), dtype);
    return plain(Number(n[2 * i]), dtype) + (im.startsWith('-') ? '' : '+') + im + 'i';
  }
  if (dtype === '|b1') {
    return n[i] ? 'true' : 'false';
  }
  const value = n[i];
  return typeof value === 'bigint' ? String(value) : plain(value, dtype);
}

// Numbers of single and half precision are written with as few digits as tell them apart.
function plain(x: number, dtype: string): string {
  if (dtype !== '<f4' && dtype !== '<c8') {
    return String(x);
  }
  for (let digits = 6; digits < 9; digits++) {
    const text = x.toPrecision(digits);
    if (Math.fround(Number(text)) === x) {
      return String(Number(text));
    }
  }
  return String(x);
}
