/** Writes bytes as people read them, in steps of 1,000, as the kernel does: "148 KB", "1.7 MB". */
export function sizeText(bytes: number): string {
  if (bytes < 1000) {
    return bytes + ' B';
  }
  let x = bytes;
  for (const unit of ['KB', 'MB', 'GB', 'TB', 'PB']) {
    x /= 1000;
    if (x < 9.95) {
      return x.toFixed(1) + ' ' + unit;
    }
    if (x < 999.5) {
      return x.toFixed(0) + ' ' + unit;
    }
  }
  return (x / 1000).toPrecision(4) + ' EB';
}

/** Writes a whole number with commas between thousands, whatever the browser's language. */
export function countText(n: number): string {
  return String(n).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** Writes a shape: "4,622 × 8", with ∞ behind an axis that may grow without end. */
export function shapeText(shape: number[] | null | undefined, maxshape?: (number | null)[] | null): string {
  if (!shape) {
    return '';
  }
  if (shape.length === 0) {
    return 'scalar';
  }
  return shape.map((n, i) => countText(n) + (grows(n, maxshape?.[i]) ? '↗' : '')).join(' × ');
}

// An axis without an end comes as null or as a number below zero.
function grows(n: number, most: number | null | undefined): boolean {
  return most !== undefined && (most === null || most < 0 || most > n);
}

/** The least ratio that is worth telling. */
const leastRatio = 1.05;

/** Writes how many times smaller the stored bytes are, "" where they are not. */
export function ratioText(bytes?: number, stored?: number): string {
  if (!bytes || !stored || bytes / stored < leastRatio) {
    return '';
  }
  return (bytes / stored).toFixed(bytes / stored < 10 ? 1 : 0) + '×';
}

/** Writes a number with as many digits as tell it apart at a glance. */
export function numberText(x: number, digits = 6): string {
  if (Number.isInteger(x) && Math.abs(x) < 1e15) {
    return String(x);
  }
  if (!Number.isFinite(x)) {
    return Number.isNaN(x) ? 'NaN' : x > 0 ? '∞' : '−∞';
  }
  return String(Number(x.toPrecision(digits)));
}

/** Writes a number at an axis: short, and large whole ones so that their digits can be counted. */
export function tickText(x: number): string {
  return Number.isInteger(x) && Math.abs(x) >= 1e4 && Math.abs(x) < 1e10 ? countText(x) : numberText(x);
}

/** Joins the path of a group and the name of a member. */
export function joinPath(group: string, name: string): string {
  return group.endsWith('/') ? group + name : group + '/' + name;
}

/** Gives the last name of a path, "/" for the root. */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1) || path;
}

/** Gives the path without its last name. */
export function parentPath(path: string): string {
  return path.slice(0, path.lastIndexOf('/')) || '/';
}
