import { el, set } from './dom';

/** A bar between two panes, one above the other, that moves by mouse and by keys; part is the upper share. */
export function splitter(upper: HTMLElement, lower: HTMLElement, part: number): HTMLElement {
  const bar = el('div', { class: 'gofive-splitter', role: 'separator', tabindex: 0, 'aria-orientation': 'horizontal', 'aria-label': 'Resize details', 'aria-valuemin': 10, 'aria-valuemax': 90 });
  const divide = (share: number) => {
    part = Math.min(0.9, Math.max(0.1, share));
    upper.style.flex = `${part} 1 0`;
    lower.style.flex = `${1 - part} 1 0`;
    set(bar, 'aria-valuenow', Math.round(part * 100));
  };
  bar.addEventListener('pointerdown', e => bar.setPointerCapture(e.pointerId));
  bar.addEventListener('pointermove', e => {
    if (bar.hasPointerCapture(e.pointerId)) {
      const top = upper.getBoundingClientRect().top;
      divide((e.clientY - top) / (lower.getBoundingClientRect().bottom - top));
    }
  });
  bar.addEventListener('keydown', e => {
    if (e.key === 'ArrowUp' || e.key === 'ArrowDown') {
      divide(part + (e.key === 'ArrowUp' ? -0.05 : 0.05));
      e.preventDefault();
      e.stopPropagation();
    }
  });
  divide(part);
  return bar;
}
