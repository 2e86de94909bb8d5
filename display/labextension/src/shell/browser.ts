// What a shell needs of the browser itself, the same in every front end.

/** Puts text on the clipboard, also where the page has no right to the clipboard's API. */
export function copy(text: string): void {
  const write = navigator.clipboard?.writeText(text);
  if (write) {
    write.catch(() => copySelected(text));
  } else {
    copySelected(text);
  }
}

function copySelected(text: string): void {
  const area = document.createElement('textarea');
  area.value = text;
  area.style.position = 'fixed';
  area.style.opacity = '0';
  document.body.append(area);
  area.select();
  document.execCommand('copy');
  area.remove();
}

/** Saves data as a file where the browser saves downloads. */
export function save(name: string, type: string, data: BlobPart): void {
  const url = URL.createObjectURL(new Blob([data], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60000);
}

/** What a comm's message has as buffers, as DataViews. */
export function views(buffers: (ArrayBuffer | ArrayBufferView)[] | undefined): DataView[] {
  return (buffers || []).map(b => (ArrayBuffer.isView(b) ? new DataView(b.buffer, b.byteOffset, b.byteLength) : new DataView(b)));
}
