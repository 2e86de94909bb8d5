// Pictures of 16 x 16, drawn by strokes in the colour of the text around them.
const strokes = {
  group: 'M1.5 4.5v8h13v-7h-7l-1.5-2h-4.5z',
  dataset: 'M2 3h12v10H2zM2 6.3h12M2 9.6h12M6 3v10M10 3v10',
  scalar: 'M4 3h8v10H4zM6.5 6l1.5-1v6',
  text: 'M3 4h10M8 4v9M6 13h4',
  type: 'M2 3h12v10H2zM5 6h6M8 6v5',
  link: 'M6.5 9.5l3-3M7 5l1.5-1.5a2.5 2.5 0 0 1 4 4L11 9M9 11l-1.5 1.5a2.5 2.5 0 0 1-4-4L5 7',
  broken: 'M7 5l1.5-1.5a2.5 2.5 0 0 1 4 4L11 9M9 11l-1.5 1.5a2.5 2.5 0 0 1-4-4L5 7M3 3l10 10',
  file: 'M3.5 1.5h6l3 3v10h-9zM9.5 1.5v3h3M5.5 8h5M5.5 11h5',
  open: 'M8 3v10M3 8h10',
  refresh: 'M13 8a5 5 0 1 1-1.5-3.5M13 2v3h-3',
  follow: 'M1.5 8h3l1.5-4 3 8 1.5-4h4',
  collapse: 'M3 6l5-4 5 4M3 10l5 4 5-4',
  closed: 'M6 3.5l5 4.5-5 4.5',
  expanded: 'M3.5 6l4.5 5 4.5-5',
  copy: 'M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3',
  code: 'M5.5 4l-4 4 4 4M10.5 4l4 4-4 4',
  view: 'M1.5 13.5h13M1.5 13.5v-11M3 11l3-5 3 3 4.5-6',
  search: 'M7 2.5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9zM10.5 10.5l4 4',
  save: 'M8 2v8M4.5 7L8 10.5 11.5 7M2.5 13.5h11',
  reset: 'M2.5 6v-3.5h3.5M13.5 6v-3.5h-3.5M2.5 10v3.5h3.5M13.5 10v3.5h-3.5',
  remove: 'M4 4l8 8M12 4l-8 8',
} as const;

export type IconName = keyof typeof strokes;

const svg = 'http://www.w3.org/2000/svg';

/** Draws an icon. It says nothing to assistive technology: the text beside or the label does. */
export function icon(name: IconName): SVGElement {
  const node = document.createElementNS(svg, 'svg');
  node.setAttribute('viewBox', '0 0 16 16');
  node.setAttribute('class', 'gofive-icon gofive-icon-' + name);
  node.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS(svg, 'path');
  path.setAttribute('d', strokes[name]);
  node.append(path);
  return node;
}
