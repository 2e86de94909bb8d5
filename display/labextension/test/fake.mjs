// A kernel of the tests and the demo: answers the protocol from made-up files, at once or after a delay.

// A name in a file holds no slash; attributes and strings do.
const hostileName = '<img src=x onerror="window.hacked=1">\u202egpj.\u0007';
const hostile = '<img src=x onerror="window.hacked=1">\u202egpj.\u0007</script>';

// node: {kind, items | data, ...}; data gives the element at a place.
const group = (members, more = {}) => ({ kind: 'group', members: Object.entries(members), ...more });
const many = (n, member, more = {}) => ({ kind: 'group', count: n, member, ...more });
const dataset = (dtype, shape, at, more = {}) => ({ kind: 'dataset', dtype, shape, at, ...more });

const names = { '<f4': 'float32', '<f8': 'float64', '<i4': 'int32', '<i8': 'int64', '|u1': 'uint8', '<c16': 'complex128' };
const sizes = { '<f4': 4, '<f8': 8, '<i4': 4, '<i8': 8, '|u1': 1, '<c16': 16 };

const wave = i => 10 ** (3.55 + 1e-4 * i);
const noise = i => Math.sin(i * 12.9898) * 43758.5453 % 1;
const line = (w, at, s, a) => a * Math.exp(-(((w - at) / s) ** 2));
const z = 0.3;
const model = w => 12 - w / 1500 + line(w, 6564.6 * (1 + z), 14, 30) + line(w, 5008.24 * (1 + z), 9, 18) + line(w, 4960.3 * (1 + z), 9, 6) + line(w, 4862.7 * (1 + z), 12, 9) + line(w, 3728 * (1 + z), 9, 7);
const columns = {
  WAVE: ['<f4', wave], FLUX: ['<f4', i => (i > 900 && i < 940 ? 0 : model(wave(i)) + noise(i) * 2)], IVAR: ['<f4', i => (i > 900 && i < 940 ? 0 : 0.6)],
  AND_MASK: ['<i4', i => (i > 2300 && i < 2340 ? 1 << 23 : i > 900 && i < 940 ? 1 << 24 : 0)], OR_MASK: ['<i4', i => (i % 9 ? 0 : 1 << 16)],
  WAVEDISP: ['<f4', () => 1], SKY: ['<f4', i => 3 + line(wave(i), 5579, 6, 40) + Math.abs(noise(i * 3))], MODEL: ['<f4', i => model(wave(i))],
};

/** The files that the kernel has open. */
export function sample() {
  return {
    f1: { name: 'run42.h5', path: '/home/me/run/run42.h5', mode: 'r', variables: ['fx'], root: group({
      detector: group({
        image: dataset('<f4', [64, 2048, 3072], (f, y, x) => 100 * Math.exp(-((x - 1500 - 12 * f) ** 2 + (y - 1000) ** 2) / 9e4) + 6 * Math.sin(x / 80) * Math.cos(y / 60) + 8, { role: 'signal', stored: 402653184, filters: ['shuffle', 'gzip(4)'], nattrs: 3 }),
        gain: dataset('<f8', [], () => 1.75, { nattrs: 1 }),
        photo: dataset('|u1', [200, 300, 3], (y, x, c) => (c === 0 ? x * 0.85 : c === 1 ? y * 1.2 : 120), { nattrs: 1 }),
      }, { nattrs: 2 }),
      signal: dataset('<f4', [100000000], i => Math.sin(i / 3e6) + 0.2 * Math.sin(i / 900) + (i === 60000123 ? 4 : 0), { chunks: [1048576], stored: 212000000, filters: ['gzip(4)'] }),
      lines: dataset('<f8', [6, 2000], (k, i) => Math.exp(-i / 800) * Math.sin(i / 60 + k) + k / 4, { dims: [{ label: 'channel' }, { label: 'time', scales: ['/time'] }] }),
      errors: dataset('<f8', [6, 2000], () => 0.15),
      time: dataset('<f8', [2000], i => 0.5 + i / 100),
      wave: dataset('<c16', [500], i => [Math.cos(i / 30) * i / 500, Math.sin(i / 30) * i / 500]),
      big: { kind: 'dataset', dtype: 'compound{id, energy, name}', shape: [1000000000], columns: { id: ['<i8', i => i], energy: ['<f8', i => Math.sqrt(i)], px: ['<f4', i => Math.sin(i / 100)], py: ['<f4', i => Math.cos(i / 70)], name: ['string', i => 'event ' + i] } },
      matrix: dataset('<f4', [1000000, 100000], (r, c) => r + c / 100000),
      state: dataset('<i4', [2000], i => (i / 100 | 0) % 3, { names: { 0: 'OFF', 1: 'ON', 2: 'FAULT' } }),
      title: dataset('string', [], () => 'Calibration run\nwith a second line and ' + hostile),
      labels: dataset('string', [12], i => ['north', 'east', 'south', hostile][i % 4]),
      many: many(10000, i => ['entry_' + i, dataset('<f4', [i % 50 + 1], k => k)]),
      [hostileName]: group({ [hostileName]: dataset('<i4', [3], i => i, { nattrs: 1 }) }, { nattrs: 1 }),
      grows: dataset('<f8', [100], i => i, { maxshape: [-1] }),
      alias: { kind: 'dataset', dtype: 'float64', shape: [2000], link: { kind: 'soft', target: '/time', ok: true }, at: i => 0.5 + i / 100 },
      gone: { kind: 'link', link: { kind: 'external', file: 'calib_2019.h5', target: '/flat', ok: false } },
      packed: dataset('<i4', [200], i => (i === 50 ? -99 : i), { scale: 0.5, offset: 100, fills: [-99], unit: 'K' }),
      gaps: dataset('<f4', [4], i => [0.1, -99, 0.3, 0.4][i], { fills: [-99] }),
      field: dataset('<i4', [2, 3], (i, j) => 3 * i + j, { scale: 2, offset: 0 }),
      temperature: dataset('<i4', [], () => 3, { scale: 0.5, offset: 100, fills: [-99], unit: 'K' }),
      none: dataset('<i4', [], () => -99, { fills: [-99] }),
      visibilities: dataset('<c16', [20, 30], (y, x) => [x, -y]),
    }, { nattrs: 2 }) },
    f2: { name: 'spectra.h5', path: '/home/me/spectra.h5', mode: 'r', variables: [], conventions: ['H5Boss v1 of 1 plate'], root: group({
      3665: group({ 55247: group({ 12: group({
        coadd: { kind: 'dataset', dtype: 'compound{WAVE, FLUX, IVAR, AND_MASK, OR_MASK, WAVEDISP, SKY, MODEL}', shape: [4622], columns, role: 'spectrum', nattrs: 120 },
      }, { role: 'fiber' }), zbest: { kind: 'dataset', dtype: 'compound{PLATE, MJD, FIBERID, CLASS, Z}', shape: [1], columns: { PLATE: ['<i4', () => 3665], MJD: ['<i4', () => 55247], FIBERID: ['<i4', () => 12], CLASS: ['string', () => 'GALAXY'], SUBCLASS: ['string', () => 'STARFORMING'], Z: ['<f4', () => z], Z_ERR: ['<f4', () => 0.00004], ZWARNING: ['<i4', () => 4] } } }, { role: 'night' }) }, { role: 'plate' }),
    }) },
  };
}

/** A file of stacked spectra, two to a night, of which a catalog knows the second. */
export function stacked() {
  const parts = Object.fromEntries(Object.entries(columns).map(([name, [dtype, at]]) => [name.toLowerCase(), dataset(dtype, name === 'WAVE' ? [4622] : [2, 4622], name === 'WAVE' ? at : (_, i) => at(i))]));
  const exposure = Object.fromEntries(['wave', 'flux', 'ivar', 'mask'].map(name => [name, dataset('<f4', [2, 500], (r, i) => (name === 'wave' ? wave(i) + r : name === 'mask' ? 0 : 1 + i / 500))]));
  const catalog = fields => ({ kind: 'dataset', dtype: 'compound', shape: [2], columns: fields });
  return { f3: { name: 'stacked.h5', path: '/home/me/stacked.h5', mode: 'r', variables: [], conventions: ['H5Boss v2 of 1 plate'], root: group({
    3665: group({ 55247: group({ coadds: group(parts), exposures: group({ 1001: group({ b: group(exposure) }) }), plugmap: catalog({ FIBERID: ['<i4', i => [7, 12][i]] }),
      zbest: catalog({ FIBERID: ['<i4', i => [1, 12][i]], CLASS: ['string', () => 'QSO'], SUBCLASS: ['string', () => ''], Z: ['<f4', () => 2.5], Z_ERR: ['<f4', () => 0.001], ZWARNING: ['<i4', () => 0] }) }) }),
  }) } };
}

/** Answers requests; a page's Transport is what connect gives. */
export class FakeKernel {
  constructor({ delay = 0, files = sample() } = {}) {
    Object.assign(this, { delay, files, asked: [], watches: [] });
  }

  connect() {
    const page = { message: () => {}, close: () => {} };
    this.page = page;
    this.push = (data, buffers = []) => page.message({ v: 1, ...data }, buffers.map(b => new DataView(b.buffer ?? b)));
    queueMicrotask(() => this.push({ event: 'hello', server: 'gofive 0.1', ops: [], caps: { binary: 8388608, ask: 1048576 }, files: this.list() }));
    return {
      send: data => this.receive(data), onMessage: f => (page.message = f), onClose: f => (page.close = f), close() {},
    };
  }

  list() {
    return Object.entries(this.files).map(([file, { root, ...f }]) => ({ file, ...f, conventions: undefined }));
  }

  /** A cell opens and closes files. */
  setFiles(files) {
    this.files = files;
    this.push({ event: 'files', files: this.list() });
  }

  receive(m) {
    this.asked.push(m);
    const answer = () => {
      try {
        const f = this['op_' + m.op];
        if (!f) throw { kind: 'unknown-op', message: 'no op ' + m.op };
        const { arrays, ...fields } = f.call(this, m);
        const buffers = arrays && arrays.map(([name, dtype, shape]) => ({ name, dtype, shape }));
        this.push({ id: m.id, ok: true, ...fields, ...(buffers && { buffers }) }, (arrays || []).map(a => a[3]));
      } catch (e) {
        if (e instanceof Error) { console.error(e); }
        this.push({ id: m.id, ok: false, error: { kind: e.kind || 'internal', message: e.message, hint: e.hint } });
      }
    };
    if (this.delay) setTimeout(answer, this.delay); else queueMicrotask(answer);
  }

  find(m) {
    const file = this.files[m.file];
    if (!file) throw { kind: 'closed', message: 'the file is closed', hint: 'open it again' };
    let node = file.root;
    for (const name of (m.path || '/').split('/').filter(Boolean)) {
      node = member(node, name);
      if (!node) throw { kind: 'not-found', message: `there is no ${m.path}` };
    }
    return node;
  }

  op_open(m) {
    if (!m.path.endsWith('.h5')) throw { kind: 'not-found', message: `open ${m.path}: no such file`, hint: 'see what is in the folder with !ls' };
    const file = 'path:' + m.path;
    this.files[file] = { name: m.path.split('/').pop(), path: m.path, mode: 'r', root: group({ x: dataset('<i4', [3], i => i) }) };
    return { file, name: this.files[file].name, path: m.path, mode: 'r' };
  }

  op_complete(m) {
    const all = m.file ? members(this.files[m.file].root).map(([name, n]) => ({ text: '/' + name + (n.kind === 'group' ? '/' : ''), name, kind: n.kind })) : ['run/', 'run/x.h5', 'run/y.h5'].map(text => ({ text, name: text.replace(/^run\/(?=.)/, ''), kind: text.endsWith('/') ? 'folder' : 'file' }));
    return { items: all.filter(o => o.text.startsWith(m.text)) };
  }

  op_list(m) {
    const node = this.find(m);
    if (node.kind !== 'group') throw { kind: 'bad-request', message: m.path + ' is no group' };
    let all = node.member ? null : members(node);
    if (m.filter || m.kinds) {
      all = (all || range(0, node.count).map(i => node.member(i))).filter(([name, n]) => (!m.filter || name.includes(m.filter)) && (!m.kinds || m.kinds.includes(n.kind)));
    }
    const total = all ? all.length : node.count;
    const end = Math.min(total, m.offset + (m.limit ?? 200));
    const items = all ? all.slice(m.offset, end) : range(m.offset, end).map(i => node.member(i));
    return { path: m.path, total, ...(end < total && { next: end }), items: items.map(([name, n]) => ({ ...item(name, n), path: (m.path === '/' ? '' : m.path) + '/' + name, ...(m.detail && { type: type(n), attrs: attributes(n) }) })) };
  }

  op_stat(m) {
    const n = this.find(m);
    const { conventions } = this.files[m.file];
    const convention = conventions ? { conventions } : {};
    const { members: _, at, columns: __, count, member: ___, ...fields } = n;
    const i = item(m.path.split('/').pop() || '/', n);
    return { path: m.path, ...i, ...fields, ...convention, dtype: i.dtype, nattrs: n.nattrs || 0, type: type(n), layout: n.chunks ? 'chunked' : undefined, filters: n.filters?.map(text => ({ text, available: true })), dims: n.dims || n.shape?.map(length => ({ label: '', length, scales: [] })),
      code: [`fx := h5.Open("${this.files[m.file].path}")`, `fx.Dataset("${m.path}").Slice(${m.sel ? JSON.stringify(m.sel) : ''})`] };
  }

  op_attrs(m) {
    const all = attributes(this.find(m));
    const end = Math.min(all.length, m.offset + (m.limit ?? 100));
    return { total: all.length, ...(end < all.length && { next: end }), items: all.slice(m.offset, end) };
  }

  op_search(m) {
    const found = [];
    const visit = (path, node) => {
      for (const [name, n] of node.member ? range(0, node.count).map(i => node.member(i)) : members(node)) {
        const at = (path === '/' ? '' : path) + '/' + name;
        if (name.toLowerCase().includes(m.text.toLowerCase()) && m.in !== 'attrs') found.push({ path: at, kind: n.kind, where: 'name', excerpt: name });
        if (n.nattrs && m.in !== 'names' && 'units'.includes(m.text)) found.push({ path: at, kind: n.kind, where: 'attribute', attribute: 'units', excerpt: 'counts' });
        if (n.kind === 'group') visit(at, n);
      }
    };
    visit('/', this.find(m));
    const part = found.slice(0, m.limit);
    this.push({ id: m.id, part: 1, items: part, visited: 10020 });
    return { done: true, found: part.length, visited: 10020, more: found.length > m.limit };
  }

  op_slice(m) {
    const n = this.find(m);
    const [dtype, at] = column(n, m.field);
    const axes = select(m.sel, n.shape);
    const places = product(axes.map(a => a.places));
    const shape = axes.filter(a => !a.single).map(a => a.places.length);
    if (dtype === 'string' || m.as === 'text') {
      return { dtype: 'text', shape, text: places.map(p => String(at(...p))) };
    }
    const as = m.as === 'f8' ? '<f8' : dtype;
    const see = m.as === 'f8' ? seen(n, m) : v => v;
    if (places.length * sizes[as] > m.max) throw { kind: 'too-large', message: `${places.length * sizes[as]} bytes are more than asked for`, sel: '0:1000' };
    return { dtype: as, shape, arrays: [['data', as, shape, pack(as, places.map(p => see(at(...p))))]], ...(n.names && { names: n.names }) };
  }

  op_decimate(m) {
    const n = this.find(m);
    const axes = select(m.sel, n.shape);
    const free = axes.map((a, i) => [a, i]).filter(([a]) => !a.single);
    return free.length === 1 ? this.curve(m, n, axes, free[0][1]) : this.picture(m, n, axes, free);
  }

  curve(m, n, axes, k) {
    const { start, stop, step } = axes[k];
    const count = Math.max(0, Math.ceil((stop - start) / step));
    const out = Math.min(m.width, count);
    const at = (dataset, field, i) => seen(dataset, m)(column(dataset, field)[1](...axes.map((a, j) => (j === k ? i : a.start)).slice(-dataset.shape.length)));
    const place = i => start + Math.floor((i * count) / out) * step;
    const index = range(0, out).map(place);
    const ends = index.map((a, i) => (i + 1 < out ? index[i + 1] : stop));
    const extremes = (d, field) => index.map((a, i) => {
      const samples = range(0, Math.min(24, Math.ceil((ends[i] - a) / step))).map((_, q, all) => at(d, field, a + Math.floor((q * (ends[i] - a)) / all.length / step) * step));
      if (d.shape[0] === 1e8 && a <= 60000123 && 60000123 < ends[i]) samples.push(at(d, field, 60000123));
      return [Math.min(...samples), Math.max(...samples)];
    });
    const y = extremes(n, m.field);
    const arrays = [['index', index], ['min', y.map(v => v[0])], ['max', y.map(v => v[1])]];
    if (m.x) {
      const x = extremes(this.find({ file: m.file, path: m.x.path }), m.x.field);
      arrays.push(['xmin', x.map(v => v[0])], ['xmax', x.map(v => v[1])]);
    }
    const all = y.flat();
    if (n.shape[0] === 1e8 && out < count) { // what is known early: each tenth stretch
      const early = arrays.map(([name, v]) => [name, Float64Array.from(v, (x, i) => (name === 'index' || i % 10 === 0 ? x : NaN))]);
      this.push({ id: m.id, part: 1, early: true, done: 1e7, total: 1e8, from: start, to: stop, full: false, nan: 0, buffers: early.map(([name]) => ({ name, dtype: '<f8', shape: [out] })) }, early.map(a => a[1]));
    }
    return { count: out, from: start, to: stop, step, full: out === count, range: [Math.min(...all), Math.max(...all)], nan: 0,
      arrays: arrays.map(([name, v]) => [name, '<f8', [out], Float64Array.from(v)]) };
  }

  picture(m, n, axes, free) {
    const [[rows, r], [cols, c]] = free;
    const height = Math.min(m.height, rows.count), width = Math.min(m.width, cols.count);
    const image = new Float32Array(height * width);
    const place = axes.map(a => a.start);
    const at = (...p) => seen(n, m)(column(n, m.field)[1](...p));
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        place[r] = rows.start + Math.floor((y * rows.count) / height) * rows.step;
        place[c] = cols.start + Math.floor((x * cols.count) / width) * cols.step;
        image[y * width + x] = at(...place);
      }
    }
    const flat = [...image].filter(Number.isFinite);
    return { width, height, rows: [rows.start, rows.stop], columns: [cols.start, cols.stop], full: height === rows.count && width === cols.count, nan: 0,
      range: [flat.reduce((a, b) => Math.min(a, b)), flat.reduce((a, b) => Math.max(a, b))], arrays: [['image', '<f4', [height, width], image]] };
  }

  op_stats(m) {
    const n = this.find(m);
    const counts = range(0, m.bins).map(i => Math.round(1000 * Math.exp(-(((i - 20) / 12) ** 2))));
    return { count: n.shape.reduce((a, b) => a * b, 1), nan: 0, min: 0, max: 110, mean: 10, std: 4, percentiles: { 1: 2.5, 5: 3.5, 25: 6, 50: 8, 75: 20, 95: 40, 99: 80 }, exact: false,
      histogram: { edges: range(0, m.bins + 1).map(i => (i * 110) / m.bins), counts } };
  }

  op_table(m) {
    const n = this.find(m);
    const [from, to] = m.rows.split(':').map(Number);
    const all = n.columns ? Object.keys(n.columns) : n.shape.length < 2 ? ['value'] : null;
    const end = Math.min(to, n.shape.length < 2 ? n.shape[0] : select(m.sel, n.shape).find(a => !a.single).count);
    let wanted = Array.isArray(m.columns) ? m.columns : all;
    if (typeof m.columns === 'string' && !all) {
      const [a, b] = m.columns.split(':').map(Number);
      wanted = range(a, b).map(String);
    }
    let rows = range(from, end);
    let total = n.shape.length < 2 ? n.shape[0] ?? 1 : end === to ? n.shape[0] : end;
    if (m.filter) {
      const [, name, value] = /^(\w+) *== *(.*)$/.exec(m.filter) || [];
      if (!name) throw { kind: 'bad-request', message: 'cannot read the filter ' + m.filter, hint: 'write it as Z > 2' };
      rows = range(0, Math.min(n.shape[0], 1000)).filter(i => String(n.columns[name][1](i)) === value);
      total = rows.length;
    }
    if (m.sort?.startsWith('-')) rows = rows.map(i => n.shape[0] - 1 - i);
    const arrays = [];
    const columns = (wanted || range(0, 50).map(String)).map(name => {
      const [dtype, at] = n.columns ? n.columns[name] : [n.names || !sizes[n.dtype] ? 'string' : n.dtype, i => (n.shape.length < 2 ? n.at(i) : n.at(...rowPlace(m, n, i, Number(name))))];
      const meant = m.scaled && n.scale !== undefined;
      const values = rows.map(i => (meant ? seen(n, m)(at(i)) : at(i)));
      if (dtype === 'string') return { name, dtype, strings: values.map(v => n.names?.[v] ?? String(v)) };
      const as = meant ? '<f8' : dtype;
      arrays.push([name, as, [values.length], pack(as, values)]);
      return { name, dtype: as, buffer: arrays.length - 1 };
    });
    return { total, from, count: rows.length, names: all || range(0, 1000).map(String), ncolumns: all ? all.length : n.shape[n.shape.length - 1], columns, arrays };
  }

  op_watch(m) {
    const n = this.find(m);
    this.watches.push(m);
    return { shape: n.shape, stored: n.stored };
  }

  op_cancel(m) {
    this.watches = this.watches.filter(w => w.id !== m.target);
    return {};
  }
}

function rowPlace(m, n, row, col) {
  const axes = select(m.sel, n.shape);
  const free = axes.map((a, i) => [a, i]).filter(([a]) => !a.single).map(([, i]) => i);
  return axes.map((a, i) => (i === free[0] ? row : i === free[1] ? col : a.start));
}

function column(n, field) {
  return field ? n.columns[field] : [n.dtype, n.at];
}

// How a request wants an element: a component of a complex number, or what CF's attributes say is meant.
function seen(n, m) {
  const of = { amplitude: Math.hypot, phase: (re, im) => Math.atan2(im, re), real: re => re, imaginary: (_, im) => im }[m.component || 'amplitude'];
  return v => {
    if (Array.isArray(v)) return of(...v);
    return !m.scaled ? v : n.fills?.includes(v) ? NaN : v * (n.scale ?? 1) + (n.offset ?? 0);
  };
}

const range = (a, b) => Array.from({ length: Math.max(0, b - a) }, (_, i) => a + i);
const members = n => n.member ? range(0, n.count).map(i => n.member(i)) : n.members || [];

function member(node, name) {
  return (members(node).find(([n]) => n === name) || [])[1];
}

function attributes(n) {
  const all = [{ name: 'units', dtype: 'string', shape: [], value: 'counts', text: 'counts' }, { name: hostile, dtype: 'string', shape: [], text: 'javascript:alert(1) ' + hostile }, { name: 'window', dtype: 'float64', shape: [2], text: '[1, 2.5]' }];
  return range(0, n.nattrs || 0).map(i => all[i] || { name: 'CARD' + i, dtype: 'int64', shape: [], text: String(i) });
}

function item(name, n) {
  const plain = names[n.dtype] || n.dtype;
  const count = n.shape?.reduce((a, b) => a * b, 1);
  const bytes = sizes[n.dtype] && count * sizes[n.dtype];
  return { name, kind: n.kind, dtype: plain, shape: n.shape, maxshape: n.maxshape, nattrs: n.nattrs || 0, nchildren: n.kind === 'group' ? n.count ?? n.members.length : undefined, bytes, stored: n.stored ?? bytes, filters: n.filters, link: n.link, role: n.role };
}

function type(n) {
  if (n.type) {
    return n.type;
  }
  if (n.columns) {
    return { class: 'compound', text: n.dtype, members: Object.entries(n.columns).map(([name, [dtype]]) => ({ name, type: simple(dtype) })) };
  }
  if (n.names) {
    return { class: 'enum', text: 'enum', dtype: n.dtype, values: Object.entries(n.names).map(([value, name]) => ({ name, value })) };
  }
  return n.kind === 'dataset' ? simple(n.dtype) : undefined;
}

function simple(dtype) {
  const kind = { f: 'float', i: 'int', u: 'int', c: 'complex' }[dtype[1]];
  return sizes[dtype] ? { class: kind, text: names[dtype], dtype, size: sizes[dtype] } : { class: 'string', text: 'string' };
}

function select(sel, shape) {
  const parts = (sel || '').split(',').map(s => s.trim()).filter(Boolean);
  return shape.map((n, i) => {
    const part = parts[i] || ':';
    if (!part.includes(':')) {
      return { single: true, start: Number(part), stop: Number(part) + 1, step: 1, count: 1, places: [Number(part)] };
    }
    const [a, b, s] = part.split(':');
    const start = Number(a || 0), stop = Math.min(n, b ? Number(b) : n), step = Number(s || 1);
    return { start, stop, step, count: Math.ceil((stop - start) / step), get places() { const out = []; for (let k = start; k < stop; k += step) out.push(k); return out; } };
  });
}

function product(lists) {
  return lists.reduce((all, list) => all.flatMap(p => list.map(x => [...p, x])), [[]]);
}

function pack(dtype, values) {
  if (dtype === '<c16') return Float64Array.from(values.flat());
  if (dtype === '<i8') return BigInt64Array.from(values.map(v => BigInt(v)));
  return { '<f4': Float32Array, '<f8': Float64Array, '<i4': Int32Array, '|u1': Uint8ClampedArray }[dtype].from(values);
}
