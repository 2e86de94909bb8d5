import { add, el } from './dom';
import { countText, ratioText, shapeText, sizeText } from './format';
import { icon, IconName } from './icon';
import { isBroken, Item, linkText } from './item';
import { TreeNode } from './treenode';

/** The height of a row in px, as the style says too. */
export const rowHeight = 24;

const indent = 12;

/** Draws the row of a node: what it is, its name, and as much of the rest as there is room for. */
export function treeRow(node: TreeNode, id: string, selected: boolean): HTMLElement {
  const item = node.item;
  const row = el('div', {
    class: 'gofive-row' + (selected ? ' gofive-selected' : ''),
    id,
    role: 'treeitem',
    title: tooltip(node),
    'aria-level': node.depth + 1,
    'aria-setsize': node.parent!.total,
    'aria-posinset': node.index + 1,
    'aria-selected': String(selected),
    'aria-expanded': node.expandable ? String(node.expanded) : undefined,
  });
  row.style.paddingLeft = node.depth * indent + 2 + 'px';
  add(row, twisty(node), icon(iconOf(item)), el('span', { class: 'gofive-name' }, item.name), ...remarks(node));
  return row;
}

/** Draws the place of a member that is not listed yet, or why it will not be. */
export function emptyRow(parent: TreeNode): HTMLElement {
  const row = el('div', { class: 'gofive-row gofive-dim', role: 'none' }, parent.error || '…');
  row.style.paddingLeft = (parent.depth + 1) * indent + 22 + 'px';
  return row;
}

function twisty(node: TreeNode): HTMLElement {
  const box = el('span', { class: 'gofive-twisty' });
  if (node.expandable) {
    box.append(icon(node.expanded ? 'expanded' : 'closed'));
  }
  return box;
}

export function iconOf(item: Item): IconName {
  if (isBroken(item)) {
    return 'broken';
  }
  if (item.kind === 'dataset') {
    return item.dtype?.startsWith('string') ? 'text' : item.shape?.length === 0 ? 'scalar' : 'dataset';
  }
  return item.kind === 'file' || item.kind === 'type' ? item.kind : 'group';
}

function remarks(node: TreeNode): HTMLElement[] {
  const item = node.item;
  const out: HTMLElement[] = [];
  const remark = (text: string, kind = '') => text && out.push(el('span', { class: 'gofive-remark ' + kind }, text));
  remark(linkText(item), isBroken(item) ? 'gofive-bad' : '');
  remark(item.kind === 'file' ? '' : item.role || '', 'gofive-role');
  remark([shapeText(item.shape, item.maxshape), item.dtype || ''].filter(Boolean).join(' '), 'gofive-detail');
  if (item.kind === 'group' && item.nchildren !== undefined) {
    remark(`(${countText(item.nchildren)})`, 'gofive-detail');
  } else if (item.kind === 'file') {
    remark(item.role === 'r' ? 'read-only' : 'read and write', 'gofive-detail');
  }
  remark(item.stored ? sizeText(item.stored) : '', 'gofive-size');
  return out;
}

function tooltip(node: TreeNode): string {
  const item = node.item;
  const sizes = [item.stored ? sizeText(item.stored) + ' stored' : '', ratioText(item.bytes, item.stored)];
  const parts = [node.path, linkText(item), shapeText(item.shape, item.maxshape), item.dtype, ...sizes, item.filters?.join(', ')];
  return parts.filter(Boolean).join('  ·  ');
}
