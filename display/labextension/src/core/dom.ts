import { visible } from './visible';

/** Attributes of an element: text, numbers, and flags that are there or not. `on` adds listeners. */
export interface Attributes {
  [name: string]: string | number | boolean | undefined | Listeners;
  on?: Listeners;
}

export interface Listeners {
  [event: string]: (e: any) => void;
}

export type Child = Node | string | null | undefined | false;

/**
 * Makes an element. Text, of children and of attributes, is shown and never read as HTML: it may come
 * from a file that a stranger made, so characters that act are written out too.
 */
export function el<T extends keyof HTMLElementTagNameMap>(tag: T, attributes: Attributes = {}, ...children: Child[]): HTMLElementTagNameMap[T] {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === 'on') {
      listen(node, value as Listeners);
    } else {
      set(node, name, value as string);
    }
  }
  add(node, ...children);
  return node;
}

/** Sets an attribute; undefined and false take it away. */
export function set(node: Element, name: string, value: string | number | boolean | undefined): void {
  if (value === undefined || value === false) {
    node.removeAttribute(name);
  } else {
    node.setAttribute(name, value === true ? '' : visible(String(value)));
  }
}

function listen(node: Element, on: Listeners): void {
  for (const [event, f] of Object.entries(on)) {
    node.addEventListener(event, f);
  }
}

export function add(node: Element, ...children: Child[]): void {
  for (const child of children) {
    if (typeof child === 'string') {
      node.append(visible(child));
    } else if (child) {
      node.append(child);
    }
  }
}

/** Replaces what a node holds. */
export function fill(node: Element, ...children: Child[]): void {
  node.replaceChildren();
  add(node, ...children);
}

/**
 * Makes the children of a node those given, of which each that stands there alike stays: a browser gives no click
 * to a button that is replaced while it is pressed. Listeners are not compared, so attributes have to tell apart
 * what acts on different things. The keyboard's place goes to what has the same data-key.
 */
export function keep(node: Element, ...children: (Element | null)[]): void {
  const now = [...node.children];
  const at = document.activeElement;
  const key = at && node.contains(at) ? at.getAttribute('data-key') : null;
  const wanted = children.filter(child => child !== null);
  const kept = wanted.map((child, i) => (now[i]?.isEqualNode(child) ? now[i] : child));
  now.filter(old => !kept.includes(old)).forEach(old => old.remove());
  kept.forEach((child, i) => child !== node.children[i] && node.insertBefore(child, node.children[i] || null));
  if (key !== null && !node.contains(at)) {
    [...node.querySelectorAll<HTMLElement>('[data-key]')].find(e => e.getAttribute('data-key') === key)?.focus();
  }
}

/** Shows or hides an element, for assistive technology too. */
export function shown(node: HTMLElement, yes: boolean): void {
  node.hidden = !yes;
}

let last = 0;

/** Gives an id that no other element of the page has. */
export function unique(): string {
  return 'gofive-' + ++last;
}
