import { el } from './dom';
import { icon, IconName } from './icon';

/** A button that is an icon; label is its name for assistive technology and its tooltip. */
export function iconButton(name: IconName, label: string, click: () => void): HTMLButtonElement {
  return el('button', { class: 'gofive-button', type: 'button', title: label, 'aria-label': label, on: { click } }, icon(name));
}

/** A button with words. */
export function textButton(label: string, title: string, click: () => void): HTMLButtonElement {
  return el('button', { class: 'gofive-button gofive-words', type: 'button', title, on: { click } }, label);
}

/** A choice among few; gives the select. change gets the value chosen. */
export function choice(label: string, options: [value: string, text: string][], value: string, change: (value: string) => void): HTMLSelectElement {
  const node = el('select', { class: 'gofive-select', 'aria-label': label, title: label });
  for (const [v, text] of options) {
    node.append(el('option', { value: v }, text));
  }
  node.value = value;
  node.addEventListener('change', () => change(node.value));
  return node;
}

/** A box to tick, with its words. */
export function tick(label: string, title: string, on: boolean, change: (on: boolean) => void): HTMLLabelElement {
  const box = el('input', { type: 'checkbox' });
  box.checked = on;
  box.addEventListener('change', () => change(box.checked));
  return el('label', { class: 'gofive-tick', title }, box, label);
}
