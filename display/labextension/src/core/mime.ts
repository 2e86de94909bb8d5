import { add, el } from './dom';
import { baseName, ratioText, shapeText, sizeText } from './format';
import { textButton } from './button';
import { Host } from './host';
import { icon } from './icon';
import { Item, isBroken, linkText } from './item';
import { Inline } from './inline';
import { Client, OpenFile } from './protocol';
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
 * whose kernel has the file open the object itself is there to be looked into, once it is in view.
 */
export function render(node: HTMLElement, data: any, host: Host | null, client: Client | null): void {
  const doc = data as Document;
  node.classList.add('gofive', 'gofive-document');
  if (!doc || doc.v !== 1 || !doc.node) {
    add(node, el('p', { class: 'gofive-hint' }, 'An HDF5 object, too large to describe here.'));
    return;
  }
  const line = heading(doc);
  const body = el('div', {}, members(doc));
  add(node, line, body);
  if (host && client) {
    whenOpen(node, client, doc.file, file => {
      add(line, textButton('View', 'Open a viewer of its own', () => host.openViewer(file, doc.path)));
      whenSeen(node, () => new Inline(body, client, host, { file, path: doc.path, item: doc.node }));
    });
  }
}

function heading(doc: Document): HTMLElement {
  const title = doc.path === '/' ? doc.file?.name || '/' : doc.path;
  return el('div', { class: 'gofive-actions' }, icon(iconOf(doc.node)), el('b', { title: doc.file?.path }, title), ...remarks(doc.node));
}

// The kernel may have closed the file since, or be another one; or it tells of the file a moment later.
function whenOpen(node: HTMLElement, client: Client, named: Document['file'], found: (file: string) => void): void {
  const off: (() => void)[] = [];
  let done = false;
  const look = () => {
    const file = done ? undefined : client.files.find(f => sameFile(f, named));
    if (file) {
      done = true;
      found(file.file);
    }
    if (done || (off.length > 0 && !node.isConnected)) {
      off.forEach(f => f());
    }
  };
  look();
  if (!done) {
    off.push(client.on('files', look), client.on('hello', look));
  }
}

// Cells may have opened a file by a path relative to their folder.
function sameFile(f: OpenFile, named: Document['file']): boolean {
  if (!f.path || !named?.path) {
    return !f.path && f.name === named?.name;
  }
  return f.path === named.path || (!named.path.startsWith('/') && f.path.endsWith('/' + named.path.replace(/^\.\//, '')));
}

// A notebook may show hundreds of objects: those that nobody looks at ask for nothing.
function whenSeen(node: HTMLElement, show: () => void): void {
  if (typeof IntersectionObserver === 'undefined') {
    show();
    return;
  }
  const observer = new IntersectionObserver(entries => {
    if (entries.some(e => e.isIntersecting)) {
      observer.disconnect();
      show();
    }
  });
  observer.observe(node);
}

function members(doc: Document): HTMLElement | null {
  if (!doc.children?.length) {
    return null;
  }
  const rows = doc.children.map(c => el('tr', {}, el('th', { scope: 'row' }, icon(iconOf(c)), ' ' + baseName(c.name)), el('td', {}, ...remarks(c))));
  const more = doc.truncated && el('p', { class: 'gofive-hint' }, 'There are more members.');
  const table = el('table', { class: 'gofive-pairs' }, el('tbody', {}, ...rows));
  return el('details', { open: true }, el('summary', {}, `${doc.truncated ? 'first ' : ''}${doc.children.length} member${doc.children.length === 1 ? '' : 's'}`), table, more);
}

function remarks(item: Item): HTMLElement[] {
  const size = item.stored ? sizeText(item.stored) : '';
  const texts = [linkText(item), isBroken(item) ? 'broken link' : '', shapeText(item.shape, item.maxshape), item.dtype || '', size, ratioText(item.bytes, item.stored)];
  return texts.filter(Boolean).map(t => el('span', { class: 'gofive-remark' }, t + ' '));
}
