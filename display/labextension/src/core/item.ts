// What the ops list, stat and attrs answer about objects; see PROTOCOL.md.

export interface Link {
  kind: string;
  file?: string;
  target: string;
  ok: boolean;
}

/** A member of a group. */
export interface Item {
  name: string;
  kind: string;
  dtype?: string;
  shape?: number[] | null;
  maxshape?: (number | null)[] | null;
  nattrs?: number;
  nchildren?: number;
  bytes?: number;
  stored?: number;
  filters?: string[];
  link?: Link;
  role?: string;
}

export interface Attribute {
  name: string;
  dtype?: string;
  shape?: number[] | null;
  value?: unknown;
  text?: string;
  truncated?: boolean;
}

/** Reports whether an object can hold members that a tree shows. */
export function isGroup(item: Item): boolean {
  return item.kind === 'group' || item.kind === 'file';
}

/** Reports whether a link leads nowhere. */
export function isBroken(item: Item): boolean {
  return item.kind === 'link' || item.link?.ok === false;
}

/** Writes where a link leads, "" for a member that is none. */
export function linkText(item: Item): string {
  const link = item.link;
  if (!link) {
    return '';
  }
  return '→ ' + (link.file ? link.file + ':' : '') + (link.target || '?');
}
