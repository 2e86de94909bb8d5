/**
 * Writes the head of an NPY file, version 1.0: what follows are the elements in C order. Numpy's
 * dtypes are those of the protocol.
 */
export function npyHead(dtype: string, shape: number[]): Uint8Array {
  const places = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const text = `{'descr': '${dtype}', 'fortran_order': False, 'shape': (${places}), }`;
  const size = Math.ceil((10 + text.length + 1) / 64) * 64; // what follows is aligned
  const out = new Uint8Array(size).fill(0x20);
  out.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, (size - 10) & 255, (size - 10) >> 8]);
  for (let i = 0; i < text.length; i++) {
    out[10 + i] = text.charCodeAt(i);
  }
  out[size - 1] = 0x0a;
  return out;
}
