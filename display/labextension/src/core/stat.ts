// What op stat answers; see PROTOCOL.md.

export interface Datatype {
  class: string;
  text: string;
  size?: number;
  dtype?: string;
  members?: { name: string; type: Datatype }[];
  base?: Datatype;
  dims?: number[];
  values?: { name: string; value: string }[];
}

export interface Dim {
  label?: string;
  length?: number;
  scales?: string[];
}

export interface Stat {
  path: string;
  name: string;
  kind: string;
  dtype?: string;
  type?: Datatype;
  shape?: number[] | null;
  maxshape?: number[] | null;
  chunks?: number[];
  layout?: string;
  filters?: { text: string; available?: boolean }[];
  fill?: string;
  bytes?: number;
  stored?: number;
  nattrs?: number;
  nchildren?: number;
  dims?: Dim[];
  external?: { file: string; offset: number; size: number }[];
  virtual?: { file: string; path: string }[];
  conventions?: string[];
  role?: string;
  unit?: string;
  scale?: number;
  offset?: number;
  fills?: number[];
  code?: string[];
}

/** Reports whether values of a type can be drawn as numbers: complex ones by amplitude or phase. */
export function isNumeric(t: Datatype | undefined): boolean {
  return !!t && ['int', 'float', 'bool', 'enum', 'complex', 'bitfield'].includes(t.class) && !!t.dtype;
}

/** Gives the columns of a compound that can be drawn. */
export function numericFields(t: Datatype | undefined): string[] {
  return (t?.members || []).filter(m => isNumeric(m.type)).map(m => m.name);
}
