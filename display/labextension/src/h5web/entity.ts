import type { Attribute as H5WebAttribute, ChildEntity, Dataset, UnresolvedEntity } from '@h5web/app';
import { Attribute, Item } from '../core/item';
import { Datatype } from '../core/stat';
import { typeOf, typeOfValue } from './datatype';
import { EntityKind, parseShape } from './vendor';

/** A member as list tells it in detail, and an object as stat does. */
export interface Member extends Omit<Item, 'filters'> {
  path: string;
  type?: Datatype;
  chunks?: number[];
  filters?: { id: number; name: string; text: string }[];
  attrs?: Attribute[];
}

/** Gives a member in H5Web's words. Its raw type is the kernel's, which getValue needs. */
export function entityOf(m: Member): ChildEntity {
  const common = { name: m.name, path: m.path, attributes: (m.attrs || []).map(attributeOf), ...linkOf(m) };
  const type = m.type && { type: typeOf(m.type), rawType: m.type };
  if (m.kind === 'group') {
    return { ...common, kind: EntityKind.Group };
  }
  if (m.kind === 'dataset' && type) {
    const filters = m.filters?.map(f => ({ id: f.id, name: f.text }));
    return { ...common, ...type, kind: EntityKind.Dataset, shape: parseShape(m.shape), chunks: m.chunks, filters } as Dataset;
  }
  if (m.kind === 'type') {
    return { ...common, ...type, kind: EntityKind.Datatype };
  }
  return { ...common, kind: EntityKind.Unresolved };
}

function attributeOf(a: Attribute): H5WebAttribute {
  return { name: a.name, shape: parseShape(a.shape), type: typeOfValue(a.value, a.dtype) };
}

function linkOf({ link }: Member): Pick<ChildEntity, 'link'> {
  return link ? { link: { class: link.kind === 'external' ? 'External' : 'Soft', file: link.file, path: link.target } } : {};
}

/** A row of the tree that only says something: H5Web has no other place for what goes wrong in a group. */
export function remark(group: string, words: string): UnresolvedEntity {
  return { name: words, path: `${group}/${words}`, kind: EntityKind.Unresolved, attributes: [] };
}

/** Gives the values of attributes by their names; those that JSON does not hold as text. */
export function attributeValues(attrs: Attribute[]): { [name: string]: unknown } {
  return Object.fromEntries(attrs.map(a => [a.name, a.value ?? (a.shape === null ? null : a.text)]));
}
