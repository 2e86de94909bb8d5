import type { DType, NumericType, UnknownType } from '@h5web/app';
import { Datatype } from '../core/stat';
import { DTypeClass } from './vendor';

const text: DType = { class: DTypeClass.String, charSet: undefined, strPad: undefined };

function float(bits: number): NumericType {
  return { class: DTypeClass.Float, size: bits, endianness: undefined };
}

/** Gives a type in H5Web's words. What H5Web draws nothing of is shown to it as text, under the name that the kernel has for it. */
export function typeOf(t: Datatype): DType {
  const members = t.members?.map(m => [m.name, simple(m.type)] as const);
  if (t.class === 'compound' && members?.every(([, type]) => type)) {
    return { class: DTypeClass.Compound, fields: new Map(members as [string, DType][]) };
  }
  return simple(t) || named(t.text);
}

function simple(t: Datatype): DType | undefined {
  const bits = 8 * (t.size || 0);
  switch (t.class) {
    case 'int':
      return t.dtype ? { class: DTypeClass.Integer, signed: t.dtype[1] === 'i', size: bits, endianness: undefined } : float(64);
    case 'float':
      return float(t.dtype ? bits : 64);
    case 'complex':
      return t.dtype ? { class: DTypeClass.Complex, realType: float(bits / 2), imagType: float(bits / 2) } : undefined;
    case 'bool':
      return { class: DTypeClass.Bool, base: { class: DTypeClass.Integer, signed: true, size: 8, endianness: undefined } };
    case 'enum':
      return t.dtype ? { class: DTypeClass.Enum, base: float(64), mapping: Object.fromEntries((t.values || []).map(v => [v.value, v.name])) } : undefined;
    case 'string':
      return text;
  }
  return undefined;
}

/** Gives the type of an attribute whose value JSON has; H5Web reads what they mean of texts and numbers alone. */
export function typeOfValue(value: unknown, name = ''): DType {
  const one = Array.isArray(value) ? value[0] : value;
  const types: { [kind: string]: DType } = { string: text, number: float(64), boolean: { class: DTypeClass.Bool, base: float(64) } };
  return types[typeof one] || named(name);
}

// A class that H5Web does not know is nothing to it but a word to show.
function named(name: string): UnknownType {
  return { class: name || DTypeClass.Unknown } as UnknownType;
}
