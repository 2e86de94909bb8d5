/** What is seen of complex numbers as a real one, as the kernel calls it. */
export const components = ['amplitude', 'phase', 'real', 'imaginary'];

/** Reports whether values have these components. */
export function isComplex(type: { class: string } | undefined): boolean {
  return type?.class === 'complex';
}
