import { add, el } from './dom';
import { baseName, ratioText, shapeText, sizeText } from './format';
import { textButton } from './button';
import { Host } from './host';
import { icon } from './icon';
import { Item, isBroken, linkText } from './item';
import { Client } from './protocol';
import { iconOf } from './treerow';

/** The document that displays of HDF5 objects carry beside their text. */
interface Document {
  v: number;
  file?: { name: string; path: string };
  path: string;
  node: Item;
  children: Item[];
  truncated: boolean;
}

/**
 * Draws the document of an HDF5 object: what it is and its first members. With a host and a client
 * whose kernel has the file open it offers to open a viewer.
 */
export function render(node: HTMLElement, data: any, host: Host | null, client: Client | null): void {
  const doc = data as Document;
  node.classList.add('gofive', 'gofive-document');
  if (!doc || doc.v !== 1 || !doc.node) {
    add(node, el('p', { class: 'gofive-hint' }, 'An HDF5 object, too large to describe here.'));
    return;
  }
  add(node, heading(doc, host, client), members(doc));
}

function heading(doc: Document, host: Host | null, client: Client | null): HTMLElement {
  const title = doc.path === '/' ? doc.file?.name || '/' : doc.path;
  const line = el('div', { class: 'gofive-actions' }, icon(iconOf(doc.node)), el('b', { title: doc.file?.path }, title), ...remarks(doc.node));
  if (host && client) {
    void offer(line, doc, host, client);
  }
  return line;
}

// The kernel may have closed the file since, or be another one: then there is nothing to open.
async function offer(line: HTMLElement, doc: Document, host: Host, client: Client): Promise<void> {
  const hello = await client.hello.catch(() => null);
  const file = hello?.files.find(f => f.path === doc.file?.path || (!f.path && f.name === doc.file?.name));
  if (file) {
    add(line, textButton('View', 'Open a viewer', () => host.openViewer(file.file, doc.path)));
  }
}

function members(doc: Document): HTMLElement | null {
  if (!doc.children?.length) {
    return null;
  }
  const rows = doc.children.map(c => el('tr', {}, el('th', { scope: 'row' }, icon(iconOf(c)), ' ' + baseName(c.name)), el('td', {}, ...remarks(c))));
  const more = doc.truncated && el('p', { class: 'gofive-hint' }, 'There are more members.');
  const table = el('table', { class: 'gofive-table' }, el('tbody', {}, ...rows));
  return el('details', {}, el('summary', {}, `${doc.children.length}${doc.truncated ? ' of its' : ''} members`), table, more);
}

function remarks(item: Item): HTMLElement[] {
  const size = item.stored ? sizeText(item.stored) : '';
  const texts = [linkText(item), isBroken(item) ? 'broken link' : '', shapeText(item.shape, item.maxshape), item.dtype || '', size, ratioText(item.bytes, item.stored)];
  return texts.filter(Boolean).map(t => el('span', { class: 'gofive-remark' }, t + ' '));
}
