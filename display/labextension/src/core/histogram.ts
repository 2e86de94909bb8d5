import { el } from './dom';
import { countText, numberText } from './format';

const svg = 'http://www.w3.org/2000/svg';
const width = 640;
const height = 120;

/** Draws how many values lie between edges; there is an edge more than counts. */
export function histogram(edges: number[], counts: number[]): HTMLElement {
  const most = counts.reduce((a, b) => Math.max(a, b), 1);
  const node = document.createElementNS(svg, 'svg');
  node.setAttribute('viewBox', `0 0 ${width} ${height}`);
  node.setAttribute('role', 'img');
  node.setAttribute('aria-label', `Histogram of ${counts.length} bins`);
  counts.forEach((n, i) => node.append(bar(i, n, counts.length, n / most, `${numberText(edges[i])} to ${numberText(edges[i + 1])}: ${countText(n)}`)));
  const ends = el('div', { class: 'gofive-ends' }, el('span', {}, numberText(edges[0])), el('span', {}, numberText(edges[edges.length - 1])));
  return el('figure', { class: 'gofive-histogram' }, node as unknown as Node, ends);
}

function bar(i: number, n: number, bins: number, share: number, text: string): SVGElement {
  const rect = document.createElementNS(svg, 'rect');
  const tall = n > 0 ? Math.max(1, share * height) : 0;
  for (const [name, value] of Object.entries({ x: (i * width) / bins, y: height - tall, width: width / bins - 1, height: tall })) {
    rect.setAttribute(name, String(value));
  }
  const title = document.createElementNS(svg, 'title');
  title.textContent = text;
  rect.append(title);
  return rect;
}
