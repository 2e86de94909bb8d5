import uPlot from 'uplot';
import { rangeOf } from './colormap';
import { orGap } from './curve';
import { tick } from './button';
import { add, el, fill } from './dom';
import { numberText } from './format';
import { Latest } from './latest';
import { Plot, Trace } from './plot';
import { maskNames, spectralLines, warningNames } from './spectrallines';
import { Catalogued, catalogued, countSpectra, fiberOf, readSpectrum, seriesOf, signalToNoise, smooth, Spectrum, spectrumOf } from './spectrum';
import { Theme } from './theme';
import { Frame, Shown, View } from './view';

/** SpectrumView shows flux over wavelength with its error, the model, masked pixels, and lines at a redshift. */
export class SpectrumView implements View {
  readonly node: HTMLElement;
  private plot: Plot;
  private latest: Latest;
  private spectrum: Spectrum | null = null;
  private entry: Catalogued | null = null;
  private fiber = 0;
  private placed = false; // the redshift is known, or was chosen: lines have a place
  private z = 0;
  private pixels = 0;
  private row = 0;
  private on = { model: true, sky: false, lines: true, masks: true, rest: false };
  private range: [number, number] | null = null;
  private header = el('div', { class: 'gofive-strip' });
  private zBox: HTMLInputElement;
  private zSlider: HTMLInputElement;
  private rows = el('span');
  private rowBox: HTMLInputElement;

  constructor(private frame: Frame) {
    this.latest = new Latest(e => frame.fail(e));
    this.plot = new Plot({ zoom: (low, high) => this.zoom([low, high]), reset: () => this.zoom(null), paint: (u, theme) => this.paint(u, theme) });
    this.plot.node.addEventListener('mousemove', e => this.hover(e));
    this.zBox = el('input', { class: 'gofive-input gofive-place', type: 'text', 'aria-label': 'Redshift', on: { change: () => this.setZ(Number(this.zBox.value)), keydown: e => e.stopPropagation() } });
    this.zSlider = el('input', { type: 'range', min: 0, max: 5, step: 0.0005, 'aria-label': 'Redshift', on: { input: () => this.setZ(Number(this.zSlider.value)), keydown: e => e.stopPropagation() } });
    this.rowBox = el('input', { class: 'gofive-input gofive-place', type: 'number', min: 0, value: 0, 'aria-label': 'Row of the spectrum', on: { change: () => this.chooseRow(), keydown: e => e.stopPropagation() } });
    this.node = el('div', { class: 'gofive-view' }, this.header, this.controls(), this.plot.node);
  }

  update(): void {
    this.read(false);
  }

  renew(): void {
    this.read(this.placed);
  }

  // A redshift that is kept is the one that was chosen.
  private read(keepZ: boolean): void {
    void this.latest.run(async signal => {
      const { source } = this.frame;
      this.frame.say('Reading …');
      this.spectrum = await readSpectrum(source, this.row, signal);
      if (spectrumOf(source.stat)!.kind === 'group') {
        this.showRows(await countSpectra(source, signal));
      }
      this.fiber = await fiberOf(source, this.row, signal);
      this.entry = await catalogued(source, this.fiber, signal);
      this.describe();
      this.placed = keepZ || !!this.entry;
      keepZ ? this.draw() : this.show(this.entry?.z ?? 0);
      this.frame.say(`${this.spectrum.wave.length} pixels`);
    });
  }

  shown(): Shown | null {
    const s = this.spectrum;
    if (!s) {
      return null;
    }
    const { source } = this.frame;
    const parts = ['flux', ...(['ivar', 'model', 'sky'] as const).filter(part => s[part])];
    const series = parts.map(part => seriesOf(source, part, this.row));
    const look = { ...(this.range && { range: this.range }) };
    const lens = source.lens;
    const x = seriesOf(source, 'wave', this.row);
    return { sel: '', field: '', lens, x, series, look, ...(this.fiber && !source.path.includes('/exposures/') ? { show: 'spectrum', spectrum: this.drawn() } : { show: 'line' }) };
  }

  // How it is drawn, as the kernel's package boss would.
  private drawn(): object {
    const { model, sky, lines, masks, rest } = this.on;
    const looks = [rest && 'RestFrame', sky && 'WithSky', !model && 'WithoutModel', !masks && 'WithoutMasks'].filter(Boolean);
    const z = this.placed && this.z !== this.entry?.z ? { z: this.z } : {};
    return { fiber: this.fiber, smooth: this.pixels, looks, lines: lines && this.placed, ...z, ...(this.range && { range: this.range }) };
  }

  canvas(): HTMLCanvasElement {
    return this.plot.canvas();
  }

  redraw(): void {
    this.draw();
  }

  dispose(): void {
    this.latest.cancel();
    this.plot.dispose();
  }

  private controls(): HTMLElement {
    const box = (label: string, title: string, name: keyof SpectrumView['on']) => tick(label, title, this.on[name], on => {
      this.on[name] = on;
      this.draw();
    });
    const wide = el('input', { type: 'range', min: 0, max: 20, step: 1, value: 0, 'aria-label': 'Smoothing in pixels', on: { input: () => { this.pixels = Number(wide.value); this.draw(); }, keydown: e => e.stopPropagation() } });
    const bar = el('div', { class: 'gofive-controls' }, this.rows, el('label', { class: 'gofive-tick' }, 'z', this.zSlider, this.zBox), el('label', { class: 'gofive-tick' }, 'smooth', wide));
    add(bar, box('model', 'The model that was fitted', 'model'), box('sky', 'The sky that was subtracted', 'sky'), box('lines', 'Lines at the redshift', 'lines'));
    add(bar, box('masks', 'Pixels that are bad in all exposures', 'masks'), box('rest frame', 'Wavelengths at rest', 'rest'));
    return bar;
  }

  private chooseRow(): void {
    this.row = Math.min(Number(this.rowBox.max), Math.max(0, Number(this.rowBox.value) || 0));
    this.rowBox.value = String(this.row);
    this.update();
  }

  // The box itself stays where it is: somebody may be typing.
  private showRows(n: number): void {
    this.rowBox.max = String(n - 1);
    if (this.rowBox.parentNode !== this.rows) {
      fill(this.rows, 'row ', this.rowBox, '');
    }
    this.rowBox.nextSibling?.remove();
    add(this.rows, ` of ${n}`);
  }

  private describe(): void {
    const [plate, mjd] = this.frame.source.path.split('/').filter(Boolean);
    const e = this.entry;
    const parts = this.fiber ? [`plate ${plate}`, `MJD ${mjd}`, `fiber ${this.fiber}`] : [];
    if (e) {
      parts.push(e.cls, `z = ${e.z.toFixed(5)} ± ${e.zErr.toFixed(5)}`, e.warning ? 'ZWARNING ' + warningNames(e.warning) : '');
    }
    parts.push(e ? '' : 'redshift not known');
    const sn = signalToNoise(this.spectrum!);
    parts.push(Number.isFinite(sn) ? `S/N ${sn.toFixed(1)}` : '');
    fill(this.header, parts.filter(Boolean).join('  ·  '));
  }

  private setZ(z: number): void {
    if (z > -1) {
      this.placed = true;
      this.show(z);
    }
  }

  private show(z: number): void {
    this.z = z;
    this.zBox.value = String(Number(z.toFixed(5)));
    this.zSlider.value = String(z);
    this.draw();
  }

  private zoom(range: [number, number] | null): void {
    this.range = range;
    this.draw();
  }

  private draw(): void {
    const s = this.spectrum;
    if (!s) {
      return;
    }
    const scale = this.on.rest ? 1 / (1 + this.z) : 1;
    const x = Array.from(s.wave, w => w * scale);
    const flux = smooth(s.flux, s.ivar, this.pixels);
    const range = this.range || [x[0], x[x.length - 1]];
    const inView = flux.filter((_, i) => x[i] >= range[0] && x[i] <= range[1]);
    const { low, high } = rangeOf(inView, 0.005, false);
    const room = (high - low) * 0.1 || 1;
    const xLabel = this.on.rest ? 'vacuum wavelength at rest [Å]' : 'vacuum wavelength [Å]';
    this.plot.draw({ x, traces: this.traces(s, flux), xLabel, yLabel: 'flux [1e−17 erg/s/cm²/Å]', logX: false, logY: false, points: false, range, bounds: [x[0], x[x.length - 1]], yRange: [low - room, high + room] });
  }

  // Where nothing was measured there is a gap; the model has none, except where it was padded.
  private traces(s: Spectrum, flux: Float64Array): Trace[] {
    const measured = (i: number) => !s.ivar || s.ivar[i] > 0;
    const band = s.ivar && !this.pixels ? Array.from(s.ivar, v => (v > 0 ? 1 / Math.sqrt(v) : null)) : undefined;
    const out: Trace[] = [{ label: 'flux', y: Array.from(flux, orGap), color: 0, thin: true, ...(band && { band }) }];
    if (s.sky && this.on.sky) {
      out.push({ label: 'sky', y: Array.from(s.sky, orGap), color: 2, thin: true });
    }
    if (s.model && this.on.model) {
      out.push({ label: 'model', y: Array.from(s.model, (v, i) => (v === 0 && !measured(i) ? null : orGap(v))), color: 1 });
    }
    return out;
  }

  private paint(u: uPlot, theme: Theme): void {
    const c = u.ctx;
    c.save();
    c.beginPath();
    c.rect(u.bbox.left, u.bbox.top, u.bbox.width, u.bbox.height);
    c.clip();
    if (this.on.masks && this.spectrum!.mask) {
      this.shade(u, this.spectrum!.mask);
    }
    if (this.on.lines && this.placed) {
      this.mark(u, theme);
    }
    c.restore();
  }

  private shade(u: uPlot, mask: Float64Array): void {
    u.ctx.fillStyle = 'rgba(128, 128, 128, 0.25)';
    for (let i = 0; i < mask.length; i++) {
      if (mask[i]) {
        const start = i;
        while (i + 1 < mask.length && mask[i + 1]) {
          i++;
        }
        const left = u.valToPos(u.data[0][start], 'x', true);
        const right = u.valToPos(u.data[0][i], 'x', true);
        u.ctx.fillRect(left, u.bbox.top, Math.max(1, right - left), u.bbox.height);
      }
    }
  }

  // Names stand in turn at different heights, so that neighbours can be read.
  private mark(u: uPlot, theme: Theme): void {
    const c = u.ctx;
    const ratio = uPlot.pxRatio;
    c.strokeStyle = theme.faint;
    c.fillStyle = theme.ink;
    c.font = `${11 * ratio}px sans-serif`;
    c.textAlign = 'left';
    c.setLineDash([3 * ratio, 3 * ratio]);
    let last = -Infinity;
    let level = 0;
    for (const line of spectralLines) {
      const x = u.valToPos(line.wave * (this.on.rest ? 1 : 1 + this.z), 'x', true);
      if (x < u.bbox.left || x > u.bbox.left + u.bbox.width) {
        continue;
      }
      level = x - last < 70 * ratio ? (level + 1) % 4 : 0;
      last = x;
      c.beginPath();
      c.moveTo(x, u.bbox.top);
      c.lineTo(x, u.bbox.top + u.bbox.height);
      c.stroke();
      const wide = c.measureText(line.name).width + 3 * ratio;
      const fits = x + wide < u.bbox.left + u.bbox.width;
      c.fillText(line.name, fits ? x + 3 * ratio : x - wide, u.bbox.top + (12 + 13 * level) * ratio);
    }
    c.setLineDash([]);
  }

  private hover(e: MouseEvent): void {
    const s = this.spectrum;
    const over = this.plot.node.querySelector('.u-over');
    if (!s || !over || !(e.target as Element).closest('.u-over')) {
      return;
    }
    const i = this.plot.nearest(e.clientX - over.getBoundingClientRect().left);
    const mask = s.mask?.[i] ? '  ·  ' + maskNames(s.mask[i]) : '';
    this.frame.say(`${numberText(s.wave[i])} Å, at rest ${numberText(s.wave[i] / (1 + this.z))} Å${mask}`);
  }
}
