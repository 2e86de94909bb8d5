/** Writes rows of cells as CSV (RFC 4180): quoted where needed, lines end in CR LF. */
export function csv(rows: string[][]): string {
  return rows.map(row => row.map(quoted).join(',') + '\r\n').join('');
}

// A cell that a spreadsheet would take for a formula is kept from being one by an apostrophe, unless
// it is a number.
function quoted(cell: string): string {
  const safe = /^[=+\-@\t\r]/.test(cell) && Number.isNaN(Number(cell)) ? "'" + cell : cell;
  return /[",\r\n]/.test(safe) ? `"${safe.replace(/"/g, '""')}"` : safe;
}
