import { numbers } from '../core/arrays';
import { Answer } from '../core/protocol';
import { Datatype } from '../core/stat';

/** As what a slice is asked for: numbers that numpy has no type for come in double precision. */
export function wanted(t: Datatype): 'native' | 'f8' {
  return (t.class === 'int' || t.class === 'float') && !t.dtype ? 'f8' : 'native';
}

/** Gives the values of a slice as H5Web takes them: one for a single place, else all of them in C order. */
export function valuesOf(a: Answer, t: Datatype): any {
  const all = a.text || elements(a, t);
  return a.shape.length ? all : all[0];
}

function elements(a: Answer, t: Datatype): any {
  const n = numbers(a.arrays[0]);
  if (t.class === 'complex') {
    return Array.from({ length: n.length / 2 }, (_, i) => [n[2 * i], n[2 * i + 1]]);
  }
  return t.class === 'enum' ? Float64Array.from(n as ArrayLike<number>, Number) : n; // names are looked up by numbers
}

/** Makes rows of the columns of a table; where these are single values, one row. */
export function rowsOf(columns: any[], single: boolean): any[] {
  return single ? columns : Array.from({ length: columns[0]?.length || 0 }, (_, i) => columns.map(c => c[i]));
}
