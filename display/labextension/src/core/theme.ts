/** The colours that canvases need: style sheets do not reach into them. */
export interface Theme {
  ink: string;
  faint: string;
  edge: string;
  ground: string;
  font: string;
  lines: string[];
}

// Told apart by hue and by lightness, for readers who do not see all hues.
const onLight = ['#1b5fa8', '#d95f0e', '#2a854f', '#b52b5d', '#6f54a6', '#b88a00', '#3fa7d6', '#5b5b5b'];
const onDark = ['#6fb1f5', '#ffa05c', '#6fd19a', '#ff7fa8', '#b9a2f0', '#e8c04a', '#8fdcff', '#c0c0c0'];

const DARK = '(prefers-color-scheme: dark)';
const FORCED = '(forced-colors: active)';

function matches(query: string): boolean {
  return typeof matchMedia === 'function' && matchMedia(query).matches;
}

/** Gives the colours that hold where node stands. */
export function themeOf(node: Element): Theme {
  const style = getComputedStyle(node.closest('.gofive') || node); // what stands inside has no ground of its own
  const forced = matches(FORCED); // then the front end's own colours do not hold
  const get = (name: string, otherwise: string) => (forced ? style.color : style.getPropertyValue(name).trim() || otherwise);
  const dark = isDark(style.backgroundColor);
  return {
    ink: style.color || '#222',
    faint: get('--jp-ui-font-color2', dark ? '#b0b0b0' : '#606060'),
    edge: get('--jp-border-color2', dark ? '#505050' : '#d8d8d8'),
    ground: style.backgroundColor || '#fff',
    font: '12px ' + (style.fontFamily || 'sans-serif'),
    lines: dark ? onDark : onLight,
  };
}

/** Reports whether a computed colour, rgb() or color(), is nearer to black than to white. */
export function isDark(colour: string): boolean {
  const parts = (colour.match(/[\d.]+(?=[\s,)/])/g) || []).map(Number).slice(0, 3);
  const most = colour.startsWith('color(') ? 1 : 255;
  return parts.length === 3 && (0.3 * parts[0] + 0.6 * parts[1] + 0.1 * parts[2]) / most < 0.5;
}

/** Calls changed when the page gets another theme; gives what ends that. */
export function onTheme(changed: () => void): () => void {
  const observer = new MutationObserver(changed);
  const attributeFilter = ['class', 'style', 'data-jp-theme-light', 'data-jp-theme-name'];
  observer.observe(document.body, { attributes: true, attributeFilter });
  observer.observe(document.documentElement, { attributes: true, attributeFilter });
  const queries = typeof matchMedia === 'function' ? [DARK, FORCED].map(q => matchMedia(q)) : [];
  queries.forEach(q => q.addEventListener('change', changed));
  return () => {
    observer.disconnect();
    queries.forEach(q => q.removeEventListener('change', changed));
  };
}
