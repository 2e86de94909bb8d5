/**
 * Reads which places of an axis are meant: "3", "0, 4, 8", "0:10" or "0:100:20", from the end by
 * negative numbers. Throws where that is none, or more than most.
 */
export function parsePlaces(text: string, length: number, most: number): number[] {
  const out: number[] = [];
  for (const part of text.split(',')) {
    const [start, stop, step] = span(part.trim(), length);
    for (let i = start; i < stop; i += step) {
      out.push(i);
      if (out.length > most) {
        throw new Error(`${text} is more than ${most} places`);
      }
    }
  }
  return out;
}

function span(part: string, length: number): [number, number, number] {
  const m = /^(-?\d*)(?::(-?\d*)(?::(\d*))?)?$/.exec(part);
  const ranged = part.includes(':');
  if (!m || (!ranged && m[1] === '')) {
    throw new Error(`"${part}" is no place: write 3, or 0:10, or 0:100:20`);
  }
  const at = (s: string | undefined, otherwise: number) => (s ? (Number(s) < 0 ? length + Number(s) : Number(s)) : otherwise);
  const start = at(m[1], 0);
  if (start < 0 || start >= length) {
    throw new Error(`${m[1] || 0} is outside: the places are 0 to ${length - 1}`);
  }
  return ranged ? [start, Math.min(length, at(m[2], length)), Number(m[3]) || 1] : [start, start + 1, 1];
}
